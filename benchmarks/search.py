"""Search by place and date: how fast, whether it is right, and how it grows. The bars stand below.

    python benchmarks/search.py [DATES …] [--keep FOLDER]      # default: 100000; by hand: 10000 100000 1000000
    python benchmarks/search.py --postgres postgresql://postgres@127.0.0.1    # the same stores, copied to that server

Each query is asked in three rounds that alternate with the others, and its best time counts, so that a busy neighbour
is not measured. Exits 1 when a bar is missed.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import product
from math import log10
from pathlib import Path
from typing import Any

from _search_load import generated, load, percentile
from _search_postgres import open_copy, postgis
from _search_postgres import timed as timed_on_postgres
from _search_rivals import BoxTree, all_dates, scan

from aggregator.event import GeoCoordinates
from aggregator.query import EventQuery
from aggregator.store import Reader, open_reader

PLACES = {
    "New York": (40.7128, -74.0060),
    "Fresno": (36.7378, -119.7871),
    "Atlantic City": (39.3643, -74.4229),
    "Elko NV": (40.8324, -115.7631),
    "Glasgow MT": (48.1970, -106.6367),
}
RADII = (5, 25, 100, 250, 500)
DAYS = (30, 182)
FIRST_DAY = datetime(2027, 1, 4, tzinfo=UTC)
PAGE, ASKED, CHECKED, ROUNDS = 20, 40, 2, 3

P95_BAR = 3.0
"""Milliseconds, in every cell of the table."""

SERVER_BAR = 5.0
"""The same on PostgreSQL, where each statement goes to another process and back."""

GROWTH_BAR = 6.0
"""Times, from 10,000 to 1,000,000 dates; as much for each factor of ten as the square root of it."""

RTREE_BAR = 50.0
"""Times faster at 1,000,000 dates; an R*Tree's time grows with the store, so a tenth of it at a tenth."""

Cell = tuple[str, int, int]
Times = dict[Cell, list[float]]
Questions = dict[Cell, list[EventQuery]]

IN_CITY: Cell = ("New York", 25, 30)
"""Where rivals are asked the same."""


def main() -> int:
    """1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000], metavar="DATES")
    parser.add_argument("--keep", type=Path, help="make the stores in this folder, or use those that are there")
    parser.add_argument("--postgres", metavar="ADDRESS", help="a server on which databases may be made and are kept")
    given = parser.parse_args()
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        if given.postgres:
            times = {size: measure_postgres(size, folder, given.postgres, missed) for size in sorted(given.sizes)}
        else:
            times = {size: measure(size, folder, missed) for size in sorted(given.sizes)}
    if len(times) > 1:
        check_growth(times, missed)
    print("\n".join(["", *(f"MISSED: {bar}" for bar in missed)]) if missed else "\nAll bars are met.")
    return 1 if missed else 0


def measure(size: int, folder: Path, missed: list[str]) -> Times:
    """The best time of each query in each cell, in milliseconds."""
    path = folder / f"search-{size}.db"
    if not path.exists():
        report_load(path, size)
    cells = {cell: list(questions(*cell)) for cell in product(PLACES, RADII, DAYS)}
    with open_reader(str(path)) as reader:
        times = {cell: [min(its) for its in zip(*rounds, strict=True)] for cell, rounds in timed(reader, cells).items()}
        print_table(size, times)
        missed += [f"{size:,}: {cell}: p95 is over {P95_BAR} ms" for cell, its in times.items() if p95(its) > P95_BAR]
        check_answers(reader, path, size, cells, missed)
        check_boxes(reader, path, size, cells[IN_CITY], missed)
    return times


def measure_postgres(size: int, folder: Path, server: str, missed: list[str]) -> Times:
    """The same on PostgreSQL, and how many times as fast as PostGIS it is."""
    path = folder / f"search-{size}.db"
    if not path.exists():
        report_load(path, size)
    address = asyncio.run(open_copy(server, path, size))
    cells = {cell: list(questions(*cell)) for cell in product(PLACES, RADII, DAYS)}
    times = asyncio.run(timed_on_postgres(address, cells))
    print_table(size, times)
    missed += [f"{size:,}: {cell}: p95 is over {SERVER_BAR} ms" for cell, its in times.items() if p95(its) > SERVER_BAR]
    check_postgis(size, address, cells, times, missed)
    return times


def check_postgis(size: int, address: str, cells: Questions, whole: Times, missed: list[str]) -> None:
    """How many times as fast a search is as PostGIS; beside it, a search with all that a feed tells."""
    theirs = asyncio.run(postgis(address, cells[IN_CITY]))
    if theirs is None:
        print("  PostGIS is not there to be compared with")
        return
    ours = asyncio.run(timed_on_postgres(address, {IN_CITY: cells[IN_CITY]}, brief=True))
    slow, fast, told = (percentile(its, 0.5) for its in (theirs, ours[IN_CITY], whole[IN_CITY]))
    bar = RTREE_BAR * min(1.0, size / 1_000_000)
    print(f"  PostGIS, gist(geography, start) {slow:.2f} ms, ours {fast:.2f} ms: {slow / fast:.0f} times (bar {bar:g})")
    print(f"  with all that a feed tells {told:.2f} ms: {slow / told:.0f} times")
    if slow / fast < bar:
        missed.append(f"{size:,}: {slow / fast:.1f} times as fast as PostGIS, {bar:g} wanted")


def questions(place: str, kilometres: int, days: int) -> Iterable[EventQuery]:
    """Around the place, and for 30 days from any time of the half-year."""
    chance = random.Random(f"{place} {kilometres} {days}")
    for _ in range(ASKED):
        start = FIRST_DAY + timedelta(minutes=chance.randrange((182 - days) * 1440 + 1))
        center = GeoCoordinates(
            latitude=PLACES[place][0] + chance.gauss(0, 0.01), longitude=PLACES[place][1] + chance.gauss(0, 0.01)
        )
        end = start + timedelta(days=days)
        yield EventQuery(start=start, end=end, center=center, within=kilometres * 1000.0, limit=PAGE)


def timed(reader: Reader, cells: dict[Cell, list[EventQuery]]) -> dict[Cell, list[list[float]]]:
    """The milliseconds of each query, a list a round."""
    rounds: dict[Cell, list[list[float]]] = {cell: [] for cell in cells}
    for _ in range(ROUNDS):
        for cell, queries in cells.items():
            rounds[cell].append([milliseconds(lambda query=query: run(reader.search(query))) for query in queries])
    return rounds


def milliseconds(ask: Callable[[], Any]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def run(waiting: Awaitable[Any]) -> Any:
    """The reader's searches never wait, so the first step of the coroutine is also its last: no loop is measured."""
    try:
        waiting.__await__().__next__()
    except StopIteration as done:
        return done.value
    raise AssertionError("a search waited")


def p95(times: Iterable[float]) -> float:
    """Milliseconds that 95 of 100 keep to."""
    return percentile(times, 0.95)


def print_table(size: int, times: Times) -> None:
    """One line a cell, then all together."""
    print(f"\n{size:,} dates: milliseconds       p50     p95     p99")
    for (place, kilometres, days), its in times.items():
        print(f"  {place:14}{kilometres:4} km{days:4} d {spread(its)}")
    every = [value for its in times.values() for value in its]
    print(f"  {'all':14}{'':13} {spread(every)}")


def spread(times: list[float]) -> str:
    """p50, p95, p99."""
    return "".join(f"{percentile(times, share):8.2f}" for share in (0.5, 0.95, 0.99))


def report_load(path: Path, size: int) -> None:
    """Make the store."""
    done = load(path, generated(size))
    print(
        f"{size:,} dates of {done.events:,} events written in {done.write_seconds:.1f} s:"
        f" {done.events / done.write_seconds:,.0f} events/s, {size / done.write_seconds:,.0f} dates/s;"
        f" unchanged: {done.unchanged / done.unchanged_seconds:,.0f} events/s"
    )


def check_answers(
    reader: Reader, path: Path, size: int, cells: dict[Cell, list[EventQuery]], missed: list[str]
) -> None:
    """Each page must be the one that a scan of all dates gives."""
    dates = all_dates(path)
    wrong = 0
    for queries in cells.values():
        for query in queries[:CHECKED]:
            hits = asyncio.run(reader.search(query)).hits
            wrong += [(hit.start, hit.id) for hit in hits] != scan(dates, query)
    right = len(cells) * CHECKED - wrong
    print(f"  {right} of {right + wrong} pages are those of a scan of all {len(dates):,} dates")
    if wrong:
        missed.append(f"{size:,}: {wrong} pages differ from a scan")


def check_boxes(reader: Reader, path: Path, size: int, queries: list[EventQuery], missed: list[str]) -> None:
    """New York, 25 km, 30 days: the whole answer against an R*Tree's bare numbers."""
    boxes = BoxTree(path)
    ours = [milliseconds(lambda query=query: run(reader.search(query))) for query in queries * ROUNDS]
    theirs = [milliseconds(lambda query=query: boxes.search(query)) for query in queries * ROUNDS]
    boxes.close()
    slow, fast = percentile(theirs, 0.5), percentile(ours, 0.5)
    ratio, bar = slow / fast, RTREE_BAR * min(1.0, size / 1_000_000)
    print(f"  R*Tree {slow:.2f} ms, ours {fast:.2f} ms: {ratio:.0f} times (bar {bar:g})")
    if ratio < bar:
        missed.append(f"{size:,}: {ratio:.1f} times as fast as an R*Tree, {bar:g} wanted")


def check_growth(times: dict[int, Times], missed: list[str]) -> None:
    """Between the smallest and the largest store, cell by cell."""
    small, large = min(times), max(times)
    bar = GROWTH_BAR ** (log10(large / small) / 2)
    growth = {cell: percentile(times[large][cell], 0.5) / percentile(its, 0.5) for cell, its in times[small].items()}
    worst = max(growth, key=lambda cell: growth[cell])
    print(f"\nGrowth of p50, {small:,} to {large:,}: median {percentile(growth.values(), 0.5):.1f}, ", end="")
    print(f"New York 25 km 30 d {growth['New York', 25, 30]:.1f}, most {growth[worst]:.1f} {worst} (bar {bar:.1f})")
    missed += [
        f"{cell} grows {times_as_much:.1f} times" for cell, times_as_much in growth.items() if times_as_much > bar
    ]


if __name__ == "__main__":
    sys.exit(main())
