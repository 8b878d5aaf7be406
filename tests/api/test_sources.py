"""How the sources are doing, and whether the API is: for people, for Prometheus, for who restarts it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from aggregator.errors import StoreError
from aggregator.event import Kind
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.source import Request, Source
from aggregator.store import Answer
from aggregator.store.store import Store
from api.chronicle import RunPage, SourcePage

pytestmark = pytest.mark.anyio
LATER = datetime(2026, 10, 20, tzinfo=UTC)


async def test_each_source_is_told_with_its_last_run(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/sources")

    SourcePage.model_validate_json(answer.content)
    chamber, volunteers = answer.json()["items"]
    assert (chamber["name"], chamber["events"], chamber["lastRun"]["outcome"]) == ("chamber", 6, "accepted")
    assert (chamber["isStale"], volunteers["isStale"]) == (True, False)
    assert chamber["homepage"] == "https://chamber.example/"
    assert "private-0123" not in answer.text


async def test_runs_say_what_was_rejected_and_why(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/sources/chamber/runs", params={"limit": "1"})

    RunPage.model_validate_json(answer.content)
    (run,) = answer.json()["items"]
    assert (run["found"], run["kept"]) == (7, 6)
    assert run["rejected"] == [{"name": "Lost, ask", "reason": "no start"}]


async def test_a_source_that_told_nothing_for_long_is_named_in_every_answer(
    town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    now, later = api(town), api(town, now=lambda: LATER)

    assert (await now.get("/v1/events")).json()["staleSources"] == ["chamber"]
    assert (await later.get("/v1/events")).json()["staleSources"] == ["chamber", "volunteers"]


@pytest.mark.parametrize(("hours", "is_stale"), [(0, False), (23, False), (25, True)])
async def test_a_source_that_never_told_anything_is_missed_after_three_intervals(
    changing_town: Store, api: Callable[..., httpx.AsyncClient], hours: int, is_stale: bool
) -> None:
    url = Request(url="https://new.example/new.ics")
    new = Source(name="new", kind=Kind.CIVIC, platform="ics", request=url, parse=lambda _: iter(()))
    known_at = datetime(2026, 10, 10, tzinfo=UTC)
    changing_town.register([new], now=known_at)

    client = api(changing_town, now=lambda: known_at + timedelta(hours=hours))

    assert ("new" in (await client.get("/v1/events")).json()["staleSources"]) is is_stale


async def test_a_source_that_was_only_tried_is_missed_since_it_was_first_tried(
    changing_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    tried_at = datetime(2026, 10, 10, tzinfo=UTC)
    url = Request(url="https://new.example/new.ics")
    new = Source(name="new", kind=Kind.CIVIC, platform="ics", request=url, parse=lambda _: iter(()))
    changing_town.register([new], now=tried_at)
    for hours in (0, 12, 24):
        now = tried_at + timedelta(hours=hours)
        lease = changing_town.lease("new", now, owner="test", ttl=timedelta(minutes=5))
        assert lease
        run = Run(source="new", started_at=now, finished_at=now, outcome=Outcome.FAILED, reason="no answer")
        changing_town.apply(Changes(), run, lease=lease, now=now)
        changing_town.finish(lease, next_due_at=now + timedelta(hours=12), failures=1)

    for hours, stale in ((23, []), (25, ["new"])):
        client = api(changing_town, now=lambda hours=hours: tried_at + timedelta(hours=hours))
        assert (await client.get("/v1/events")).json()["staleSources"] == stale


class BrokenStore:
    """A store whose disk is gone."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def data_version(self) -> int:
        raise self.error

    def sources(self) -> tuple[()]:
        return ()

    async def search(self, _: object, **__: object) -> Answer:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (StoreError("the disk is gone"), 503, "the disk is gone"),
        (RuntimeError("secret words"), 500, "This is our mistake, not yours; it is in the log."),
    ],
)
async def test_a_store_that_cannot_be_read_is_said_so_and_life_goes_on(
    api: Callable[..., Any], error: Exception, status: int, detail: str
) -> None:
    client = api(BrokenStore(error))
    answers = [await client.get(path) for path in ("/v1/events", "/health/ready", "/v1/events.ics")]

    assert (await client.get("/health/live")).status_code == 200
    for answer in answers:
        assert (answer.status_code, answer.json()["detail"]) == (status, detail)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_it_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    for name in ("live", "ready"):
        answer = await client.get(f"/health/{name}")
        assert (answer.json(), answer.headers["cache-control"]) == ({"status": name}, "no-store")
