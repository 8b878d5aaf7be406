"""Trumba's RSS, which is not well formed and tells the date in prose."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import trumba

SAVED = Path(__file__).parent / "trumba" / "events.xml"


def _page(body: bytes) -> Page:
    url = "https://www.trumba.com/calendars/elm.rss"
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def _drafts() -> list[Draft]:
    return list(trumba.parse(_page(SAVED.read_bytes())))


def test_the_date_is_the_first_line_that_is_one() -> None:
    fair, challenge, story, elements, published = _drafts()

    assert fair.date_text == "Monday, Oct. 19, 2026, 9 – 11 a.m. PDT"
    assert (challenge.start_date, challenge.end_date) == ("2026-10-01", "Sunday, Nov. 1, 2026")
    assert story.date_text == "Tuesday, October 20, 2026, 10:30 – 11:15 a.m."
    assert (elements.start_date, elements.end_date) == ("2026-10-21T18:00:00", "2026-10-21T19:00:00")
    assert published.start_date == "2026-10-22T18:00:00-07:00"


def test_the_place_is_labelled_or_above_the_date() -> None:
    fair, _, story, elements, _ = _drafts()

    assert fair.location_text == "Elm Branch, 2"
    assert (fair.latitude, fair.longitude) == ("36.7001", "-119.8002")
    assert story.location_text == "Oak Branch"
    assert elements.location_text == "Hall"


def test_the_day_among_the_categories_is_no_keyword() -> None:
    assert _drafts()[0].keywords == ("Careers",)


def test_an_event_is_known_by_trumbas_number() -> None:
    assert _drafts()[0].identifier == "http://uid.trumba.com/event/192410973"


def test_another_feed_is_not_taken_for_one() -> None:
    assert trumba.recognise(_page(SAVED.read_bytes()))
    assert trumba.recognise(_page(b"<rss><channel></channel></rss>")) is None
    with pytest.raises(ParseError, match="not of a Trumba calendar"):
        list(trumba.parse(_page(b"<rss><channel></channel></rss>")))
