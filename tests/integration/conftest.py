"""Saved pages served under their own host names, collected by the `hobnob` command, and asked of the API."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.app import create_app

AT_A_TIME = """
import sys, time_machine
from datetime import datetime
time_machine.travel(datetime.fromisoformat(sys.argv.pop(1))).start()
from api.cli.main import main
main()
"""
"""The command as it is, but for its clock: saved pages tell of days that are over."""


@dataclass(frozen=True)
class Listed:
    """A saved page as a source of a catalogue, at a host of its own."""

    name: str
    platform: str
    url: str
    body: bytes
    time_zone: str | None = None

    def as_toml(self) -> str:
        told = {"name": self.name, "platform": self.platform, "url": self.url, "kind": "other"}
        told |= {"time_zone": self.time_zone} if self.time_zone else {}
        rows = (f"{key} = {json.dumps(value)}" for key, value in told.items())
        return "\n".join(("[[source]]", *rows, "fallbacks = []", "drop_noise = false", ""))


@dataclass(frozen=True)
class Town:
    """A folder in which `hobnob` runs, with a catalogue of sources that all lead to one site on loopback."""

    site: Any
    folder: Path
    now: datetime

    @property
    def store_file(self) -> Path:
        return self.folder / "hobnob.db"

    def collect(self) -> subprocess.CompletedProcess[str]:
        return _run(self.folder, self.now, "collect", "--all", "--catalog", "catalog.toml")


def _run(folder: Path, now: datetime, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, sys.path))
    return subprocess.run(
        [sys.executable, "-P", "-c", AT_A_TIME, now.isoformat(), *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="session")
def run_hobnob() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command in a folder, at a time, with these words and this environment."""
    return _run


@pytest.fixture(scope="session")
def found_town(new_site: Callable[[Mapping[str, bytes]], Any]) -> Callable[..., Any]:
    """Makes a Town of listed pages; the site runs in a thread of its own while the block lasts."""

    @contextmanager
    def found(folder: Path, listed: list[Listed], now: datetime) -> Iterator[Town]:
        site = new_site({page.url.removeprefix("http://"): page.body for page in listed})
        with _served(site):
            connect = [f"{urlsplit(page.url).netloc}:80=127.0.0.1:{site.port}" for page in listed]
            settings = {"contact": "events@operator.example", "allow_networks": [f"127.0.0.1/32:{site.port}"]}
            rows = {**settings, "connect": connect, "host_gap": 0}
            (folder / "hobnob.toml").write_text("".join(f"{k} = {json.dumps(v)}\n" for k, v in rows.items()))
            (folder / "catalog.toml").write_text("".join(page.as_toml() for page in listed))
            yield Town(site, folder, now)

    return found


@contextmanager
def _served(site: Any) -> Iterator[None]:
    is_open, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with site.open():
            is_open.set()
            await stop.wait()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    is_open.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@pytest.fixture(scope="session")
def open_api(shared_gazetteer: Gazetteer) -> Callable[..., httpx.AsyncClient]:
    """A client of the API on a store, no socket between."""

    def connect(store: Store, now: datetime) -> httpx.AsyncClient:
        app = create_app(store, Settings(), shared_gazetteer, now=lambda: now)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://hobnob.example")

    return connect


@pytest.fixture(scope="session")
def ask() -> Callable[..., Awaitable[list[dict[str, Any]]]]:
    async def get(api: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
        answer = await api.get("/v1/events", params=asked)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    return get


@pytest.fixture(scope="session")
def listed() -> type[Listed]:
    return Listed


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Store], dict[str, list[tuple[object, ...]]]]:
    """All that people are told, and the counters, as they stand in the file."""
    tables = ("listings", "events", "occurrences", "cells", "cell_counts", "labels", "texts", "counters")

    def read(store: Store) -> dict[str, list[tuple[object, ...]]]:
        with closing(sqlite3.connect(store._address)) as connection:
            return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608

    return read


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Iterator[Path]:
    """The founders' folder of corpora and hostile servers; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("HOBNOB_SHARED", pytestconfig.rootpath.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the shared folder is not here (HOBNOB_SHARED)")
    return folder
