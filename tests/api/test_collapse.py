"""`collapse`, `regular`, `rhythm`, `confirmed_within` and `sort=sociable`: what meets again, told once or apart."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest

from aggregator.event import Event, EventStatus, Kind, MeetingLine, Organization, Place
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 10, 7, 11, 30, 20, tzinfo=PACIFIC)
DATES = [f"2026-10-{day:02}T07:00:00-07:00" for day in (8, 15, 22, 29)]


def dated(name: str, *days: int, place: Place, **more: Any) -> tuple[Event, ...]:
    """At seven on days counted from Thursday 8 October."""
    first = datetime(2026, 10, 8, 7, tzinfo=PACIFIC)
    return tuple(
        Event(
            source="chamber",
            uid=f"{name}-{day}",
            name=name,
            start_date=first + timedelta(days=day),
            end_date=first + timedelta(days=day, hours=1),
            time_zone=PACIFIC.key,
            location=place,
            organizer=Organization(name="Elm Valley Chamber"),
            **more,
        )
        for day in days
    )


@pytest.fixture
def regulars(changing_town: Store, add: Callable[..., None]) -> Store:
    """The town, with a breakfast every Thursday that its source tells date by date, the sixth of them cancelled; and a
    date of the volunteers' series that was taken out of it.
    """
    here = next(one.event.location for one in changing_town.stored_listings("chamber").values())
    *held, off = dated("Breakfast Leads", 0, 7, 14, 21, 28, 35, place=here)
    add(changing_town, Kind.CHAMBER, (*held, replace(off, event_status=EventStatus.CANCELLED)))
    series = changing_town.stored_listings("volunteers")["Weekly Sort"].event
    moved = replace(
        series, uid="moved", rrule=(), super_event="Weekly Sort", start_date=series.start_date.replace(day=21)
    )  # type: ignore[call-arg]
    add(changing_town, Kind.VOLUNTEER, (replace(moved, end_date=moved.start_date + timedelta(hours=1)),))
    changing_town.regroup("chamber", NOW)
    changing_town.match({}, NOW)
    return changing_town


@pytest.fixture
def client(regulars: Store, api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return api(regulars)


async def told(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    answer = await client.get("/v1/events", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def names(client: httpx.AsyncClient, **asked: str) -> list[str]:
    return [item["name"] for item in await told(client, **asked)]


async def test_a_group_and_a_series_are_told_once_with_their_next_dates(client: httpx.AsyncClient) -> None:
    apart, once = await told(client), await told(client, collapse="series")

    breakfast, sort = (
        next(item for item in once if item["name"] == name) for name in ("Breakfast Leads", "Weekly Sort")
    )
    assert [item["name"] for item in once] == list(dict.fromkeys(item["name"] for item in apart))
    assert [breakfast["startDate"], *(date["startDate"] for date in breakfast["nextDates"])] == [
        *DATES, "2026-11-05T07:00:00-08:00"
    ]  # fmt: skip
    assert [date["startDate"][:10] for date in sort["nextDates"]] == [
        "2026-10-20", "2026-10-21", "2026-10-27", "2026-11-03"
    ]  # fmt: skip
    assert next(item for item in once if item["name"] == "Mixer")["nextDates"] == []
    assert not any("nextDates" in item for item in apart)


async def test_it_is_the_first_date_that_answers_and_later_dates_may_lie_beyond_the_window(
    client: httpx.AsyncClient,
) -> None:
    (breakfast,) = await told(client, collapse="series", q="leads", start="2026-10-14", end="2026-10-16")

    assert breakfast["startDate"] == DATES[1]
    assert [date["startDate"] for date in breakfast["nextDates"]] == [*DATES[2:], "2026-11-05T07:00:00-08:00"]


async def test_pages_tell_each_group_once_and_lose_nothing(client: httpx.AsyncClient) -> None:
    whole = await told(client, collapse="series")
    paged, cursor, totals = [], None, set()
    while True:
        asked = {"collapse": "series", "limit": "2", "include": "total"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/events", params=asked)).json()
        paged += page["items"]
        totals.add(page["total"])
        cursor = page["next"]
        if cursor is None:
            break

    assert paged == whole
    assert totals == {len(whole)}


async def test_a_feed_tells_each_group_once_too(client: httpx.AsyncClient) -> None:
    once = await names(client, collapse="series")

    calendar = icalendar.Calendar.from_ical((await client.get("/v1/events.ics?collapse=series")).content)
    points = json.loads((await client.get("/v1/events.geojson?collapse=series&q=leads")).content)

    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == once
    assert len(points["features"][0]["properties"]["nextDates"]) == 4


async def test_next_dates_are_in_the_zone_that_is_asked_for(client: httpx.AsyncClient) -> None:
    (breakfast,) = await told(client, collapse="series", q="leads", tz="UTC")

    assert breakfast["nextDates"][0] == {
        "startDate": "2026-10-15T14:00:00+00:00",
        "endDate": "2026-10-15T15:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"regular": "true"}, {"Breakfast Leads", "Weekly Sort"}),
        ({"rhythm": "weekly"}, {"Breakfast Leads", "Weekly Sort"}),
        ({"rhythm": "monthly,other"}, set()),
        ({"regular": "false", "kind": "chamber", "starts_before": "2026-10-10"}, {"Mixer", "Lunch & Learn"}),
        ({"confirmed_within": "1d", "regular": "true"}, {"Breakfast Leads", "Weekly Sort"}),
    ],
)
async def test_what_meets_again_is_asked_for(client: httpx.AsyncClient, asked: dict[str, str], found: set[str]) -> None:
    assert set(await names(client, **asked)) == found


@pytest.mark.parametrize(("within", "sources"), [("9d", {"chamber", "volunteers"}), ("2d", {"volunteers"})])
async def test_what_no_source_has_shown_lately_is_left_out(
    town: Store, api: Callable[..., httpx.AsyncClient], within: str, sources: set[str]
) -> None:
    """The chamber was read eight days ago, the volunteers one day ago."""
    assert {item["source"] for item in await told(api(town), confirmed_within=within)} == sources


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"confirmed_within": "soon"}, "a number of days, such as 14d"),
        ({"confirmed_within": "0d"}, "a number of days, such as 14d"),
        ({"collapse": "groups"}, "not one of none, series"),
        ({"regular": "maybe"}, "not one of true, false"),
        ({"rhythm": "daily"}, "not one of weekly, fortnightly, monthly, other"),
        ({"recurring": "true"}, "regular"),
    ],
)
async def test_what_cannot_be_answered_is_said(client: httpx.AsyncClient, asked: dict[str, str], said: str) -> None:
    answer = await client.get("/v1/events", params=asked)

    assert (answer.status_code, said in answer.text) == (422, True)


async def test_the_cursor_of_another_question_is_refused(client: httpx.AsyncClient) -> None:
    """`false` is a question too, and none is not."""
    cursor = (await client.get("/v1/events?limit=1&regular=false")).json()["next"]

    answers = [await client.get(f"/v1/events?limit=1{more}&cursor={cursor}") for more in ("&regular=false", "")]

    assert [answer.status_code for answer in answers] == [200, 422]


async def test_of_what_starts_together_the_more_sociable_comes_first(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> None:
    for_it = MeetingLine(about="time to mix", speaks_for=True, quote="Time to mix.")
    against = MeetingLine(about="a talk", speaks_for=False, quote="A talk.")
    lines = {"Talk": (against,), "Plain": (), "Both": (for_it, against), "Mix": (for_it,), "Best": (for_it, for_it)}
    place = next(one.event.location for one in changing_town.stored_listings("chamber").values())
    new = [event for name, told in lines.items() for event in dated(name, 1, place=place, meeting_people=told)]
    add(changing_town, Kind.CHAMBER, (*new, *dated("Later", 2, place=place, meeting_people=(for_it,) * 3)))
    client, asked = api(changing_town), {"sort": "sociable", "starts_before": "2026-10-10T08:00-07:00", "limit": "2"}

    found, cursor = [], None
    while True:
        page = (await client.get("/v1/events", params=asked | ({"cursor": cursor} if cursor else {}))).json()
        found += [item["name"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert found == ["Mixer", "Best", "Mix", "Plain", "Both", "Talk", "Lunch & Learn", "Later"]
