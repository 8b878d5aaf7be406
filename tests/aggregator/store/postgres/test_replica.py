"""A replica that PostgreSQL keeps, and how far behind it is."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import pytest

from aggregator.event import Event
from aggregator.query import EventQuery
from aggregator.store import open_replica, open_store
from aggregator.store.postgres.bridge import run


@pytest.fixture
def pair(postgres_programs: Path, cluster: Any) -> Iterator[tuple[str, str]]:
    """Addresses of a store and of its replica."""
    with ExitStack() as stack:
        first, second = (Path(stack.enter_context(TemporaryDirectory(prefix="hobnob-pair-"))) for _ in range(2))
        primary = stack.enter_context(cluster(postgres_programs, first))
        replica = stack.enter_context(cluster(postgres_programs, second, primary))
        yield f"{primary.address}postgres", f"{replica.address}postgres"


def test_a_replica_answers_and_says_up_to_when(
    pair: tuple[str, str],
    on_database: Callable[[str, str], None],
    event: Callable[..., Event],
    write: Callable[..., int],
    now: datetime,
) -> None:
    address, replica = pair
    query, real_now = EventQuery(start=now, end=now + timedelta(days=30)), datetime.now(UTC)
    with open_store(address) as store, open_replica(replica) as reader:
        write(store, new=(event("a"),))
        run(until(replica, "SELECT to_regclass('events') IS NOT NULL"))
        run(until(replica, "SELECT count(*) = 1 FROM events"))
        assert len(asyncio.run(reader.search(query)).hits) == 1
        assert store.as_of(real_now) == real_now

        on_database(replica, "SELECT pg_wal_replay_pause()")
        run(until(replica, "SELECT pg_get_wal_replay_pause_state() = 'paused'"))
        write(store, new=(event("b"),))
        run(until(replica, "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()"))
    with open_replica(replica) as reader:
        assert len(asyncio.run(reader.search(query)).hits) == 1
        assert reader.as_of(datetime.now(UTC) + timedelta(hours=1)) < datetime.now(UTC)


async def until(address: str, question: str) -> None:
    connection = await asyncpg.connect(address)
    async with asyncio.timeout(20):
        while not await connection.fetchval(question):
            pass
    await connection.close()
