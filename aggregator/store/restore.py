"""Puts a backup in the place of a store, which nobody else has open, and which stays until the backup is there."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aggregator.errors import StoreError
from aggregator.store.backup import Backup, copy_sqlite, count_rows, look_through, new_beside, put_in_place, remove
from aggregator.store.engine import REVISION, ensure_schema

_SHARED_LOCK, _SHARED_BYTES = 0x40000002, 510
"""Where every connection to a file holds a lock (SQLite's own file locking protocol, version 3)."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def restore(file: Path, store: Path, *, is_forced: bool) -> Backup:
    """The backup as the store, brought to this version's schema. StoreError, and the store is as it was, when the
    backup is damaged, no store, or of a newer version, when the store holds something and this is not forced, and when
    anybody has it open."""
    _refuse_newer(file, look_through(file))
    if store.exists() and store.samefile(file):
        raise StoreError(f"{file}: is the store itself")
    store.parent.mkdir(parents=True, exist_ok=True)
    with new_beside(store) as written:
        copy_sqlite(file, written)
        ensure_schema(written)
        restored = look_through(written)
        if store.exists():
            _replace(store, written, is_forced=is_forced)
        else:
            remove(store)  # the journal of a store that is gone would be taken for the new one's
            put_in_place(written, store)
    return restored


def restore_rows(file: Path, address: str) -> Backup:
    """The backup as a store on PostgreSQL, in a database that holds nothing; StoreError as above."""
    from aggregator.store.copying import copy_store  # noqa: PLC0415 - SQLAlchemy, which a file needs none of

    _refuse_newer(file, look_through(file))
    with TemporaryDirectory() as folder:
        current = Path(folder) / "hobnob.db"
        current.touch()
        copy_sqlite(file, current)
        ensure_schema(current)
        copy_store(str(current), address)
        return look_through(current)


def _refuse_newer(file: Path, seen: Backup) -> None:
    if seen.revision > REVISION:
        why = f"its schema is {seen.revision}, and this version knows none after {REVISION}"
        raise StoreError(f"{file}: was made by a newer version of Hobnob: {why}")


def _replace(store: Path, written: Path, *, is_forced: bool) -> None:
    """The old file stays as `….replaced` until the new one is in its place, so one of them is there at any moment."""
    replaced = store.with_name(f"{store.name}.replaced")
    with _alone(store, is_forced=is_forced):
        replaced.unlink(missing_ok=True)
        replaced.hardlink_to(store)
        for suffix in ("-wal", "-shm", "-journal"):
            store.with_name(store.name + suffix).unlink(missing_ok=True)
        put_in_place(written, store)
    replaced.unlink()


@contextmanager
def _alone(store: Path, *, is_forced: bool) -> Iterator[None]:
    """While the block lasts nobody else has the file open, and all of it is in the file. StoreError when that cannot
    be, and when something would be lost that nobody said may be."""
    with ExitStack() as stack:
        connection = stack.enter_context(closing(sqlite3.connect(store, timeout=0, isolation_level=None)))
        try:
            # SQLite refuses to leave WAL mode while any other connection is open, and puts the log into the file.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            amiss = "holds something" if any(count_rows(connection).values()) else None
        except sqlite3.DatabaseError as error:
            _refuse_busy(store, error)
            stack.enter_context(_locked(store))
            amiss = f"is damaged ({error})"
        if amiss and not is_forced:
            raise StoreError(f"{store}: {amiss}; --force puts the backup in its place")
        yield


def _refuse_busy(store: Path, error: sqlite3.DatabaseError) -> None:
    """StoreError, unless the file is merely damaged."""
    code = error.sqlite_errorcode & 0xFF
    if code in _BUSY:
        raise StoreError(f"{store}: another program has it open; stop Hobnob first") from error
    if code not in _DAMAGED:
        raise StoreError(f"{store}: cannot be replaced: {error}") from error


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    """As SQLite would lock it, if it could read the file."""
    with store.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_BYTES, _SHARED_LOCK)
        except BlockingIOError as error:
            raise StoreError(f"{store}: another program has it open; stop Hobnob first") from error
        yield
