"""What only a store on PostgreSQL can meet: another program's locks, and a database that is gone."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import asyncpg
import pytest

from aggregator.errors import StoreError
from aggregator.event import Event
from aggregator.query import EventQuery
from aggregator.store import open_reader, open_store
from aggregator.store.database import EVENTS_LOCK, alone
from aggregator.store.engine import REVISION
from aggregator.store.mailing import open_mailing
from aggregator.store.postgres.writing import connect_writing

pytestmark = pytest.mark.anyio

UNDO_TO_0012 = """
DROP TABLE editions, questions, tellings;
ALTER TABLE sources DROP COLUMN settled_as, DROP COLUMN settled_until;
DROP INDEX deliveries_by_stage;
ALTER TABLE deliveries DROP COLUMN told, ADD COLUMN sent text;
CREATE INDEX deliveries_by_stage ON deliveries (stage, next_attempt_at);
UPDATE alembic_version SET version_num = '0012'
"""
A_LETTER = """
INSERT INTO subscriptions (number, address, query, weekday, hour, zone, most, state, consent_words, consent_at,
  consent_channel) VALUES (1, 'a@mail.example', '', 0, 7, 'UTC', 9, 'unsubscribed', '', 0, '');
INSERT INTO deliveries (subscription, period, stage, due_at, next_attempt_at, message_key, changed_at, sent)
VALUES (1, '2026-W41', 'sent', 0, 0, '', 0, '[1]')
"""
CUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
COLUMNS = """
SELECT column_name, data_type, collation_name, is_nullable FROM information_schema.columns
WHERE table_name = 'editions' ORDER BY ordinal_position
"""


@pytest.fixture(params=["postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def query(now: datetime) -> EventQuery:
    return EventQuery(start=now, end=now + timedelta(days=30))


async def test_while_another_writes_it_is_read_and_a_write_waits_then_fails(
    new_address: Callable[[], str],
    event: Callable[..., Event],
    write: Callable[..., int],
    query: EventQuery,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = new_address()
    with open_store(address) as store:
        write(store, new=(event("a"),))
    monkeypatch.setattr("aggregator.store.postgres.writing.connect_writing", partial(connect_writing, timeout=0.05))
    with open_store(address) as impatient:
        other = await asyncpg.connect(address)
        await other.fetchval("SELECT pg_advisory_lock($1)", EVENTS_LOCK)
        assert len((await impatient.search(query)).hits) == 1
        with pytest.raises(StoreError, match=r"not written: .*lock timeout"):
            await asyncio.to_thread(impatient.roll_forward, query.start + timedelta(days=90))
        await other.close()
        assert await asyncio.to_thread(impatient.roll_forward, query.start + timedelta(days=90)) == 1


async def test_who_asks_from_a_loop_of_its_own_is_answered_there(
    new_address: Callable[[], str], event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    address = new_address()
    with open_store(address) as store:
        write(store, new=tuple(event(name) for name in "abc"))
    with open_reader(address) as reader:
        async with reader.here():
            answers = await asyncio.gather(*(reader.search(query) for _ in range(20)))
        again = await reader.search(query)

    assert {len(answer.hits) for answer in (*answers, again)} == {3}


def test_a_database_that_is_not_there_is_one_line_without_its_password() -> None:
    with pytest.raises(StoreError, match="cannot be reached") as told:
        open_store("postgresql://elm:secret@127.0.0.1:1/hobnob")

    assert "secret" not in str(told.value)
    assert "postgresql://127.0.0.1:1/hobnob" in str(told.value)


def test_processes_that_begin_together_make_one_store(
    new_address: Callable[[], str], on_database: Callable[[str, str], None]
) -> None:
    address = new_address()
    on_database(address, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(open_store, [address] * 4))

    assert [store.data_version() for store in stores] == [1] * 4
    for store in stores:
        store.close()


def test_a_store_of_an_older_hobnob_gets_the_tables_of_a_new_one(
    new_address: Callable[[], str], on_database: Callable[[str, str], None]
) -> None:
    address = new_address()
    made = asyncio.run(_fetch(address, COLUMNS))
    on_database(address, UNDO_TO_0012)
    on_database(address, A_LETTER)

    with open_store(address) as store:
        assert store.editions(1) == ()

    assert ("name", "text", "C", "NO") in made
    assert asyncio.run(_fetch(address, COLUMNS)) == made
    assert asyncio.run(_fetch(address, "SELECT count(*) FROM editions")) == [(0,)]
    assert asyncio.run(_fetch(address, "SELECT version_num FROM alembic_version")) == [(REVISION,)]
    with open_mailing(address) as mailing:
        assert [text for _, text in mailing.sent_before([1])[1]] == ["[1]"]


def test_what_is_written_after_the_server_went_is_written(
    new_address: Callable[[], str],
    event: Callable[..., Event],
    write: Callable[..., int],
    on_database: Callable[[str, str], None],
) -> None:
    address = new_address()
    with open_store(address) as store:
        write(store, new=(event("a"),))
        on_database(address, CUT)
        write(store, new=(event("b"),))

    assert asyncio.run(_fetch(address, "SELECT count(*) FROM events")) == [(2,)]


def test_letters_are_sent_by_one_process_at_a_time(new_address: Callable[[], str]) -> None:
    address = new_address()
    with open_mailing(address) as mailing:
        with mailing.alone() as first, alone(address) as second:
            assert (first, second) == (True, False)
        with alone(address) as again:
            assert again


async def test_a_lease_is_taken_and_renewed_while_another_writes(
    new_address: Callable[[], str], event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    address, minute = new_address(), timedelta(minutes=1)
    with open_store(address) as store:
        write(store, new=(event("a"),))
        other = await asyncpg.connect(address)
        await other.fetchval("SELECT pg_advisory_lock($1)", EVENTS_LOCK)

        async with asyncio.timeout(20):
            lease = await asyncio.to_thread(store.lease, "chamber", now, owner="here", ttl=minute)
            assert lease is not None
            renewed = await asyncio.to_thread(store.renew, lease, now + 2 * minute)
        await other.close()

    assert renewed.until == now + 2 * minute


async def _fetch(address: str, question: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(address)
    try:
        return [tuple(row) for row in await connection.fetch(question)]
    finally:
        await connection.close()
