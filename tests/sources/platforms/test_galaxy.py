"""Galaxy Digital's Get Connected: the board of needs, and each need that has a date."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import galaxy

SAVED = Path(__file__).parent / "galaxy"
SITE = "https://volunteer.elm.example"
BOARD = f"{SITE}/need/"
NEED = f"{SITE}/need/detail/?need_id=501"
EMPTY = b"<html><title>Get Connected Icon</title><a href='/need/'>Needs</a><p>Nothing found</p></html>"


def _page(body: bytes, url: str = BOARD) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def _saved(name: str, url: str) -> Page:
    return _page((SAVED / name).read_bytes(), url)


def test_a_need_that_happens_on_a_day_is_told_without_the_persons_on_its_page() -> None:
    assert list(galaxy.parse(_saved("need.html", NEED))) == [
        Draft(
            identifier="501",
            name="Creek Clean-up & Picnic",
            date_text="Oct 10, 2026 9am-11:30am",
            location_text="Creek lot, 5 Oak St, Elm Valley, CA 93000",
            organizer="Elm Creek Friends",
            url=NEED,
            description="Bring gloves.\nLunch is on us.",
            keywords=("Environment", "Outdoors", "Family friendly"),
        )
    ]


def test_each_shift_of_a_need_is_an_event_and_the_end_of_registration_is_none() -> None:
    first, second = galaxy.parse(_saved("shifts.html", f"{SITE}/need/detail/?need_id=502"))

    assert (first.identifier, first.date_text) == (
        "502:Wed Oct 7, 2026 @ 9:00am",
        "Wed Oct 7, 2026 @ 9:00am to 10:15am",
    )
    assert second.date_text == "Thu Oct 8, 2026 @ 9:00pm to Fri Oct 9, 2026 @ 1:00am"
    assert (first.name, first.organizer, first.description) == ("Pantry Sort", "Elm Food Bank", "Sort food.")
    assert first.event_attendance_mode == "OnlineEventAttendanceMode"


@pytest.mark.parametrize("when", ["ongoing", "Until Mar 31, 2027"])
def test_a_role_that_is_open_is_no_event(when: str) -> None:
    body = f"<title>Get Connected Icon</title><h1>Mentor</h1><div>{when}</div><div>5:30PM-7:30PM</div>"

    assert list(galaxy.parse(_page(body.encode(), NEED))) == []


def test_the_board_leads_to_the_dated_needs_once_each_and_to_its_next_page() -> None:
    board = _saved("board.html", BOARD)

    assert list(galaxy.parse(board)) == []
    assert list(galaxy.follow(board)) == [
        Request(url=f"{SITE}/need/index/12"),
        Request(url=NEED, completes="501"),
        Request(url=f"{SITE}/need/detail/?need_id=502", completes="502"),
    ]


@pytest.mark.parametrize(("here", "further"), [("12", ["24"]), ("24", [])])
def test_the_board_ends_with_its_last_page(here: str, further: list[str]) -> None:
    page = _saved("board.html", f"{SITE}/need/index/{here}")

    lists = [request.url for request in galaxy.follow(page) if request.completes is None]

    assert lists == [f"{SITE}/need/index/{number}" for number in further]


def test_an_empty_board_has_no_needs_and_a_need_leads_nowhere() -> None:
    assert list(galaxy.parse(_page(EMPTY))) == list(galaxy.follow(_page(EMPTY))) == []
    assert list(galaxy.follow(_saved("need.html", NEED))) == []


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b"<html><h1>Just a moment</h1></html>", BOARD),
        (b"<html><title>Get Connected Icon</title></html>", NEED),
        (EMPTY, f"{SITE}/user/login"),
        (b"", BOARD),
    ],
)
def test_a_page_that_is_neither_a_board_nor_a_need_is_refused(body: bytes, url: str) -> None:
    with pytest.raises(ParseError):
        list(galaxy.parse(_page(body, url)))


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ((SAVED / "board.html").read_bytes(), BOARD),
        (b"<html></html>", "https://elm.galaxydigital.com/"),
        (b"<script src='https://cdn.galaxydigital.com/a.js'></script><a href='/need/detail/?need_id=1'>x</a>", SITE),
    ],
)
def test_a_portal_is_recognised_on_any_domain_and_its_address_is_the_board(body: bytes, url: str) -> None:
    page = _page(body, url)

    assert galaxy.recognise(page)
    assert (galaxy.address(page) or "").endswith("/need/")


def test_a_page_that_embeds_a_board_leads_to_it() -> None:
    page = _page(b'<iframe src="https://elm.galaxydigital.com/need/?s=1"></iframe>', "https://www.elm.example/")

    assert galaxy.recognise(page)
    assert galaxy.address(page) == "https://elm.galaxydigital.com/need/"


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b'<a href="https://elm.galaxydigital.com/need/detail/?need_id=1">Help</a>', "https://elm.example/"),
        (b'<img src="https://elm.galaxydigital.com/a.png"><a href="https://elm.galaxydigital.com/need/">x</a>', SITE),
        (b"<html>Galaxy Digital, a firm of another trade</html>", "https://www.galaxydigital.com/"),
    ],
)
def test_a_page_that_only_links_there_is_not_taken_for_a_portal(body: bytes, url: str) -> None:
    assert galaxy.recognise(_page(body, url)) is None


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (SITE, BOARD),
        (f"{SITE}/calendar", BOARD),
        (BOARD, BOARD),
        (f"{BOARD}?s=1&need_init_id=2962", f"{BOARD}?s=1&need_init_id=2962"),
        (f"{SITE}/need/index/12", f"{SITE}/need/index/12"),
        (NEED, NEED),
    ],
)
def test_any_page_of_a_portal_leads_to_its_board(told: str, asked: str) -> None:
    assert galaxy.request(told).url == asked


def test_a_page_that_was_cut_is_told_from_a_whole_one() -> None:
    body = (SAVED / "need.html").read_bytes().rstrip()

    assert galaxy.ends_whole(body)
    assert not galaxy.ends_whole(body[:-3])
