"""A full collect by the `hobnob` command beside the API: hundreds of generated sites, read over HTTP into its store."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from _api_servers import serving
from _search_load import shared_bench

PLATFORMS = {".html": "jsonld", ".ics": "ics", ".xml": "rss", ".json": "tec"}
_COMMAND = [sys.executable, "-P", "-m", "api.cli", "collect", "--all", "--catalog", "catalog.toml"]


def make_pages(folder: Path, count: int) -> None:
    """By the shared generator: half of them HTML of 50 to 196 kB with JSON-LD, then iCalendar, RSS and REST."""
    generator = shared_bench() / "gen_pages.py"
    subprocess.run([sys.executable, generator, str(count), folder], check=True, stdout=subprocess.DEVNULL)
    (folder / "manifest.txt").unlink()


@contextlib.contextmanager
def collecting(folder: Path, pages: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The command at work on the folder's store, from when its first source is done."""
    with serving("site", pages) as site:
        hosts = {page: f"page-{page.stem}.example" for page in sorted(pages.iterdir())}
        (folder / "catalog.toml").write_text("".join(_source(page, host) for page, host in hosts.items()))
        settings = {
            "contact": "bench@operator.example",
            "allow_networks": [f"127.0.0.1/32:{site.port}"],
            "connect": [f"{host}:80=127.0.0.1:{site.port}" for host in hosts.values()],
            "host_gap": 0,
        }
        (folder / "hobnob.toml").write_text("".join(f"{key} = {json.dumps(told)}\n" for key, told in settings.items()))
        said = folder / "said"
        with (
            said.open("wb") as told,
            subprocess.Popen(_COMMAND, cwd=folder, env=_environment(), stderr=told) as running,
        ):
            try:
                while not said.stat().st_size and running.poll() is None:
                    time.sleep(0.05)
                yield running
            finally:
                running.terminate()
        done = said.read_text(errors="replace").splitlines()
        print(f"  meanwhile {len(done)} of {len(hosts)} sources were collected; the last: {done[-1] if done else '-'}")


def _source(page: Path, host: str) -> str:
    told = {"name": f"page_{page.stem}", "kind": "other", "platform": PLATFORMS[page.suffix], "url": f"http://{host}/"}
    told |= {"time_zone": "America/New_York"}
    return "[[source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items())


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUTF8": "1"}
