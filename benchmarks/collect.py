"""Pages of many sites fetched, read and kept, beside Scrapy over the same pages.

    python benchmarks/collect.py [FOLDER_WITH_PAGES] [--pages 2000] [--rounds 3] [--store ADDRESS]

The pages are those of benchmarks/pages.py, on 50 hosts that are one server in a process of its own. Both sides obey
robots.txt, ask as many hosts at once, and each host one thing at a time. Rounds alternate, and medians count. Hobnob
reads pages in guarded children, so it uses two cores where Scrapy uses one: processor time a page, of all processes,
is printed beside the rate. Exits 1 when a bar is missed.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from _collect_crawl import HOSTS, Crawl
from _collect_site import serving
from pages import paths

RATE_BAR = 2.0
"""Times as many pages a second as Scrapy that parses with the usual libraries."""

UNCHANGED_BAR = 0.25
"""Of the time of a first run with the store."""

BESIDE = Path(__file__).parent
TITLES = {
    "scrapy": "Scrapy, usual libraries",
    "scrapy readers": "Scrapy, Hobnob's readers",
    "hobnob": "Hobnob, guarded",
    "first": "with the store, first run",
    "unchanged": "with the store, unchanged",
}


def main() -> int:
    """1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="pages that gen_pages.py made")
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--store", help="an empty store to fill, instead of a SQLite file that is thrown away")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        pages = paths(given.folder, given.pages, Path(scratch))
        with serving(pages[0].parent) as port:
            listed = Path(scratch) / "addresses"
            listed.write_text("\n".join(addresses(pages, port)))
            crawls = compete(listed, given.rounds)
            address = given.store or str(Path(scratch) / "store.db")
            first, unchanged = crawl("_collect_hobnob", "store", listed, address)
    return report(crawls | {"first": [first], "unchanged": [unchanged]})


def addresses(pages: Sequence[Path], port: int) -> Iterable[str]:
    return (f"http://h{number % HOSTS}.example:{port}/{path.name}" for number, path in enumerate(pages))


def compete(listed: Path, rounds: int) -> dict[str, list[Crawl]]:
    """Three crawls a round, one after the other."""
    ways = {
        "scrapy": ("_collect_scrapy", "libraries"),
        "scrapy readers": ("_collect_scrapy", "readers"),
        "hobnob": ("_collect_hobnob", "drafts"),
    }
    crawls: dict[str, list[Crawl]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (script, job) in ways.items():
            crawls[name] += crawl(script, job, listed)
    return crawls


def crawl(script: str, *given: object) -> list[Crawl]:
    """In a fresh process; its start is not measured."""
    command = [sys.executable, str(BESIDE / f"{script}.py"), *map(str, given)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=BESIDE).stdout
    return [Crawl.from_json(line) for line in told.splitlines()]


def report(crawls: dict[str, list[Crawl]]) -> int:
    for name, its in crawls.items():
        rates = [one.rate for one in its]
        cost = median(one.cost for one in its)
        told = f"{its[0].pages} pages, {its[0].drafts} drafts"
        print(
            f"{TITLES[name]:26}{median(rates):7.0f} pages/s ({min(rates):.0f} to {max(rates):.0f}),"
            f" {cost:5.2f} ms of processor a page; {told}"
        )
    ratio = median(ours.rate / theirs.rate for ours, theirs in zip(crawls["hobnob"], crawls["scrapy"], strict=True))
    readers = median(
        ours.rate / theirs.rate for ours, theirs in zip(crawls["hobnob"], crawls["scrapy readers"], strict=True)
    )
    share = crawls["unchanged"][0].seconds / crawls["first"][0].seconds
    print(f"Hobnob's rate is {ratio:.2f} times Scrapy's (bar {RATE_BAR}), {readers:.2f} times with the same readers")
    print(f"unchanged takes {share:.3f} of a first run (bar {UNCHANGED_BAR})")
    missed = [f"MISSED: {ratio:.2f} times Scrapy's rate"] if ratio < RATE_BAR else []
    missed += [f"MISSED: unchanged takes {share:.3f} of a first run"] if share > UNCHANGED_BAR else []
    print("\n".join(missed) or "All bars are met.")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
