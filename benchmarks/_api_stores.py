"""The same store on both databases behind the same API: what a page costs, and what 100,000 of them leave in memory."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median

from _api_servers import Asking, Rate, Server, measure, serving
from _search_postgres import open_copy

COST_BAR = 2.0
"""Times what a page costs on SQLite, at most."""

MEMORY_BAR = 150
GROWTH_BAR = 16
"""Megabytes of a process that are its own: pages of the store's file, which the system keeps anyway, are not."""

WARM = 10
"""The part of the requests after which memory is to stay as it is."""

Rates = dict[str, Rate]
Script = Callable[[], Path]


def compare_stores(
    folder: Path, new_script: Script, server: str, events: int, rounds: int, seconds: int, most: int
) -> bool:
    """Whether the bars are kept; each script asks what no other asks."""
    file, copy = str(folder / "hobnob.db"), asyncio.run(open_copy(server, folder / "hobnob.db", events))
    with _serving(folder / "sqlite", file) as ours, _serving(folder / "postgresql", copy) as other:
        servers = {"SQLite": ours, "PostgreSQL": other}
        told = [{name: _measure(its, new_script, seconds) for name, its in servers.items()} for _ in range(rounds)]
        is_cheap = tell_costs(told)
        return all([is_cheap, *(is_flat(name, its, new_script, seconds, most) for name, its in servers.items())])


def _serving(folder: Path, address: str) -> AbstractContextManager[Server]:
    folder.mkdir()
    (folder / "address").write_text(address)
    return serving("whole", folder)


def _measure(server: Server, new_script: Script, seconds: int) -> Rate:
    return measure(Asking(server=server, script=new_script()), seconds)


def tell_costs(rounds: list[Rates]) -> bool:
    """Whether a page costs no more than the bar, by the clock, sixteen at a time."""
    for rates in rounds:
        print("  ".join(f"{name} {rate.clock:,.0f}/s ({rate.processor:,.0f})" for name, rate in rates.items()))
    cost = median(rates["SQLite"].clock / rates["PostgreSQL"].clock for rates in rounds)
    processor = median(rates["SQLite"].processor / rates["PostgreSQL"].processor for rates in rounds)
    print(f"a page on PostgreSQL costs {cost:.2f} times one on SQLite ({processor:.2f}); at most {COST_BAR:g}")
    return cost <= COST_BAR


def is_flat(name: str, server: Server, new_script: Script, seconds: int, most: int) -> bool:
    """Whether so many requests leave the server's memory as the first tenth of them did."""
    early, late = 0, 0
    for asked in _ask(server, new_script, seconds, most):
        late = own_megabytes(server)
        early = early if early or asked < most / WARM else late
    print(f"{name}: {early} MB after a tenth of {most:,} requests, {late} MB at the end; at most {MEMORY_BAR}")
    return late <= MEMORY_BAR and late - early < GROWTH_BAR


def _ask(server: Server, new_script: Script, seconds: int, most: int) -> Iterator[int]:
    """How many requests were answered so far."""
    asked = 0.0
    while asked < most:
        asked += _measure(server, new_script, seconds).clock * seconds
        yield int(asked)


def own_megabytes(server: Server) -> int:
    """Of memory that is not a file's (proc(5): RssAnon)."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) // 1024
