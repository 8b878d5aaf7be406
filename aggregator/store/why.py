"""Why an event is in an answer or not: each filter of the question asked of that event alone."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from aggregator.correct import Override
from aggregator.query import Collapse, EventQuery
from aggregator.store.conditions import Conditions, conditions_of
from aggregator.store.corrections import overrides_of
from aggregator.store.grid import SPANS, UNPLACED, WORLD, in_span
from aggregator.store.view import View

FILTERS: dict[str, tuple[str, ...]] = {
    "time": ("start", "end", "when", "starts_after", "starts_before"),
    "place": ("center", "within", "bbox"),
    "weekday": ("weekdays",),
    "clock": ("time_from", "time_to"),
    "kind": ("kind",),
    "org": ("org",),
    "source": ("source",),
    "tag": ("tag",),
    "q": ("words",),
    "attendance": ("attendance",),
    "cost": ("cost",),
    "max_price": ("max_price",),
    "visitors": ("visitors",),
    "newcomer": ("newcomer",),
    "status": ("status",),
    "regular": ("regular",),
    "rhythm": ("rhythm",),
    "confirmed_within": ("confirmed_within", "asked_at"),
    "updated_since": ("updated_since",),
}
"""Filters by name, and the fields of the question that make each."""

_EPOCH, _FAR = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_EVERYTHING = EventQuery(start=_EPOCH, end=_FAR, updated_since=_EPOCH)
_DEFAULTS = {field.name: getattr(_EVERYTHING, field.name) for field in fields(EventQuery)}
_CELLS = ", ".join(str(in_span(cell, span)) for cell in (WORLD, UNPLACED) for span in range(len(SPANS) + 1))
_MATCHES = """
SELECT 1 FROM events AS e CROSS JOIN occurrences AS o ON o.event = e.event
CROSS JOIN cells AS c ON c.cell IN ({cells}) AND c.start = o.start AND c.event = o.event
WHERE e.id = :id AND c.start >= :low AND c.start < :high AND {tests} LIMIT 1
"""
_NAMED = """
SELECT json_extract('{' || e.json, '$.name'), l.source, l.uid, e.withdrawn, e.merged_into, e.members
FROM events AS e JOIN listings AS l ON l.event = e.event WHERE e.id = :id AND NOT e.withheld
"""


class Why(NamedTuple):
    """What was found of one event: whether it is in the answer, and whether some date of it passes each filter.

    `members` is JSON of the listings that it tells, which field is whose, and what speaks for their being one;
    `overrides` are an editor's corrections that hold.
    """

    name: str
    source: str
    uid: str
    is_withdrawn: bool
    merged_into: str | None
    members: str | None
    is_in: bool
    passes: dict[str, bool]
    overrides: tuple[Override, ...] = ()


def explain(view: View, query: EventQuery, event_id: str, now: datetime) -> Why | None:
    """None for an id that is not known, or is hidden. What depends on others (`nearest`, `collapse`) is left aside."""
    named = view.connection.execute(_NAMED, {"id": event_id}).fetchone()
    if named is None:
        return None
    name, source, uid, is_withdrawn, merged_into, members = named
    query = replace(query, nearest=None, cursor=None, collapse=Collapse.NONE)
    passes = {
        name: _matches(view, replace(_EVERYTHING, **asked), event_id)
        for name, of_it in FILTERS.items()
        if (asked := _asked(query, of_it))
    }
    is_in = _matches(view, query, event_id)
    overrides = overrides_of(view.connection.execute, (source, uid), members, now)
    return Why(name, source, uid, bool(is_withdrawn), merged_into, members, is_in, passes, overrides)


def _asked(query: EventQuery, names: Iterable[str]) -> dict[str, Any]:
    """The fields of one filter, when the question has it; a window is always asked for."""
    asked = {name: getattr(query, name) for name in names}
    return asked if any(value != _DEFAULTS[name] for name, value in asked.items() if value is not None) else {}


def _matches(view: View, query: EventQuery, event_id: str) -> bool:
    conditions = conditions_of(query)
    statement = _MATCHES.format(cells=_CELLS, tests=" AND ".join(_tests(conditions)))
    bounds = {"id": event_id, "low": conditions.low, "high": conditions.high}
    return view.connection.execute(statement, conditions.parameters | bounds).fetchone() is not None


def _tests(conditions: Conditions) -> Iterable[str]:
    return (*conditions.tests, *conditions.place_tests, *(choice.test for choice in conditions.chosen))
