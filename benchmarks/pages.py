"""The whole way in: pages parsed, made sense of, placed, compared and written; at first, unchanged, and 5 % changed.

    python benchmarks/pages.py [FOLDER_WITH_PAGES] [--pages 2000] [--profile]

A folder is one that ../shared/bench/gen_pages.py filled; without it that script is run, and where it is not there own
calendars are written. Each page is a source with a run of its own. Nothing is fetched and nothing runs beside it: the
times are those of one core. No bars: what is printed is for a person to compare.
"""

import argparse
import cProfile
import gc
import os
import pstats
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from io import BytesIO
from pathlib import Path

import feedparser
import icalendar
from reading_ical import own_bodies

from aggregator.collect.drafts import Told, merge, to_events
from aggregator.event import Event
from aggregator.place.gazetteer import Gazetteer
from aggregator.reconcile import Changes, reconcile
from aggregator.run import Outcome, Run
from aggregator.source import Page, Source
from aggregator.store import Lease, open_store
from aggregator.store.store import Store
from sources.load import source_at

NOW = datetime(2027, 1, 3, tzinfo=UTC)
"""The day before the first generated event."""

PLATFORMS = {".html": "jsonld", ".ics": "ics", ".xml": "rss", ".json": "tec"}
CHANGED = 20
"""One page in so many is changed for the last pass: its events get other names."""

NAMES = re.compile(rb'(SUMMARY:|"name": "|<title>|"title": ")(?=\w)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A page, and the source whose it is."""

    source: Source
    page: Page


@dataclass(slots=True)
class Clock:
    """Seconds of processor time, by what they were spent on."""

    spent: Counter[str]

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        began = time.process_time()
        yield
        self.spent[step] += time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="pages that gen_pages.py made")
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--profile", action="store_true", help="and where the first pass spends its time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        pages = [given for path in paths(asked.folder, asked.pages, Path(scratch)) for given in [give(path)]]
        megabytes = sum(len(given.page.body) for given in pages) / 1e6
        print(f"{len(pages)} pages, {megabytes:.0f} MB, each a source of its own; processor time of one core")
        with open_store(str(Path(scratch) / "store.db")) as store:
            run_passes(store, pages, is_profiled=asked.profile)
    compare(pages)


def run_passes(store: Store, pages: Sequence[Given], *, is_profiled: bool) -> None:
    """Each pass a day later, so that every source is due."""
    store.register((given.source for given in pages), now=NOW)
    leases = {lease.source: lease for lease in store.due(NOW, limit=len(pages), owner="bench", ttl=timedelta(days=9))}
    gazetteer = Gazetteer.open()
    gazetteer.resolve("Visalia, CA")
    profile = cProfile.Profile() if is_profiled else None
    gc.collect()
    gc.freeze()  # the pages themselves: a collector does not hold 2,000 of them
    if profile:
        profile.enable()
    ingest("first run", store, pages, leases, gazetteer, NOW)
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
    ingest("unchanged", store, pages, leases, gazetteer, NOW + timedelta(days=1))
    changed = [rename(given) if number % CHANGED == 0 else given for number, given in enumerate(pages)]
    ingest("5 % changed", store, changed, leases, gazetteer, NOW + timedelta(days=2))
    same = time_of(lambda: [blake2b(given.page.body, digest_size=16).digest() for given in pages])
    print(f"{'same bodies':12} {len(pages) / same:8.0f} pages/s, where a hash of the body ends it")


def ingest(
    title: str, store: Store, pages: Sequence[Given], leases: Mapping[str, Lease], gazetteer: Gazetteer, now: datetime
) -> None:
    """One run of every source, and what it took."""
    clock, counts, began = Clock(Counter()), Counter[str](), time.perf_counter()
    for given in pages:
        source = given.source
        with clock("parse"):
            drafts = tuple(source.parse(given.page))
        with clock("normalize, locate"):
            told = Told(request=given.page.request, drafts=drafts, at=now)
            seen, rejected = to_events(merge([told]), source, gazetteer)
        with clock("recognise"):
            changes = reconcile(store.stored_listings(source.name, seen), seen, is_complete=True, now=now)
        with clock("write"):
            store.apply(changes, run_of(source, now), lease=leases[source.name], now=now)
        counts.update(count(drafts, seen, changes, len(rejected)))
    report(title, len(pages), clock.spent, counts, time.perf_counter() - began)


def count(drafts: Sequence[object], seen: Mapping[str, Event], changes: Changes, rejected: int) -> dict[str, int]:
    return {
        "drafts": len(drafts),
        "events": len(seen),
        "new": len(changes.new),
        "changed": len(changes.changed),
        "rejected": rejected,
    }


def report(title: str, pages: int, spent: Counter[str], counts: Counter[str], seconds: float) -> None:
    total = spent.total()
    events = counts["events"]
    print(
        f"{title:12} {pages / total:8.0f} pages/s {events / total:8.0f} events/s, {1000 * total / pages:.2f} ms a page"
        f" ({seconds:.1f} s by the clock): {counts['new']} new, {counts['changed']} changed of {events} events,"
        f" {counts['rejected']} rejected"
    )
    for step, its in spent.items():
        print(f"  {step:18} {1000 * its / pages:6.2f} ms a page {1e6 * its / events:6.1f} µs an event")


def compare(pages: Sequence[Given]) -> None:
    """What the usual libraries take for parsing alone, dates not expanded and nothing stored."""
    for suffix, parse in (
        (".ics", icalendar.Calendar.from_ical),
        (".xml", lambda body: feedparser.parse(BytesIO(body))),
    ):
        mine = [given for given in pages if given.page.url.endswith(suffix)]
        if not mine:
            continue
        theirs = time_of(lambda: [parse(given.page.body) for given in mine])  # noqa: B023 - called at once
        ours = time_of(lambda: [list(given.source.parse(given.page)) for given in mine])  # noqa: B023
        name = "icalendar" if suffix == ".ics" else "feedparser"
        each = f"ours {1000 * ours / len(mine):.2f} ms a page, {name} {1000 * theirs / len(mine):.2f}"
        print(f"to parse alone, {suffix}: {each}")


def time_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def paths(folder: Path | None, count: int, scratch: Path) -> list[Path]:
    """The pages' files, in the order of their numbers."""
    shared = Path(os.environ.get("HOBNOB_SHARED") or Path(__file__).parents[2] / "shared")
    script = shared / "bench" / "gen_pages.py"
    if folder is None and script.exists():
        folder = scratch / "pages"
        subprocess.run([sys.executable, script, str(count), folder], check=True, stdout=subprocess.DEVNULL)
    if folder is None:
        folder = scratch
        for number, body in enumerate(own_bodies()[:count]):
            (folder / f"{number}.ics").write_bytes(body)
    found = (path for path in folder.iterdir() if path.suffix in PLATFORMS and path.stem.isdigit())
    return sorted(found, key=lambda path: int(path.stem))[:count]


def give(path: Path) -> Given:
    source = source_at(f"https://{path.stem}.example/events{path.suffix}", PLATFORMS[path.suffix])
    source = replace(source, name=f"source_{path.stem}")
    page = Page(request=source.request, url=source.request.url, body=path.read_bytes(), fetched_at=NOW)
    return Given(source=source, page=page)


def rename(given: Given) -> Given:
    return replace(given, page=replace(given.page, body=NAMES.sub(rb"\1Big ", given.page.body)))


def run_of(source: Source, now: datetime) -> Run:
    return Run(source=source.name, started_at=now, finished_at=now, outcome=Outcome.ACCEPTED, reason="")


if __name__ == "__main__":
    main()
