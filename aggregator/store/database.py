"""The database that an address names, and what stands on it; what only PostgreSQL needs is imported for it alone."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.store.engine import ensure_schema, file_of
from aggregator.store.reading import Reading, SqliteReading

if TYPE_CHECKING:
    from aggregator.store.writing import Writing

EVENTS_LOCK = 0x65767473
LETTERS_LOCK = 0x6C747273
SENDING_LOCK = 0x73656E64
TICKING_LOCK = 0x7469636B
"""PostgreSQL's advisory locks: who writes events waits for nobody who writes letters."""


def is_postgres(address: str) -> bool:
    """Whether it is PostgreSQL's."""
    return address.startswith(("postgresql://", "postgres://"))


def name_of(address: str) -> str:
    """What people are told of it: the file, or the address without name and password."""
    if is_postgres(address):
        from aggregator.store.postgres.links import name_of as name_there  # noqa: PLC0415

        return name_there(address)
    return str(file_of(address))


def is_there(address: str) -> bool:
    """Whether somebody made a store there; StoreError when the database cannot be reached."""
    if is_postgres(address):
        from aggregator.store.postgres.schema import has_schema  # noqa: PLC0415

        return has_schema(address)
    return file_of(address).exists()


def prepare(address: str) -> None:
    """Make the store, or bring it up to date; StoreError when that cannot be."""
    if is_postgres(address):
        from aggregator.store.postgres.schema import ensure_schema as ensure_tables  # noqa: PLC0415

        ensure_tables(address)
    else:
        ensure_schema(file_of(address))


def open_reading(address: str) -> Reading:
    """To read a store that is prepared."""
    if is_postgres(address):
        from aggregator.store.postgres.reading import PostgresReading  # noqa: PLC0415

        return PostgresReading(address)
    return SqliteReading(file_of(address))


def open_writing(
    address: str, *, lock: int = EVENTS_LOCK, is_durable: bool = False, is_kept: bool = False
) -> "Writing":
    """To write it; what is `durable` outlives a power cut, and what is `kept` writes one thing at a time, sooner."""
    if is_postgres(address):
        from aggregator.store.postgres.writing import PostgresWriting, connect_writing  # noqa: PLC0415

        return PostgresWriting(connect_writing(address, lock=lock, is_durable=is_durable))
    from aggregator.store.writing import SqliteWriting  # noqa: PLC0415 - SQLAlchemy takes 0.2 s and 27 MB

    return SqliteWriting(file_of(address), is_durable=is_durable, is_kept=is_kept)


def alone(address: str) -> AbstractContextManager[bool]:
    """Whether nobody else sends letters of this store while the block runs; the claim of a dead one is over."""
    if is_postgres(address):
        from aggregator.store.postgres.alone import alone as alone_there  # noqa: PLC0415

        return alone_there(address, SENDING_LOCK)
    return _alone_here(file_of(address))


@contextmanager
def _alone_here(path: Path) -> Iterator[bool]:
    with path.with_name(f"{path.name}.sending").open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
