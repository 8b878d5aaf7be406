"""`hobnob confirm ask`: a real letter, once a quarter at most, to an address that is kept nowhere."""

import asyncio
import queue
import re
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

ALL = ("collect", "--all", "--catalog", "catalog.toml")
TO, CONTACT = "events@organiser.example", "operator@hobnob.example"
ASK = ("confirm", "ask", "--catalog", "catalog.toml")
WEEKLY = ("RRULE:FREQ=WEEKLY", "LOCATION:Elm Hall\\, 12 Oak St\\, Visalia\\, CA")


class Box:
    """Keeps what it is sent, unless it refuses."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.refuses = False
        self.lock = threading.Lock()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        if self.refuses:
            return "451 not now"
        with self.lock:
            self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 kept"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def mail(box: Box) -> Iterator[str]:
    """A mail server on loopback, in a thread of its own; its address."""
    loop, ports = asyncio.new_event_loop(), queue.Queue[int]()

    async def serve() -> None:
        async with await loop.create_server(lambda: SMTP(box, hostname="mail.example"), "127.0.0.1", 0) as server:
            ports.put(server.sockets[0].getsockname()[1])
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    yield f"smtp://127.0.0.1:{ports.get(timeout=10)}"
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture
def collected(folder: Any, publish: Any, calendar_of: Any) -> Iterator[Any]:
    """A weekly group, whose organiser the catalogue names, and another source."""
    calendars = {name: calendar_of("Elm Walkers", lines=WEEKLY) for name in ("chamber", "hikers")}
    with publish(folder, calendars) as site:
        path = folder.path / "catalog.toml"
        told = path.read_text("utf-8")
        path.write_text(told.replace('name = "chamber"', f'name = "chamber"\nconfirm_to = "{TO}"'), "utf-8")
        assert folder.run(*ALL).returncode == 0
        yield site


def asked(call: Any, mail: str, *more: str) -> Any:
    return call(*ASK, *more, SMTP_URL=mail, CONTACT=CONTACT, PUBLIC_URL="https://hobnob.example")


def test_an_organiser_is_asked_by_a_letter_once_a_quarter(call: Any, collected: Any, mail: str, box: Box) -> None:
    first, second = asked(call, mail), asked(call, mail)

    (letter,) = box.letters
    assert (first.returncode, first.stdout) == (0, "chamber: asked\n")
    assert (second.returncode, "is asked once a quarter at most" in second.stdout) == (1, True)
    assert (letter["To"], letter["From"], letter["Reply-To"]) == (TO, CONTACT, CONTACT)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Elm Walkers: every" in letter.get_content()
    assert re.search(r"^https://hobnob\.example/confirm/[\w-]{43}\r?$", letter.get_content(), re.MULTILINE)


def test_a_letter_that_could_not_be_sent_is_sent_the_next_time(call: Any, collected: Any, mail: str, box: Box) -> None:
    box.refuses = True
    failed = asked(call, mail)
    box.refuses = False

    assert (failed.returncode, failed.stdout.startswith("chamber: not asked: ")) == (1, True)
    assert asked(call, mail).stdout == "chamber: asked\n"
    assert len(box.letters) == 1


def test_an_address_may_be_given_for_one_source(call: Any, collected: Any, mail: str, box: Box) -> None:
    assert asked(call, mail, "hikers", "--to", "jo@hikers.example").stdout == "hikers: asked\n"
    assert [letter["To"] for letter in box.letters] == ["jo@hikers.example"]


def test_letters_can_be_printed_and_sent_by_hand(call: Any, collected: Any) -> None:
    ran = call(*ASK, "--print", CONTACT=CONTACT)

    assert f"To: {TO}" in ran.stdout
    assert "http://127.0.0.1:8000/confirm/" in ran.stdout


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        ((), {"CONTACT": CONTACT}, "no mail can be sent: set `smtp_url`"),
        (("--print",), {"CONTACT": "https://hobnob.example/about"}, "nobody could be answered"),
        (("hikers", "--print"), {"CONTACT": CONTACT}, "hikers: its row has no confirm_to"),
    ],
)
def test_what_is_missing_is_one_line(
    call: Any, collected: Any, words: tuple[str, ...], settings: dict[str, str], said: str
) -> None:
    ran = call(*ASK, *words, **settings)

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert said in ran.stderr


def test_the_address_is_in_no_archive_no_store_and_no_answer(
    folder: Any, call: Any, collected: Any, mail: str, box: Box
) -> None:
    asked(call, mail)
    folder.run("export", "town.zip", "--catalog", "catalog.toml")
    folder.run("export", "plain.zip")

    from zipfile import ZipFile

    with ZipFile(folder.path / "town.zip") as archive:
        whole = b"".join(map(archive.read, archive.namelist()))
    assert b'name = "chamber"' in whole
    kept = b"".join(path.read_bytes() for path in folder.path.glob("hobnob.db*"))
    for text in (whole, kept, call("sources", "--format", "json").stdout.encode()):
        assert b"organiser.example" not in text
        assert b"confirm_to" not in text


def test_suggestions_are_listed_accepted_and_rejected(folder: Any, call: Any, collected: Any) -> None:
    from datetime import UTC, datetime

    from aggregator.store import open_store
    from aggregator.suggest.read import read_suggestion

    swap = {"type": "event", "name": "Seed Swap", "startDate": "2030-01-05T10:00", "location": "Visalia, CA"}
    with open_store(str(folder.store)) as store:
        for name in ("Seed Swap", "Spam"):
            store.add_suggestion(read_suggestion(swap | {"name": name}), datetime(2029, 12, 1, tzinfo=UTC))

    listed = call("suggestions", "list").stdout
    accepted = call("suggestions", "accept", "1", "--kind", "civic").stdout
    rejected = call("suggestions", "reject", "2", "--why", "spam").stdout
    after = call("suggestions", "list").stdout
    everything = call("suggestions", "list", "--all").stdout
    twice = call("suggestions", "accept", "1")

    assert listed.startswith("1 event, 2029-12-01, waiting\n    name: Seed Swap\n")
    assert accepted == "1: accepted: “Seed Swap” is told by the source suggested_civic\n"
    assert rejected == "2: rejected\n"
    assert after == "0 suggestions: nothing waits\n"
    assert "2 event, 2029-12-01, rejected: spam" in everything
    assert (twice.returncode, "no such suggestion waits" in twice.stderr) == (2, True)
