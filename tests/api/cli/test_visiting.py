"""Two machines at one host: one visits it at a time, and what one was told the other keeps."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from time import monotonic

import asyncpg
import pytest

from aggregator.errors import StatusError
from aggregator.fetch.pace import Pace
from aggregator.fetch.target import Origin
from aggregator.store.postgres import visits as there
from aggregator.store.postgres.visits import open_visits
from api.cli.visiting import visit

pytestmark = pytest.mark.anyio

CHAMBER = Origin("http", "chamber.example", 80)
LIBRARY = Origin("http", "library.example", 80)
GAP = 0.2


@pytest.fixture
async def address(new_database: Callable[[], str]) -> AsyncIterator[str]:
    given = new_database()
    yield given
    connection = await asyncpg.connect(given)
    await connection.execute("DROP TABLE visits")
    await connection.close()


@asynccontextmanager
async def machine(address: str, gap: float = GAP) -> AsyncIterator[Pace]:
    """The pace of a program on a machine of its own."""
    async with open_visits(address) as visits:
        yield Pace(slots=8, gap=gap, visiting=partial(visit, visits))


async def test_a_host_has_one_visitor_at_a_time_and_its_pauses(address: str) -> None:
    times: list[float] = []

    async def ask(pace: Pace) -> None:
        async with pace.turn(CHAMBER, lambda: False):
            times.append(monotonic())
            await asyncio.sleep(0)
            times.append(monotonic())

    async with machine(address) as one, machine(address) as other:
        await asyncio.gather(*(ask(pace) for pace in (one, other, one, other)))

    assert len(times) == 8
    pauses = [begun - ended for ended, begun in zip(times[1::2], times[2::2], strict=False)]
    assert all(pause >= GAP - 0.01 for pause in pauses), pauses


async def test_hosts_do_not_wait_for_each_other(address: str) -> None:
    async with (
        machine(address) as one,
        machine(address) as other,
        one.turn(CHAMBER, lambda: False),
        asyncio.timeout(20),
        other.turn(LIBRARY, lambda: False),
    ):
        pass


async def test_a_host_that_asked_one_machine_to_be_left_alone_is_left_alone_by_all(address: str) -> None:
    async with machine(address) as one, machine(address) as other:
        async with one.turn(CHAMBER, lambda: False):
            one.stop(CHAMBER, 600, 429)
        with pytest.raises(StatusError, match="left alone") as caught:
            async with other.turn(CHAMBER, lambda: False):
                pass
        async with other.turn(LIBRARY, lambda: False):
            pass

    assert caught.value.status == 429
    assert 590 < (caught.value.retry_after or 0) <= 600


async def test_the_visit_of_a_machine_that_died_is_over_soon(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(there, "SILENCE", timedelta(seconds=0.3))
    async with open_visits(address) as dead, machine(address) as other:
        assert await dead.take(str(CHAMBER)) is not None
        began = monotonic()
        async with asyncio.timeout(20), other.turn(CHAMBER, lambda: False):
            waited = monotonic() - began

    assert waited >= 0.25
