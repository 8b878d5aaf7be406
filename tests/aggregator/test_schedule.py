"""Who is collected when: due rows, leases, and collectors that die, hang or work side by side."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator import turn
from aggregator.collect import Tools
from aggregator.errors import StoreError
from aggregator.schedule import Job, Looked, Turns, collect_now, match, renew_catalogue, run_schedule, start_due
from aggregator.source import Source
from aggregator.store import Lease
from aggregator.turn import LEASE

pytestmark = pytest.mark.anyio

MANY = tuple(f"site{number}.example" for number in range(23))


def unreported(source: Source, run: object) -> None:
    """Nobody watches."""


@pytest.fixture
def many(a_source: Callable[..., Source], web_site: Any, calendar: Any) -> dict[str, Source]:
    """Twenty-three sources, each at a host of its own."""
    web_site.pages |= {f"{host}/events.ics": calendar(1) for host in MANY}
    return {
        name: a_source(name, f"http://{name}.example/events.ics") for name, _, _ in (h.partition(".") for h in MANY)
    }


async def tick(sources: dict[str, Source], tools: Tools, slots: int = 64, owner: str = "one") -> None:
    """One tick, and its turns to their end."""
    turns: Turns = set()
    await start_due(sources, tools, slots, owner, turns)
    while turns:
        await asyncio.wait(turns)


def runs_of(tools: Tools, sources: dict[str, Source]) -> Counter[str]:
    return Counter({name: len(tools.store.history(name, 100)) for name in sources})


async def test_two_schedulers_on_one_store_run_each_due_source_once(
    web_site: Any, clock: Any, many: dict[str, Source], open_tools: Any
) -> None:
    async with (
        open_tools(web_site.port, clock, hosts=MANY) as one,
        open_tools(web_site.port, clock, hosts=MANY, address=str(one.store._address)) as other,
    ):
        one.store.register(many.values(), now=clock())
        for _ in range(3):
            await asyncio.gather(tick(many, one, slots=8, owner="one"), tick(many, other, slots=8, owner="other"))

        assert runs_of(one, many) == dict.fromkeys(many, 1)
    assert sorted(asked.host for asked in web_site.asked) == sorted(MANY)


async def test_a_source_whose_collector_died_is_taken_over_when_its_lease_is_over(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    web_site.pages["chamber.example/events.ics"] = calendar(1)
    sources = {"chamber": a_source("chamber")}
    collector.store.register(sources.values(), now=collector.clock())
    (dead,) = collector.store.due(collector.clock(), limit=9, owner="dead", ttl=LEASE)

    await tick(sources, collector.tools)
    before = len(web_site.asked)
    collector.clock.forward(seconds=LEASE.total_seconds())
    await tick(sources, collector.tools)

    assert (before, len(web_site.asked)) == (0, 1)
    assert dead.source == "chamber"


async def test_a_run_that_was_missed_for_days_is_done_once(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    web_site.pages["chamber.example/events.ics"] = calendar(1)
    sources = {"chamber": a_source("chamber")}
    collector.store.register(sources.values(), now=collector.clock())
    await tick(sources, collector.tools)
    collector.clock.forward(days=3)

    for _ in range(5):
        await tick(sources, collector.tools)

    assert len(web_site.asked) == 2


async def test_a_source_is_due_again_after_its_own_time_give_or_take_a_tenth(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    web_site.pages["chamber.example/events.ics"] = calendar(1)
    await collector.run(a_source("chamber", every="12h"))

    (status,) = collector.store.sources()

    assert timedelta(hours=10.8) <= status.next_due_at - collector.clock() <= timedelta(hours=13.2)


@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [(500, {}, 0.45), (429, {"Retry-After": "7200"}, 2), (503, {"Retry-After": "86400"}, 24), (410, {}, 24 * 6.2)],
)
async def test_a_source_that_fails_is_left_alone_for_a_while(
    collector: Any, web_site: Any, a_source: Any, new_reply: Any, status: int, headers: dict[str, str], least: float
) -> None:
    web_site.pages["chamber.example/events.ics"] = new_reply(status=status, headers=headers)
    await collector.run(a_source("chamber"))

    (told,) = collector.store.sources()

    assert told.failures == 1
    assert timedelta(hours=least) <= told.next_due_at - collector.clock() <= timedelta(hours=least * 1.3 + 0.1)


async def test_sites_that_hang_delay_nobody_else(
    web_site: Any, clock: Any, many: dict[str, Source], open_tools: Any, new_reply: Any, calendar: Any
) -> None:
    answers = asyncio.Event()
    ended: list[str] = []

    async def hang(_asked: object) -> Any:
        await answers.wait()
        return new_reply(calendar(1))

    hanging = {"site0", "site1", "site2"}
    web_site.pages |= {f"{name}.example/events.ics": hang for name in hanging}

    def end(source: Source, _run: object) -> None:
        ended.append(source.name)
        if len(ended) == 20:
            answers.set()

    async with open_tools(web_site.port, clock, hosts=MANY, fetch_slots=5) as tools:
        tools.store.register(many.values(), now=clock())
        await collect_now(many.values(), tools, 5, end)

        assert set(ended[20:]) == hanging
        assert [run.kept for name in hanging for run in tools.store.history(name, 9)] == [1, 1, 1]


async def test_a_turn_whose_lease_was_lost_ends_at_once_and_writes_nothing(
    collector: Any, web_site: Any, a_source: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The site never answers; the lease is looked after all the while."""
    source = a_source("chamber")
    monkeypatch.setattr(turn, "RENEWAL_SECONDS", 0.001)

    async def freeze(_asked: object) -> Any:
        collector.clock.forward(minutes=2)
        assert collector.store.lease("chamber", collector.clock(), owner="other", ttl=LEASE)
        await asyncio.Event().wait()

    web_site.pages["chamber.example/events.ics"] = freeze
    collector.store.register([source], now=collector.clock())

    assert await collect_now([source], collector.tools, 1, unreported) == [None]
    assert collector.store.history("chamber", 10) == ()
    assert "lease 1 is over" in caplog.text


async def test_a_lease_is_kept_while_its_turn_lasts(
    collector: Any, web_site: Any, a_source: Any, calendar: Any, new_reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals: asyncio.Queue[datetime] = asyncio.Queue()
    renew, loop = collector.store.renew, asyncio.get_running_loop()

    def tell(lease: Lease, until: datetime) -> Lease:
        loop.call_soon_threadsafe(renewals.put_nowait, until)
        kept: Lease = renew(lease, until)
        return kept

    async def wait_for_renewals(_asked: object) -> Any:
        for _ in range(3):
            collector.clock.forward(seconds=50)
            while await renewals.get() < collector.clock() + LEASE:
                pass
            await renewals.get()  # the one before is written
            assert collector.store.lease("chamber", collector.clock(), owner="other", ttl=LEASE) is None
        return new_reply(calendar(1))

    monkeypatch.setattr(turn, "RENEWAL_SECONDS", 0.001)
    monkeypatch.setattr(collector.store, "renew", tell)
    web_site.pages["chamber.example/events.ics"] = wait_for_renewals

    run = await collector.run(a_source("chamber"))

    assert run.kept == 1


async def test_one_that_another_collector_is_at_is_left_to_it(
    collector: Any, web_site: Any, a_source: Any, calendar: Any
) -> None:
    web_site.pages |= {f"{name}.example/events.ics": calendar(1) for name in ("chamber", "library")}
    sources = [a_source("chamber"), a_source("library")]
    collector.store.register(sources, now=collector.clock())
    assert collector.store.lease("chamber", collector.clock(), owner="other", ttl=LEASE)

    busy, free = await collect_now(sources, collector.tools, 2, unreported)

    assert busy is None
    assert free is not None
    assert free.source == "library"


async def test_a_source_of_a_newer_catalogue_is_left_to_those_who_know_it(
    collector: Any, web_site: Any, a_source: Any, calendar: Any
) -> None:
    web_site.pages |= {f"{name}.example/events.ics": calendar(1) for name in ("chamber", "library")}
    ours, theirs = {"library": a_source("library")}, {name: a_source(name) for name in ("chamber", "library")}
    collector.store.register(theirs.values(), now=collector.clock())

    await tick(ours, collector.tools, owner="old")
    first = [asked.host for asked in web_site.asked]
    await tick(theirs, collector.tools, owner="new")

    assert first == ["library.example"]
    assert [asked.host for asked in web_site.asked] == ["library.example", "chamber.example"]


class FullDisk(Executor):
    """A writer that cannot write."""

    def submit(self, /, *_: Any, **__: Any) -> Future[Any]:
        raise StoreError("hobnob.db: not written: database or disk is full")


async def test_a_newer_catalogue_is_taken_over_while_it_runs(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    web_site.pages["library.example/events.ics"] = calendar(1, 2)
    chamber, library = a_source("chamber"), a_source("library")
    collector.store.register([chamber], now=collector.clock())
    known = {"chamber": chamber}

    await renew_catalogue(known, collector.tools, lambda: None)
    assert known.keys() == {"chamber"}
    await renew_catalogue(known, collector.tools, lambda: iter([library]))
    await tick(known, collector.tools)

    assert known.keys() == {"library"}
    assert {status.name: status.in_catalogue for status in collector.store.sources()} == {
        "chamber": False,
        "library": True,
    }
    assert collector.told("library").keys() == {"1", "2"}


async def test_what_did_not_change_is_not_matched_again_and_a_long_matching_puts_off_the_next(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    web_site.pages["chamber.example/events.ics"] = calendar(1)
    last, chamber = Looked(), a_source("chamber")
    await collector.run(chamber)
    known = {"chamber": chamber}

    await match(collector.tools, known, last)
    matched, rest = last.version, last.rest_until
    await match(collector.tools, known, last)
    assert (last.version, last.rest_until) == (matched, rest)

    web_site.pages["chamber.example/events.ics"] = calendar(1, 2)
    await collector.run(chamber, hours=6)
    last.rest_until = collector.clock() + timedelta(minutes=1)
    await match(collector.tools, known, last)
    assert last.version == matched
    collector.clock.forward(minutes=2)
    await match(collector.tools, known, last)
    assert last.version == collector.store.data_version() > matched


async def test_what_meets_every_week_is_a_group_after_a_collection(
    collector: Any, web_site: Any, a_source: Callable[..., Source]
) -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for day in (4, 11, 18, 25):
        lines += ["BEGIN:VEVENT", f"UID:{day}", f"DTSTART;TZID=America/Los_Angeles:202606{day:02}T070000"]
        lines += ["DURATION:PT1H", "SUMMARY:Leads Breakfast", "LOCATION:1 Main St\\, Fresno", "END:VEVENT"]
    web_site.pages["chamber.example/events.ics"] = "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()

    await collector.run(a_source("chamber"))

    (kept,) = collector.store.groups()
    assert (kept.group.name, kept.group.rhythm.rrules) == ("Leads Breakfast", ("FREQ=WEEKLY;BYDAY=TH",))


async def test_a_store_that_cannot_be_written_is_told_of_as_what_it_is(
    collector: Any, web_site: Any, a_source: Any, calendar: Any, caplog: pytest.LogCaptureFixture
) -> None:
    web_site.pages["chamber.example/events.ics"] = calendar(1)
    source = a_source("chamber")
    collector.store.register([source], now=collector.clock())
    broken = replace(collector.tools, writer=FullDisk())

    await tick({"chamber": source}, broken)
    collector.clock.forward(minutes=2)
    with pytest.raises(StoreError, match="disk is full"):
        await collect_now([source], broken, 1, unreported)

    assert "chamber: not collected: hobnob.db: not written: database or disk is full" in caplog.text


async def test_a_schedule_that_is_stopped_ends_the_turns_it_began_and_begins_no_more(
    web_site: Any, open_collector: Any, a_source: Any, calendar: Any, new_reply: Any
) -> None:
    asked, answers, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hesitate(_asked: object) -> Any:
        asked.set()
        await answers.wait()
        return new_reply(calendar(36_500))  # a hundred years on: the clock here is the real one

    web_site.pages["chamber.example/events.ics"] = hesitate
    source = a_source("chamber")
    async with open_collector(web_site.port, datetime.now(UTC)) as collector:
        collector.store.register([source], now=collector.clock())
        running = asyncio.create_task(run_schedule([source], collector.tools, 4, stop))
        await asked.wait()
        stop.set()
        collector.store.register([replace(source, organizer="changed, so due")], now=collector.clock())
        answers.set()
        await running

        assert [run.kept for run in collector.store.history("chamber", 10)] == [1]


async def test_another_job_is_woken_beside_collecting(collector: Any, a_source: Callable[..., Source]) -> None:
    stop = asyncio.Event()
    woken = 0

    async def wake() -> None:
        nonlocal woken
        woken += 1
        stop.set()

    await asyncio.wait_for(run_schedule([], collector.tools, 4, stop, also=[Job(seconds=60, do=wake)]), 20)

    assert woken == 1
