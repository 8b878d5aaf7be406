"""What sites show of us: the table of widgets, and writing it; answers that were kept are old from then on."""

import json
from dataclasses import asdict

from sqlalchemy import Column, Engine, Table, Text, delete, insert

from aggregator.store.bulk import bump_version, writing
from aggregator.store.columns import Instant
from aggregator.store.kept import Widget
from aggregator.store.tables import metadata

_JSON = ("query", "pins", "picks", "blocked")

widgets = Table(
    "widgets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("title", Text),
    *(Column(name, Text, nullable=False) for name in _JSON[1:]),
    Column("updated_at", Instant, nullable=False),
)
"""Saved by name; `query`, `pins`, `picks` and `blocked` are JSON."""


def save(engine: Engine, widget: Widget) -> None:
    """In the place of the one of that name, if there is one."""
    row = asdict(widget)
    with writing(engine) as connection:
        connection.execute(delete(widgets).where(widgets.c.name == widget.name))
        connection.execute(insert(widgets), row | {column: json.dumps(row[column]) for column in _JSON})
        bump_version(connection)


def remove(engine: Engine, name: str) -> bool:
    """Whether there was one of that name."""
    with writing(engine) as connection:
        is_known = connection.execute(delete(widgets).where(widgets.c.name == name)).rowcount == 1
        bump_version(connection)
    return is_known
