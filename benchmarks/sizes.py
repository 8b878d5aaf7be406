"""What an event costs on the disk, table by table, and how long a backup and a restore of a store take.

    python benchmarks/sizes.py [--events 100000]

Events are generated dates of the shared benchmark data (HOBNOB_SHARED), four fifths of them in series, in and around
US cities, with descriptions; written through the store's own write path. No bars: figures for docs/operations.md.
"""

import argparse
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from _search_load import generated, load

from aggregator.store.backup import back_up, copy_sqlite
from aggregator.store.restore import restore


def main() -> None:
    """One store, its parts, and a copy of its file by the system for comparison."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=100_000, help="generated dates")
    count = parser.parse_args().events
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        store = folder / "store.db"
        loaded = load(store, generated(count))
        with closing(sqlite3.connect(store)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (events,) = connection.execute("SELECT count(*) FROM events").fetchone()
            (dates,) = connection.execute("SELECT count(*) FROM occurrences").fetchone()
            print(
                f"{events:,} events with {dates:,} dates, {store.stat().st_size:,} bytes, {loaded.write_seconds:.0f} s"
            )
            print(f"{store.stat().st_size / events:,.0f} bytes an event, {store.stat().st_size / dates:,.0f} a date")
            tell_parts(connection, events)
        size = store.stat().st_size / 1e6
        file, write = folder / "backup.db", partial(copy_sqlite, store)
        tell_rate("a copy by the system", size, partial(shutil.copy, store, folder / "copy.db"))
        tell_rate("hobnob backup", size, partial(back_up, file, write, is_forced=True))
        tell_rate("hobnob restore", size, partial(restore, file, folder / "restored.db", is_forced=False))


def tell_parts(connection: sqlite3.Connection, events: int) -> None:
    """Pages that each table fills, its indexes with it, the largest first."""
    owner = "SELECT tbl_name FROM sqlite_master m WHERE m.name = d.name"
    sizes = f"SELECT coalesce(({owner}), name), sum(pgsize) FROM dbstat d GROUP BY 1 ORDER BY 2 DESC"
    for name, size in connection.execute(sizes):
        if size / events >= 1:
            print(f"  {name:20} {size / events:8,.0f} bytes an event")


def tell_rate(name: str, megabytes: float, work: Callable[[], object]) -> None:
    """Seconds, and megabytes a second."""
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    print(f"{name:20} {seconds:6.2f} s {megabytes / seconds:8,.0f} MB/s")


if __name__ == "__main__":
    main()
