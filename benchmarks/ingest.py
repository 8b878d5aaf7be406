"""Generated events on their way in: made sense of, placed, compared, written and matched; then seen again, by a run
whose pages are as they were, and one by one.

    python benchmarks/ingest.py [DATES …] [--apart] [--store ADDRESS] [--profile]

Default: 100000 dates; by hand 10000 100000 1000000. They are told as organisers tell them, a series once with all its
dates; with `--apart` each date is an event of its own. Rates are dates a second of processor time, of which a busy
neighbour takes less than of the clock. `--store` is an empty store to fill instead of a SQLite file. Exits 1 when a bar
is missed.
"""

import argparse
import cProfile
import gc
import pstats
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from _search_load import generator

from aggregator.collect.drafts import Told, merge, to_events
from aggregator.collect.same import told_again
from aggregator.draft import Draft
from aggregator.event import Event, Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.reconcile import Changes, reconcile
from aggregator.run import Outcome, Run
from aggregator.sandbox import Reading, read_kept, write_reading
from aggregator.schedule import standings
from aggregator.source import Request, Source
from aggregator.store import Lease, Settled, StoredPage, open_store
from aggregator.store.store import Store

NOW = datetime(2027, 1, 3, tzinfo=UTC)
"""The day before the first generated event."""

LISTINGS = 200
"""Of one source."""

WAY = "as it was"
"""How pages are read, by which a run is known to tell the same."""

BARS = {"write": 8_000, "whole": 2_500, "unchanged": 300_000, "match": 50_000}
AGAIN = "unchanged", "compared again"
GROWTH_BAR = 2.0
"""Times as long for a date at the largest size as at the smallest: it may not grow with the store."""

TABLES = ("events", "listings", "occurrences", "cells", "texts", "labels", "changes")

Rates = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one source shows."""

    source: Source
    drafts: tuple[Draft, ...]


@dataclass(slots=True, kw_only=True)
class Clock:
    """Seconds of processor time, and by the clock, by what they were spent on."""

    spent: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        began, used = time.perf_counter(), time.process_time()
        yield
        self.spent[step] += time.process_time() - used
        self.passed[step] += time.perf_counter() - began


def main() -> int:
    """1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000], metavar="DATES")
    parser.add_argument("--apart", action="store_true", help="each date an event of its own")
    parser.add_argument("--store", help="an empty store to fill, instead of a SQLite file that is thrown away")
    parser.add_argument("--profile", action="store_true", help="and where the time goes")
    given = parser.parse_args()
    rates = {}
    for size in sorted(given.sizes):
        shown = list(sources_of(size, is_apart=given.apart))
        with tempfile.TemporaryDirectory() as scratch, profiled(is_on=given.profile):
            rates[size] = measure(size, shown, given.store or str(Path(scratch) / "store.db"))
    missed = list(find_missed(rates))
    print("\n".join(missed) or "All bars are met.")
    return 1 if missed else 0


@contextmanager
def profiled(*, is_on: bool) -> Iterator[None]:
    profile = cProfile.Profile(time.process_time)
    if is_on:
        profile.enable()
    yield
    profile.disable()
    if is_on:
        pstats.Stats(profile).sort_stats("tottime").print_stats(40)


def measure(size: int, shown: Sequence[Shown], address: str) -> Rates:
    """Dates a second, by step."""
    clock, gazetteer = Clock(), Gazetteer.open()
    gazetteer.resolve("Visalia, CA")
    listings = sum(len(one.drafts) for one in shown)
    print(f"\n{size:,} dates in {listings:,} listings of {len(shown)} sources")
    gc.collect()
    gc.freeze()
    with open_store(address) as store:
        store.register((one.source for one in shown), now=NOW)
        for one in shown:
            with clock("normalize, locate"):
                seen = made_sense_of(one, gazetteer)
            fill(store, one, seen, clock)
        with clock("match"):
            store.match(standings(one.source for one in shown), NOW)
        for one in shown:
            see_again(store, one.source, clock)
        for one in shown:
            compare_again(store, one.source, made_sense_of(one, gazetteer), clock)
    return report(size, listings, clock, address)


def made_sense_of(shown: Shown, gazetteer: Gazetteer) -> dict[str, Event]:
    """The events of a source by uid; none is kept beyond its run, as when sources are collected."""
    told = Told(request=shown.source.request, drafts=shown.drafts, at=NOW)
    seen, rejected = to_events(merge([told]), shown.source, gazetteer)
    assert not rejected, rejected
    return seen


def fill(store: Store, shown: Shown, seen: dict[str, Event], clock: Clock) -> None:
    """A run of a source."""
    settled = Settled(reading_as=WAY, until=NOW + timedelta(days=7))
    name, page = shown.source.name, page_of(shown)
    with clock("compare"):
        changes = reconcile(store.stored_listings(name, seen), seen, is_complete=True, now=NOW)
    run, lease = run_of(name), leased(store, name)
    with clock("write"):
        store.apply(changes, run, lease=lease, now=NOW, pages=[page], settled=settled)
    store.finish(lease, next_due_at=NOW)


def see_again(store: Store, source: Source, clock: Clock) -> None:
    """A run in which no page has changed, but for asking the site: nothing is made sense of."""
    name, lease = source.name, leased(store, source.name)
    with clock("unchanged"):
        for page in store.stored_pages(name).values():
            read_kept(page.reading)
        before = store.settled(name, WAY, NOW)
        assert before
        last, settled = before
        store.apply(Changes(), told_again(last, run_of(name), NOW), lease=lease, now=NOW, settled=settled)


def compare_again(store: Store, source: Source, seen: dict[str, Event], clock: Clock) -> None:
    """What it would be to compare all of its events."""
    with clock("compared again"):
        again = reconcile(store.stored_listings(source.name, seen), seen, is_complete=True, now=NOW)
    assert not again


def leased(store: Store, name: str) -> Lease:
    lease = store.lease(name, NOW, owner="bench", ttl=timedelta(days=9))
    assert lease
    return lease


def run_of(name: str) -> Run:
    return Run(source=name, started_at=NOW, finished_at=NOW, outcome=Outcome.ACCEPTED, reason="")


def page_of(shown: Shown) -> StoredPage:
    """What would be kept of the page that tells it."""
    reading = write_reading(Reading(drafts=shown.drafts, requests=()))
    return StoredPage(request=shown.source.request.url, body_hash=b"", reading=reading, parser="bench", fetched_at=NOW)


def report(size: int, listings: int, clock: Clock, address: str) -> Rates:
    spent = dict(clock.spent)
    spent["whole"] = sum(its for step, its in spent.items() if step not in AGAIN)
    for step, its in spent.items():
        by_clock = f"{clock.passed[step]:.1f} s by the clock" if step in clock.passed else "all but what is seen again"
        print(f"  {step:18}{size / its:10,.0f} dates/s {listings / its:10,.0f} listings/s ({by_clock})")
    if not address.startswith("postgresql"):
        bare, rows = copy_bare(address)
        ratio = spent["write"] / bare
        print(
            f"  bare executemany  {size / bare:10,.0f} dates/s: {rows:,} rows; writing takes {ratio:.1f} times as long"
        )
    return {step: size / its for step, its in spent.items()}


def copy_bare(address: str) -> tuple[float, int]:
    """Processor seconds to write all rows of a SQLite store into tables without any index, and how many they are."""
    with sqlite3.connect(address) as there, sqlite3.connect(f"{address}-bare", isolation_level=None) as bare:
        bare.execute("PRAGMA journal_mode = WAL")
        told = {table: there.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        began = time.process_time()
        bare.execute("BEGIN")
        for table, rows in told.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                bare.execute(f"CREATE TABLE {table} ({', '.join(f'c{at}' for at in range(len(rows[0])))})")
                bare.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        bare.execute("COMMIT")
        return time.process_time() - began, sum(map(len, told.values()))


def find_missed(rates: dict[int, Rates]) -> Iterator[str]:
    for size, its in rates.items():
        yield from (
            f"MISSED at {size:,}: {step} {its[step]:,.0f} of {bar:,}" for step, bar in BARS.items() if its[step] < bar
        )
    small, large = rates[min(rates)], rates[max(rates)]
    for step in ("write", "whole", "match"):
        if small[step] / large[step] > GROWTH_BAR:
            yield f"MISSED: {step} takes {small[step] / large[step]:.1f} times as long at the largest size"


def sources_of(count: int, *, is_apart: bool) -> Iterator[Shown]:
    """`count` dates as drafts, LISTINGS to a source."""
    gen = generator()
    series: defaultdict[object, list[dict[str, Any]]] = defaultdict(list)
    for row in gen.events(count):
        told = dict(zip(gen.COLS, row, strict=True))
        series[told["uid"] if is_apart else told["series"] or told["uid"]].append(told)
    drafts = [draft_of(dates) for dates in series.values()]
    for number, at in enumerate(range(0, len(drafts), LISTINGS)):
        yield Shown(source=source_of(f"source-{number:04d}"), drafts=tuple(drafts[at : at + LISTINGS]))


def draft_of(dates: Sequence[dict[str, Any]]) -> Draft:
    told = dates[0]
    zone = ZoneInfo(told["tz"])
    start, end, *rest = (
        datetime.fromtimestamp(at, zone) for at in (told["start"], told["end"], *(date["start"] for date in dates[1:]))
    )
    return Draft(
        identifier=told["uid"],
        name=told["title"],
        description=told["description"],
        start_date=start.isoformat(),
        end_date=end.isoformat(),
        time_zone=told["tz"],
        r_dates=tuple(f"{one:%Y%m%dT%H%M%S}" for one in rest),
        location_name=told["venue"],
        street_address=told["address"],
        address_locality=told["city"],
        address_region=told["state"],
        postal_code=told["zip"],
        address_country="US",
        latitude=str(told["lat"]),
        longitude=str(told["lon"]),
        organizer=told["organizer"],
        url=told["url"],
        keywords=tuple(told["tags"].strip("[]").replace('"', "").split(", ")),
        price=f"${told['cost_cents'] / 100:.2f}",
    )


def source_of(name: str) -> Source:
    url = f"https://{name}.example/events"
    return Source(name=name, kind=Kind.CHAMBER, platform="ics", request=Request(url=url), parse=lambda _: iter(()))


if __name__ == "__main__":
    raise SystemExit(main())
