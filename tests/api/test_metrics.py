"""`/metrics`: what it tells the operator, and that it tells nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator.settings import Settings
from aggregator.store.mailing import Stage
from aggregator.store.store import Store
from api.gauges import Gauges

pytestmark = pytest.mark.anyio

TOKEN = "t" * 32
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)


@pytest.fixture
def watcher(town: Store, api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    """A client that shows the token."""
    return api(town, settings=Settings(admin_token=TOKEN), headers=SHOWN)


async def read_metrics(client: httpx.AsyncClient) -> dict[str, Any]:
    return {one.name: one for one in text_string_to_metric_families((await client.get("/metrics")).text)}


def value(families: dict[str, Any], name: str) -> float:
    (sample,) = families[name].samples
    return float(sample.value)


async def test_metrics_count_by_the_template_of_a_path(watcher: httpx.AsyncClient) -> None:
    for path in ("/v1/events", "/v1/events", "/v1/events", "/v1/events/nosuch", "/v1/events?limit=0", "/made/up"):
        await watcher.get(path)
    await watcher.request("MADEUP", "/v1/events")

    families = await read_metrics(watcher)

    counts = {
        (one.labels["route"], one.labels["method"], one.labels["status"]): one.value
        for one in families["hobnob_http_requests"].samples
    }
    assert counts == {
        ("/v1/events", "GET", "200"): 3,
        ("/v1/events", "GET", "422"): 1,
        ("/v1/events", "other", "405"): 1,
        ("/v1/events/{id}", "GET", "404"): 1,
        ("none", "GET", "404"): 1,
    }
    seconds = [one.value for one in families["hobnob_http_request_seconds"].samples if one.name.endswith("_count")]
    assert sum(seconds) == sum(counts.values())
    assert families["hobnob_store_age_seconds"].samples[0].value == pytest.approx(timedelta(days=1).total_seconds())
    outcomes = {one.labels["outcome"]: one.value for one in families["hobnob_sources"].samples}
    assert outcomes == {"accepted": 2, "quarantined": 0, "partial": 0, "failed": 0, "never": 0}


async def test_a_search_is_timed_and_an_answer_that_was_kept_searches_nothing(watcher: httpx.AsyncClient) -> None:
    for _ in range(5):
        await watcher.get("/v1/events")
    tag = (await watcher.get("/v1/events?limit=3")).headers["etag"]
    assert (await watcher.get("/v1/events?limit=3", headers={"If-None-Match": tag})).status_code == 304

    samples = {one.name: one.value for one in (await read_metrics(watcher))["hobnob_search_seconds"].samples}

    assert samples["hobnob_search_seconds_count"] == 3
    assert samples["hobnob_search_seconds_sum"] > 0


async def test_what_is_due_and_how_long_it_waits(changing_town: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    due = min(status.next_due_at for status in changing_town.sources())
    settings = Settings(admin_token=TOKEN)

    early = await read_metrics(api(changing_town, settings=settings, headers=SHOWN, now=lambda: due - timedelta(1)))
    late = await read_metrics(
        api(changing_town, settings=settings, headers=SHOWN, now=lambda: due + timedelta(seconds=90))
    )
    changing_town.pause("chamber", NOW + timedelta(days=90))
    changing_town.pause("volunteers", NOW + timedelta(days=90))
    paused = await read_metrics(
        api(changing_town, settings=settings, headers=SHOWN, now=lambda: due + timedelta(seconds=90))
    )

    assert (value(early, "hobnob_due_sources"), value(early, "hobnob_lag_seconds")) == (0, 0)
    assert (value(late, "hobnob_due_sources"), value(late, "hobnob_lag_seconds")) == (1, 90)
    assert (value(paused, "hobnob_due_sources"), value(paused, "hobnob_lag_seconds")) == (0, 0)
    assert value(late, "hobnob_data_version") == changing_town.data_version()


def test_letters_are_counted_by_stage() -> None:
    gauges = Gauges()
    gauges.show([], {Stage.SENT: 7}, 1, NOW)

    (letters,) = (family for family in gauges.collect() if family.name == "hobnob_letters")

    assert {one.labels["stage"]: one.value for one in letters.samples} == {
        **{stage.value: 0 for stage in Stage},
        "sent": 7,
    }


@pytest.mark.parametrize(
    ("told", "headers", "status"),
    [
        ({}, SHOWN, 404),
        ({"admin_token": TOKEN}, {}, 401),
        ({"admin_token": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}, 401),
    ],
    ids=["no token set", "none shown", "another"],
)
async def test_nobody_else_is_told(
    town: Store,
    api: Callable[..., httpx.AsyncClient],
    told: dict[str, Any],
    headers: dict[str, str],
    status: int,
) -> None:
    answer = await api(town, settings=Settings(**told)).get("/metrics", headers=headers)

    assert (answer.status_code, "hobnob_" in answer.text) == (status, False)


async def test_no_page_of_another_site_and_no_cache_gets_the_metrics(watcher: httpx.AsyncClient) -> None:
    answer = await watcher.get("/metrics")

    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert (await watcher.get("/metrics?format=json")).status_code == 422
