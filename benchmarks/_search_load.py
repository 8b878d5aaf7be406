"""Generated events into a real store, through the store's own write path."""

import importlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.event import Event, GeoCoordinates, Kind, Offer, Organization, Place, PostalAddress, Precision
from aggregator.reconcile import Changes, reconcile
from aggregator.run import Outcome, Run
from aggregator.source import Request, Source
from aggregator.store import open_store

NOW = datetime(2027, 1, 3, tzinfo=UTC)
"""The day before the first generated event."""

SOURCES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How long it took to write all events, and to find that those of one source did not change."""

    events: int
    write_seconds: float
    unchanged: int
    unchanged_seconds: float


def generated(count: int) -> list[Event]:
    """`count` dates as events: a series is one event with added dates, as an organiser tells it."""
    gen = generator()
    series: defaultdict[object, list[dict[str, Any]]] = defaultdict(list)
    for row in gen.events(count):
        told = dict(zip(gen.COLS, row, strict=True))
        series[told["series"] or told["uid"]].append(told)
    return [_event(f"source-{place % SOURCES:02d}", dates) for place, dates in enumerate(series.values())]


def load(path: Path, events: Sequence[Event]) -> Load:
    """A run a source; then one more run of the first source, which shows the same."""
    told: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        told[event.source].append(event)
    with open_store(str(path)) as store:
        store.register(map(_source, told), now=NOW)
        leases = {
            lease.source: lease for lease in store.due(NOW, limit=len(told), owner="bench", ttl=timedelta(days=1))
        }
        began = time.perf_counter()
        for name, its in told.items():
            store.apply(Changes(new=tuple(its)), _run(name), lease=leases[name], now=NOW)
        written = time.perf_counter()
        name, its = next(iter(told.items()))
        seen = {event.uid: event for event in its}
        changes = reconcile(store.stored_listings(name, seen), seen, is_complete=True, now=NOW)
        store.apply(changes, _run(name), lease=leases[name], now=NOW)
        ended = time.perf_counter()
    return Load(
        events=len(events), write_seconds=written - began, unchanged=len(its), unchanged_seconds=ended - written
    )


def shared_bench() -> Path:
    """The folder of the generators."""
    bench = Path(os.environ.get("HOBNOB_SHARED") or Path(__file__).parents[2] / "shared") / "bench"
    if not (bench / "gen.py").exists():
        sys.exit(f"{bench / 'gen.py'} is not there: set HOBNOB_SHARED to the folder that holds bench/")
    return bench.resolve()


def generator() -> Any:
    sys.path.insert(0, str(shared_bench()))
    return importlib.import_module("gen")


def _event(source: str, dates: Sequence[dict[str, Any]]) -> Event:
    told = dates[0]
    zone = ZoneInfo(told["tz"])
    return Event(
        source=source,
        uid=told["uid"],
        name=told["title"],
        description=told["description"],
        start_date=datetime.fromtimestamp(told["start"], zone),
        end_date=datetime.fromtimestamp(told["end"], zone),
        time_zone=told["tz"],
        location=_place(told),
        organizer=Organization(name=told["organizer"]),
        url=told["url"],
        keywords=tuple(json.loads(told["tags"])),
        offers=(Offer(price=Decimal(told["cost_cents"]) / 100, price_currency="USD"),),
        r_dates=tuple(datetime.fromtimestamp(date["start"], zone) for date in dates[1:]),
    )


def _place(told: dict[str, Any]) -> Place:
    address = PostalAddress(
        street_address=told["address"],
        address_locality=told["city"],
        address_region=told["state"],
        postal_code=told["zip"],
        address_country="US",
    )
    geo = GeoCoordinates(latitude=told["lat"], longitude=told["lon"])
    return Place(name=told["venue"], address=address, geo=geo, precision=Precision.ROOFTOP)


def _source(name: str) -> Source:
    url = f"https://{name}.example/events"
    return Source(name=name, kind=Kind.CHAMBER, platform="ics", request=Request(url=url), parse=_parse)


def _parse(_: object) -> Any:
    return iter(())


def _run(source: str) -> Run:
    return Run(source=source, started_at=NOW, finished_at=NOW, outcome=Outcome.ACCEPTED, reason="")


def percentile(values: Iterable[float], share: float) -> float:
    """The value that so much of them are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
