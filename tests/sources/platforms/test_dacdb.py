"""A Rotary club's events, from DACdb."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import dacdb

SAVED = Path(__file__).parent / "dacdb"


def _page(
    body: bytes, url: str = "https://www.ismyrotaryclub.com/wp_api_prod_1-1/R_GetEvents.cfm?AccountID=6580&ClubID=3430"
) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(
    name: str, url: str = "https://www.ismyrotaryclub.com/wp_api_prod_1-1/R_GetEvents.cfm?AccountID=6580&ClubID=3430"
) -> Page:
    return _page((SAVED / name).read_bytes(), url)


def test_an_event_is_told_without_its_speaker() -> None:
    lunch, *_ = dacdb.parse(_saved("events.json"))

    assert lunch == Draft(
        identifier="https://www.ismyrotaryclub.com/e/1",
        name="Rotary Lunch",
        start_date="2026-10-06T12:00:00",
        end_date="2026-10-06T13:00:00",
        location_text="<b>Elm Hall</b><br>12 Oak St",
        url="https://www.ismyrotaryclub.com/e/1",
        description="Trails",
    )


def test_an_address_that_two_events_share_is_that_of_neither() -> None:
    _, clean_up, retreat = dacdb.parse(_saved("events.json"))

    assert (clean_up.start_date, clean_up.identifier, clean_up.url) == ("2026-10-10T16:00:00Z", None, None)
    assert (retreat.start_date, retreat.end_date, retreat.location_text) == ("2026-10-17", None, None)


def test_a_club_without_events_tells_none() -> None:
    assert dacdb.recognise(_page(b"[]"))
    assert list(dacdb.parse(_page(b"[]"))) == []


@pytest.mark.parametrize(
    "body", [b"", b"<html>Error</html>", b'{"error": 1}', b"[", b'[{"title": "A", "start": "2026-10-06"}]']
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    page = _page(body, "https://elm.example/events.json")

    assert dacdb.recognise(page) is None
    with pytest.raises(ParseError):
        list(dacdb.parse(page))


def test_an_answer_is_recognised_wherever_it_lies_and_ends_with_its_bracket() -> None:
    page = _saved("events.json", "https://mirror.example/events.json")

    assert dacdb.recognise(page) == "an answer of DACdb"
    assert dacdb.address(page) is None
    assert dacdb.ends_whole(page.body)
    assert not dacdb.ends_whole(page.body.rstrip()[:-20])


def test_a_clubs_site_leads_to_the_events_it_asks_for() -> None:
    call = "https://www.ismyrotaryclub.com/wp_api_prod_1-1/R_GetEvents.cfm?AccountID=6580&amp;ClubID=3430"
    site = _page(f"<script>$.get('{call}')</script>".encode(), "https://rotary.example/")

    assert dacdb.recognise(site) == "a call for DACdb's events"
    assert dacdb.address(site) == _page(b"").url
    assert (
        dacdb.recognise(_page(b'<a href="https://www.ismyrotaryclub.com/">DACdb</a>', "https://rotary.example/"))
        is None
    )


def test_two_numbers_or_the_address_that_holds_them_are_asked_for() -> None:
    asked = dacdb.request(account=6580, club=3430).url

    assert asked == f"{_page(b'').url}&fixImages=0&fixTables=0&EventCategoryIDs=1,2,3,4,5,6,7"
    assert dacdb.request(asked).url == asked


def test_a_row_that_lacks_a_number_is_refused() -> None:
    for row in ({"account": 6580}, {"url": "https://www.ismyrotaryclub.com/?ClubID=3430"}, {}):
        with pytest.raises(ValueError, match="an account and a club"):
            dacdb.request(**row)
