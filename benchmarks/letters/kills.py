"""Kills a sender again and again while it hands letters to a mail server that fails, then counts."""

import argparse
import asyncio
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from office import SENDER, add_subscribers, make_town

import aggregator.store.mailing.mailing
import aggregator.store.postgres.schema  # noqa: F401 - what a fork has, it need not import
from aggregator.errors import HobnobError
from aggregator.store.database import is_postgres
from api.cli.letters import send_letters

FAULTS = (
    *("temp=.02", "perm=.01", "busy=.01", "drop_connect=.01", "drop_before_dot=.01"),
    *("drop_after_dot=.002", "lost_after_dot=.002"),
)
DUE_AGAIN = "UPDATE deliveries SET next_attempt_at = 0 WHERE stage = 'pending'"
"""Nobody wants to wait for the minutes that a letter is put off."""

STAGES = "SELECT s.address, d.stage FROM subscriptions AS s LEFT JOIN deliveries AS d ON d.subscription = s.number"

RAISED = 3
"""What a child exits with when it raised."""


@dataclass(slots=True)
class Count:
    """What came of it."""

    kills: int = 0
    lost: int = 0
    duplicates: int = 0
    silent: int = 0
    wrong: int = 0
    unknown: int = 0
    stages: Counter[str] = field(default_factory=Counter)

    @property
    def is_well(self) -> bool:
        """No letter twice, none lost in silence, and no more riddles than there were reasons for."""
        return not (self.duplicates or self.silent or self.wrong) and self.unknown <= self.kills + self.lost


def count_kills(subscribers: int, kills: int, hostile_smtp: Path, seed: int, address: str = "") -> Count:
    """All of it, in a folder of its own; in an empty database, where one is named."""
    # Who runs this in the background ignores Ctrl-C, and so would the server, which tells its faults at one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chance, count = random.Random(seed), Count()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, log, down = address or str(folder / "hobnob.db"), folder / "accepted.jsonl", folder / "down"
        _prepare(store, subscribers)
        with _server(hostile_smtp, log, down, seed) as (port, faults), _settings(store, port):
            # There must be letters left for the last kill, however fast the machine is.
            most = max(1, subscribers // kills - 1)
            while count.kills < kills and _has_waiting(store):
                down.touch() if chance.random() < 0.1 else down.unlink(missing_ok=True)
                count.kills += _kill_one(log, chance, most)
                _ask(store, DUE_AGAIN)
            down.unlink(missing_ok=True)
            while _has_waiting(store):
                _has_ended(_start_sender())
                _ask(store, DUE_AGAIN)
        count.lost = sum(faults.get(fault, 0) for fault in ("drop_after_dot", "lost_after_dot", "drop_before_dot"))
        _compare(store, log, count)
    return count


def _prepare(store: str, subscribers: int) -> None:
    """In a process of its own: PostgreSQL is asked by a thread, and what forks should have none."""
    child = os.fork()
    if not child:
        try:
            now = datetime.now(UTC)
            make_town(store, 60, now)
            add_subscribers(store, subscribers, now)
            os._exit(0)
        except HobnobError as error:
            sys.stderr.write(f"{error}\n")
        finally:
            os._exit(RAISED)
    if os.waitpid(child, 0)[1]:
        raise SystemExit("the store was not made; it has to be an empty one")


@contextmanager
def _settings(store: str, port: int) -> Iterator[None]:
    """What `hobnob digest send` reads; the children inherit it."""
    settings = {**SENDER, "smtp_url": f"smtp://127.0.0.1:{port}", "store": store, "log_level": "error"}
    os.environ |= {f"HOBNOB_{name.upper()}": value for name, value in settings.items()}
    yield
    for name in settings:
        del os.environ[f"HOBNOB_{name.upper()}"]


def _start_sender() -> int:
    """The id of a process that does what `hobnob digest send` does; a fork, which spares the second of importing."""
    child = os.fork()
    if child:
        return child
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    try:
        os._exit(send_letters())
    finally:
        os._exit(RAISED)


def _has_ended(child: int, options: int = 0) -> bool:
    """Whether a sender is over; SystemExit when it raised, since the next one would too."""
    which, status = os.waitpid(child, options)
    if which and os.waitstatus_to_exitcode(status) == RAISED:
        raise SystemExit("a sender raised an error: see what `hobnob digest send` says with these settings")
    return bool(which)


def _kill_one(log: Path, chance: random.Random, most: int) -> int:
    """A sender that is killed at a random moment of the letter after at most so many; 0 when it ended before."""
    before, child, letters = log.stat().st_size, _start_sender(), chance.randint(1, most)
    while not _has_ended(child, os.WNOHANG):
        time.sleep(0.001)
        if _letters_since(log, before) >= letters:
            time.sleep(chance.uniform(0, 0.01))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return 1
    return 0


def _letters_since(log: Path, place: int) -> int:
    with log.open("rb") as lines:
        lines.seek(place)
        return lines.read().count(b"\n")


@contextmanager
def _server(program: Path, log: Path, down: Path, seed: int) -> Iterator[tuple[int, dict[str, int]]]:
    """Its port, and how often it played each fault, known when the block is over."""
    log.touch()
    # The same server, but that it offers to take several commands at once, as real ones do.
    offering = log.with_name("server.py")
    offering.write_text(program.read_text("utf-8").replace("250-8BITMIME", "250-PIPELINING\\r\\n250-8BITMIME"), "utf-8")
    command = [
        sys.executable,
        str(offering),
        "--port",
        "0",
        "--log",
        str(log),
        "--seed",
        str(seed),
        "--down",
        str(down),
    ]
    more = ["--max-seconds", "3000", "--p", *FAULTS]
    faults: dict[str, int] = {}
    with subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline().rpartition(":")[2]), faults
        finally:
            server.send_signal(signal.SIGINT)
            told = server.stdout.read()
    faults |= {name: int(number) for name, number in re.findall(r"'(\w+)': (\d+)", told)}


def _ask(store: str, statement: str) -> list[tuple[Any, ...]]:
    """What it finds, if it asks; each time by a connection of its own, which no fork takes along."""
    if is_postgres(store):
        return asyncio.run(_ask_there(store, statement))
    with closing(sqlite3.connect(store, timeout=30)) as connection, connection:
        return connection.execute(statement).fetchall()


async def _ask_there(store: str, statement: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(store)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


def _has_waiting(store: str) -> bool:
    waiting = "SELECT count(*) FROM subscriptions AS s LEFT JOIN deliveries AS d ON d.subscription = s.number WHERE "
    return bool(_ask(store, waiting + "coalesce(d.stage, 'pending') IN ('pending', 'sending', 'dotted')")[0][0])


def _compare(store: str, log: Path, count: Count) -> None:
    accepted = Counter(address for line in log.read_text().splitlines() for address in json.loads(line)["rcpt"])
    stages = dict(_ask(store, STAGES))
    count.stages = Counter(stages.values())
    count.unknown = count.stages["unknown"]
    count.duplicates = sum(number - 1 for number in accepted.values())
    count.silent = sum(stage not in ("failed", "unknown") and not accepted[name] for name, stage in stages.items())
    count.wrong = sum(stage in ("failed", "pending") and accepted[name] > 0 for name, stage in stages.items())


def measure(asked: argparse.Namespace) -> int:
    """Bars: none twice, none lost in silence, and no more unknown than kills and lost connections."""
    shared = Path(os.environ.get("HOBNOB_SHARED") or Path(__file__).parents[3] / "shared")
    began = time.perf_counter()
    count = count_kills(asked.subscribers, asked.kills, shared / "hostile" / "hostile_smtp.py", asked.seed, asked.store)
    print(f"{count.kills} kills, {count.lost} connections lost in a letter, {time.perf_counter() - began:.0f} s")
    print(f"ledger: {dict(count.stages)}")
    print(f"twice {count.duplicates}, lost in silence {count.silent}, wrongly noted {count.wrong}")
    print(f"unknown {count.unknown}, at most {count.kills + count.lost}")
    return 0 if count.is_well else 1
