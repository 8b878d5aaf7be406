"""How soon a reader sees events in a page: <hobnob-events> against FullCalendar's list, in the same minutes.

    python benchmarks/widget.py [--rounds 9] [--fullcalendar 6]

Each page is opened by a new visitor of a real Chromium on a slow mobile line (150 ms, 1.6 Mbit/s) with a processor four
times slower, in turns, from the start of the navigation to the first frame with an event in it. The last figure is the
median of the ratios of the rounds, of which a busy neighbour takes little away. Both show the same ten events, packed
with gzip; FullCalendar's script and data come from the page's own host, which saves it a connection. Exits 1 where the
widget, preloaded as docs/widget.md has it for one round trip, takes more than half as long. Needs Chromium and npm,
which fetches FullCalendar into a temporary folder.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from operator import truediv
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, sync_playwright

from aggregator.event import Event, GeoCoordinates, Kind, Place, PostalAddress, Precision
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.source import Request, Source
from aggregator.store import open_store
from aggregator.store.store import Store

MOST = 0.5
"""Of FullCalendar's time."""

JUDGED, RIVAL = "widget, preloaded", "FullCalendar"

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
ASKED = "near=Visalia,+CA&days=30"
ELEMENT = '<hobnob-events near="Visalia, CA" days="30"><a href="/">Events</a></hobnob-events>'
HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
PAGES = {
    "widget": HEAD + '<title>W</title><script type="module" src="{base}/widget.js"></script>' + ELEMENT,
    JUDGED: HEAD
    + '<title>P</title><link rel="preload" as="fetch" crossorigin="anonymous" href="{base}/v1/widget?{asked}">'
    + '<script type="module" src="{base}/widget.js"></script>'
    + ELEMENT,
    RIVAL: HEAD
    + """<title>F</title><script src="/fullcalendar.js"></script><div id="calendar"></div><script>
new FullCalendar.Calendar(document.getElementById("calendar"),
  {{ initialView: "list", duration: {{ days: 30 }}, events: "/events.json" }}).render();
</script>""",
}
WATCH = """
const seen = () => {
  const shown = document.querySelector("hobnob-events")?.shadowRoot?.querySelector("[part=name]");
  if (shown || document.querySelector(".fc-list-event")) window.firstEvent = performance.now();
  else requestAnimationFrame(seen);
};
requestAnimationFrame(seen);
"""
TYPES = {"js": "text/javascript", "json": "application/json"}


def main() -> int:
    """1 when the widget, preloaded, takes more than half of FullCalendar's time."""
    options = read_options()
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        script = fetch_fullcalendar(folder, options.fullcalendar)
        events = make_events(datetime.now(UTC))
        with serving_widget(folder, events) as base, serving_pages(write_files(script, events, base)) as host:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name in list(PAGES) * options.rounds:
                times[name].append(open_slowly(browser, f"{host}/{list(PAGES).index(name)}"))
            browser.close()
    ratios = {name: median(map(truediv, taken, times[RIVAL])) for name, taken in times.items()}
    for name, taken in times.items():
        spread = f"{min(taken):.0f} to {max(taken):.0f}"
        print(f"{name:18} {median(taken):5.0f} ms ({spread}), {ratios[name]:.2f} of {RIVAL}'s")
    return int(ratios[JUDGED] > MOST)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--fullcalendar", default="6", help="The version that npm is asked for.")
    return parser.parse_args()


def fetch_fullcalendar(folder: Path, version: str) -> bytes:
    """Its own minified bundle."""
    command = ["npm", "install", "--silent", "--no-audit", "--prefix", str(folder), f"fullcalendar@{version}"]
    subprocess.run(command, check=True)
    return next((folder / "node_modules" / "fullcalendar").rglob("*global.min.js")).read_bytes()


def make_events(now: datetime) -> tuple[Event, ...]:
    """Ten evenings."""
    zone = ZoneInfo("America/Los_Angeles")
    address = PostalAddress(address_locality="Visalia", address_region="CA", address_country="US")
    geo = GeoCoordinates(latitude=36.3302, longitude=-119.2921)
    place = Place(name="Main Street Hall", address=address, geo=geo, precision=Precision.STREET)
    starts = [(now + timedelta(days=day)).astimezone(zone).replace(hour=18, minute=0) for day in range(1, 11)]
    return tuple(
        Event(
            uid=str(number), source="hall", name=f"Evening {number}", start_date=start, location=place,
            end_date=start + timedelta(hours=2), time_zone=zone.key, url=f"https://hall.example/{number}",
        )
        for number, start in enumerate(starts)
    )  # fmt: skip


def fill(store: Store, events: tuple[Event, ...]) -> None:
    """As one run of one source."""
    now = datetime.now(UTC)
    request = Request(url="https://hall.example/events.ics")
    store.register(
        [Source(name="hall", kind=Kind.CIVIC, platform="ics", request=request, parse=lambda _: iter(()))], now=now
    )
    lease = store.lease("hall", now, owner="benchmark", ttl=timedelta(minutes=1))
    assert lease
    run = Run(source="hall", started_at=now, finished_at=now, outcome=Outcome.ACCEPTED, reason="")
    store.apply(Changes(new=events), run, lease=lease, now=now)


@contextmanager
def serving_widget(folder: Path, events: tuple[Event, ...]) -> Iterator[str]:
    """A `hobnob serve` on a port of its own."""
    address = str(folder / "hobnob.db")
    with open_store(address) as store:
        fill(store, events)
    command = [str(Path(sys.executable).with_name("hobnob")), "serve", "--port", "0"]
    environment = {**os.environ, "HOBNOB_STORE": address}
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        yield server.stderr.readline().split()[-1]
        server.terminate()


def write_files(script: bytes, events: tuple[Event, ...], base: str) -> dict[str, bytes]:
    """What the page's own host has, by path."""
    told = [{"title": e.name, "start": e.start_date.isoformat(), "url": e.url} for e in events]
    pages = {f"/{place}": page.format(base=base, asked=ASKED).encode() for place, page in enumerate(PAGES.values())}
    return {**pages, "/fullcalendar.js": script, "/events.json": json.dumps(told).encode()}


@contextmanager
def serving_pages(files: dict[str, bytes]) -> Iterator[str]:
    """Each packed beforehand."""
    packed = {path: gzip.compress(body, 9) for path, body in files.items()}

    class Host(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = packed.get(self.path.partition("?")[0], gzip.compress(b""))
            self.send_response(200)
            self.send_header("Content-Type", TYPES.get(self.path.partition("?")[0].rpartition(".")[2], "text/html"))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def open_slowly(browser: Browser, url: str) -> float:
    """Milliseconds until an event is there."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, timezone_id="America/Los_Angeles")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function("window.firstEvent")
    taken = float(page.evaluate("window.firstEvent"))
    context.close()
    return taken


if __name__ == "__main__":
    sys.exit(main())
