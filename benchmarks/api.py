"""How fast the API answers, against a bare ASGI hello and FastAPI's own hello on the same server, in the same minute.

    python benchmarks/api.py [--events 100000] [--rounds 5] [--seconds 3]

Each server is one uvicorn worker; wrk asks on loopback, and takes turns with them. A figure is the median of the
ratios of the rounds. Then 200 requests a second while another process writes a collection's worth of events into the
same store. Exits 1 below the bar. Needs wrk, and the shared benchmark data (HOBNOB_SHARED).
"""

import argparse
import asyncio
import contextlib
import json
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import uvicorn
from _search_load import NOW, generated, load
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.event import Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.settings import Settings
from aggregator.source import Request, Source
from aggregator.store import open_reader, open_store

# This file is called as the package it measures, and a script's own folder is searched first.
sys.path.remove(str(Path(__file__).parent))
from api.app import create_app

BARS = {"uncached / FastAPI hello": 0.20, "cached / ASGI hello": 0.60, "304 / ASGI hello": 0.90}
MOONSHOT = 0.30
SLOWER = 4.0
"""How many times its idle p99 the API may take while events are written."""

RATE = 200
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
    'local n = 0\nrequest = function() n = n + 1; return wrk.format("GET", "/v1/events?limit=" .. n %% 50 + 1) end\n'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What wrk asks for: a server, a path, and a script or a header."""

    port: int
    path: str = "/"
    script: str | None = None
    header: str | None = None


def main() -> int:
    options = read_options()
    if options.serve:
        return serve(options.serve, options.store, options.port)
    if options.write:
        return write_on(Path(options.write))
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "hobnob.db"
        points = fill(store, options.events)
        (Path(folder) / "points").write_text("\n".join(f"{lat:.4f} {lon:.4f}" for lat, lon in points))
        with serving("asgi", store) as asgi, serving("fastapi", store) as fast, serving("hobnob", store) as ours:
            tell_page(ours, points)
            passed = compare(options, Path(folder), asgi, fast, ours)
            return 0 if compare_while_written(store, ours, points) and passed else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    for hidden in ("--serve", "--store", "--write"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def fill(store: Path, count: int) -> list[tuple[float, float]]:
    """The points of its events, in no order: dense places are asked for as often as they have events."""
    events = generated(count)
    print(f"{count} dates of {len(events)} events written in {load(store, events).write_seconds:.1f} s")
    points = [(geo.latitude, geo.longitude) for event in events if (geo := event.location.geo)]
    random.Random(1).shuffle(points)
    return points


def compare(options: argparse.Namespace, folder: Path, asgi: int, fast: int, ours: int) -> bool:
    tag = urllib.request.urlopen(f"http://127.0.0.1:{ours}/v1/events?limit=20").headers["etag"]
    cached = folder / "cached.lua"
    cached.write_text(CACHED.replace("%%", "%"))
    rounds = []
    for number in range(options.rounds):
        uncached = folder / "uncached.lua"
        uncached.write_text(UNCACHED % (folder / "points", number * 1_000_003, PAGE))
        askings = {
            "ASGI hello": Asking(port=asgi),
            "FastAPI hello": Asking(port=fast),
            "uncached": Asking(port=ours, script=str(uncached)),
            "cached": Asking(port=ours, script=str(cached)),
            "304": Asking(port=ours, path="/v1/events?limit=20", header=f"If-None-Match: {tag}"),
        }
        rounds.append({name: run_wrk(asking, options.seconds) for name, asking in askings.items()})
        print("  ".join(f"{name} {rate:,.0f}/s" for name, rate in rounds[-1].items()))
    passed = [tell(name, rounds, bar) for name, bar in BARS.items()]
    return all(passed)


def tell(name: str, rounds: list[dict[str, float]], bar: float) -> bool:
    ours, _, theirs = name.partition(" / ")
    ratio = median(each[ours] / each[theirs] for each in rounds)
    print(f"{name}: {ratio:.2f} (at least {bar})")
    return ratio >= bar


def run_wrk(asking: Asking, seconds: int) -> float:
    """Answers a second; an answer that is neither 200 nor 304 ends it all."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s"]
    command += ["-s", asking.script] if asking.script else []
    command += ["-H", asking.header] if asking.header else []
    command.append(f"http://127.0.0.1:{asking.port}{asking.path}")
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", ran.stdout)
    if rate is None or ("Non-2xx" in ran.stdout and not asking.header):
        sys.exit(ran.stdout + ran.stderr)
    return float(rate[1])


def tell_page(port: int, points: list[tuple[float, float]]) -> None:
    sizes, found = [], []
    for lat, lon in points[:200]:
        body = urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/events?lat={lat:.4f}&lon={lon:.4f}&{PAGE}").read()
        sizes.append(len(body))
        found.append(len(json.loads(body)["items"]))
    print(f"a page has {sum(found) / 200:.1f} events and {sum(sizes) / 200_000:.1f} kB on average")


def compare_while_written(store: Path, port: int, points: list[tuple[float, float]]) -> bool:
    """p99 at 200 requests a second: idle, and while another process writes."""
    idle = asyncio.run(latencies(port, points, 0, seconds=8))
    with subprocess.Popen([sys.executable, __file__, "--write", str(store)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        busy = asyncio.run(latencies(port, points, len(idle), seconds=8))
        is_writing = writer.poll() is None
        writer.kill()
    ratio = p99(busy) / p99(idle)
    print(
        f"p99 idle {p99(idle) * 1000:.1f} ms, while written {p99(busy) * 1000:.1f} ms:"
        f" {ratio:.1f} times (at most {SLOWER})"
    )
    return is_writing and ratio <= SLOWER


def p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[98]


async def latencies(port: int, points: list[tuple[float, float]], first: int, seconds: int) -> list[float]:
    """Open loop: each request has its own time to begin, and a slow answer delays none."""
    found: list[float] = []
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(32):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def ask(number: int) -> None:
        began = time.perf_counter()
        reader, writer = connection = await idle.get()
        lat, lon = points[number % len(points)]
        path = f"/v1/events?lat={lat + 1e-5:.5f}&lon={lon:.5f}&{PAGE}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        idle.put_nowait(connection)
        found.append(time.perf_counter() - began)

    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(RATE * seconds):
            await asyncio.sleep(begin + number / RATE - time.perf_counter())
            group.create_task(ask(first + number))
    return found


def write_on(store: Path) -> int:
    """Collections without an end: new events of one source, 500 a run."""
    events = generated(20_000)
    request = Request(url="https://writer.example/events")
    writer = Source(name="writer", kind=Kind.CHAMBER, platform="ics", request=request, parse=lambda _: iter(()))
    with open_store(str(store)) as writing:
        writing.register([writer], now=NOW)
        lease = writing.lease("writer", NOW, owner="writer", ttl=timedelta(days=1))
        assert lease
        print("writing", flush=True)
        for number in range(10_000):
            first = number * 500 % len(events)
            new = tuple(replace(e, source="writer", uid=f"{number}-{e.uid}") for e in events[first : first + 500])
            run = Run(source="writer", started_at=NOW, finished_at=NOW, outcome=Outcome.ACCEPTED, reason="")
            writing.apply(Changes(new=new), run, lease=lease, now=NOW)
    return 0


@contextlib.contextmanager
def serving(name: str, store: Path) -> Iterator[int]:
    """A server in a process of its own; its port, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, __file__, "--serve", name, "--store", str(store), "--port", str(port)]
    with subprocess.Popen(command) as server:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        try:
            yield port
        finally:
            server.terminate()


def serve(name: str, store: str, port: int) -> int:
    app = {"asgi": lambda: hello, "fastapi": make_fastapi, "hobnob": lambda: make_hobnob(store)}[name]()
    uvicorn.run(app, port=port, log_level="warning", access_log=False, lifespan="off", loop="uvloop", http="httptools")
    return 0


async def hello(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hi"})


def make_fastapi() -> ASGIApp:
    app = FastAPI()

    @app.get("/")
    async def say_hello() -> dict[str, str]:
        return {"hello": "world"}

    return app


def make_hobnob(store: str) -> ASGIApp:
    return create_app(open_reader(store), Settings(), Gazetteer.open())


if __name__ == "__main__":
    sys.exit(main())
