"""Runs the benchmarks, and writes the table of figures in README.md: the median of the runs, and their range.

    python benchmarks/report.py [--only search,ingest] [--runs 3] [--printed FOLDER] [--print]

Rows of benchmarks that are not run stay as they are, each with its own day. With `--printed` nothing is run: what
NAME*.txt in the folder say is taken, as benchmarks/NAME.py printed it. With `--print` nothing is written.
"""

import argparse
import os
import platform
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from _report_figures import ARGUMENTS, FIGURES, Figure

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- figures: benchmarks/report.py writes them -->", "<!-- end of figures -->"
HEAD = "| Figure | Median | Lowest to highest | Wanted | Benchmark | Day |\n| --- | --- | --- | --- | --- | --- |"


def main() -> int:
    """1 when a benchmark did not print a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=lambda told: told.split(","), default=list(ARGUMENTS), metavar="NAMES")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--printed", type=Path, help="a folder of what was printed before")
    parser.add_argument("--print", action="store_true", dest="is_printed", help="show the table, write nothing")
    given = parser.parse_args()
    if unknown := set(given.only) - set(ARGUMENTS):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ARGUMENTS)}")
    printed = {name: list(printed_by(name, given.runs, given.printed)) for name in given.only}
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    rows, missing = read_rows(page), []
    for figure in FIGURES:
        values = [value for one in printed.get(figure.of, ()) if (value := figure.find(one)) is not None]
        if values:
            rows[figure.what] = row_of(figure, values, datetime.now(UTC))
        elif figure.of in printed:
            missing.append(f"{figure.of} does not print “{figure.what}”")
    told = table(rows, machine())
    if given.is_printed:
        print(told)
    else:
        (ROOT / "README.md").write_text(with_table(page, told), encoding="utf-8")
    print("\n".join(missing), file=sys.stderr)
    return 1 if missing else 0


def printed_by(name: str, runs: int, folder: Path | None) -> Iterator[str]:
    """What each of its runs prints."""
    if folder is None:
        yield from (run(name) for _ in range(runs))
    else:
        yield from (path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"{name}*.txt")))


def run(name: str) -> str:
    """What it prints, a bar missed or not."""
    print(f"benchmarks/{name}.py …", file=sys.stderr, flush=True)
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *ARGUMENTS[name]]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1):
        print(ran.stderr[-2000:], file=sys.stderr)
    return ran.stdout


def row_of(figure: Figure, values: Sequence[float], now: datetime) -> str:
    middle, spread = show(median(values)), f"{show(min(values))} to {show(max(values))}, {len(values)} runs"
    spread = "one run" if len(values) == 1 else spread
    cells = figure.what, f"{middle} {figure.unit}".strip(), spread, figure.bar, f"`{figure.of}`", f"{now:%Y-%m-%d}"
    return f"| {' | '.join(cells)} |"


def show(value: float) -> str:
    """Three figures, or whole thousands."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def read_rows(page: str) -> dict[str, str]:
    """The rows that stand there, by what they tell."""
    told = page.partition(BEGIN)[2].partition(END)[0]
    found = (line for line in told.splitlines() if line.startswith("| ") and not line.startswith(("| Figure", "| ---")))
    return {line.split("|")[1].strip(): line for line in found}


def table(rows: dict[str, str], on: str) -> str:
    """Rows in the order of FIGURES; a row that none of them tells any more is left out."""
    lines = [rows[figure.what] for figure in FIGURES if figure.what in rows]
    return "\n".join([BEGIN, HEAD, *lines, "", on, END])


def with_table(page: str, told: str) -> str:
    """The page with this table in the place of the one between the marks."""
    before, mark, rest = page.partition(BEGIN)
    if not mark or END not in rest:
        sys.exit(f"README.md has no {BEGIN} … {END}")
    return before + told + rest.partition(END)[2]


def machine() -> str:
    """On what the figures were made, in words that name nobody's machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[1]
    return (
        f"Last run on {os.cpu_count()} cores of {next(processors(), 'an unknown processor')}, {memory:.0f} GB, with"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; load over five minutes {load:.1f}.\n"
        "Where others use the machine, ratios tell more than rates: both sides of one are measured in one run."
    )


def processors() -> Iterator[str]:
    """The model, as Linux tells it."""
    path = Path("/proc/cpuinfo")
    told: Iterable[str] = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
    yield from (found[1].strip() for line in told if (found := re.match(r"model name\s*:(.*)", line)))


if __name__ == "__main__":
    raise SystemExit(main())
