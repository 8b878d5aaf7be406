"""The same events in the formats that other programs read."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import feedparser
import httpx
import icalendar
import pytest

from aggregator.event import Event, Kind
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.feeds import feed
from api.routes import feeds

pytestmark = pytest.mark.anyio

SUFFIXES = ("ics", "rss", "geojson", "csv", "jsonld")
READERS: dict[str, Callable[[bytes], list[str]]] = {
    "ics": lambda body: [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(body).walk("VEVENT")],
    "rss": lambda body: [one.findtext("title") or "" for one in ET.fromstring(body).iter("item")],  # noqa: S314
    "geojson": lambda body: [one["properties"]["name"] for one in json.loads(body)["features"]],
    "csv": lambda body: [one["name"] for one in csv.DictReader(io.StringIO(body.decode()))],
    "jsonld": lambda body: [one["name"] for one in json.loads(body)["@graph"]],
}


async def told(client: httpx.AsyncClient, **raw: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = (await client.get("/v1/events", params=raw)).json()["items"]
    return events


async def test_a_calendar_read_back_has_the_same_events(client: httpx.AsyncClient) -> None:
    events = await told(client)

    answer = await client.get("/v1/events.ics")

    calendar = icalendar.Calendar.from_ical(answer.content)
    read = [(str(e["SUMMARY"]), e.start, e["UID"]) for e in calendar.walk("VEVENT")]
    assert [(name, start) for name, start, _ in read] == [(e["name"], when(e["startDate"])) for e in events]
    assert len({uid for *_, uid in read}) == len(events)
    assert [str(e["STATUS"]) for e in calendar.walk("VEVENT") if e["SUMMARY"] == "Gala"] == ["CANCELLED"]
    assert answer.headers["content-type"].startswith("text/calendar")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in answer.content
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def when(text: str) -> object:
    return datetime.fromisoformat(text) if "T" in text else datetime.fromisoformat(text).date()


async def test_rss_is_dated_by_when_an_event_was_first_seen(client: httpx.AsyncClient) -> None:
    read = feedparser.parse(io.BytesIO((await client.get("/v1/events.rss")).content))

    events = await told(client)
    assert not read.bozo
    dates = [datetime(*entry.published_parsed[:6], tzinfo=UTC) for entry in read.entries]
    assert dates == [datetime.fromisoformat(event["firstSeen"]) for event in events]
    titles = [entry.title for entry in read.entries]
    assert "Cancelled: Gala" in titles
    assert "Lunch & Learn" in titles
    links = {entry.title: entry.link for entry in read.entries}
    assert links["Ribbon Cutting"] == "https://chamber.example/ribbon"
    assert links["Mixer"].startswith("https://hobnob.example/v1/events/")


async def test_only_what_is_placed_has_a_geometry(client: httpx.AsyncClient) -> None:
    features = (await client.get("/v1/events.geojson")).json()["features"]

    points = {one["properties"]["name"]: one["geometry"] for one in features}
    assert points["Food Bank"] == {"type": "Point", "coordinates": [-119.7724, 36.7477]}
    assert points["Tree Day"] is None
    assert len({one["id"] for one in features}) == len(features)


async def test_a_table_runs_nothing_when_it_is_opened(client: httpx.AsyncClient) -> None:
    rows = list(csv.DictReader(io.StringIO((await client.get("/v1/events.csv")).text)))

    names = [row["name"] for row in rows]
    assert "'=SUM(A1) Breakfast" in names
    assert "Mixer" in names
    assert {row["longitude"] for row in rows} == {"-119.2921", "-119.7724", ""}
    assert next(row["eventStatus"] for row in rows if row["name"] == "Gala") == "EventCancelled"
    assert next(row["isAccessibleForFree"] for row in rows if row["name"] == "Mixer") == ""


async def test_a_graph_is_in_schema_orgs_words(client: httpx.AsyncClient) -> None:
    graph = {one["name"]: one for one in (await client.get("/v1/events.jsonld")).json()["@graph"]}

    assert graph["Gala"]["eventStatus"] == "https://schema.org/EventCancelled"
    assert graph["Mixer"]["location"]["address"]["@type"] == "PostalAddress"
    assert graph["Webinar"]["location"] == {"@type": "VirtualLocation", "url": "https://meet.example/1"}
    assert graph["Lunch & Learn"]["offers"] == [{"@type": "Offer", "price": 15, "priceCurrency": "USD"}]
    assert "offers" not in graph["Mixer"]


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_a_feed_has_what_the_pages_have(client: httpx.AsyncClient, suffix: str) -> None:
    answer = await client.get(f"/v1/events.{suffix}", params={"kind": "volunteer", "weekday": "tue"})

    assert READERS[suffix](answer.content) == ["Weekly Sort"] * 4
    assert "link" not in answer.headers
    assert answer.headers["etag"].startswith('W/"')


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_a_feed_carries_all_pages_and_says_when_it_is_cut(
    changing_town: Store,
    api: Callable[..., httpx.AsyncClient],
    many: tuple[Event, ...],
    suffix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = api(changing_town)
    whole = await client.get(f"/v1/events.{suffix}", params={"q": "number"})
    monkeypatch.setattr(feeds, "MOST_EVENTS", 300)
    cut = await api(changing_town).get(f"/v1/events.{suffix}", params={"q": "number"})

    assert len(READERS[suffix](whole.content)) == len(many)
    assert "Only the first" not in unfolded(whole)
    assert "Only the first 300 events are here" in unfolded(cut)
    assert len([name for name in READERS[suffix](cut.content) if name.startswith("Number")]) == 300
    rest = await client.get(cut.headers["link"][1:].partition(">")[0])
    assert [n for n in READERS[suffix](cut.content) if n.startswith("Number")] + READERS[suffix](rest.content) == [
        event.name for event in many
    ]


def unfolded(answer: httpx.Response) -> str:
    return answer.text.replace("\r\n ", "").replace("\\", "")


@pytest.fixture
def many(changing_town: Store, add: Callable[..., None]) -> tuple[Event, ...]:
    first = datetime(2026, 10, 8, 9, tzinfo=ZoneInfo("America/Los_Angeles"))
    events = tuple(
        Event(source="chamber", uid=f"n{n}", name=f"Number {n}", start_date=first + timedelta(minutes=n),
              time_zone="America/Los_Angeles", description="x" * 1500)
        for n in range(450)
    )  # fmt: skip
    add(changing_town, Kind.CHAMBER, events)
    return events


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_a_limit_on_a_feed_is_its_length(client: httpx.AsyncClient, suffix: str) -> None:
    answer = await client.get(f"/v1/events.{suffix}?limit=2&kind=chamber")

    assert READERS[suffix](answer.content)[:2] == ["Mixer", "Lunch & Learn"]
    assert 'rel="next"' in answer.headers["link"]


async def test_a_feed_is_named_after_its_place(town: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    client = api(town, settings=Settings(place="Visalia, CA"))

    assert b"X-WR-CALNAME:Events near Visalia\r\n" in (await client.get("/v1/events.ics")).content
    assert feed.MOST_EVENTS == 10_000
