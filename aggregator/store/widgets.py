"""Writes what sites show of us; answers that were kept are old from then on."""

import json
from dataclasses import asdict

from sqlalchemy import Engine, delete, insert

from aggregator.store.bulk import bump_version, remove_named, writing
from aggregator.store.kept import Widget
from aggregator.store.tables import widgets

_JSON = ("query", "pins", "picks", "blocked")


def save(engine: Engine, widget: Widget) -> None:
    """In the place of the one of that name, if there is one."""
    row = asdict(widget)
    with writing(engine) as connection:
        connection.execute(delete(widgets).where(widgets.c.name == widget.name))
        connection.execute(insert(widgets), row | {column: json.dumps(row[column]) for column in _JSON})
        bump_version(connection)


def remove(engine: Engine, name: str) -> bool:
    """Whether there was one of that name."""
    return remove_named(engine, widgets, name)
