"""One file that holds all of a store: written whole or not at all, and looked through before it bears its name."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aggregator.errors import StoreError
from aggregator.store.database import is_postgres
from aggregator.store.engine import file_of

Write = Callable[[Path], None]
"""Puts all of a store, as it was at one moment, into an empty file as a SQLite store."""

_STEP = 4096
"""Pages that are copied at a time: between two, Ctrl-C is heard."""

_COUNTED = ("events", "sources", "runs", "subscriptions")
_BESIDE = ("", "-journal", "-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What is in a file: its size in bytes, the revision of its schema, and rows by table."""

    size: int
    revision: str
    counts: Mapping[str, int]


def back_up(file: Path, write: Write, *, is_forced: bool) -> Backup:
    """What `write` gives, as `file`, readable by its owner only; StoreError when something of that name is there, and
    this is not forced, or when what was written is not whole."""
    if file.exists() and not is_forced:
        raise StoreError(f"{file}: is there already; choose another name, or --force")
    with new_beside(file) as written:
        write(written)
        seen = look_through(written)
        put_in_place(written, file)
    return seen


def writer_of(address: str) -> Write:
    """For a store of either database; StoreError when it is called and there is none."""
    if is_postgres(address):
        return partial(_copy_rows, address)
    return partial(copy_sqlite, file_of(address))


def _copy_rows(address: str, to: Path) -> None:
    from aggregator.store.copying import copy_store  # noqa: PLC0415 - SQLAlchemy, which a file needs none of

    copy_store(address, str(to))
    with closing(_connect(to)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def copy_sqlite(path: Path, to: Path) -> None:
    """By SQLite's own backup, from one state of the file, whatever is written to it meanwhile; nobody waits for it."""
    if not path.exists():
        raise StoreError(f"{path}: there is no store here")
    if to.exists() and path.samefile(to):
        raise StoreError(f"{to}: is the store itself")
    try:
        with closing(_connect(path)) as source, closing(_connect(to)) as target:
            # Without a transaction that lasts, a write of another process would have the copy begin anew, for ever.
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_master").fetchone()
            source.backup(target, pages=_STEP)
            target.execute("PRAGMA journal_mode = DELETE")  # the copy is one file, with nothing beside it
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be copied: {error}") from error


def look_through(file: Path) -> Backup:
    """Every page of a store's file, with its indexes; StoreError when it is no store, or not whole."""
    try:
        with closing(_connect(file)) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            counts = count_rows(connection)
    except sqlite3.OperationalError as error:
        raise StoreError(f"{file}: is no store of Hobnob: {error}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{file}: is damaged, or no store of Hobnob: {error}") from error
    if not found or not {"events", "sources"} <= counts.keys():
        raise StoreError(f"{file}: is no store of Hobnob")
    if told != "ok":
        raise StoreError(f"{file}: is damaged: {told}")
    return Backup(size=file.stat().st_size, revision=str(found[0]), counts=counts)


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """By table; an older schema has not all of them."""
    known = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    counted = [table for table in _COUNTED if table in known]
    return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in counted}  # noqa: S608


@contextmanager
def new_beside(file: Path) -> Iterator[Path]:
    """An empty file in the same folder, readable by its owner only, which is gone when the block ends."""
    descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".new", dir=file.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        remove(Path(name))


def put_in_place(written: Path, file: Path) -> None:
    """Under its name only when it is on the disk, and the name too."""
    _sync(written)
    written.replace(file)
    _sync(file.parent)


def remove(file: Path) -> None:
    """A SQLite file, and what may lie beside it."""
    for suffix in _BESIDE:
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _connect(path: Path) -> sqlite3.Connection:
    """To a file that is there: SQLite would make one otherwise."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=5)
