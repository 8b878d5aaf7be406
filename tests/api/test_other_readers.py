"""What other programs read in our feeds is what we told: icalendar, ical.js, feedparser, extruct, geojson-pydantic."""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from csv import DictReader
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import extruct
import feedparser
import httpx
import icalendar
import pytest
import recurring_ical_events
from geojson_pydantic import Feature, FeatureCollection, Point
from pydantic import BaseModel, ConfigDict, Field

from aggregator.event import Event, EventStatus, Kind
from aggregator.group.rhythm import OnHolidays, Rhythm, days
from aggregator.store.store import Store
from api.feeds.feed import Channel
from api.feeds.group import write_groups
from api.feeds.table import COLUMNS
from api.schema import EventMembers

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
HERE = Path(__file__).parent
MOST_DATES = 6
CHANNEL = Channel(
    title="Groups", url="https://hobnob.example", json_url="https://hobnob.example", site="https://hobnob.example",
    country=None, units="mi", zone=None, cut=None,
)  # fmt: skip


@pytest.fixture(scope="session")
def read_with_ical_js() -> Callable[[bytes], list[dict[str, Any]]]:
    """What ical.js finds; it is skipped where npm has not installed that, but not in CI."""
    node = shutil.which("node")
    paths = [os.environ.get("NODE_PATH", ""), str(HERE.parent / "node_modules")]
    environment = {"PATH": os.environ["PATH"], "NODE_PATH": os.pathsep.join(filter(None, paths))}
    ask = [str(node), "-e", "require('ical.js')"]
    is_there = node and subprocess.run(ask, env=environment, capture_output=True, check=False).returncode == 0
    if not is_there:
        if os.environ.get("CI") == "true":
            pytest.fail("ical.js is missing: `npm install --prefix tests`")
        pytest.skip("there is no ical.js: `npm install --prefix tests`")

    def read(body: bytes) -> list[dict[str, Any]]:
        command = [str(node), str(HERE / "read_ical.cjs")]
        ran = subprocess.run(command, env=environment, input=body, capture_output=True, check=True)
        events: list[dict[str, Any]] = json.loads(ran.stdout)["events"]
        return events

    return read


def read_with_icalendar(body: bytes) -> list[dict[str, Any]]:
    """The same, in the same words."""
    return [
        {
            "uid": str(event["UID"]),
            "summary": str(event["SUMMARY"]),
            "start": _instant(event.start),
            "end": _instant(event.end),
            "status": _text(event, "STATUS"),
            "location": _text(event, "LOCATION"),
            "description": _text(event, "DESCRIPTION"),
            "geo": [event["GEO"].latitude, event["GEO"].longitude] if "GEO" in event else None,
            "sequence": event.get("SEQUENCE"),
            "dates": _dates(event) if "RRULE" in event else None,
        }
        for event in icalendar.Calendar.from_ical(body).walk("VEVENT")
    ]


def _text(event: icalendar.Event, name: str) -> str | None:
    return str(event[name]) if name in event else None


def _instant(moment: date) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _dates(event: icalendar.Event) -> list[str]:
    coming = recurring_ical_events.of(event).after(event.start)
    return [_instant(one.start) for one, _ in zip(coming, range(MOST_DATES), strict=False)]


@pytest.fixture
def rich_town(changing_town: Store, add: Callable[..., None]) -> Store:
    """The town, with what is hard to write: days, a rule across a change of clocks, and signs of every kind."""
    add(changing_town, Kind.CHAMBER, (
        _event("signs", "A, b; c\\d “é” 日本 🎉", 9, description="one\n\ntwo, three; four\\ " + "long " * 40),
        *(_event(f"weekly {n}", "Weekly Leads", 8 + 7 * n) for n in range(8)),
    ))  # fmt: skip
    changing_town.regroup("chamber", NOW)
    changing_town.regroup("volunteers", NOW)
    return changing_town


def _event(uid: str, name: str, day: int, **more: Any) -> Event:
    start = datetime(2026, 10, 1, 14, tzinfo=UTC) + timedelta(days=day - 1)
    return Event(
        source="chamber",
        uid=uid,
        name=name,
        start_date=start,
        end_date=start + timedelta(hours=1),
        time_zone="America/Los_Angeles",
        **more,
    )


@pytest.mark.parametrize("path", ["/v1/events.ics", "/v1/groups.ics", "/v1/plan.ics?near=Visalia,+CA"])
async def test_two_readers_of_a_calendar_find_the_same_events(
    rich_town: Store,
    api: Callable[..., httpx.AsyncClient],
    read_with_ical_js: Callable[[bytes], list[dict[str, Any]]],
    path: str,
) -> None:
    body = (await api(rich_town).get(path)).content

    found = read_with_icalendar(body)

    assert found
    assert read_with_ical_js(body) == found


async def test_a_calendar_has_all_that_the_json_has(rich_town: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    client = api(rich_town)
    events = (await client.get("/v1/events", params={"limit": "200"})).json()["items"]

    found = read_with_icalendar((await client.get("/v1/events.ics")).content)

    assert [(one["summary"], one["start"]) for one in found] == [
        (event["name"], _instant(_moment(event["startDate"]))) for event in events
    ]
    points = {event["name"]: event["location"]["geo"] for event in events if event["placePrecision"] == "street"}
    assert {one["summary"]: one["geo"] for one in found if one["geo"]} == {
        name: [geo["latitude"], geo["longitude"]] for name, geo in points.items()
    }


def _moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


async def test_every_zone_that_a_calendar_of_groups_names_is_defined_in_it(
    rich_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    answer = await api(rich_town).get("/v1/groups.ics")

    calendar = icalendar.Calendar.from_ical(answer.content)
    events = calendar.walk("VEVENT")
    assert {str(event["SUMMARY"]) for event in events} == {"Weekly Leads", "Weekly Sort"}
    assert all("RRULE" in event for event in events)
    named = {event["DTSTART"].params["TZID"] for event in events}
    assert named == {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == {"America/Los_Angeles"}
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in answer.content
    assert "X-WR-CALNAME:Regular groups\r\n" in answer.text


async def test_one_group_and_all_of_them_are_the_same_calendar(
    rich_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    client = api(rich_town)
    group = (await client.get("/v1/groups", params={"q": "leads"})).json()["items"][0]

    alone = read_with_icalendar((await client.get(f"/v1/groups/{group['id']}.ics")).content)
    asked = read_with_icalendar((await client.get("/v1/groups.ics", params={"q": "leads", "rhythm": "weekly"})).content)
    refused = await client.get("/v1/groups.ics", params={"limit": "1"})

    assert alone == asked != []
    assert (refused.status_code, refused.json()["param"]) == (422, "limit")


@pytest.mark.parametrize(
    "rhythm",
    [
        Rhythm(rrules=("FREQ=WEEKLY;BYDAY=TH",), since=date(2026, 9, 3), on_holidays=OnHolidays.SKIPPED,
               calendar="US-federal"),
        Rhythm(rrules=("FREQ=WEEKLY;BYDAY=TH",), since=date(2026, 9, 3), on_holidays=OnHolidays.SHIFTED, shift=-1,
               calendar="US-federal"),
        Rhythm(rrules=("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",), since=date(2026, 9, 1)),
        Rhythm(rrules=("FREQ=WEEKLY;BYDAY=TU;COUNT=9",), since=date(2026, 9, 1)),
        Rhythm(rrules=("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=3FR"), since=date(2026, 9, 7),
               except_dates=(date(2026, 11, 20),), on_holidays=OnHolidays.SHIFTED, shift=7, calendar="US-federal"),
    ],
)  # fmt: skip
async def test_a_reader_expands_a_group_to_the_days_on_which_it_meets(rich_town: Store, rhythm: Rhythm) -> None:
    kept = rich_town.groups()[0]
    rhythm = replace(rhythm, start=time(7), end=time(8))
    group = replace(kept.group, rhythm=rhythm)

    body = write_groups(CHANNEL, [replace(kept, group=group)], NOW)

    since, before = NOW.date(), NOW.date() + timedelta(days=390)
    read = recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(since, before)
    assert sorted(one.start.date() for one in read) == days(rhythm, since, before)


async def test_a_cancelled_event_that_is_taken_off_stays_cancelled_in_calendars_for_30_days(
    changing_town: Store, api: Callable[..., httpx.AsyncClient], add: Callable[..., None]
) -> None:
    far = datetime(2026, 12, 20, 20, tzinfo=UTC)
    cancelled = Event(source="chamber", uid="late", name="Late Gala", start_date=far, time_zone="UTC",
                      event_status=EventStatus.CANCELLED)  # fmt: skip
    add(changing_town, Kind.CHAMBER, (cancelled,))
    add(changing_town, Kind.CHAMBER, (_event("other", "Other", 9),), withdrawn=("late", "Ribbon Cutting"))

    async def states(days: int, path: str = "/v1/events.ics") -> dict[str, str]:
        client = api(changing_town, now=lambda: NOW + timedelta(days=days))
        return {
            str(one["summary"]): str(one["status"]) for one in read_with_icalendar((await client.get(path)).content)
        }

    assert (await states(1))["Late Gala"] == "CANCELLED"
    assert (await states(29))["Late Gala"] == "CANCELLED"
    assert "Late Gala" not in await states(31)
    assert "Ribbon Cutting" not in await states(1)
    told = (await api(changing_town).get("/v1/events")).json()["items"]
    assert "Late Gala" not in {event["name"] for event in told}


@pytest.mark.parametrize(("suffix", "version"), [("rss", "rss20"), ("atom", "atom10")])
async def test_feedparser_finds_every_event_and_nothing_wrong(
    rich_town: Store, api: Callable[..., httpx.AsyncClient], suffix: str, version: str
) -> None:
    client = api(rich_town)
    events = (await client.get("/v1/events", params={"limit": "200"})).json()["items"]

    read = feedparser.parse(io.BytesIO((await client.get(f"/v1/events.{suffix}")).content))

    assert (read.bozo, read.version) == (False, version)
    names = [entry.title.partition(": ")[2].removeprefix("Cancelled: ") for entry in read.entries]
    assert names == [event["name"] for event in events]
    seen = [datetime(*entry.published_parsed[:6], tzinfo=UTC) for entry in read.entries]
    assert seen == [datetime.fromisoformat(event["firstSeen"]) for event in events]
    assert len({entry.id for entry in read.entries}) == len(events)


async def test_extruct_finds_every_event_in_a_page_that_holds_the_graph(
    rich_town: Store, api: Callable[..., httpx.AsyncClient], add: Callable[..., None]
) -> None:
    add(rich_town, Kind.CHAMBER, (_event("hostile", "</script><script>alert(1)</script><!-- --> Mixer", 9),))
    client = api(rich_town)
    events = (await client.get("/v1/events", params={"limit": "200"})).json()["items"]
    graph = (await client.get("/v1/events.jsonld")).text

    (read,) = extruct.extract(
        f'<html><body><script type="application/ld+json">{graph}</script></body></html>', syntaxes=["json-ld"]
    )["json-ld"]

    assert [(one["name"], one["startDate"]) for one in read["@graph"]] == [
        (event["name"], event["startDate"]) for event in events
    ]
    assert {one["@type"] for one in read["@graph"]} == {"Event"}


class Listed(Feature[Point, EventMembers]):
    """Our feature: a point or nothing, and an event as the OpenAPI document describes it."""


async def test_geojson_keeps_to_its_schema_and_to_ours(rich_town: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    client = api(rich_town)
    body = (await client.get("/v1/events.geojson")).content

    read = FeatureCollection[Listed].model_validate_json(body)

    events = (await client.get("/v1/events", params={"limit": "200"})).json()["items"]
    assert [one.properties.name for one in read.features if one.properties] == [event["name"] for event in events]
    assert {one.geometry is None for one in read.features} == {True, False}


class Row(BaseModel):
    """A line of the CSV."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^\w{15}$")
    name: str = Field(min_length=1)
    date: date
    time: time | Literal[""]
    end: str = Field(pattern=r"^((\d{4}-\d\d-\d\d )?\d\d:\d\d|\d{4}-\d\d-\d\d)?$")
    startDate: date | datetime  # noqa: N815 - as the column is called
    endDate: date | datetime | Literal[""]  # noqa: N815
    allDay: bool  # noqa: N815
    withdrawn: bool
    latitude: float | Literal[""]
    longitude: float | Literal[""]
    distance: float | Literal[""]
    isAccessibleForFree: bool | Literal[""]  # noqa: N815
    price: float | Literal[""]
    highPrice: float | Literal[""]  # noqa: N815
    guestFee: float | Literal[""]  # noqa: N815
    kind: Kind
    firstSeen: datetime  # noqa: N815
    changedAt: datetime  # noqa: N815


async def test_every_line_of_the_table_keeps_to_its_schema(
    rich_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    client = api(rich_town)
    rows = list(
        DictReader(io.StringIO((await client.get("/v1/events.csv?near=Visalia,+CA")).content.decode("utf-8-sig")))
    )

    read = [Row.model_validate({name: row[name] for name in Row.model_fields}) for row in rows]

    events = (await client.get("/v1/events?near=Visalia,+CA&limit=200")).json()["items"]
    assert [(one.id, one.startDate) for one in read] == [(e["id"], _moment(e["startDate"])) for e in events]
    assert all(tuple(row) == COLUMNS for row in rows)
