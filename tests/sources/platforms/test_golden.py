"""Golden's API: a portal's list of opportunities, and the times of each."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import golden

SAVED = Path(__file__).parent / "golden"
PORTAL = "volunteer.elm.example"
LIST = golden.request(f"https://{PORTAL}/")
ONE = Request(url="https://api2.goldenvolunteer.com/v1/opportunities/AbC1", headers=LIST.headers, completes="AbC1")


def _page(body: bytes, request: Request = LIST) -> Page:
    return Page(request=request, url=request.url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def _saved(name: str, request: Request) -> Page:
    return _page((SAVED / name).read_bytes(), request)


def test_each_time_of_an_opportunity_is_an_event_at_its_instant_and_no_coordinator_is_read() -> None:
    first, second = golden.parse(_saved("opportunity.json", ONE))

    assert first == Draft(
        identifier="AbC1:t1",
        name="Creek Clean-up",
        start_date="2026-10-10T16:00:00.000Z",
        end_date="2026-10-10T18:00:00.000Z",
        time_zone="America/Los_Angeles",
        street_address="5 Oak St",
        address_locality="Elm Valley",
        address_region="CA",
        postal_code="93000",
        latitude="36.7",
        longitude="-119.8",
        organizer="Elm Creek Friends",
        url="https://volunteer.elm.example/opportunities/AbC1",
        description="A clean creek\nPick up litter\nBring gloves",
        image="https://cdn.goldenvolunteer.com/images-prod/creek_md.jpg",
        keywords=("Environment &amp; Parks", "Family Friendly"),
    )
    assert second == replace(
        first,
        identifier="AbC1:t2",
        start_date="2026-10-17T16:00:00.000Z",
        end_date="2026-10-17T18:00:00.000Z",
        event_status="EventCancelled",
    )


def test_the_key_is_named_and_never_told_and_the_portal_is_told() -> None:
    assert LIST.url == (
        "https://api2.goldenvolunteer.com/v1/opportunities/available"
        "?offset=0&limit=200&view=list&locale=en&dosFilterCriteria=include-dos"
    )
    assert dict(LIST.headers) == {
        "x-golden-api-key": "{key}",
        "x-source-app": "portal",
        "x-source-domain": PORTAL,
    }
    assert golden.request(portal=PORTAL) == LIST
    assert golden.request("https://api2.goldenvolunteer.com/v1/opportunities/available?limit=9", PORTAL) == replace(
        LIST, url="https://api2.goldenvolunteer.com/v1/opportunities/available?limit=9"
    )


@pytest.mark.parametrize("url", [None, "https://api2.goldenvolunteer.com/v1/opportunities/available"])
def test_without_a_portal_there_is_no_request(url: str | None) -> None:
    with pytest.raises(ValueError, match="portal"):
        golden.request(url)


def test_the_list_leads_to_the_opportunities_that_have_a_time_to_come() -> None:
    page = _saved("list.json", LIST)

    assert list(golden.parse(page)) == []
    assert list(golden.follow(page)) == [ONE, replace(ONE, url=ONE.url.replace("AbC1", "AbC3"), completes="AbC3")]


def test_a_full_page_of_the_list_leads_to_the_next_one() -> None:
    body = json.dumps([{"id": str(number)} for number in range(200)]).encode()

    (further,) = golden.follow(_page(body))

    assert further == replace(LIST, url=LIST.url.replace("offset=0", "offset=200"))


def test_an_empty_list_and_an_opportunity_without_times_tell_nothing() -> None:
    assert list(golden.parse(_page(b"[]"))) == list(golden.follow(_page(b"[]"))) == []
    assert list(golden.parse(_page(b'{"id": "AbC1", "times": []}', ONE))) == []
    assert list(golden.follow(_saved("opportunity.json", ONE))) == []


@pytest.mark.parametrize("body", [b"<html>Just a moment</html>", b"", b'{"message": "Forbidden"}', b'{"id": '])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(golden.parse(_page(body)))


def test_a_portal_is_recognised_by_what_it_loads() -> None:
    site = Request(url=f"https://{PORTAL}/")
    portal = b'<img src="https://cdn.goldenvolunteer.com/a.png"><script id="__NEXT_DATA__">{}</script>'
    linking = b'<a href="https://www.goldenvolunteer.com/">Golden</a><script id="__NEXT_DATA__">{}</script>'

    assert golden.recognise(_page(portal, site))
    assert golden.recognise(_page(linking, site)) is None
    assert golden.recognise(_page(b"[]"))
    assert golden.recognise(_page(b"[]", site)) is None


def test_an_answer_that_was_cut_is_told_from_a_whole_one() -> None:
    body = (SAVED / "opportunity.json").read_bytes().rstrip()

    assert golden.ends_whole(body)
    assert not golden.ends_whole(body[:-1] + b"]")
