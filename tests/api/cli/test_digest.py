"""`hobnob digest`: see the letter, send it, and nothing without a postal address."""

import asyncio
import json
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from zipfile import ZipFile

import pytest
from aiosmtpd.smtp import SMTP

SENDER = {"MAIL_FROM": "Visalia events <digest@operator.example>", "POSTAL_ADDRESS": "P.O. Box 1, Visalia, CA 93291"}
PLACE = ("LOCATION:Elm Hall\\, 12 Oak St\\, Visalia\\, CA",)
ADDRESS = "joe@mail.example"
ROW = """
INSERT INTO subscriptions (address, query, weekday, hour, zone, most, state, consent_words, consent_at, consent_channel,
confirmed_at, next_due_at)
VALUES (?, 'days=30&near=Visalia%2C+CA&within=15mi', 0, 7, 'UTC', 25, 'confirmed', 'yes', 0, 'page', 0,
(strftime('%s', 'now') - 60) * 1000000)
"""


@pytest.fixture
def collected(folder: Any, publish: Any, calendar_of: Any) -> Iterator[Any]:
    """A calendar with a mixer every day from tomorrow on."""
    lines = ("RRULE:FREQ=DAILY;COUNT=9999",)
    body = calendar_of("New Year Business Mixer", lines=(*PLACE, *lines)).replace(b"20300101", b"20260101")
    with publish(folder, {"chamber": body}) as site:
        assert folder.run("collect", "--all", "--catalog", "catalog.toml").returncode == 0
        yield site


class Box:
    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        self.letters.append(envelope.content)
        return "250 kept"


@pytest.fixture
def mail_server() -> Iterator[tuple[str, Box]]:
    """A real mail server in a thread of its own."""
    box, loop = Box(), asyncio.new_event_loop()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = loop.run_until_complete(loop.create_server(lambda: SMTP(box, hostname="mail.example"), sock=listening))
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}", box
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def subscribe(folder: Any, address: str) -> None:
    with closing(sqlite3.connect(folder.store)) as connection, connection:
        connection.execute(ROW, (address,))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "postal address"),
        ({"MAIL_FROM": "a@b.example", "SMTP_URL": "smtp://127.0.0.1:1"}, "postal address"),
        ({"POSTAL_ADDRESS": " "}, "postal address"),
        ({"POSTAL_ADDRESS": "P.O. Box 1"}, "mail_from"),
        ({"POSTAL_ADDRESS": "P.O. Box 1", "MAIL_FROM": "a@b.example"}, "HOBNOB_SMTP_URL"),
        ({**SENDER, "MAIL_FROM": "nobody", "SMTP_URL": "smtp://127.0.0.1:1"}, "setting mail_from"),
        ({**SENDER, "SMTP_URL": "smtp://127.0.0.1:1"}, "there is no store here"),
    ],
)
def test_nothing_is_sent_before_all_is_known_and_nothing_is_made(
    folder: Any, call: Callable[..., Any], settings: dict[str, str], told: str
) -> None:
    ran = call("digest", "send", **settings)

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert told in ran.stderr
    assert not list(folder.path.iterdir())


def test_a_letter_is_sent_once_and_counted(folder: Any, collected: Any, mail_server: tuple[str, Box]) -> None:
    url, box = mail_server
    subscribe(folder, ADDRESS)

    first = folder.run("digest", "send", SMTP_URL=url, **SENDER)
    again = folder.run("digest", "send", SMTP_URL=url, **SENDER)
    status = folder.run("digest", "status")

    assert (first.returncode, first.stdout) == (0, "1 sent\n"), first.stderr
    assert (again.returncode, again.stdout) == (0, "no letter is due\n")
    assert status.stdout == "subscriptions: 1 confirmed\nletters of 30 days: 1 sent\n"
    (letter,) = box.letters
    assert b"P.O. Box 1, Visalia, CA 93291" in letter
    assert ADDRESS not in first.stderr + status.stdout


def test_a_server_that_does_not_answer_is_told_and_the_letter_waits(folder: Any, collected: Any) -> None:
    subscribe(folder, ADDRESS)

    ran = folder.run("digest", "send", SMTP_URL="smtp://127.0.0.1:1", **SENDER)

    assert ran.returncode == 1
    assert "the mail server 127.0.0.1:1: takes no letters now" in ran.stderr
    assert "1 pending" in folder.run("digest", "status").stdout


@pytest.mark.parametrize(("format_", "begins"), [("text", "Events near Visalia, CA"), ("html", "<!DOCTYPE html>")])
def test_a_preview_needs_no_sender_and_sends_nothing(folder: Any, collected: Any, format_: str, begins: str) -> None:
    ran = folder.run("digest", "preview", "--near", "Visalia, CA", "--kind", "other", "--format", format_)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(begins)
    assert "New Year Business Mixer" in ran.stdout


def test_a_preview_of_nothing_says_so(folder: Any, call: Callable[..., Any], collected: Any) -> None:
    assert call("digest", "preview", "--near", "Boston, MA").stdout.startswith("Nothing is to be told")
    assert call("digest", "preview", "--format", "pdf").returncode == 2


def test_what_is_unknown_is_listed_and_resolved(folder: Any, call: Callable[..., Any], collected: Any) -> None:
    subscribe(folder, ADDRESS)
    with closing(sqlite3.connect(folder.store)) as connection, connection:
        connection.execute(
            "INSERT INTO deliveries (subscription, period, stage, due_at, next_attempt_at, message_key, changed_at)"
            " VALUES (1, '2026-W41', 'unknown', 0, 0, 'x', 1790000000000000)"
        )

    listed = call("digest", "resolve").stdout
    wrong = [call("digest", "resolve", "1/2026-W41")]
    wrong += [call("digest", "resolve", f"{number}/2026-W41", "--skip") for number in ("2", "9" * 30)]
    done = call("digest", "resolve", "1/2026-W41", "--skip")

    assert listed.startswith("1/2026-W41  since 2026-09-21")
    assert [ran.returncode for ran in wrong] == [2, 2, 2]
    assert done.stdout == "1 letter taken for sent\n"
    assert call("digest", "resolve").stdout == "0 letters: nothing is to be resolved\n"


def test_an_address_is_exported_and_erased(folder: Any, call: Callable[..., Any], collected: Any) -> None:
    subscribe(folder, ADDRESS)
    exported = json.loads(call("digest", "export", ADDRESS).stdout)
    archived = call("export", "town.zip")
    erased = call("digest", "erase", ADDRESS.upper())

    assert [one["email"] for one in exported["subscriptions"]] == [ADDRESS]
    assert erased.stdout == "erased: 1 subscription\n"
    assert json.loads(call("digest", "export", ADDRESS).stdout) == {"subscriptions": []}
    assert archived.returncode == 0
    with ZipFile(folder.path / "town.zip") as archive:
        assert archive.namelist()
        assert not [name for name in archive.namelist() if b"@mail.example" in archive.read(name)]
    for file in folder.path.iterdir():
        assert ADDRESS.encode() not in file.read_bytes(), file.name


def test_an_editor_prints_a_letter_with_a_pin_and_a_note(folder: Any, publish: Any, calendar_of: Any) -> None:
    daily = (*PLACE, "RRULE:FREQ=DAILY;COUNT=9999")
    bodies = {
        name: calendar_of(name, lines=daily).replace(b"20300101", b"20260101") for name in ("Mixer", "Gala", "Hike")
    }
    with publish(folder, {name.lower(): body for name, body in bodies.items()}):
        assert folder.run("collect", "--all", "--catalog", "catalog.toml").returncode == 0
    near = ("--near", "Visalia, CA")
    events = json.loads(folder.run("events", *near, "--days", "3", "--format", "json").stdout)["items"]
    ids = {one["name"]: one["id"] for one in events}
    words = ("--pin", ids["Hike"], "--leave-out", ids["Gala"], "--note", "Good *morning*!", "--format", "md")

    ran = folder.run("digest", "letter", *near, *words)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("# Events near Visalia, CA\n\nGood \\*morning\\*\\!\n\n## Picked for you\n\n**[Hike](")
    assert [ran.stdout.count(f"**[{name}](") for name in ids] == [name != "Gala" for name in ids]
    assert "subscribe" not in ran.stdout
    assert "**[Gala](" in folder.run("digest", "letter", *near, "--format", "md").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "pdf"), "is none of html, md, text, rss"),
        (("--pin", "nosuch"), "there is no such event, or it is over"),
        (("--widget", "nosuch"), "there is no such widget"),
    ],
)
def test_what_a_letter_of_an_editor_cannot_be_is_told(
    folder: Any, collected: Any, words: tuple[str, ...], told: str
) -> None:
    ran = folder.run("digest", "letter", "--near", "Visalia, CA", *words)

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert told in ran.stderr


def test_a_widget_gives_a_letter_its_search_title_and_blocked_sources(folder: Any, collected: Any) -> None:
    saved = folder.run("widget", "save", "main", "near=Visalia,+CA", "--title", "Elm news")
    assert saved.returncode == 0, saved.stderr

    told = folder.run("digest", "letter", "--widget", "main", "--format", "text").stdout
    assert told.startswith("Elm news\n========\n\nTHIS WEEK\n\nNew Year Business Mixer\n")
    assert folder.run("widget", "save", "main", "near=Visalia,+CA", "--block", "chamber").returncode == 0
    assert (
        folder.run("digest", "letter", "--widget", "main").stdout == "Nothing is to be told, so there is no letter.\n"
    )


def test_a_letter_is_printed_and_published_once_until_it_is_withdrawn(
    folder: Any, call: Callable[..., Any], collected: Any
) -> None:
    subscribe(folder, ADDRESS)
    letter = ("digest", "letter", "--near", "Visalia, CA", "--publish", "week-41", "--format", "md")

    first, again = call(*letter, PUBLIC_URL="https://hobnob.example"), call(*letter)
    with closing(sqlite3.connect(folder.store)) as connection:
        (kept,) = connection.execute("SELECT * FROM editions").fetchall()
    gone, twice = call("digest", "withdraw", "week-41"), call("digest", "withdraw", "week-41")

    assert first.stdout.startswith("# Events near Visalia, CA\n\n## This week\n\n**[New Year Business Mixer](")
    assert first.stderr == "week-41: published at https://hobnob.example/letters/week-41\n"
    assert (again.returncode, again.stdout) == (2, "")
    assert "week-41: published already; `hobnob digest withdraw week-41` takes it away" in again.stderr
    assert kept[0] == "week-41"
    assert "@mail.example" not in str(kept)
    assert gone.stdout == "week-41: withdrawn; pages and feeds of letters lack it within a minute\n"
    assert twice.returncode == 2
    assert "no such letter is published" in twice.stderr


def test_nothing_is_published_where_nothing_is_told_or_the_name_will_not_do(
    folder: Any, call: Callable[..., Any], collected: Any
) -> None:
    empty = call("digest", "letter", "--near", "Boston, MA", "--publish", "week-41")
    wrong = call("digest", "letter", "--near", "Visalia, CA", "--publish", "Week 41")

    assert empty.stdout.startswith("Nothing is to be told")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "small letters, digits and hyphens" in wrong.stderr
    with closing(sqlite3.connect(folder.store)) as connection:
        assert connection.execute("SELECT count(*) FROM editions").fetchone() == (0,)
