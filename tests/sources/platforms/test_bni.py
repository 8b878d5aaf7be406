"""BNI: a chapter's weekly meeting, where permission was given."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import CatalogError, ParseError
from aggregator.source import Draft, Page, Request
from sources.load import source_at
from sources.platforms import bni

SAVED = Path(__file__).parent / "bni"


def _page(
    body: bytes,
    url: str = "https://bnielm.example/bnicms/v3/frontend/consume/chapterInfo/?encodedChapterId=a%3D&locale=en",
) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(
    name: str,
    url: str = "https://bnielm.example/bnicms/v3/frontend/consume/chapterInfo/?encodedChapterId=a%3D&locale=en",
) -> Page:
    return _page((SAVED / name).read_bytes(), url)


def test_a_chapter_is_told_by_its_week_with_the_end_that_its_length_gives() -> None:
    assert list(bni.parse(_saved("chapter.json"))) == [
        Draft(
            identifier="4711",
            name="BNI Elm Sunrise",
            schedule="every Thursday 06:40-08:10",
            event_attendance_mode="HYBRID",
            location_name="Corner Café",
            street_address="1 Main St, Suite 2",
            address_locality="Elm Valley",
            postal_code="93000",
            virtual_location="https://video.example/1",
            url="https://bnielm.example/en-US/visitorregistration?chapterId=4711",
            keywords=("BNI",),
        )
    ]


@pytest.mark.parametrize(
    ("day", "clock", "length", "schedule"),
    [
        ("Thursday", "6:40 PM", "90", "every Thursday 18:40-20:10"),
        ("Thursday", "12:15 pm", "60", "every Thursday 12:15-13:15"),
        ("Thursday", "07:00:00", "0", "every Thursday 07:00"),
        ("Thursday", "noon", "60", "every Thursday noon"),
        ("Thursday", "25:00", "60", "every Thursday 25:00"),
        ("", "7:00", "60", None),
    ],
)
def test_a_week_is_told_as_far_as_it_can_be_read(day: str, clock: str, length: str, schedule: str | None) -> None:
    chapter = {"meetingDay": day, "meetingTime": clock, "meetingDuration": int(length)}
    body = json.dumps({"content": {"chapterDetails": chapter}}).encode()

    assert [draft.schedule for draft in bni.parse(_page(body))] == [schedule]


@pytest.mark.parametrize("body", [b"", b"<html>Robot?</html>", b'{"content": {}}', b'[{"id": 1}]', b"{"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    assert bni.recognise(_page(body)) is None
    with pytest.raises(ParseError):
        list(bni.parse(_page(body)))


def test_a_page_is_recognised_by_what_it_loads_and_not_by_a_link() -> None:
    url = "https://bnielm.example/en-US/findachapter"

    assert bni.recognise(_page(b'<script src="/bnicms/v3/frontend/js/chapter.js"></script>', url))
    assert bni.recognise(_page(b'<a href="https://www.bniconnectglobal.com/">BNI Connect</a>', url)) is None


def test_a_chapters_page_leads_to_what_fills_it() -> None:
    page = "https://bnielm.example/en-US/chapterdetail?chapterId=a%3D&name=BNI+Elm"

    assert bni.request(page).url == _page(b"").url
    assert bni.request(_page(b"").url).url == _page(b"").url
    with pytest.raises(ValueError, match="chapterdetail"):
        bni.request("https://bnielm.example/")


def test_a_row_is_refused_until_it_says_who_gave_permission() -> None:
    row = {"url": "https://bnielm.example/en-US/chapterdetail?chapterId=a%3D", "platform": "bni"}

    with pytest.raises(CatalogError, match="permission"):
        source_at(**row)
    assert source_at(**row, permission="granted", note="the region's director, by letter").platform == "bni"
