"""Connections to the store's file, and the schema in it."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from aggregator.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

REVISION = "0017"
"""The newest revision in migrations/versions/; a test holds it to that."""

BUSY_SECONDS = 5.0
MIGRATION_SECONDS = 60.0
"""How long to wait for another's write, and for another's migration."""

_ASK_AGAIN_SECONDS = 0.01

_READ_CACHE = -16_384
"""KiB of pages that a reading connection keeps; the system's own cache holds the rest of the file."""

_WRITE_CACHE = -32_768
_CHECKPOINT = 8_000
"""KiB of pages that a writing connection keeps, and pages (32 MB) of the log from which on they go into the file: what
one run changes of the indexes the next changes again, so that to read and to move it after each takes a sixth longer.
"""

_READ_MAP = 1 << 30
"""Bytes of the file that are read where the system has them, without a call and a copy a page: matching takes a twelfth
less, and so does a run.
"""


def file_of(address: str) -> Path:
    """The SQLite file of `hobnob.db`, `sqlite:hobnob.db`, `sqlite:///hobnob.db` or `sqlite:////var/hobnob.db`."""
    scheme, colon, rest = address.partition(":")
    if not colon or len(scheme) == 1:
        return Path(address)
    if scheme != "sqlite":
        raise StoreError(f"{scheme}: the store is a SQLite file, such as hobnob.db, or a postgresql: address")
    path = rest.removeprefix("///") if rest.startswith("///") else rest.removeprefix("//")
    if not path or path.startswith(":memory:"):
        raise StoreError(f"{address}: name a file; several processes share the store")
    return Path(unquote(path))


def connect_reading(path: Path, *, is_hot: bool = True) -> sqlite3.Connection:
    """A connection that cannot write, and needs neither SQLAlchemy nor a thread; one that is hot keeps what it read."""
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    connection.execute("PRAGMA query_only = ON")
    if is_hot:
        connection.execute(f"PRAGMA cache_size = {_READ_CACHE:d}")
        connection.execute(f"PRAGMA mmap_size = {_READ_MAP:d}")
    return connection


def connect_writing(
    path: Path, timeout: float = BUSY_SECONDS, *, is_durable: bool = False, is_kept: bool = False
) -> "Engine":
    """SQLAlchemy's engine, whose transactions begin as writers: a lock is waited for once, never met half-way.

    When it is durable, what was committed outlives a power cut too, and what was deleted is overwritten. One that is
    kept is for one transaction at a time.
    """
    from sqlalchemy import create_engine, event  # noqa: PLC0415 - the API's process only reads

    from aggregator.store.short import KeptEngine  # noqa: PLC0415

    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": timeout}, hide_parameters=True)
    if is_kept:
        engine = KeptEngine(engine.pool, engine.dialect, engine.url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _: object) -> None:
        # The driver's own BEGIN is deferred and skips DDL; `begin` below says it instead.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # In WAL mode a crash of the program loses nothing that was committed. A power cut can lose the last commits but
        # not corrupt the file; what they held is on the organisers' pages, and the next run reads it again.
        connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'NORMAL'}")
        if is_durable:
            connection.execute("PRAGMA secure_delete = ON")
        else:
            connection.execute(f"PRAGMA cache_size = {_WRITE_CACHE:d}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT:d}")
            connection.execute(f"PRAGMA mmap_size = {_READ_MAP:d}")

    @event.listens_for(engine, "begin")
    def _begin(connection: "Connection") -> None:
        driver_of(connection).execute("BEGIN IMMEDIATE")

    return engine


def driver_of(connection: "Connection") -> sqlite3.Connection:
    """SQLite's own connection: a statement costs it a fifth of SQLAlchemy's way, and its errors are sqlite3's."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def ensure_schema(path: Path) -> None:
    """Make the file, or bring it up to date; Alembic is imported only when there is something to do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if _revision(path) == REVISION:
            return
        from aggregator.store.migrate import migrate  # noqa: PLC0415

        migrate(path)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be opened as a store: {error}") from error


def _revision(path: Path) -> str | None:
    with closing(sqlite3.connect(path, timeout=MIGRATION_SECONDS, isolation_level=None)) as connection:
        _keep_a_log(connection)
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        found = known and connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else None


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Readers and the writer do not wait for each other in WAL mode; it is a property of the file.

    SQLite does not wait for another who is about to write when it changes it: of processes that make a store together
    the later ones ask again.
    """
    until = time.monotonic() + MIGRATION_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_ASK_AGAIN_SECONDS)
