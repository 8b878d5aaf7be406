"""A club's home page on ClubRunner."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import clubrunner

SAVED = Path(__file__).parent / "clubrunner"


def _page(body: bytes, url: str = "https://rotary.example/", completes: str | None = None) -> Page:
    request = Request(url=url, completes=completes)
    return Page(request=request, url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(name: str, url: str = "https://rotary.example/", completes: str | None = None) -> Page:
    return _page((SAVED / name).read_bytes(), url, completes)


def test_the_meeting_is_told_by_its_rhythm_and_the_lines_below_it() -> None:
    meeting, *_ = clubrunner.parse(_saved("home.html"))

    assert meeting == Draft(
        identifier="meetings@rotary.example",
        name="Rotary Club of Elm Valley",
        schedule="Tuesdays 12:15 PM",
        location_name="Elm Hall",
        location_text="12 Oak St, Elm Valley, CA 93000",
        url="https://rotary.example/",
    )


def test_an_event_is_told_by_the_words_round_its_link() -> None:
    _, breakfast, service = clubrunner.parse(_saved("home.html"))

    assert breakfast == Draft(
        identifier="https://rotary.example/event/pancake-breakfast",
        name="Pancake Breakfast",
        date_text="Oct 10, 2026 8:00 AM – 11:00 AM",
        location_text="Oak Park",
        url="https://rotary.example/event/pancake-breakfast",
    )
    assert (service.date_text, service.location_text) == ("Nov 14, 2026", None)


def test_the_club_s_officers_are_not_told() -> None:
    assert "Doe" not in str(list(clubrunner.parse(_saved("home.html"))))


@pytest.mark.parametrize(
    ("line", "schedule"),
    [
        ("We meet Wednesdays at 7:00 AM", "Wednesdays 7:00 AM"),
        ("We meet In Person on the moon", None),
        ("Thursdays", None),
        ("Monday, Oct 12, 2026 7:00 AM", None),
    ],
)
def test_only_a_line_that_is_a_rhythm_with_its_time_is_one(line: str, schedule: str | None) -> None:
    head = b'<title>Elm Lions | Home</title><script src="//x.clubrunner.ca/a.js"></script>'
    event = b"<p><a href='/event/fair'>Fair</a><br>Oct 10, 2026</p>"

    drafts = list(clubrunner.parse(_page(head + f"<p>{line}</p>".encode() + event)))

    assert [draft.schedule for draft in drafts] == ([schedule, None] if schedule else [None])


def test_a_page_that_says_neither_is_refused_though_it_is_the_platforms() -> None:
    assert clubrunner.recognise(_saved("closed.html")) == "scripts or styles of ClubRunner"
    with pytest.raises(ParseError, match="when the club meets"):
        list(clubrunner.parse(_saved("closed.html")))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<p>Tuesdays at 12:15 PM</p>",
        b'<a href="https://portal.clubrunner.ca/824">Rotary</a><p>Tuesdays at 12:15 PM</p>',
        b'<img src="https://clubrunner.blob.core.windows.net/1/logo.png"><p>Tuesdays at 12:15 PM</p>',
    ],
)
def test_another_site_is_not_taken_for_one(body: bytes) -> None:
    assert clubrunner.recognise(_page(body)) is None
    with pytest.raises(ParseError):
        list(clubrunner.parse(_page(body)))


def test_a_page_is_recognised_by_its_host_and_known_to_be_whole() -> None:
    assert clubrunner.recognise(_page(b"<html>", "https://portal.clubrunner.ca/824")) == "a page on clubrunner.ca"
    assert clubrunner.ends_whole(_saved("home.html").body)
    assert not clubrunner.ends_whole(_saved("home.html").body.rstrip()[:-3])
