"""What is due goes over the queue to those who work: once, handed back, taken over, through a restart."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from aggregator.collect import Tools
from aggregator.queue import Queue, Worker, install, open_line, work
from aggregator.source import Source
from aggregator.store.database import TICKING_LOCK
from aggregator.store.postgres.alone import held
from aggregator.turn import LEASE, take_turn

pytestmark = pytest.mark.anyio

MANY = tuple(f"site{number}.example" for number in range(12))
PATIENCE = 30.0


@pytest.fixture
async def address(new_database: Callable[[], str]) -> AsyncIterator[str]:
    """An empty store with an empty queue."""
    given = new_database()
    await install(given)
    yield given
    await ask(given, "TRUNCATE pgqueuer, pgqueuer_log")


@pytest.fixture
def many(a_source: Callable[..., Source], web_site: Any, calendar: Any) -> dict[str, Source]:
    """Twelve sources, each at a host of its own."""
    web_site.pages |= {f"{host}/events.ics": calendar(1) for host in MANY}
    names = [host.partition(".")[0] for host in MANY]
    return {name: a_source(name, f"http://{name}.example/events.ics") for name in names}


async def ask(address: str, question: str) -> list[Any]:
    connection = await asyncpg.connect(address)
    try:
        return list(await connection.fetch(question))
    finally:
        await connection.close()


async def queued(address: str) -> Counter[str]:
    """How many jobs are on the queue, by their state."""
    return Counter({row["status"]: row["count"] for row in await ask(address, STATES)})


CUT = (
    "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE d.datname = current_database() AND l.objid = {:d} AND l.granted"
)
STATES = "SELECT status::text, count(*) FROM pgqueuer GROUP BY status"


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - a table tells nobody that it has changed
            await asyncio.sleep(0.03)


async def until_empty(address: str) -> None:
    async def is_empty() -> bool:
        return not await queued(address)

    await until(is_empty)


@asynccontextmanager
async def working(address: str, worker: Worker, slots: int = 8) -> AsyncIterator[None]:
    """The worker works until the block ends."""
    stop = asyncio.Event()
    async with open_line(address, stop) as line:
        task = asyncio.create_task(worker.work(line, slots, stop))
        try:
            yield
        finally:
            stop.set()
            await task


async def put_due(address: str, tools: Tools) -> None:
    async with open_line(address, asyncio.Event()) as line:
        await Queue(line).put_due(tools)


def runs_of(tools: Tools, names: Iterable[str]) -> Counter[str]:
    return Counter({name: len(tools.store.history(name, 100)) for name in names})


async def test_what_is_due_is_queued_once_and_two_workers_do_it_once(
    web_site: Any, clock: Any, many: dict[str, Source], open_tools: Any, address: str
) -> None:
    async with open_tools(web_site.port, clock, hosts=MANY, address=address) as tools:
        tools.store.register(many.values(), now=clock())
        for _ in range(3):
            await put_due(address, tools)
        waiting = await queued(address)

        async with working(address, Worker(many, tools)), working(address, Worker(many, tools)):
            await until_empty(address)
            await put_due(address, tools)
            await until_empty(address)

        assert waiting == {"queued": len(MANY)}
        assert runs_of(tools, many) == dict.fromkeys(many, 1)
    assert sorted(asked.host for asked in web_site.asked) == sorted(MANY)


async def test_two_processes_may_make_the_queue_at_once(new_database: Callable[[], str]) -> None:
    address = new_database()
    await ask(address, "DROP TABLE IF EXISTS pgqueuer, pgqueuer_log, pgqueuer_statistics, pgqueuer_schedules CASCADE")
    await ask(address, "DROP TYPE IF EXISTS pgqueuer_status")
    await ask(address, "DROP FUNCTION IF EXISTS fn_pgqueuer_changed CASCADE")

    await asyncio.gather(install(address), install(address))
    await install(address)

    assert await queued(address) == {}


async def test_a_stopped_worker_hands_back_what_takes_too_long(
    web_site: Any,
    clock: Any,
    many: dict[str, Source],
    open_tools: Any,
    address: str,
    new_reply: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, answers, told = asyncio.Event(), asyncio.Event(), web_site.pages["site0.example/events.ics"]

    async def hang(_asked: object) -> Any:
        asked.set()
        await answers.wait()
        return new_reply(told)

    web_site.pages["site0.example/events.ics"] = hang
    monkeypatch.setattr(work, "GRACE_SECONDS", 0.05)
    async with open_tools(web_site.port, clock, hosts=MANY, address=address) as tools:
        tools.store.register([many["site0"]], now=clock())
        await put_due(address, tools)
        async with working(address, Worker(many, tools)):
            await asyncio.wait_for(asked.wait(), PATIENCE)
        handed_back = await queued(address)
        answers.set()
        async with working(address, Worker(many, tools)):
            await until_empty(address)

        assert handed_back == {"queued": 1}
        assert runs_of(tools, ["site0"]) == {"site0": 1}


async def test_a_job_of_a_worker_that_fell_silent_is_taken_over_before_its_lease_is_over(
    web_site: Any,
    clock: Any,
    many: dict[str, Source],
    open_tools: Any,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work, "SILENCE", timedelta(seconds=0.5))
    monkeypatch.setattr(work, "LOOK", timedelta(seconds=0.1))
    async with open_tools(web_site.port, clock, hosts=MANY, address=address) as tools:
        tools.store.register([many["site0"]], now=clock())
        await put_due(address, tools)
        (job,) = await ask(address, "UPDATE pgqueuer SET status = 'picked', heartbeat = now() RETURNING id")
        dead = await asyncio.to_thread(tools.store.lease_if_due, "site0", clock(), owner=f"job {job['id']}", ttl=LEASE)

        async with working(address, Worker(many, tools)):
            await until_empty(address)

        assert dead is not None
        assert runs_of(tools, ["site0"]) == {"site0": 1}


async def test_a_job_whose_source_another_worker_knows_waits_for_that_one(
    web_site: Any, clock: Any, many: dict[str, Source], open_tools: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ELSEWHERE", timedelta(seconds=0.1))
    async with open_tools(web_site.port, clock, hosts=MANY, address=address) as tools:
        tools.store.register([many["site0"]], now=clock())
        await put_due(address, tools)
        async with working(address, Worker({}, tools)):
            await until(lambda: ask(address, "SELECT FROM pgqueuer WHERE attempts > 0"))
            async with working(address, Worker(many, tools)):
                await until_empty(address)

        assert runs_of(tools, ["site0"]) == {"site0": 1}


async def test_a_job_that_breaks_is_done_again_under_its_own_lease(
    web_site: Any, clock: Any, many: dict[str, Source], open_tools: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = 0

    async def break_once(*given: Any) -> object:
        nonlocal turns
        turns += 1
        if turns == 1:
            raise ZeroDivisionError
        return await take_turn(*given)

    monkeypatch.setattr(work, "take_turn", break_once)
    async with open_tools(web_site.port, clock, hosts=MANY, address=address) as tools:
        tools.store.register([many["site0"]], now=clock())
        await put_due(address, tools)
        async with working(address, Worker(many, tools)):
            await until_empty(address)

        assert turns == 2
        assert runs_of(tools, ["site0"]) == {"site0": 1}


async def test_what_was_noted_of_jobs_is_forgotten(address: str) -> None:
    async with open_line(address, asyncio.Event()) as line:
        queue = Queue(line)
        await queue.put_letters()
        before = await ask(address, "SELECT FROM pgqueuer_log")
        await queue.forget()

    assert before
    assert not await ask(address, "SELECT FROM pgqueuer_log")
    assert await queued(address) == {"queued": 1}


async def test_letters_are_one_job_at_a_time(web_site: Any, clock: Any, open_tools: Any, address: str) -> None:
    sent = 0

    async def send() -> None:
        nonlocal sent
        sent += 1

    async with open_tools(web_site.port, clock, hosts=MANY, address=address) as tools:
        async with open_line(address, asyncio.Event()) as line:
            await Queue(line).put_letters()
            await Queue(line).put_letters()
        async with working(address, Worker({}, tools)):  # one without a sender leaves them
            await asyncio.sleep(0)
        left = await queued(address)
        async with working(address, Worker({}, tools, send)):
            await until_empty(address)

    assert left == {"queued": 1}
    assert sent == 1


async def test_who_waits_for_a_claim_has_it_when_the_session_of_who_had_it_ends(address: str) -> None:
    stop, waiting = asyncio.Event(), asyncio.Event()

    async def wait() -> bool:
        waiting.set()
        async with held(address, TICKING_LOCK, stop) as over:
            return not over.is_set()

    async with held(address, TICKING_LOCK, stop) as over:
        second = asyncio.create_task(wait())
        await waiting.wait()
        done, _ = await asyncio.wait([second], timeout=0.2)
        await ask(address, CUT.format(TICKING_LOCK))
        async with asyncio.timeout(PATIENCE):
            await over.wait()
            is_ours = await second

    assert not done
    assert is_ours


async def test_who_is_stopped_while_waiting_for_a_claim_waits_no_longer(address: str) -> None:
    stop = asyncio.Event()
    async with held(address, TICKING_LOCK, asyncio.Event()):
        stop.set()
        async with asyncio.timeout(PATIENCE), held(address, TICKING_LOCK, stop) as over:
            assert over.is_set()
