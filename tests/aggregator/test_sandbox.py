"""What a page holds can hurt only the process that reads it."""

import asyncio
import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from aggregator.errors import ParseError, ParserKilledError
from aggregator.sandbox import Reading, Sandbox, pool, read_kept, read_reading, wire, write_reading
from aggregator.source import Draft, Page, Request

pytestmark = pytest.mark.anyio

PARSERS = """
import os, signal, socket, sqlite3, subprocess, time
from aggregator.errors import ParseError
from aggregator.source import Draft, Request

def each_line(page, prefix=""):
    yield from (Draft(name=prefix + line, keywords=("a", "b")) for line in page.text.splitlines())

def each_day(page):
    yield from (Draft(name="Mixer", start_date=line) for line in page.text.splitlines())

def pid(page):
    yield Draft(name=str(os.getpid()))

def environment(page):
    yield Draft(name=repr(sorted(os.environ)))

def chatter(page):
    print("{}", flush=True)
    os.write(1, b"noise")
    yield Draft(name="quiet")

def refuse(page):
    raise ParseError("it is no calendar")

def fail_late(page):
    yield Draft(name="a")
    raise ZeroDivisionError("oops")

def recurse(page):
    return recurse(page)

def endless(page):
    number = 0
    while True:
        yield Draft(name=str(number))
        number += 1

def huge(page):
    while True:
        yield Draft(name="x" * 1_000_000)

def spin(page):
    while True:
        pass

def doze(page):
    time.sleep(60)
    yield

def bloat(page):
    grown = []
    while True:
        grown.append(bytearray(50_000_000))

def die(page):
    os._exit(3)

def crash(page):
    signal.raise_signal(signal.SIGSEGV)

def connect(page):
    socket.create_connection(("127.0.0.1", 9))

def open_socket(page):
    socket.socket()

def run(page):
    subprocess.run(["true"])

def fork(page):
    os.fork()

def write(page):
    open(page.text, "w")

def append(page):
    os.open(page.text, os.O_WRONLY | os.O_APPEND)

def database(page):
    sqlite3.connect(page.text)

def remove(page):
    os.remove(page.text)

def read(page):
    yield Draft(name=open(page.text).read())

def next_page(page):
    yield Request(url="https://chamber.example/2", method="POST", body=b"\\xff", headers=(("A", "b"),), completes="x")

def to_a_file(page):
    yield Request(url="file:///etc/hostname")

def many_pages(page):
    yield from (Request(url=f"https://chamber.example/{number}") for number in range(5000))
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def parsers(tmp_path, monkeypatch) -> ModuleType:
    """Parsers that a child can import, good and bad."""
    (tmp_path / "crooked_parsers.py").write_text(PARSERS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "crooked_parsers", raising=False)
    return __import__("crooked_parsers")


@pytest.fixture
async def sandbox(parsers) -> AsyncIterator[Sandbox]:
    async with Sandbox(1, wall_seconds=5) as opened:
        yield opened


def page_of(text: str) -> Page:
    url = "https://chamber.example/events"
    return Page(request=Request(url=url), url=url, body=text.encode(), fetched_at=datetime(2026, 6, 1, tzinfo=UTC))


async def test_drafts_and_requests_come_back_as_the_parser_gave_them(sandbox, parsers):
    reading = await sandbox.read(parsers.each_line, parsers.next_page, page_of("Mixer\nHike é🤝"))
    assert reading.drafts == (Draft(name="Mixer", keywords=("a", "b")), Draft(name="Hike é🤝", keywords=("a", "b")))
    request = Request(
        url="https://chamber.example/2", method="POST", body=b"\xff", headers=(("A", "b"),), completes="x"
    )
    assert reading.requests == (request,)
    assert not reading.is_cut


async def test_a_partial_is_a_parser_too(sandbox, parsers):
    reading = await sandbox.read(partial(parsers.each_line, prefix="* "), None, page_of("Mixer"))
    assert [draft.name for draft in reading.drafts] == ["* Mixer"]


async def test_an_honestly_empty_page_gives_no_drafts(sandbox, parsers):
    assert (await sandbox.read(parsers.each_line, None, page_of(""))).drafts == ()


async def test_a_page_of_sixteen_mebibytes_is_read(sandbox, parsers):
    reading = await sandbox.read(parsers.each_line, None, page_of("Mixer\n" + "\n" * (16 << 20)))
    assert reading.drafts[0].name == "Mixer"


async def test_one_child_reads_many_pages(sandbox, parsers):
    readings = [await sandbox.read(parsers.pid, None, page_of("")) for _ in range(3)]
    assert len({reading.drafts[0].name for reading in readings}) == 1
    assert readings[0].drafts[0].name != str(os.getpid())


async def test_a_worn_out_child_is_replaced(sandbox, parsers, monkeypatch):
    monkeypatch.setattr(pool, "MAX_PAGES", 2)
    names = [(await sandbox.read(parsers.pid, None, page_of(""))).drafts[0].name for _ in range(4)]
    assert names[0] == names[1] != names[2] == names[3]


async def test_more_drafts_than_may_be_kept_are_cut_and_said_to_be(sandbox, parsers):
    reading = await sandbox.read(parsers.endless, parsers.many_pages, page_of(""))
    assert (len(reading.drafts), len(reading.requests), reading.is_cut) == (5000, 1000, True)
    assert reading.drafts[4999].name == "4999"


async def test_what_is_long_past_is_left_out_before_it_is_counted(sandbox, parsers):
    reading = await sandbox.read(parsers.each_day, None, page_of("2009-01-01\n" * 6000 + "2026-06-05\n" * 20))
    assert ({draft.start_date for draft in reading.drafts}, len(reading.drafts)) == ({"2026-06-05"}, 20)
    assert not reading.is_cut


@pytest.mark.parametrize(
    ("draft", "is_kept"),
    [
        (Draft(start_date="2026-04-01T18:00:00Z"), False),
        (Draft(start_date="2026-04-01", end_date="2026-04-01"), False),
        (Draft(start_date="2026-04-02"), True),
        (Draft(start_date="2026-04-01", end_date="2026-06-20"), True),
        (Draft(start_date="2026-04-01", end_date="April 3"), True),
        (Draft(start_date="2019-04-01", rrule=("FREQ=WEEKLY",)), True),
        (Draft(start_date="2019-04-01", r_dates=("2026-06-10",)), True),
        (Draft(start_date="2019-04-01", schedule="every Monday"), True),
        (Draft(start_date="2019-04-01", duration="P10Y"), True),
        (Draft(start_date="10/4/2019"), True),
        (Draft(date_text="April 1"), True),
        (Draft(), True),
    ],
)
async def test_only_single_dates_long_past_are_left_out(draft, is_kept):
    task = wire.Task(parse=lambda _: iter((draft,)), follow=None, page=page_of(""))
    assert read_reading(wire.read_page(task)).drafts == ((draft,) if is_kept else ())


async def test_an_answer_is_cut_at_its_greatest_length(sandbox, parsers):
    reading = await sandbox.read(parsers.huge, None, page_of(""))
    assert reading.is_cut
    assert 1 <= len(reading.drafts) * 1_000_000 <= wire.MAX_ANSWER


@pytest.mark.parametrize(
    ("name", "words"),
    [("refuse", "it is no calendar"), ("fail_late", "ZeroDivisionError: oops"), ("recurse", "RecursionError")],
)
async def test_what_a_parser_raises_is_a_parse_error_that_names_the_page(sandbox, parsers, name, words):
    with pytest.raises(ParseError, match=rf"chamber\.example/events: {words}"):
        await sandbox.read(getattr(parsers, name), None, page_of(""))


@pytest.mark.parametrize("name", ["connect", "open_socket", "run", "fork", "write", "append", "database", "remove"])
async def test_a_parser_has_no_way_out(sandbox, parsers, tmp_path, name):
    there = tmp_path / "there"
    there.write_text("kept")
    with pytest.raises(ParseError, match="PermissionError: a parser may not"):
        await sandbox.read(getattr(parsers, name), None, page_of(str(there)))
    assert there.read_text() == "kept"


async def test_a_parser_may_read_what_libraries_need(sandbox, parsers, tmp_path):
    (tmp_path / "zones").write_text("UTC")
    assert (await sandbox.read(parsers.read, None, page_of(str(tmp_path / "zones")))).drafts[0].name == "UTC"


@pytest.mark.parametrize("name", ["die", "crash", "bloat"])
async def test_a_child_that_ends_is_a_killed_parser_and_the_next_page_is_read(sandbox, parsers, name):
    with pytest.raises(ParserKilledError, match=r"chamber\.example/events"):
        await sandbox.read(getattr(parsers, name), None, page_of(""))
    assert (await sandbox.read(parsers.each_line, None, page_of("Mixer"))).drafts[0].name == "Mixer"


@pytest.mark.parametrize("name", ["spin", "doze"])
async def test_a_child_that_hangs_is_killed_and_the_next_page_is_read(parsers, name):
    async with Sandbox(1, wall_seconds=0.5) as sandbox:
        with pytest.raises(ParserKilledError, match=r"longer than 0\.5 s"):
            await sandbox.read(getattr(parsers, name), None, page_of(""))
    async with Sandbox(1) as sandbox:
        assert (await sandbox.read(parsers.each_line, None, page_of("Mixer"))).drafts


async def test_a_hanging_page_delays_no_page_in_another_child(parsers):
    async with Sandbox(2, wall_seconds=1.5) as sandbox:
        hanging = asyncio.create_task(sandbox.read(parsers.spin, None, page_of("")))
        async with asyncio.timeout(1.2):
            for _ in range(20):
                await sandbox.read(parsers.each_line, None, page_of("Mixer"))
        with pytest.raises(ParserKilledError):
            await hanging


async def test_a_cancelled_reading_leaves_a_pool_that_reads_on(sandbox, parsers):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await sandbox.read(parsers.doze, None, page_of(""))
    assert (await sandbox.read(parsers.each_line, None, page_of("Mixer"))).drafts


async def test_what_a_parser_prints_is_not_taken_for_its_answer(sandbox, parsers):
    assert (await sandbox.read(parsers.chatter, None, page_of(""))).drafts == (Draft(name="quiet"),)


async def test_a_child_knows_no_secrets_of_its_parent(sandbox, parsers, monkeypatch):
    monkeypatch.setenv("HOBNOB_ADMIN_TOKEN", "hush")
    async with Sandbox(1) as later:
        names = (await later.read(parsers.environment, None, page_of(""))).drafts[0].name
    assert "HOBNOB" not in names
    assert "PYTHONPATH" in names


async def test_a_page_may_not_lead_to_a_file(sandbox, parsers):
    with pytest.raises(ParseError, match="may not lead to 'file:"):
        await sandbox.read(parsers.each_line, parsers.to_a_file, page_of("Mixer"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"{",
        b'{"drafts": [], "requests": []}',
        b'{"drafts": [{"name": 5}], "requests": [], "is_cut": false}',
        b'{"drafts": [{"keywords": [null]}], "requests": [], "is_cut": false}',
        b'{"drafts": [{"__class__": "x"}], "requests": [], "is_cut": false}',
        b'{"drafts": [], "requests": [["https://a.example"]], "is_cut": false}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_an_answer_of_another_shape_is_refused(answer):
    with pytest.raises(ParseError):
        read_reading(answer)


def test_an_answer_of_the_agreed_shape_is_understood():
    answer = {"drafts": [{"name": "Mixer", "is_accessible_for_free": True}], "requests": [], "is_cut": True}
    reading = read_reading(json.dumps(answer).encode())
    assert reading.drafts == (Draft(name="Mixer", is_accessible_for_free=True),)
    assert reading.is_cut


def test_the_limit_on_cpu_counts_from_now():
    code = """
        import resource
        from aggregator.sandbox.child import allow_cpu
        allow_cpu(1)
        while True: pass
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], timeout=30, check=False)
    assert pool.DEATHS[ended.returncode] == "it took too much CPU"


def test_it_leaves_no_process_behind_and_needs_no_main_guard(tmp_path, parsers):
    """A script without `if __name__ == "__main__"` would start itself again under multiprocessing."""
    script = tmp_path / "script"
    script.write_text(
        textwrap.dedent(f"""
        import asyncio, sys
        sys.path.insert(0, {str(tmp_path)!r})
        import crooked_parsers
        from datetime import datetime, UTC
        from aggregator.sandbox import Sandbox
        from aggregator.source import Page, Request
        async def main():
            url = "https://chamber.example/"
            page = Page(request=Request(url=url), url=url, body=b"", fetched_at=datetime.now(UTC))
            async with Sandbox(2) as sandbox:
                return (await sandbox.read(crooked_parsers.pid, None, page)).drafts[0].name
        print(asyncio.run(main()))
    """)
    )
    command = [sys.executable, "-W", "error", "-X", "dev", script]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not Path(f"/proc/{ended.stdout.strip()}").exists()


def test_a_child_ends_when_its_parent_is_gone(tmp_path):
    code = """
        import asyncio, os
        from aggregator.sandbox.pool import Child
        async def main():
            child = await Child.start()
            print(child._program.pid, flush=True)
            os._exit(1)
        asyncio.run(main())
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True, timeout=30, check=False
    )
    command_line = Path(f"/proc/{ended.stdout.strip()}/cmdline")
    give_up = time.monotonic() + 5
    while command_line.exists() and b"aggregator.sandbox.child" in command_line.read_bytes():
        assert time.monotonic() < give_up


def test_a_reading_that_is_kept_comes_back_as_it_was():
    request = Request(url="https://chamber.example/2", body=b"\xff", headers=(("A", "b"),), completes="x")
    drafts = (Draft(name="Mixer", keywords=("a",), is_accessible_for_free=False), Draft(wheelchair_accessible=False))
    for is_cut in (True, False):
        reading = Reading(drafts=drafts, requests=(request,), is_cut=is_cut)
        assert read_reading(write_reading(reading)) == reading
        kept = read_kept(write_reading(reading))
        assert (tuple(kept.drafts), kept.requests, kept.is_cut) == (reading.drafts, reading.requests, reading.is_cut)
        assert (len(kept.drafts), tuple(kept.drafts[1:])) == (len(reading.drafts), reading.drafts[1:])
