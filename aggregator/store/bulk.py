"""Transactions and rows by the thousand, through SQLAlchemy Core."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    CursorResult,
    Dialect,
    Engine,
    Select,
    Table,
    UpdateBase,
    bindparam,
    delete,
    insert,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from aggregator.errors import StoreError
from aggregator.store.engine import driver_of
from aggregator.store.link import Ask
from aggregator.store.postgres.translate import bind
from aggregator.store.tables import counters

T = TypeVar("T")
Often = UpdateBase | Select[*tuple[Any, ...]]

_RAISE = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=counters.c.value + bindparam("by"))
    .returning(counters.c.value)
)
_WORTH_A_COPY = 20
"""Rows that PostgreSQL's COPY takes faster than INSERT."""

_CHUNK = 500
"""How many numbers go into one IN (…)."""


@contextmanager
def writing(engine: Engine, *, is_alone: bool = True) -> Iterator[Connection]:
    """One transaction, all of it or nothing; StoreError when the file is full, locked for too long, or broken.

    On PostgreSQL what locks its own rows need not be alone, and waits for no long write of others.
    """
    try:
        with (engine if is_alone else engine.execution_options(is_alone=False)).begin() as connection:
            yield connection
    except (DBAPIError, sqlite3.Error) as error:
        told = error.orig if isinstance(error, DBAPIError) else error
        raise StoreError(f"{_name_of(engine)}: not written: {told}") from error
    except OSError as error:
        raise StoreError(f"{_name_of(engine)}: cannot be reached: {error}") from error


def _name_of(engine: Engine) -> str:
    return engine.url.database or engine.url.get_backend_name()


def asking(connection: Connection) -> Ask:
    """Reads inside of a transaction, by the SQL of who reads outside of one."""
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql

    def ask(sql: str, given: tuple[Any, ...] = ()) -> Iterable[Sequence[Any]]:
        return connection.exec_driver_sql(*bind(sql, given))

    return ask


def insert_rows(connection: Connection, table: Table, rows: Iterable[tuple[object, ...]], more: str = "") -> None:
    """Rows in the order of the table's columns, already in the database's own types; `more` is an ON CONFLICT clause.

    Core's own way takes a dictionary a row and costs three times as much.
    """
    listed = list(rows)
    if connection.dialect.name == "postgresql" and not more and len(listed) >= _WORTH_A_COPY:
        from aggregator.store.postgres.copying import copy_in  # noqa: PLC0415 - of no use on SQLite

        copy_in(connection, table.name, listed)
    elif listed:
        connection.exec_driver_sql(_insert_sql(table, connection.dialect) + more, listed)


def delete_rows(connection: Connection, table: Table, keys: Iterable[tuple[object, ...]]) -> None:
    """The rows with these primary keys, columns in order."""
    listed = list(keys)
    if listed:
        connection.exec_driver_sql(_delete_sql(table, connection.dialect), listed)


def run_often(connection: Connection, statement: UpdateBase, given: Mapping[str, object]) -> int:
    """A statement of ours with values by name, already in the database's own types; how many rows it was.

    For what is written by the thousand, each in its own transaction: Core's own way costs ten times as much.
    """
    return _run(connection, statement, given).rowcount


def find_often(connection: Connection, statement: Often, given: Mapping[str, object]) -> Any:
    """The first row that such a statement gives, in the database's own types; None when there is none."""
    return _run(connection, statement, given).fetchone()


def _run(connection: Connection, statement: Often, given: Mapping[str, object]) -> sqlite3.Cursor | CursorResult[Any]:
    sql, names, constants = _compiled(statement, connection.dialect)
    values = {**constants, **given}
    listed = tuple(values[name] for name in names)
    if connection.dialect.name == "sqlite":
        return driver_of(connection).execute(sql, listed)
    return connection.exec_driver_sql(sql, listed)


def run_for_each(connection: Connection, statement: UpdateBase, given: Iterable[Mapping[str, object]]) -> None:
    """The same for several sets of values, of which there is one at least."""
    sql, names, constants = _compiled(statement, connection.dialect)
    every = ({**constants, **one} for one in given)
    connection.exec_driver_sql(sql, [tuple(values[name] for name in names) for values in every])


def remove_named(engine: Engine, table: Table, name: str) -> bool:
    """Whether there was a row of that name, of which people were told."""
    with writing(engine) as connection:
        is_known = connection.execute(delete(table).where(table.c.name == name)).rowcount == 1
        bump_version(connection)
    return is_known


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that fit one IN (…)."""
    remaining = iter(values)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def next_numbers(connection: Connection, count: int, of: str = "events") -> range:
    """So many numbers of events, or of `changes`, that nobody else has or had."""
    return range((last := _raise_counter(connection, of, count)) - count + 1, last + 1)


def reserve_numbers(connection: Connection, last: int) -> None:
    """Give out no event number up to this one any more."""
    behind = counters.c.name == "events", counters.c.value < last
    connection.execute(update(counters).where(*behind).values(value=last))


def bump_version(connection: Connection) -> None:
    """What is told has changed: answers that somebody kept are old."""
    _raise_counter(connection, "data_version", 1)


def _raise_counter(connection: Connection, name: str, by: int) -> int:
    return int(connection.execute(_RAISE, {"counter": name, "by": by}).scalar_one())


@lru_cache
def _compiled(statement: Often, dialect: Dialect) -> tuple[str, Sequence[str], Mapping[str, object]]:
    """Its text, the names of its parameters in their order, and those that are of its own."""
    made = statement.compile(dialect=dialect)
    return str(made), made.positiontup or (), {name: one for name, one in made.params.items() if one is not None}


@lru_cache
def _insert_sql(table: Table, dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect))


@lru_cache
def _delete_sql(table: Table, dialect: Dialect) -> str:
    statement = delete(table)
    for column in table.primary_key:
        statement = statement.where(column == text(":" + column.name))
    return str(statement.compile(dialect=dialect))
