"""The schema on PostgreSQL: made whole where there is none, else brought up to date; one process at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_bytes
from typing import Any

from alembic import command
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, insert, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

import aggregator.store.mailing.tables as mailing
from aggregator.errors import StoreError
from aggregator.store.engine import MIGRATION_SECONDS, REVISION
from aggregator.store.migrate import configuration
from aggregator.store.people import metadata
from aggregator.store.postgres.bridge import greenlet_spawn, run
from aggregator.store.postgres.links import FAILURES, WAIT_SECONDS, connect, name_of, unread
from aggregator.store.postgres.writing import connect_writing
from aggregator.store.tables import counters

_MIGRATING = 0x486F626E6F62
"""The advisory lock of all who make or change the schema."""

_ADDED = (
    # What SQLite calls these, so that one text of a statement does for both.
    """
    CREATE FUNCTION json_each(told text) RETURNS TABLE (key text, value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
      SELECT NULL, value FROM jsonb_array_elements_text(CASE WHEN left(told, 1) = '[' THEN told::jsonb ELSE '[]' END)
      UNION ALL
      SELECT key, value FROM jsonb_each_text(CASE WHEN left(told, 1) = '{' THEN told::jsonb ELSE '{}' END)
    $$
    """,
    """
    CREATE FUNCTION json_each(told text, path text) RETURNS TABLE (key text, value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
      SELECT found.key, found.value FROM json_each(jsonb_path_query_first(told::jsonb, path::jsonpath)::text) AS found
    $$
    """,
    """
    CREATE FUNCTION json_extract(told text, path text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT jsonb_path_query_first(told::jsonb, path::jsonpath) #>> '{}'
    $$
    """,
    # Only what the index holds is read: no visit of the table for a date that a filter leaves out.
    "ALTER TABLE cells DROP CONSTRAINT cells_pkey",
    'ALTER TABLE cells ADD PRIMARY KEY (cell, start, event) INCLUDE ("end", x, y, z, flags, clock)',
    "CREATE TABLE words (event bigint PRIMARY KEY REFERENCES events ON DELETE CASCADE, told tsvector NOT NULL)",
    "CREATE INDEX words_by_word ON words USING gin (told)",
    "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)",
)
FIRST_COUNTERS = {"data_version": 1, "events": 0, "changes": 0}


def ensure_schema(address: str) -> None:
    """Make the tables, or bring them up to date; StoreError when the database cannot be reached."""
    engine = connect_writing(address, lock=_MIGRATING, is_durable=True, timeout=MIGRATION_SECONDS)
    try:
        run(greenlet_spawn(_ensure, engine))
    except (SQLAlchemyError, CommandError, OSError, TimeoutError) as error:
        told = error.orig if isinstance(error, DBAPIError) else error
        raise StoreError(f"{name_of(address)}: cannot be opened as a store: {told}") from error
    finally:
        run(greenlet_spawn(engine.dispose))


@asynccontextmanager
async def migrating(address: str) -> AsyncIterator[Any]:
    """A connection for whoever makes or changes tables; others who do wait. StoreError when it cannot be had."""
    try:
        connection = await connect(address, seconds=None)
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", _MIGRATING, timeout=MIGRATION_SECONDS)
            yield connection
        finally:
            await connection.close(timeout=WAIT_SECONDS)
    except FAILURES as error:
        raise unread(address, error) from error


def has_schema(address: str) -> bool:
    """Whether the tables are there; StoreError when the database cannot be reached."""
    try:
        return bool(run(_ask(address, "SELECT to_regclass('alembic_version') IS NOT NULL")))
    except FAILURES as error:
        raise unread(address, error) from error


async def _ask(address: str, question: str) -> Any:
    connection = await connect(address)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def _ensure(engine: Engine) -> None:
    with engine.begin() as connection:
        if not inspect(connection).has_table("alembic_version"):
            _make(connection)
        elif connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() != REVISION:
            config = configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _make(connection: Connection) -> None:
    """All tables as they are now: there are no older stores on PostgreSQL than the first revision that runs on it."""
    metadata.create_all(connection)
    for statement in _ADDED:
        connection.exec_driver_sql(statement)
    connection.execute(insert(counters), [{"name": name, "value": value} for name, value in FIRST_COUNTERS.items()])
    connection.execute(insert(mailing.salts).values(name="requests", value=token_bytes(16)))
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
