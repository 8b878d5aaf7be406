"""Red Cross chapters' pages: drives, classes, meetings and volunteers' events; never the site of the blood drives."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import redcross

SAVED = Path(__file__).parent / "redcross"
CHAPTER = "https://www.redcross.org/local/california/elm-valley"
EVENTS = f"{CHAPTER}/about-us/news-and-events/events.html"


def _page(body: bytes, url: str = EVENTS) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def _saved(name: str, url: str = EVENTS) -> Page:
    return _page((SAVED / name).read_bytes(), url)


def test_a_list_of_headings_with_dates_is_read_without_what_only_raises_money() -> None:
    assert list(redcross.parse(_saved("events.html"))) == [
        Draft(
            name="Sound the Alarm: Elm Valley",
            date_text="Saturday, October 10, 2026, 9 a.m. - 1 p.m.",
            location_text="12 Oak St, Elm Valley, CA 93000",
            url=f"{CHAPTER}/events/sound-the-alarm.html",
            keywords=("Red Cross", "volunteer"),
        ),
        Draft(name="CPR and First Aid", date_text="October 17, 2026", keywords=("Red Cross", "class")),
        Draft(
            name="Volunteer Orientation",
            date_text="Oct. 20, 2026, 6-7 p.m.",
            keywords=("Red Cross", "volunteer"),
        ),
    ]


def test_structured_data_is_read_first_and_tagged() -> None:
    drive, ready = redcross.parse(_saved("structured.html"))

    assert (drive.name, drive.start_date) == ("Elm Community Blood Drive", "2026-10-12T10:00:00-07:00")
    assert (drive.location_name, drive.keywords) == ("Elm Hall", ("Red Cross", "blood drive", "health"))
    assert (ready.name, ready.keywords) == ("Get Ready Saturday", ("Red Cross", "class"))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.redcrossblood.org/give.html/find-drive",
        "https://redcrossblood.org",
        "http://rcblood.org/3abc",
        "https://WWW.RCBlood.org/",
        "https://api.redcrossblood.org./api/drive/v1/",
    ],
)
def test_the_site_of_the_blood_drives_is_never_asked_and_the_answer_says_where_to_look(url: str) -> None:
    with pytest.raises(ValueError, match="find-drive"):
        redcross.request(url)
    assert redcross.recognise(_saved("events.html", url)) is None


@pytest.mark.parametrize("url", [EVENTS, "https://redcross.org/", "https://notredcrossblood.org.example/"])
def test_other_sites_are_asked(url: str) -> None:
    assert redcross.request(url) == Request(url=url)


def test_a_page_that_says_it_has_no_events_tells_none() -> None:
    assert list(redcross.parse(_page(b"<html><p>There are no upcoming events.</p></html>"))) == []


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b"<html><h1>Our work</h1><p>Since 1881</p></html>", EVENTS),
        (b"", EVENTS),
        (b"<html><h3>CPR class</h3><p>October 17, 2026</p></html>", "https://elm.example/"),
    ],
)
def test_a_page_without_events_or_of_others_is_refused(body: bytes, url: str) -> None:
    with pytest.raises(ParseError):
        list(redcross.parse(_page(body, url)))


def test_a_chapter_is_recognised_by_its_host_or_by_whose_site_it_says_it_is() -> None:
    assert redcross.recognise(_page(b"<html></html>"))
    assert redcross.recognise(_saved("events.html", "https://elm.example/"))
    assert (
        redcross.recognise(_page(b'<a href="https://www.redcross.org/">Red Cross</a>', "https://elm.example/")) is None
    )
    assert redcross.recognise(_page(b"<html></html>", "https://redcross.org.example/")) is None


def test_any_page_of_a_chapter_leads_to_its_page_of_events() -> None:
    assert redcross.address(_saved("events.html", f"{CHAPTER}.html")) == EVENTS
    assert redcross.address(_saved("events.html")) is None


def test_a_page_that_was_cut_is_told_from_a_whole_one() -> None:
    body = (SAVED / "events.html").read_bytes().rstrip()

    assert redcross.ends_whole(body)
    assert not redcross.ends_whole(body[:-3])
