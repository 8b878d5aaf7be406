"""Reads regular groups; without SQLAlchemy."""

import sqlite3

from pydantic import TypeAdapter

from aggregator.store.kept import KeptGroup

_GROUP = TypeAdapter(KeptGroup)


def read_groups(connection: sqlite3.Connection, source: str | None = None) -> tuple[KeptGroup, ...]:
    """Those of a source, or all, by id."""
    rows = connection.execute("SELECT told FROM groups WHERE ?1 IS NULL OR source = ?1 ORDER BY id", (source,))
    return tuple(read_group(told) for (told,) in rows)


def read_group(told: str) -> KeptGroup:
    """One, as it is kept."""
    return _GROUP.validate_json(told)
