"""How fast the API answers, against a bare ASGI hello and FastAPI's own hello on the same server, in the same minute.

    python benchmarks/api.py [--events 100000] [--rounds 7] [--seconds 2] [--keep FOLDER]
    python benchmarks/api.py --postgres postgresql://postgres@127.0.0.1    # the same store on that server beside SQLite

Each server is one uvicorn worker; wrk asks on loopback, and takes turns with them. A figure is the median of the ratios
of the rounds, in answers a second; in brackets are answers a second of the server's own processor time, of which a busy
neighbour takes nothing away. Then come 200 requests a second, alone and while `hobnob collect`
reads hundreds of generated sites into the same store. Exits 1 below a bar. Needs Linux, wrk, and the shared benchmark
data (HOBNOB_SHARED).
"""

import argparse
import asyncio
import json
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from _api_collect import collecting, make_pages
from _api_servers import Asking, Rate, Server, measure, serving
from _api_stores import compare_stores
from _search_load import generated, load

BARS = {"uncached / FastAPI hello": 0.20, "cached / ASGI hello": 0.60, "304 / ASGI hello": 0.90}
SLOWER = 4.0
"""How many times its idle p99 the API may take while a full collect runs."""

REQUESTS_A_SECOND = 200
PAGES = 1200
PAGE = "within=50km&start=2027-01-10&end=2027-02-09&limit=20"
UNCACHED = """
local points = {}
for line in io.lines("%s") do points[#points + 1] = line end
local n = %d
request = function()
  n = n + 1
  local lat, lon = points[n %% #points + 1]:match("(%%S+) (%%S+)")
  return wrk.format("GET", string.format("/v1/events?lat=%%.6f&lon=%%s&%s", lat + (n %% 9973) * 1e-6, lon))
end
"""
CACHED = (
    'local n = 0\nrequest = function() n = n + 1; return wrk.format("GET", "/v1/events?limit=" .. n % 50 + 1) end\n'
)

Points = list[tuple[float, float]]
Round = dict[str, Rate]


def main() -> int:
    """1 when a bar is missed."""
    options = read_options()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        points = fill(folder, options.events, options.keep)
        if options.postgres:
            numbers = count()
            told = options.postgres, options.events, options.rounds, options.seconds, options.requests
            return 0 if compare_stores(folder, lambda: write_script(folder, next(numbers)), *told) else 1
        with (
            serving("asgi", folder) as asgi,
            serving("fastapi", folder) as fast,
            serving("hobnob", folder) as ours,
        ):
            tell_page(ours, points)
            rounds = [ask_all(folder, number, options.seconds, asgi, fast, ours) for number in range(options.rounds)]
            passed = [tell(name, rounds, bar) for name, bar in BARS.items()]
            passed.append(compare_while_collecting(folder, ours, points))
    return 0 if all(passed) else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000, help="dates in the store")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2, help="of each server in each round")
    parser.add_argument("--keep", type=Path, help="copy the store from this folder, where benchmarks/search.py kept it")
    parser.add_argument("--postgres", metavar="ADDRESS", help="a server on which databases may be made and are kept")
    parser.add_argument("--requests", type=int, default=100_000, help="over which memory is watched, with --postgres")
    return parser.parse_args()


def fill(folder: Path, count: int, kept: Path | None) -> Points:
    """The points of its events, in no order: dense places are asked for as often as they have events."""
    store = folder / "hobnob.db"
    if kept and (kept / f"search-{count}.db").exists():
        shutil.copy(kept / f"search-{count}.db", store)
    else:
        print(f"{count:,} dates written in {load(store, generated(count)).write_seconds:.1f} s")
    with closing(sqlite3.connect(store)) as connection:
        points: Points = connection.execute("SELECT latitude, longitude FROM events ORDER BY event").fetchall()
    random.Random(1).shuffle(points)
    (folder / "points").write_text("\n".join(f"{lat:.4f} {lon:.4f}" for lat, lon in points))
    return points


def tell_page(server: Server, points: Points) -> None:
    """How large the answers are."""
    sizes, found = [], []
    for lat, lon in points[:200]:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{page(lat, lon)}") as answer:
            body = answer.read()
        sizes.append(len(body))
        found.append(len(json.loads(body)["items"]))
    print(f"a page has {sum(found) / 200:.1f} events and {sum(sizes) / 200_000:.1f} kB on average")


def page(lat: float, lon: float) -> str:
    return f"/v1/events?lat={lat:.6f}&lon={lon:.6f}&{PAGE}"


def write_script(folder: Path, number: int) -> Path:
    """For wrk: no two of its questions are the same, nor those of two numbers."""
    script = folder / "uncached.lua"
    script.write_text(UNCACHED % (folder / "points", number * 1_000_003, PAGE))
    return script


def ask_all(folder: Path, number: int, seconds: int, asgi: Server, fast: Server, ours: Server) -> Round:
    """One round: each in turn."""
    uncached, cached = write_script(folder, number), folder / "cached.lua"
    cached.write_text(CACHED)
    with urllib.request.urlopen(f"http://127.0.0.1:{ours.port}/v1/events?limit=20") as answer:
        known = f"If-None-Match: {answer.headers['etag']}"
    askings = {
        "FastAPI hello": Asking(server=fast),
        "uncached": Asking(server=ours, script=uncached),
        "ASGI hello": Asking(server=asgi),
        "cached": Asking(server=ours, script=cached),
        "304": Asking(server=ours, path="/v1/events?limit=20", header=known),
    }
    rates = {name: measure(asking, seconds) for name, asking in askings.items()}
    print("  ".join(f"{name} {rate.clock:,.0f}/s ({rate.processor:,.0f})" for name, rate in rates.items()))
    return rates


def tell(name: str, rounds: list[Round], bar: float) -> bool:
    """Whether the bar is met."""
    ours, _, theirs = name.partition(" / ")
    ratio = median(each[ours].clock / each[theirs].clock for each in rounds)
    processor = median(each[ours].processor / each[theirs].processor for each in rounds)
    print(f"{name}: {ratio:.2f} ({processor:.2f}); at least {bar}")
    return ratio >= bar


def compare_while_collecting(folder: Path, server: Server, points: Points) -> bool:
    """p99 at a steady rate, alone and during a full collect; before the collect, so that both have the same store."""
    pages = folder / "pages"
    make_pages(pages, PAGES)
    idle = asyncio.run(latencies(server, points, seconds=8))
    with collecting(folder, pages) as running:
        busy = asyncio.run(latencies(server, points[len(idle) :], seconds=8))
        is_collecting = running.poll() is None
    ratio = p99(busy) / p99(idle)
    print(
        f"p99 alone {p99(idle):.1f} ms, during a full collect {p99(busy):.1f} ms: {ratio:.1f} times (at most {SLOWER})"
    )
    if not is_collecting:
        print("the collect ended too soon for this to be believed: raise PAGES")
    return is_collecting and ratio <= SLOWER


def p99(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=100)[98]


async def latencies(server: Server, points: Points, seconds: int) -> list[float]:
    """Milliseconds. Open loop: each request has its own time to begin, and a slow answer delays none."""
    found: list[float] = []
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(32):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", server.port))

    async def ask(lat: float, lon: float) -> None:
        began = time.perf_counter()
        reader, writer = connection = await idle.get()
        writer.write(f"GET {page(lat, lon)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        idle.put_nowait(connection)
        found.append((time.perf_counter() - began) * 1000)

    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, (lat, lon) in enumerate(points[: REQUESTS_A_SECOND * seconds]):
            await asyncio.sleep(begin + number / REQUESTS_A_SECOND - time.perf_counter())
            group.create_task(ask(lat, lon))
    return found


if __name__ == "__main__":
    sys.exit(main())
