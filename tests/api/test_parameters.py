"""Every documented parameter does something: it changes the answer, in JSON and in feeds alike."""

from collections.abc import Callable
from typing import Any

import httpx
import icalendar
import pytest

from api.parameters import LISTS, SCHEMAS

pytestmark = pytest.mark.anyio

HERE = {"near": "Visalia, CA", "within": "100mi"}
CHANGES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "near": ({"near": "Visalia, CA"}, {"near": "Fresno, CA"}),
    "lat": ({"lat": "36.33", "lon": "-119.29"}, {"lat": "36.75", "lon": "-119.29", "within": "30mi"}),
    "lon": ({"lat": "36.33", "lon": "-119.29"}, {"lat": "36.33", "lon": "-119.4"}),
    "within": ({"near": "Visalia, CA", "within": "15mi"}, {"near": "Visalia, CA", "within": "100km"}),
    "nearest": (HERE, {"near": "Visalia, CA", "nearest": "2"}),
    "bbox": ({}, {"bbox": "-119.9,36.6,-119.6,36.9"}),
    "when": (HERE, {**HERE, "when": "weekend"}),
    "start": ({}, {"start": "2026-10-01"}),
    "end": ({}, {"end": "2026-10-10"}),
    "days": ({}, {"days": "3"}),
    "starts_after": ({}, {"starts_after": "2026-10-12"}),
    "starts_before": ({}, {"starts_before": "2026-10-12"}),
    "weekday": ({}, {"weekday": "tue"}),
    "time_from": ({}, {"time_from": "17:00"}),
    "time_to": ({}, {"time_to": "08:00"}),
    "kind": ({}, {"kind": "!chamber"}),
    "org": ({}, {"org": "elm valley chamber"}),
    "source": ({}, {"source": "volunteers"}),
    "tag": ({}, {"tag": "Coffee"}),
    "q": ({}, {"q": "lunch"}),
    "attendance": ({}, {"attendance": "online"}),
    "cost": ({}, {"cost": "free"}),
    "max_price": ({}, {"max_price": "20"}),
    "visitors": ({}, {"visitors": "open"}),
    "newcomer": ({}, {"newcomer": "true"}),
    "status": ({}, {"status": "cancelled"}),
    "regular": ({}, {"regular": "true"}),
    "rhythm": ({}, {"rhythm": "weekly"}),
    "confirmed_within": ({}, {"confirmed_within": "3d"}),
    "collapse": ({}, {"collapse": "series"}),
    "sort": (HERE, {**HERE, "sort": "distance"}),
    "limit": ({}, {"limit": "2"}),
    "cursor": ({"limit": "2"}, {"limit": "2", "cursor": "the second page's"}),
    "fields": ({}, {"fields": "name"}),
    "include": ({}, {"include": "total"}),
    "updated_since": ({}, {"updated_since": "2026-10-05"}),
    "tz": ({}, {"tz": "Asia/Tokyo"}),
    "units": (HERE, {**HERE, "units": "km"}),
}


async def test_every_documented_parameter_is_tried(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    documented = {one["name"] for one in document["paths"]["/v1/events"]["get"]["parameters"]}
    assert documented == set(SCHEMAS) == set(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
async def test_a_parameter_changes_the_answer(client: httpx.AsyncClient, name: str) -> None:
    without, with_it = (dict(raw) for raw in CHANGES[name])
    before = (await client.get("/v1/events", params=without)).json()
    if name == "cursor":
        with_it["cursor"] = before["next"]

    after = (await client.get("/v1/events", params=with_it)).json()

    if name == "include":
        assert (before["total"], after["total"]) == (None, 13)
    else:
        assert before["items"] != after["items"]
    assert after["items"]


@pytest.mark.parametrize("name", sorted(set(CHANGES) - {"fields", "include", "cursor", "tz", "units", "limit"}))
async def test_a_filter_finds_the_same_in_a_feed(client: httpx.AsyncClient, name: str) -> None:
    _, raw = CHANGES[name]

    told = (await client.get("/v1/events", params=raw)).json()["items"]
    calendar = icalendar.Calendar.from_ical((await client.get("/v1/events.ics", params=raw)).content)

    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == [event["name"] for event in told]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"kind": "chamber", "cost": "paid"}, ["Lunch & Learn"]),
        ({"kind": "chamber,volunteer", "q": "mixer"}, ["Mixer"]),
        ({"kind": "!volunteer", "status": "cancelled"}, ["Gala"]),
        ({"source": "!chamber", "weekday": "sat,sun", "time_to": "12:00"}, ["Food Bank", "Tree Day"]),
        ({"near": "Fresno, CA", "nearest": "1"}, ["Food Bank"]),
        ({"near": "anywhere", "attendance": "online"}, ["Webinar"]),
        ({"start": "2026-10-18", "end": "2026-10-18"}, ["River Clean-up"]),
        ({"start": "2026-10-08T07:30-07:00", "end": "2026-10-08T08:30-07:00"}, ["Mixer"]),
        ({"start": "2026-10-08T08:00-07:00", "end": "2026-10-08T09:00-07:00"}, []),
        ({"tz": "Asia/Tokyo", "near": "Visalia, CA", "when": "tomorrow"}, ["Mixer"]),
    ],
)
async def test_filters_must_all_hold(client: httpx.AsyncClient, raw: dict[str, str], found: list[str]) -> None:
    told = (await client.get("/v1/events", params=raw)).json()

    assert [event["name"] for event in told["items"]] == found


async def test_a_list_may_be_repeated_or_joined(client: httpx.AsyncClient) -> None:
    joined = await client.get("/v1/events?kind=chamber,civic")
    repeated = await client.get("/v1/events?kind=civic&kind=chamber")

    assert {"kind", "org", "source", "tag", "weekday"} < LISTS
    assert joined.headers["etag"] == repeated.headers["etag"]
    assert joined.json()["items"] == repeated.json()["items"]


async def test_other_names_mean_the_same(client: httpx.AsyncClient) -> None:
    asked: Callable[[str], Any] = lambda query: client.get(f"/v1/events?{query}")  # noqa: E731

    usual = await asked("lat=36.33&lon=-119.29&within=10km")

    for spelling in ("lat=36.33&lng=-119.29&radius=10&unit=km", "latitude=36.33&longitude=-119.29&within=10+km"):
        assert (await asked(spelling)).json()["items"] == usual.json()["items"]
    assert usual.json()["items"]
