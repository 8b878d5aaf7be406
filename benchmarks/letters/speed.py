"""Letters a second, composed and delivered to postfix's smtp-sink: ours, a plain stack, and smtp-source's own rate."""

import argparse
import asyncio
import os
import resource
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment
from office import SENDER, add_subscribers, make_town

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store import open_reader
from aggregator.store.mailing import Stage, open_mailing
from api.digest.deliver import Outgoing, deliver
from api.digest.gather import Writer
from api.digest.sender import read_sender

SEARCHES = 20
EVENTS = 10
PLAIN = 1000
"""Letters of the plain stack, whose rate does not change with their number."""


def measure(asked: argparse.Namespace) -> int:
    """Bars of performance.md: 4 times the plain stack, 0.25 of smtp-source, and memory that stays flat."""
    with _sink(asked.postfix) as port:
        size, early, late, ours = _ours(port, asked.letters)
        plain = PLAIN / _timed(lambda: _plain(port, PLAIN))
        source = asked.letters / _timed(lambda: _source(asked.postfix, port, asked.letters, size))
    print(f"ours {ours:,.0f} letters/s of {size:,} bytes; plain {plain:,.0f}; smtp-source {source:,.0f}")
    print(f"{ours / plain:.2f} times the plain stack (bar 4); {ours / source:.2f} of smtp-source (bar 0.25)")
    print(f"memory {early} MB after a tenth, {late} MB at the end")
    return 0 if ours >= 4 * plain and ours >= source / 4 and late - early < 16 else 1


def _ours(port: int, letters: int) -> tuple[int, int, int, float]:
    """Bytes of a letter, megabytes after a tenth and at the end, and letters a second."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hobnob.db"
        make_town(path, 60, now)
        add_subscribers(path, letters, now, SEARCHES)
        told: dict[str, Any] = {**SENDER, "smtp_url": f"smtp://127.0.0.1:{port}", "store": str(path)}
        settings, gazetteer, sizes = Settings(**told), Gazetteer.open(), _Sizes(letters)
        with open_reader(str(path)) as store, open_mailing(str(path)) as mailing:
            sender = read_sender(settings)
            outgoing = Outgoing(
                mailing=mailing, new_writer=partial(Writer, store, settings, gazetteer, sender),
                sender=sender, now=lambda: datetime.now(UTC), is_stopped=sizes.look,
            )  # fmt: skip
            began = time.perf_counter()
            done = asyncio.run(deliver(outgoing))
            seconds = time.perf_counter() - began
            assert done is not None
            assert done.stages == {Stage.SENT: letters}, done
            return sizes.letter, sizes.early, _megabytes(), letters / seconds


class _Sizes:
    """Asked before each letter whether to stop: never, but it notes the memory after a tenth."""

    def __init__(self, letters: int) -> None:
        self.seen, self.tenth, self.early, self.letter = 0, letters // 10, 0, 11_000

    def look(self) -> bool:
        self.seen += 1
        if self.seen == self.tenth:
            self.early = _megabytes()
        return False


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _plain(port: int, letters: int) -> None:
    """What one would write in an afternoon: a template a recipient, EmailMessage, smtplib, one connection."""
    page = Environment(autoescape=True).from_string(
        "<h1>Events</h1>{% for one in events %}<h3><a href='{{ one.url }}'>{{ one.name }}</a></h3><p>{{ one.when }}</p>"
        "<p>{{ one.where }}</p><p>{{ one.about }}</p>{% endfor %}<p>{{ address }}</p>"
    )
    events = [
        {
            "name": f"Coffee and conversation number {number} at the old mill", "when": "Tue 24 Nov 2026, 7:00–8:00 pm",
            "url": f"https://chamber.example/events/{number}", "where": "Main Street Hall, 1 Main St, Visalia",
            "about": "Come and meet your neighbours over a cup of coffee. " * 16,
        }
        for number in range(EVENTS)
    ]  # fmt: skip
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(letters):
            message = EmailMessage(policy=SMTP)
            message["From"], message["To"] = SENDER["mail_from"], f"s{number}@mail.example"
            message["Subject"] = "Events near Visalia"
            message.set_content("\n".join(f"{one['name']}\n{one['when']}\n{one['url']}" for one in events))
            html = page.render(events=events, address=f"s{number}@mail.example")
            message.add_alternative(html, subtype="html")
            server.send_message(message)


def _source(postfix: Path, port: int, letters: int, size: int) -> None:
    command = [str(postfix / "usr/sbin/smtp-source"), "-d", "-s", "1", "-m", str(letters), "-l", str(size)]
    more = ["-f", "digest@operator.example", "-t", "s@mail.example", f"127.0.0.1:{port}"]
    subprocess.run([*command, *more], env=_libraries(postfix), check=True)


@contextmanager
def _sink(postfix: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(postfix / "usr/sbin/smtp-sink"), *(["-u", "nobody"] if os.getuid() == 0 else [])]
    with subprocess.Popen([*command, f"127.0.0.1:{port}", "1000"], env=_libraries(postfix)) as sink:
        try:
            _await(port)
            yield port
        finally:
            sink.terminate()


def _await(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit("smtp-sink does not answer")


def _libraries(postfix: Path) -> dict[str, str]:
    return {**os.environ, "LD_LIBRARY_PATH": str(postfix / "usr/lib/postfix")}


def _timed(do: Callable[[], None]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
