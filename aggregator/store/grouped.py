"""Reads regular groups; without SQLAlchemy."""

from pydantic import TypeAdapter

from aggregator.store.kept import KeptGroup
from aggregator.store.link import Link

_GROUP = TypeAdapter(KeptGroup)


def read_groups(connection: Link, source: str | None = None) -> tuple[KeptGroup, ...]:
    """Those of a source, or all, by id."""
    rows = connection.execute("SELECT told FROM groups WHERE source = ?1 OR ?1 IS NULL ORDER BY id", (source,))
    return tuple(read_group(told) for (told,) in rows)


def read_group(told: str) -> KeptGroup:
    """One, as it is kept."""
    return _GROUP.validate_json(told)
