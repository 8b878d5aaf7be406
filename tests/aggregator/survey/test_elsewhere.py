"""Where else a page's events are listed."""

from datetime import UTC, datetime

from aggregator.source import Page, Request
from aggregator.survey.elsewhere import find_elsewhere


def page(*links: str) -> Page:
    body = "".join(f'<a href="{link}">x</a>' for link in links).encode()
    url = "https://elm.example/"
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def test_a_link_to_a_platform_is_an_address_to_add() -> None:
    found = find_elsewhere([page("https://www.eventbrite.com/o/elm-123", "https://www.meetup.com/elm-walkers/")])

    assert found == [
        "its Eventbrite page: hobnob add https://www.eventbrite.com/o/elm-123",
        "its Meetup group: hobnob add https://www.meetup.com/elm-walkers/",
    ]


def test_what_no_program_may_read_is_told_as_such() -> None:
    assert "lets no program read it" in find_elsewhere([page("https://www.facebook.com/elmvalley/events")])[0]
    assert "never fetches" in find_elsewhere([page("https://www.redcrossblood.org/give")])[0]


def test_other_links_say_nothing() -> None:
    assert find_elsewhere([page("https://elm.example/about", "https://www.facebook.com/elmvalley")]) == []
