"""A whole store into an empty one, of either database; what arrived is read again and compared."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

from sqlalchemy import Boolean, Connection, Engine, Table, delete

import aggregator.store.mailing.tables  # noqa: F401 - its tables belong to the store
from aggregator.errors import StoreError
from aggregator.store.bulk import insert_rows, writing
from aggregator.store.database import is_there, name_of, open_reading, open_writing, prepare
from aggregator.store.derived import index_words
from aggregator.store.link import Link
from aggregator.store.people import metadata
from aggregator.store.reading import Reading
from aggregator.store.tables import texts

Report = Callable[[str, int], None]
"""Told the name of a table, and how many rows of it have just gone over."""

_AT_A_TIME = 2000
_MADE_WITH_IT = ("counters", "salts")
"""Tables that hold rows in an empty store too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How many rows a table has, and what they hash to, in the order of their keys."""

    rows: int
    hash: str


def copy_store(origin: str, target: str, report: Report = lambda *_: None) -> dict[str, Sum]:
    """What was copied, by table. StoreError when there is no store at the origin, when the target is not empty, or when
    something else arrived there; it is all or nothing. Nothing may write into the target meanwhile; what is written
    into the origin is not copied.
    """
    if not is_there(origin):
        raise StoreError(f"{name_of(origin)}: there is no store here")
    prepare(target)
    reading, writing_ = open_reading(origin), open_writing(target, is_durable=True)
    try:
        with reading.snapshot() as link:
            sent = writing_.write(partial(_copy, link=link, report=report))
    finally:
        reading.close()
        writing_.close()
    arrived = sums_of(target)
    if wrong := [name for name, told in sent.items() if arrived[name] != told]:
        raise StoreError(f"{', '.join(wrong)}: what arrived is not what was sent; do not use the copy")
    return sent


def sums_of(address: str) -> dict[str, Sum]:
    """By table, in the order in which they depend on each other."""
    reading = open_reading(address)
    try:
        return _read_sums(reading)
    finally:
        reading.close()


def _read_sums(reading: Reading) -> dict[str, Sum]:
    with reading.snapshot() as link:
        return {table.name: _sum_of(_rows(link, table)) for table in metadata.sorted_tables}


def _copy(engine: Engine, *, link: Link, report: Report) -> dict[str, Sum]:
    with writing(engine) as connection:
        _empty(connection)
        sums = {table.name: _copy_table(connection, link, table, report) for table in metadata.sorted_tables}
        if connection.dialect.name == "postgresql":
            _go_on_counting(connection)
    return sums


def _empty(connection: Connection) -> None:
    """StoreError when somebody has written there."""
    for table in metadata.sorted_tables:
        if table.name not in _MADE_WITH_IT and connection.execute(table.select().limit(1)).first():
            raise StoreError(f"the target is not empty: there are {table.name}; name a new file or database")
    for table in (table for table in metadata.sorted_tables if table.name in _MADE_WITH_IT):
        connection.execute(delete(table))


def _copy_table(connection: Connection, link: Link, table: Table, report: Report) -> Sum:
    def sent() -> Iterator[list[tuple[Any, ...]]]:
        for rows in _rows(link, table):
            insert_rows(connection, table, rows)
            if table is texts:
                index_words(connection, rows)
            report(table.name, len(rows))
            yield rows

    return _sum_of(sent())


def _rows(link: Link, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """All, some thousands at a time, in the order of their keys and the types of Python."""
    columns = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    is_flag = [isinstance(column.type, Boolean) for column in table.columns]
    select = f"SELECT {_quoted(columns)} FROM {table.name}"  # noqa: S608 - names of ours
    order = f" ORDER BY {_quoted(keys)} LIMIT {_AT_A_TIME:d}"
    after = f" WHERE ({_quoted(keys)}) > ({', '.join('?' * len(keys))})"
    places = [columns.index(key) for key in keys]
    rows = link.execute(select + order).fetchall()
    while rows:
        yield [_typed(row, is_flag) for row in rows]
        last = tuple(rows[-1][place] for place in places)
        rows = link.execute(select + after + order, last).fetchall() if len(rows) == _AT_A_TIME else []


def _typed(row: Sequence[Any], is_flag: Sequence[bool]) -> tuple[Any, ...]:
    return tuple(bool(value) if flag and value is not None else value for value, flag in zip(row, is_flag, strict=True))


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _sum_of(parts: Iterator[list[tuple[Any, ...]]]) -> Sum:
    digest, count = blake2b(digest_size=16), 0
    for rows in parts:
        count += len(rows)
        for row in rows:
            digest.update(repr(row).encode())
    return Sum(rows=count, hash=digest.hexdigest())


def _go_on_counting(connection: Connection) -> None:
    """PostgreSQL's own counters do not see numbers that are given."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and column.autoincrement is True:
            last = f"(SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name})"  # noqa: S608 - names of ours
            own = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
            connection.exec_driver_sql(f"SELECT setval({own}, {last}, false)")
