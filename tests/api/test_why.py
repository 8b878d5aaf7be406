"""Why an event is in an answer, or is not, filter by filter."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from aggregator.event import Event
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
HERE = {"near": "Visalia, CA", "within": "10mi"}


async def id_of(client: httpx.AsyncClient, name: str) -> str:
    items = (await client.get("/v1/events", params={"q": f'"{name}"', "days": "90"})).json()["items"]
    return str(next(item["id"] for item in items if item["name"] == name))


async def why(client: httpx.AsyncClient, name: str, **asked: str) -> dict[str, Any]:
    answer = await client.get(f"/v1/events/{await id_of(client, name)}/why", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_an_event_that_is_there_passes_every_filter(client: httpx.AsyncClient) -> None:
    told = await why(client, "Mixer", **HERE, kind="chamber", visitors="open", q="mixer", tag="coffee")

    assert (told["name"], told["isIn"], told["because"]) == ("Mixer", True, "It passes every filter.")
    assert {one["filter"]: one["passes"] for one in told["filters"]} == dict.fromkeys(
        ("time", "place", "kind", "tag", "q", "visitors"), True
    )
    assert told["listings"] == [{"source": "chamber", "identifier": "Mixer", "withdrawn": False}]
    assert (told["mergedInto"], told["origins"], told["evidence"]) == (None, {}, [])


@pytest.mark.parametrize(
    ("name", "asked", "failed"),
    [
        ("Food Bank", HERE, ["place"]),
        ("Webinar", HERE, ["place"]),
        ("Mixer", {"kind": "volunteer", "cost": "free"}, ["kind", "cost"]),
        ("Mixer", {"start": "2026-11-01", "end": "2026-11-30"}, ["time"]),
        ("Lunch & Learn", {"max_price": "14"}, ["max_price"]),
        ("Lunch & Learn", {"time_from": "17:00", "weekday": "fri"}, ["clock"]),
        ("Gala", {"status": "confirmed"}, ["status"]),
        ("River Clean-up", {"q": "bank", "source": "!volunteers"}, ["source", "q"]),
        ("Webinar", {"attendance": "in_person"}, ["attendance"]),
        ("Mixer", {"org": "Elm Valley", "newcomer": "true"}, ["org"]),
    ],
)
async def test_what_keeps_an_event_out_is_named(
    client: httpx.AsyncClient, name: str, asked: dict[str, str], failed: list[str]
) -> None:
    told = await why(client, name, **asked)
    listed = await client.get("/v1/events", params=asked)

    assert [one["filter"] for one in told["filters"] if not one["passes"]] == failed
    assert (told["isIn"], told["because"]) == (False, f"It does not pass {', '.join(failed)}.")
    assert name not in [item["name"] for item in listed.json()["items"]]


async def test_the_dates_of_a_series_are_asked_one_by_one(client: httpx.AsyncClient) -> None:
    """Weekly Sort is on Tuesdays from the 13th on."""
    between = await why(client, "Weekly Sort", start="2026-10-15", end="2026-10-19")
    around = await why(client, "Weekly Sort", start="2026-10-15", end="2026-10-22")

    assert [(one["filter"], one["passes"]) for one in between["filters"]] == [("time", False)]
    assert around["isIn"] is True


async def test_what_its_source_no_longer_shows_is_told_as_such(
    changing_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    mixer = next(one.event for one in changing_town.stored_listings("chamber").values() if one.event.name == "Mixer")
    event_id = await id_of(api(changing_town), "Mixer")
    withdraw(changing_town, mixer)

    told = (await api(changing_town).get(f"/v1/events/{event_id}/why")).json()

    assert (told["isIn"], told["because"]) == (False, "Its source no longer shows it; `updated_since` tells of such.")


def withdraw(store: Store, event: Event) -> None:
    lease = store.lease(event.source, NOW, owner="test", ttl=timedelta(minutes=5))
    assert lease
    run = Run(source=event.source, started_at=NOW, finished_at=NOW, outcome=Outcome.ACCEPTED, reason="")
    store.apply(Changes(unseen=(event.uid,), withdrawn=(event.uid,)), run, lease=lease, now=NOW)


async def test_an_unknown_id_and_an_unknown_parameter_are_errors(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/events/nosuch/why")).status_code == 404
    assert (await client.get(f"/v1/events/{await id_of(client, 'Mixer')}/why?colour=red")).status_code == 422
