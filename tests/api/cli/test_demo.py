"""`hobnob demo`: from an empty folder to an answer, and gone when it is told to stop."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time
from collections import Counter
from datetime import date
from typing import Any

import httpx
import pytest

from aggregator.store import open_reader
from api.cli.demo.pages import site_maps
from api.cli.demo.town import read_town

COMMAND = ("demo", "--port", "0")
QUERY = re.compile(r"http://127\.0\.0\.1:\d+/v1/events\?near=Visalia,\+CA&within=15mi&when=next_7_days")
SOURCES = 25


def read_until_query(program: subprocess.Popen[str]) -> list[str]:
    """Its lines, up to the address of the first query."""
    assert program.stdout
    lines: list[str] = []
    while not (lines and QUERY.fullmatch(lines[-1])):
        lines.append(next(program.stdout).rstrip("\n"))
    return lines


def test_it_collects_answers_and_leaves_nothing_behind(
    folder: Any, is_gone: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    folder.environment["TMPDIR"] = str(temporary)
    began = time.monotonic()

    with folder.running(*COMMAND) as program:
        greeting, *given, page, announcement, query = read_until_query(program)
        answer = httpx.get(query, trust_env=False).raise_for_status().json()
        seconds = time.monotonic() - began
        os.killpg(program.pid, signal.SIGINT)
        rest, complaints = program.communicate(timeout=20)

    assert seconds < 30
    assert "invented" in greeting
    assert len(given) == SOURCES
    assert all(re.fullmatch(r"accepted     [a-z_]+ +[a-z_]+ +\d+ events?: \d+ new.*", line) for line in given)
    assert re.fullmatch(r"Open http://127\.0\.0\.1:\d+/ in a browser\.", page)
    assert announcement.startswith("The API answers at http://127.0.0.1:")
    starts = [event["startDate"] for event in answer["items"]]
    assert len(starts) >= 10
    assert starts == sorted(starts)
    assert all(event["distance"] <= 15 * 1610 for event in answer["items"])
    assert (program.returncode, rest, complaints) == (0, "", "")
    assert is_gone(program.pid)
    assert not list(folder.path.iterdir())
    assert not list(temporary.iterdir())


def test_on_a_narrow_terminal_the_query_is_still_one_line(folder: Any, is_gone: Any) -> None:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    environment = {name: value for name, value in folder.variables(40).items() if name != "COLUMNS"}
    command = (*folder.command, *COMMAND)
    with subprocess.Popen(
        command,
        cwd=folder.path,
        env=environment | {"TERM": "xterm"},
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as program:
        os.close(slave)
        shown = ""
        while not QUERY.search(shown):
            shown += os.read(master, 65536).decode(errors="replace")
        program.terminate()
        assert program.wait(20) == 0
    os.close(master)

    assert "Collecting" in shown
    assert is_gone(program.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_stopped_while_it_collects(
    folder: Any, is_gone: Any, tmp_path_factory: pytest.TempPathFactory, number: signal.Signals
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    folder.environment["TMPDIR"] = str(temporary)

    with folder.running(*COMMAND) as program:
        assert "invented" in program.stdout.readline()
        os.killpg(program.pid, number)
        _, complaints = program.communicate(timeout=20)

    assert (program.returncode, complaints) == (0, "")
    assert is_gone(program.pid)
    assert not list(temporary.iterdir())


def test_a_store_is_kept_where_it_is_asked_for(folder: Any) -> None:
    with folder.running(*COMMAND, "--store", "demo.db") as program:
        read_until_query(program)
        program.terminate()
        assert program.wait(20) == 0

    with open_reader(str(folder.path / "demo.db")) as store:
        assert len(store.sources()) == SOURCES
    table = folder.run("events", "--near", "Visalia, CA", STORE="demo.db").stdout
    assert "Weekly Referral Breakfast" in table
    assert all(len(line) <= 80 for line in table.splitlines())


def test_it_does_not_mix_invented_events_with_real_ones(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}):
        assert folder.run("collect", "--all", "--catalog", "catalog.toml").returncode == 0

    ran = folder.run(*COMMAND, "--store", "hobnob.db")

    assert ran.returncode == 2
    assert ran.stderr == "hobnob: hobnob.db: holds other sources than the demo's; give the demo a store of its own\n"


def test_the_town_has_every_way_to_publish_under_a_host_of_its_own() -> None:
    town = read_town(date(2030, 1, 1))

    pages = dict(site_maps(town))

    formats = Counter(one.syntax if one.platform == "html" else one.platform for one in town)
    assert {"ics", "rss", "tec", "recurring", "jsonld", "microdata", "h-event"} <= set(formats)
    assert len({one.platform for one in town}) >= 12
    assert len({one.host for one in town}) == len(town) == SOURCES
    assert {host for host, _ in pages} == {one.host for one in town if one.rule is None}
    assert all(one.host.endswith(".example") for one in town)
    assert all(one.meetings or one.rule or one.told["club"] for one in town)


def test_no_meeting_is_called_after_a_day_on_which_it_does_not_meet() -> None:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    names = [meeting.name for one in read_town(date(2030, 1, 1)) for meeting in one.meetings]

    assert not [name for name in names if any(day in name for day in days)]
