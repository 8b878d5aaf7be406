"""What is true of every command: quick help, one clear line for what can be mended, and a quiet end."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from aggregator.store.engine import connect_writing

HEAVY = ("fastapi", "starlette", "uvicorn", "httpx", "sqlalchemy", "alembic", "pydantic", "selectolax", "apscheduler")
CONTACT = {"CONTACT": "events@operator.example"}


def imported_by(statement: str) -> set[str]:
    """The top-level packages, and rich's progress display."""
    code = f"import sys; {statement}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    return {name for name in ran.stdout.split() if "." not in name or name == "rich.progress"}


def test_asking_for_help_imports_nothing_heavy() -> None:
    assert not imported_by("import api.cli.main") & {*HEAVY, "rich", "rich.progress"}


def test_reading_a_file_imports_no_network_no_store_and_no_server() -> None:
    unused = {"fastapi", "starlette", "uvicorn", "httpx", "sqlalchemy", "alembic", "apscheduler", "rich"}

    assert not imported_by("import api.cli.read") & unused


def test_the_version_is_told(folder: Any) -> None:
    ran = folder.run("--version")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("hobnob 0.")


def test_hobnob_alone_shows_its_commands(folder: Any) -> None:
    ran = folder.run()

    assert ran.returncode == 0
    commands = ("demo", "init", "run", "collect", "serve", "schedule", "events", "check", "read", "sources")
    assert all(f" {command} " in ran.stdout for command in commands)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nonsense",), "No such command 'nonsense'; see `hobnob --help`"),
        (("--nonsense",), "No such option: --nonsense"),
        (("read",), "Missing argument 'file'; see `hobnob read --help`"),
        (("serve", "--port", "70000"), "Invalid value for '--port'"),
        (("read", "nothing.ics"), "nothing.ics: No such file or directory"),
        (("read", "."), ".: Is a directory"),
        (("collect",), "`hobnob init`"),
        (("run",), "`hobnob init`"),
        (("schedule",), "`hobnob init`"),
        (("check", "http://chamber.example/"), "`hobnob init`"),
        (("events", "--near", "Visalia, CA"), "there is no store here"),
        (("sources",), "there is no store here"),
        (("sources", "--format", "json"), "there is no store here"),
        (("sources", "accept", "chamber"), "there is no store here"),
        (("sources", "reject", "chamber"), "there is no store here"),
        (("sources", "--format", "xml"), "is none of table, json"),
        (("events", "--format", "pdf"), "is none of table, json, ics, rss, geojson, csv, jsonld"),
        (("events", "visalia"), "is no option"),
        (("init", "--public-url", "nowhere", "--contact", "a@b.example", "--place", "Fresno"), "is no address such as"),
        (("init", "--public-url", "https://e.example", "--contact", "a@b.example", "--place", "Fresmo"), "Fresno"),
    ],
)
def test_a_wrong_use_is_one_line_that_says_what_and_where(
    folder: Any, call: Any, words: tuple[str, ...], told: str
) -> None:
    ran = call(*words)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("hobnob: ")
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert not list(folder.path.iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("collect",), "sources of the catalogue are wanted; name an area with --near, or `place` in hobnob.toml"),
        (("run",), "or a file with --catalog"),
        (("schedule", "--catalog", "empty.toml"), "there is no source: name a file with --catalog"),
        (("collect", "--catalog", "none.toml"), "none.toml: cannot be read: No such file or directory"),
        (("collect", "--catalog", "broken.toml"), "broken.toml: "),
        (("collect", "--catalog", "misspelt.toml"), "misspelt.toml: source chamber: “platfrom” is not a key"),
        (("collect", "--catalog", "good.toml", "--catalog", "good.toml"), "chamber stands in more than one file"),
        (("collect", "library", "--catalog", "good.toml"), "no source is called library"),
        (("collect", "--catalog", "good.toml", "--within", "5mi"), "needs a place: --near"),
        (("collect", "--catalog", "good.toml", "--near", "Visalia, CA", "--within", "5"), "a length with its unit"),
        (("run", "--catalog", "good.toml", "--near", "Fresmo"), "Fresno"),
        (("run", "--catalog", "good.toml", "--near", "Boston, MA"), "none of the 1 sources is within 15mi"),
        (("check", "library", "--catalog", "good.toml"), "no source is called library"),
        (("check", "http://127.0.0.1:9/"), "loopback, not a public address"),
    ],
)
def test_a_wrong_catalogue_or_place_is_one_line_too(folder: Any, call: Any, words: tuple[str, ...], told: str) -> None:
    folder.write("empty.toml", "")
    folder.write("broken.toml", "source = [")
    folder.write(
        "misspelt.toml", '[[source]]\nname = "chamber"\nplatform = "ics"\nplatfrom = "ics"\nurl = "http://a.example"'
    )
    place = 'location = { locality = "Visalia", region = "CA", country = "US" }'
    folder.write("good.toml", f'[[source]]\nname = "chamber"\nplatform = "ics"\nurl = "http://a.example/"\n{place}')

    ran = call(*words, **CONTACT)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("port = [", "hobnob.toml: "),
        ('port = "many"', "setting port (in hobnob.toml, or HOBNOB_PORT)"),
        ("prot = 1", "hobnob.toml: prot is no setting"),
        ('store = "mysql://db.example/hobnob"', "or a postgresql: address"),
        ('store = "hobnob.toml"', "hobnob.toml: cannot be opened as a store: file is not a database"),
        ('store = "."', ".: cannot be opened as a store"),
    ],
)
def test_a_wrong_setting_is_one_line_too(folder: Any, call: Any, settings: str, told: str) -> None:
    folder.write("hobnob.toml", settings)

    ran = call("sources")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_store_that_another_program_holds_is_one_line_too(
    folder: Any, call: Any, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(empty_store, folder.store)
    folder.write("good.toml", '[[source]]\nname = "chamber"\nplatform = "ics"\nurl = "http://a.example/"')
    monkeypatch.setattr("aggregator.store.writing.connect_writing", partial(connect_writing, timeout=0.1))
    with closing(sqlite3.connect(folder.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        ran = call("collect", "--catalog", "good.toml", **CONTACT)

    assert (ran.returncode, ran.stderr) == (2, "hobnob: hobnob.db: not written: database is locked\n")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_said_before_anything_is_done(folder: Any, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ran = folder.run(command, "--port", str(port))

    told = f"hobnob: cannot listen on 127.0.0.1, port {port}: address already in use; --port chooses another\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", told)
    assert not list(folder.path.iterdir())


def test_a_reader_who_has_seen_enough_is_not_told_of_a_broken_pipe(folder: Any, calendar_of: Any) -> None:
    folder.write("long.ics", calendar_of("Mixer", lines=("RRULE:FREQ=DAILY;COUNT=500",)).decode())

    with folder.running("read", "long.ics") as program:
        assert program.stdout.readline().startswith('{"name": "Mixer"')
        program.stdout.close()

        assert program.stderr.read() == ""
        assert program.wait(20) == 1


def test_ctrl_c_ends_a_command_quietly(folder: Any) -> None:
    with folder.running("serve", "--port", "0") as program:
        assert "the API answers at http://127.0.0.1:" in program.stderr.readline()

        os.kill(program.pid, signal.SIGINT)

        assert program.wait(20) == 0
        assert program.stderr.read() == ""
