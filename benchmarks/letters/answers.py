"""How long the answer to a subscription takes for a known and for an unknown address."""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from office import SENDER, add_subscribers, make_town

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store import open_reader
from aggregator.store.mailing import open_mailing
from api.app import create_app

EVERY = 400
"""Requests between two emptyings of the table that limits are counted by."""


def measure(asked: argparse.Namespace) -> int:
    """Bars: the same bytes, and medians that differ by less than 5 %."""
    answers, known, unknown = asyncio.run(_ask(asked.pairs))
    differ = abs(known - unknown) / min(known, unknown)
    print(f"{len(answers)} different answer; known {known * 1e3:.3f} ms, unknown {unknown * 1e3:.3f} ms: {differ:.1%}")
    return 0 if differ < 0.05 and len(answers) == 1 else 1


async def _ask(pairs: int) -> tuple[set[bytes], float, float]:
    now = datetime.now(UTC)
    times: tuple[list[float], list[float]] = [], []
    answers = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hobnob.db"
        make_town(path, 3, now)
        add_subscribers(path, pairs, now)
        told: dict[str, Any] = {**SENDER, "smtp_url": "smtp://127.0.0.1:1"}
        with open_reader(str(path)) as store, open_mailing(str(path)) as mailing:
            app = create_app(store, Settings(**told), Gazetteer.open(), mailing=mailing)
            for number in range(pairs):
                if number % (EVERY // 2) == 0:
                    _forget_requests(path)
                # Who is first is first in half of the pairs only.
                for is_unknown in (False, True) if number % 2 else (True, False):
                    address = f"{'x' if is_unknown else 's'}{number}@mail.example"
                    peer = f"192.0.{number % 256}.{number // 256 * 2 + is_unknown}"
                    seconds, body = await _ask_once(app, address, peer)
                    times[is_unknown].append(seconds)
                    answers.add(body)
    return answers, median(times[0]), median(times[1])


async def _ask_once(app: Any, address: str, peer: str) -> tuple[float, bytes]:
    transport = httpx.ASGITransport(app=app, client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example") as client:
        began = time.perf_counter()
        answer = await client.post("/v1/subscriptions", json={"email": address, "near": "Visalia, CA"})
        seconds = time.perf_counter() - began
    assert answer.status_code == 202, answer.text
    return seconds, answer.content


def _forget_requests(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=30)) as connection, connection:
        connection.execute("DELETE FROM subscription_requests")
