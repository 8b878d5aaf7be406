"""`/v1/changes`: each change once, in order, with what it was and what it is now."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.event import Event, EventStatus, GeoCoordinates, Kind, Place, Precision
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.source import Request, Source
from aggregator.store import Change, open_reader, open_store
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
WRITERS, READERS, RUNS = 4, 4, 25
HALL = Place(name="Elm Hall", geo=GeoCoordinates(latitude=36.7, longitude=-119.8), precision=Precision.ROOFTOP)


def apply(store: Store, source: str, **changes: Any) -> None:
    lease = store.lease(source, NOW, owner="test", ttl=timedelta(minutes=5))
    assert lease
    run = Run(source=source, started_at=NOW, finished_at=NOW, outcome=Outcome.ACCEPTED, reason="")
    store.apply(Changes(**changes), run, lease=lease, now=NOW)
    store.finish(lease, next_due_at=NOW + timedelta(hours=6))


def event_of(store: Store, name: str) -> Event:
    listings = store.stored_listings("chamber").values()
    return next(listing.event for listing in listings if listing.event.name == name)


async def told(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await client.get("/v1/changes", params=asked)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_what_happened_is_told_with_what_it_was_before(
    changing_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    begin = (await told(api(changing_town), limit=200))["next"]
    mixer, lunch, gala = (event_of(changing_town, name) for name in ("Mixer", "Lunch & Learn", "Gala"))
    off = replace(lunch, event_status=EventStatus.CANCELLED)
    apply(changing_town, "chamber", changed=(replace(mixer, name="Big Mixer"), off), cancelled=(lunch.uid,))
    apply(changing_town, "chamber", unseen=(gala.uid,), withdrawn=(gala.uid,))
    apply(changing_town, "chamber", seen_again=(gala.uid,))
    changing_town.purge("chamber", NOW, [gala.uid])

    page = await told(api(changing_town), since=begin)

    assert [(one["change"], one["name"]) for one in page["items"]] == [
        ("changed", "Big Mixer"),
        ("cancelled", "Lunch & Learn"),
        ("withdrawn", "Gala"),
        ("returned", "Gala"),
        ("removed", "Gala"),
    ]
    first, second, third, *_ = page["items"]
    assert first["fields"] == {"name": {"before": "Mixer", "after": "Big Mixer"}}
    assert second["fields"]["eventStatus"] == {"before": "EventScheduled", "after": "EventCancelled"}
    assert third["reason"] == "its source no longer shows it; nobody said it is cancelled"
    assert page["hasMore"] is False
    assert (await told(api(changing_town), since=page["next"]))["items"] == []


async def test_pages_go_on_where_the_one_before_ended(client: httpx.AsyncClient) -> None:
    whole = await told(client, limit=200)
    items, since = [], None
    while True:
        page = await told(client, limit=5, **({"since": since} if since else {}))
        items += page["items"]
        since = page["next"]
        if not page["hasMore"]:
            break

    assert items == whole["items"]
    assert len({item["cursor"] for item in items}) == len(items) == 11
    assert {item["change"] for item in items} == {"new"}


async def test_since_a_moment_what_came_later_is_told(client: httpx.AsyncClient) -> None:
    """The chamber was read eight days ago, the volunteers one day ago."""
    page = await told(client, since=(NOW - timedelta(days=2)).isoformat().replace("+00:00", "Z"))

    assert {item["source"] for item in page["items"]} == {"volunteers"}


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"since": "soon"}, 422, "neither the `next` of a page nor a moment"),
        ({"since": "n999"}, 422, "no page gave this cursor"),
        ({"since": ["n1", "n2"]}, 422, "given more than once"),
        ({"until": "n2"}, 422, "not known here; since, limit"),
        ({"limit": "0"}, 422, "a whole number from 1 to 200"),
    ],
)
async def test_what_cannot_be_answered_is_said(
    client: httpx.AsyncClient, asked: dict[str, Any], status: int, said: str
) -> None:
    answer = await client.get("/v1/changes", params=asked)

    assert (answer.status_code, said in answer.text) == (status, True)


async def test_who_comes_back_after_what_is_kept_is_told_to_begin_anew(
    changing_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    changing_town.prune(NOW + timedelta(days=200))

    gone = await api(changing_town).get("/v1/changes?since=n3")
    fresh = await told(api(changing_town))

    assert (gone.status_code, "begin anew with /v1/events" in gone.text) == (410, True)
    assert (fresh["items"], fresh["next"]) == ([], "n11")


def test_four_readers_see_what_four_writers_write_once_and_in_order(tmp_path: Path) -> None:
    """Each reader polls while the writers write and a fifth matches what they tell; afterwards all have the same list,
    and it has every change.
    """
    path, written, ended = str(tmp_path / "hobnob.db"), threading.Event(), threading.Event()
    with open_store(path) as store:
        store.register([a_source(f"writer{number}") for number in range(WRITERS)], now=NOW)
    with ThreadPoolExecutor(WRITERS + READERS + 1) as pool:
        readers = [pool.submit(read_until, path, ended) for _ in range(READERS)]
        matcher = pool.submit(match_until, path, written)
        for writer in [pool.submit(write_runs, path, number) for number in range(WRITERS)]:
            writer.result()
        written.set()
        matched = matcher.result()
        ended.set()
        seen = [reader.result() for reader in readers]

    assert all(numbers == seen[0] for numbers in seen)
    with open_reader(path) as reader:
        kept = Counter(one.change for one in reader.news(0, 10_000))
    assert seen[0] == list(range(1, kept.total() + 1))
    assert kept[Change.NEW] == WRITERS * RUNS * 3
    assert kept[Change.MERGED] >= (WRITERS - 2) * RUNS * 3
    assert kept.total() <= WRITERS * RUNS * 3 + matched


def write_runs(path: str, number: int) -> None:
    with open_store(path) as store:
        for run in range(RUNS):
            apply(store, f"writer{number}", new=tuple(circle(run, one, number) for one in range(3)))


def match_until(path: str, written: threading.Event) -> int:
    """How many events were told otherwise, until all is written and nothing is left to be matched."""
    matched = 0
    with open_store(path) as store:
        while True:
            is_over = written.is_set()
            changed = store.match({}, NOW)
            matched += changed
            if is_over and not changed:
                return matched


def read_until(path: str, ended: threading.Event) -> list[int]:
    """The numbers of all changes, until there are no more."""
    numbers = [0]
    with open_reader(path) as reader:
        while True:
            is_over = ended.is_set()
            news = reader.news(numbers[-1], 7)
            numbers += [one.number for one in news]
            if not news and is_over:
                return numbers[1:]


def a_source(name: str) -> Source:
    request = Request(url=f"https://{name}.example/a.ics")
    return Source(name=name, kind=Kind.OTHER, platform="ics", request=request, parse=lambda _: iter(()))


def circle(run: int, one: int, number: int) -> Event:
    """All writers tell the same dates, the first of them as series."""
    return Event(
        source=f"writer{number}",
        uid=f"{run}-{one}",
        name=f"Circle {run * 3 + one} of the Elm",
        start_date=NOW + timedelta(days=3, hours=run),
        time_zone="UTC",
        location=HALL,
        rrule=() if number else ("FREQ=WEEKLY;COUNT=2",),
    )
