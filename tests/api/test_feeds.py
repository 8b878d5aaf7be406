"""The same events in the formats that other programs read."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import feedparser
import httpx
import icalendar
import pytest

from aggregator.event import Event, Kind, Place, Statement
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.routes import feeds

pytestmark = pytest.mark.anyio

SUFFIXES = ("ics", "rss", "atom", "json", "geojson", "csv", "jsonld", "md", "txt")
LINKED = re.compile(r"^- \*\*\[(.*)\]\(.*\)\*\*", re.MULTILINE)
READERS: dict[str, Callable[[bytes], list[str]]] = {
    "ics": lambda body: [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(body).walk("VEVENT")],
    "rss": lambda body: [(one.findtext("title") or "").partition(": ")[2] for one in ET.fromstring(body).iter("item")],  # noqa: S314
    "geojson": lambda body: [one["properties"]["name"] for one in json.loads(body)["features"]],
    "csv": lambda body: [one["name"] for one in csv.DictReader(io.StringIO(body.decode("utf-8-sig")))],
    "atom": lambda body: [one.title.partition(": ")[2] for one in feedparser.parse(io.BytesIO(body)).entries],
    "json": lambda body: [one["title"].partition(": ")[2] for one in json.loads(body)["items"]],
    "md": lambda body: [one.replace("\\", "") for one in LINKED.findall(body.decode())],
    "txt": lambda body: [part.split("\n")[0] for part in body.decode().split("\n\n")[1:] if "http" in part],
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
    links = {entry.title: entry.link for entry in read.entries}
    assert "Thu 15 Oct: Cancelled: Gala" in links
    assert "Fri 9 Oct: Lunch & Learn" in links
    assert links["Sun 20 Dec: Ribbon Cutting"] == "https://chamber.example/ribbon"
    assert links["Thu 8 Oct: Mixer"].startswith("https://hobnob.example/v1/events/")
    assert len({entry.id for entry in read.entries}) == len(events)


async def test_rss_leads_back_to_the_same_question(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/events.rss", params={"kind": "chamber", "days": "5"})

    link = ET.fromstring(answer.content).findtext("channel/link")  # noqa: S314
    events = (await client.get(link or "")).json()["items"]
    assert [event["name"] for event in events] == READERS["rss"](answer.content) == ["Mixer", "Lunch & Learn"]


async def test_a_line_of_rss_can_be_printed_as_it_is(client: httpx.AsyncClient) -> None:
    asked = {"near": "Visalia, CA", "within": "100km"}
    read = feedparser.parse(io.BytesIO((await client.get("/v1/events.rss", params=asked)).content))

    lines = {entry.title.partition(": ")[2]: entry.summary.split("<br />") for entry in read.entries}
    assert lines["Mixer"] == [
        "Thu 8 Oct 2026, 7:00–8:00 am",
        "Main Street Hall, 1 Main St, Visalia · 0.0 mi away",
        "Visitors are welcome",
        "By Elm Valley Chamber",
    ]
    assert lines["Lunch & Learn"][2] == "Cost: $15"
    assert lines["Food Bank"][1:] == ["Fresno · about 39 mi away", "Free"]
    assert lines["River Clean-up"][0] == "Sat 17 Oct – Sun 18 Oct 2026"


async def test_only_what_is_placed_has_a_geometry(client: httpx.AsyncClient) -> None:
    features = (await client.get("/v1/events.geojson")).json()["features"]

    points = {one["properties"]["name"]: one["geometry"] for one in features}
    assert points["Food Bank"] == {"type": "Point", "coordinates": [-119.7724, 36.7477]}
    assert points["Tree Day"] is None
    assert len({one["id"] for one in features}) == len(features)


async def test_a_table_runs_nothing_when_it_is_opened(client: httpx.AsyncClient) -> None:
    rows = read_table((await client.get("/v1/events.csv")).content)

    names = [row["name"] for row in rows]
    assert "'=SUM(A1) Breakfast" in names
    assert "Mixer" in names
    assert {row["longitude"] for row in rows} == {"-119.2921", "-119.7724", ""}
    assert next(row["eventStatus"] for row in rows if row["name"] == "Gala") == "EventCancelled"
    assert next(row["isAccessibleForFree"] for row in rows if row["name"] == "Mixer") == ""


async def test_a_table_can_be_sorted_by_day_and_printed(client: httpx.AsyncClient) -> None:
    body = (await client.get("/v1/events.csv")).content

    rows = {row["name"]: row for row in read_table(body)}
    assert body.startswith("\ufeffid,".encode())
    assert times(rows["Mixer"]) == ("2026-10-08", "07:00", "08:00")
    assert times(rows["River Clean-up"]) == ("2026-10-17", "", "2026-10-18")
    assert [rows["Lunch & Learn"][name] for name in ("price", "highPrice", "priceCurrency", "priceDescription")] == [
        "15", "", "USD", "$15",
    ]  # fmt: skip
    assert (rows["Food Bank"]["priceDescription"], rows["Mixer"]["priceDescription"]) == ("Free", "")


async def test_the_times_of_a_table_are_in_the_zone_that_is_asked_for(client: httpx.AsyncClient) -> None:
    body = (await client.get("/v1/events.csv", params={"tz": "America/New_York", "q": "mixer"})).content

    assert times(read_table(body)[0]) == ("2026-10-08", "10:00", "11:00")


def read_table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def times(row: dict[str, str]) -> tuple[str, str, str]:
    return row["date"], row["time"], row["end"]


async def test_a_graph_tells_of_wheelchairs_only_what_is_known(
    changing_town: Store, api: Callable[..., httpx.AsyncClient], add: Callable[..., None]
) -> None:
    said = (Statement(source="chamber", quote="Step-free."),)
    halls = {"Open": Place(name="Elm Hall", wheelchair_accessible=True, accessibility_evidence=said)}
    halls["Torn"] = replace(halls["Open"], wheelchair_accessible=None)
    start = datetime(2026, 10, 8, 16, tzinfo=UTC)
    told = {"source": "chamber", "start_date": start, "time_zone": "America/Los_Angeles"}
    add(
        changing_town,
        Kind.CHAMBER,
        tuple(Event(uid=name, name=name, location=hall, **told) for name, hall in halls.items()),
    )

    answer = await api(changing_town).get("/v1/events.jsonld")

    place = {one["name"]: one["location"] for one in answer.json()["@graph"] if one["name"] in ("Open", "Torn")}
    assert place["Open"]["amenityFeature"] == {
        "@type": "LocationFeatureSpecification", "name": "Wheelchair accessible", "value": True,
    }  # fmt: skip
    assert not {"amenityFeature", "wheelchairAccessible", "accessibilityEvidence"} & place["Torn"].keys()
    assert not {"wheelchairAccessible", "accessibilityEvidence"} & place["Open"].keys()


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


@pytest.mark.parametrize("suffix", ["ics", "rss", "geojson", "jsonld"])
async def test_a_feed_tells_its_subscribers_in_words_of_a_source_that_is_silent(
    client: httpx.AsyncClient, suffix: str
) -> None:
    both = unfolded(await client.get(f"/v1/events.{suffix}"))
    volunteers = unfolded(await client.get(f"/v1/events.{suffix}", params={"kind": "volunteer"}))

    words = "Not heard from lately, so events may be missing or have changed: chamber (last read 2026-09-29)."
    assert words in both
    assert "Not heard from" not in volunteers


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


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "Events near Visalia, CA"),
        ({"kind": "networking,chamber", "cost": "free"}, "Events near Visalia, CA: chamber or networking, free"),
        ({"kind": "!civic", "when": "next_7_days"}, "Events near Visalia, CA: next 7 days, not civic"),
        ({"near": "Fresno, CA", "within": "30mi"}, "Events within 30mi of Fresno, CA"),
        ({"near": "Fresno, CA", "nearest": "5"}, "Events nearest to Fresno, CA"),
        ({"near": "anywhere", "q": "coffee", "time_from": "17:00"}, "Events: “coffee”, from 17:00"),
        ({"bbox": "-119.5,36.2,-119.1,36.5"}, "Events in the box -119.5,36.2,-119.1,36.5"),
        ({"org": ",".join(f"Chamber {n}" for n in range(50))}, None),
    ],
)
async def test_a_feed_is_named_after_its_place_and_its_filters(
    town: Store, api: Callable[..., httpx.AsyncClient], asked: dict[str, str], name: str | None
) -> None:
    client = api(town, settings=Settings(place="Visalia, CA"))

    title = (await client.get("/v1/events.geojson", params=asked)).json()["title"]

    assert len(title) <= 120
    assert title == (name or title)


async def test_a_calendar_and_a_channel_bear_the_name_of_their_question(client: httpx.AsyncClient) -> None:
    asked = {"near": "Visalia, CA", "kind": "chamber", "cost": "free"}

    calendar = unfolded(await client.get("/v1/events.ics", params=asked))
    channel = ET.fromstring((await client.get("/v1/events.rss", params=asked)).content)  # noqa: S314

    assert "\r\nX-WR-CALNAME:Events near Visalia, CA: chamber, free\r\n" in calendar
    assert "\r\nNAME:Events near Visalia, CA: chamber, free\r\n" in calendar
    assert channel.findtext("channel/title") == "Events near Visalia, CA: chamber, free"


async def test_no_word_of_a_page_is_markup_in_markdown(
    changing_town: Store, api: Callable[..., httpx.AsyncClient], add: Callable[..., None]
) -> None:
    start = datetime(2026, 10, 9, 9, tzinfo=ZoneInfo("America/Los_Angeles"))
    hostile = Event(
        source="chamber", uid="h", name="](javascript:x) <img src=x> **Mixer**", start_date=start,
        time_zone="America/Los_Angeles", url="https://elm.example/a)b%20c", description="# Head\n\n- one\n`two`",
    )  # fmt: skip
    add(changing_town, Kind.CHAMBER, (hostile,))

    text = (await api(changing_town).get("/v1/events.md", params={"q": "javascript"})).text

    assert text.splitlines()[2] == (
        "- **[\\]\\(javascript:x\\) \\<img src=x\\> \\*\\*Mixer\\*\\*](https://elm.example/a%29b%20c)**  "
    )
    assert text.splitlines()[-1].strip() == "\\# Head \\- one \\`two\\`"
