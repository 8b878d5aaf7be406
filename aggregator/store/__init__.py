"""The store: what sources told, what we tell, and the search by place and date. All SQL is in here."""

from typing import TYPE_CHECKING

from aggregator.store.answer import TOTAL_CAP, Answer, Hints, Hit
from aggregator.store.database import prepare
from aggregator.store.facets import COUNTED_CAP, Facets
from aggregator.store.kept import (
    Candidate,
    Change,
    KeptEdition,
    KeptGroup,
    Lease,
    News,
    Settled,
    SourceStatus,
    StoredPage,
    Widget,
)
from aggregator.store.reader import Reader

if TYPE_CHECKING:
    from aggregator.store.store import Store

__all__ = [
    "COUNTED_CAP",
    "TOTAL_CAP",
    "Answer",
    "Candidate",
    "Change",
    "Facets",
    "Hints",
    "Hit",
    "KeptEdition",
    "KeptGroup",
    "Lease",
    "News",
    "Reader",
    "Settled",
    "SourceStatus",
    "StoredPage",
    "Widget",
    "open_reader",
    "open_replica",
    "open_store",
]


def open_store(address: str) -> "Store":
    """A file's name, an sqlite: or a postgresql: address; made, and brought to the newest schema, when it is not."""
    from aggregator.store.store import Store  # noqa: PLC0415 - SQLAlchemy takes 0.2 s and 27 MB, and readers need none

    prepare(address)
    return Store(address)


def open_replica(address: str) -> Reader:
    """A read-only copy that PostgreSQL keeps of a store: nothing is made or changed there."""
    return Reader(address)


def open_reader(address: str) -> Reader:
    """The same for a process that only answers: no SQLAlchemy, and no Alembic unless the schema is old."""
    prepare(address)
    return Reader(address)
