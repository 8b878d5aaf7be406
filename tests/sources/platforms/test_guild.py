"""Guild's events, five a page."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import guild

ASKED = "https://guild.host/api/next/elm-founders/events/upcoming"
SAVED = Path(__file__).parent / "guild"


def _page(body: bytes, url: str = ASKED) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(name: str, url: str = ASKED) -> Page:
    return _page((SAVED / name).read_bytes(), url)


def test_every_event_that_is_listed_is_told_with_where_it_is() -> None:
    coffee, talk = guild.parse(_saved("page1.json"))

    assert coffee == Draft(
        identifier="RXZlbnQ6MQ",
        name="Founders Coffee",
        start_date="2026-10-13T15:00:00.000Z",
        end_date="2026-10-13T16:00:00.000Z",
        time_zone="America/Los_Angeles",
        location_name="Elm Hall",
        latitude="36.7",
        longitude="-119.8",
        organizer="Elm Founders",
        url="https://guild.host/events/founders-1a2b",
        description="**Bring** cards.",
    )
    assert (talk.event_attendance_mode, talk.location_name) == ("OnlineEventAttendanceMode", None)


def test_a_person_who_owns_an_event_is_not_told() -> None:
    assert "Doe" not in str(list(guild.parse(_saved("page1.json"))))


def test_the_next_five_come_after_the_cursor() -> None:
    assert [request.url for request in guild.follow(_saved("page1.json"))] == [f"{ASKED}?after=Y3Vyc29yOjU%3D"]
    assert [request.url for request in guild.follow(_saved("page1.json", f"{ASKED}?after=1"))] == [
        f"{ASKED}?after=Y3Vyc29yOjU%3D"
    ]
    assert list(guild.follow(_saved("empty.json"))) == []


def test_a_group_without_events_tells_none() -> None:
    assert guild.recognise(_saved("empty.json"))
    assert list(guild.parse(_saved("empty.json"))) == []


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"events": []}', b'{"edges": 1}', b"{"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    assert guild.recognise(_page(body, "https://elm.example/events")) is None
    with pytest.raises(ParseError):
        list(guild.parse(_page(body)))


def test_an_answer_is_recognised_wherever_it_lies_and_ends_with_its_brace() -> None:
    page = _saved("page1.json", "https://mirror.example/events.json")

    assert guild.recognise(page) == "an answer of guild.host"
    assert guild.ends_whole(page.body)
    assert not guild.ends_whole(page.body.rstrip()[:-20])


def test_a_page_of_a_group_leads_to_the_group_and_one_of_another_site_does_not() -> None:
    page = _page(b"<html></html>", "https://guild.host/elm-founders/members")

    assert guild.recognise(page) == "a page of a group on guild.host"
    assert guild.address(page) == "https://guild.host/elm-founders"
    assert guild.recognise(_page(b'<a href="https://guild.host/elm-founders">', "https://elm.example/")) is None


@pytest.mark.parametrize(
    "told",
    ["https://guild.host/elm-founders", "https://guild.host/elm-founders/events", ASKED],
)
def test_a_groups_address_leads_to_its_upcoming_events(told: str) -> None:
    assert guild.request(told).url == guild.request(group="elm-founders").url == ASKED


def test_a_row_without_a_group_is_refused() -> None:
    with pytest.raises(ValueError, match="a group or a url"):
        guild.request()
