"""How many events there are of each kind, cost, weekday and so on, and what a "where" field offers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from aggregator.event import Event, Kind, Organization
from aggregator.settings import Settings
from aggregator.store import facets
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio
PARAMETERS = ("kind", "cost", "visitors", "weekday", "attendance", "org")


async def told(client: httpx.AsyncClient, **asked: str) -> Any:
    return (await client.get("/v1/facets", params=asked)).raise_for_status().json()


def counts(page: Any, name: str) -> dict[str, int]:
    return {one["value"]: one["count"] for one in page["facets"][name] if one["count"]}


@pytest.mark.parametrize("asked", [{}, {"near": "Visalia, CA"}, {"q": "mixer"}, {"cost": "free", "weekday": "sat"}])
async def test_each_count_is_what_choosing_the_value_finds(client: httpx.AsyncClient, asked: dict[str, str]) -> None:
    page = await told(client, **asked)

    for name in PARAMETERS:
        for one in page["facets"][name]:
            chosen = {**asked, name: one["value"], "include": "total"}
            assert (await client.get("/v1/events", params=chosen)).json()["total"] == one["count"], chosen
    total = (await client.get("/v1/events", params={**asked, "include": "total"})).json()["total"]
    assert (page["counted"], page["isExact"]) == (total, True)


async def test_every_word_is_told_and_an_organiser_that_is_there(client: httpx.AsyncClient) -> None:
    page = await told(client)

    assert [one["value"] for one in page["facets"]["weekday"]] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert counts(page, "kind") == {"chamber": 5, "volunteer": 8}
    assert counts(page, "attendance") == {"in_person": 12, "online": 1}
    assert page["facets"]["org"] == [{"value": "Elm Valley Chamber", "name": "Elm Valley Chamber", "count": 1}]
    assert [one["value"] for one in page["facets"]["visitors"] if not one["count"]] == [
        "rsvp", "guest_of_member", "members_only",
    ]  # fmt: skip


async def test_the_question_is_understood_as_that_of_the_events(client: httpx.AsyncClient) -> None:
    asked = {"near": "visalia,ca", "when": "next_7_days", "kind": "chamber"}
    page = await told(client, **asked)
    events = (await client.get("/v1/events", params=asked)).json()

    assert {name: page[name] for name in ("window", "resolvedPlace", "asOf")} == {
        name: events[name] for name in ("window", "resolvedPlace", "asOf")
    }
    assert page["query"] == {"kind": "chamber", "near": "Visalia, CA", "when": "next_7_days", "within": "15mi"}


async def test_an_organiser_with_a_comma_is_told_as_it_is_asked_for(
    changing_town: Store, api: Callable[..., httpx.AsyncClient], add: Callable[..., None]
) -> None:
    add(changing_town, Kind.CHAMBER, (
        Event(source="chamber", uid="s", name="Talk", start_date=datetime(2026, 10, 9, 9, tzinfo=UTC), time_zone="UTC",
              organizer=Organization(name="Smith, Inc")),
    ))  # fmt: skip
    client = api(changing_town)

    (smith,) = [one for one in (await told(client))["facets"]["org"] if one["name"] == "Smith, Inc"]

    found = (await client.get("/v1/events", params={"org": smith["value"]})).json()["items"]
    assert [event["name"] for event in found] == ["Talk"]


async def test_counts_that_are_not_whole_say_so(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "COUNTED_CAP", 5)

    page = await told(client, weekday="thu")

    assert page["isExact"] is False
    assert page["counted"] < 5
    assert sum(counts(page, "weekday").values()) == 5


@pytest.mark.parametrize("name", ["limit", "cursor", "sort", "nearest", "fields", "include", "tz", "units"])
async def test_what_does_not_change_which_events_there_are_is_refused(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get("/v1/facets", params={name: "1"})

    assert answer.status_code == 422
    assert "only /v1/events knows it" in answer.json()["why"]


async def test_a_place_is_offered_with_what_can_be_asked_for(client: httpx.AsyncClient) -> None:
    page = (await client.get("/v1/places", params={"q": "  VISAL "})).json()

    assert page == {
        "items": [{
            "near": "Visalia, CA", "label": "Visalia, CA", "name": "Visalia", "region": "CA", "country": "US",
            "latitude": 36.3302, "longitude": -119.2921, "precision": "town", "timeZone": "America/Los_Angeles",
        }],
        "query": {"q": "VISAL"},
    }  # fmt: skip
    assert (await client.get("/v1/events", params={"near": "Visalia, CA"})).status_code == 200


@pytest.mark.parametrize(("place", "first"), [("Visalia, CA", "San Antonio, TX"), (None, "Santiago, Chile")])
async def test_towns_of_the_sites_country_come_first(
    town: Store, api: Callable[..., httpx.AsyncClient], place: str | None, first: str
) -> None:
    page = (await api(town, settings=Settings(place=place)).get("/v1/places", params={"q": "san"})).json()

    assert (page["items"][0]["near"], len(page["items"])) == (first, 10)


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=!?", "q=a&q=b", "q=%1b[31mx", f"q={'a' * 201}", "where=vis"])
async def test_what_no_place_begins_with_is_refused(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/v1/places?{query}")).status_code == 422
    assert (await client.get("/v1/places?q=qzxvw")).json()["items"] == []
