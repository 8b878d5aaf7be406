"""How a search goes through the index: by place, by time, by a few events, or by the newest of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic_core import to_json

from aggregator.query import BoundingBox, EventQuery, Sort
from aggregator.store.conditions import Conditions, Events, Parameters, conditions_of, radius_of
from aggregator.store.flags import ONLINE
from aggregator.store.grid import SPAN_SHIFT, SPANS, UNPLACED, WORLD, cover_box, cover_circle, earliest, in_span
from aggregator.store.link import Link
from aggregator.store.view import View

FEW = 2000
"""Up to so many chosen events are looked up one by one."""

MANY = 20_000
"""Up to so many are listed first (2 ms), for dates to be looked up in; of more, some are soon met on the way."""

DENSE = 1.5
"""In order of time a page's worth of dates is met once in `total / placed` of all dates; cell by cell, so much of a
page's worth is looked at in each cell."""

_DATES_AN_EVENT = 4
_WALKABLE = 20_000
"""Dates that may all be looked at to find the newest."""

_ALL_SPANS = range(len(SPANS) + 1)

_CELLS = (
    "json_each(:cells) AS k CROSS JOIN cells AS c"
    " ON c.cell = CAST(k.key AS BIGINT) AND c.start >= CAST(k.value AS BIGINT) AND c.start < :high"
)
# A date's row in the cell of everything is found by its span, start and event alone.
_DATES = (
    "CROSS JOIN occurrences AS o ON o.event = {0}.event AND o.start >= :low AND o.start < :high"
    " CROSS JOIN cells AS c ON c.cell = o.span << 40 AND c.start = o.start AND c.event = o.event"
)
_FIRST_SEEN = " CROSS JOIN events AS f ON f.event = c.event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`rows` goes after FROM and `tests` after WHERE; `c` is the index, and `f` the events if they give the order."""

    rows: str
    tests: tuple[str, ...]
    parameters: Parameters


def plan_search(view: View, query: EventQuery, conditions: Conditions, after: int = 0) -> Plan:
    """The cheapest way, judged by how many dates there are in the cells and how many events the filters choose.

    `after` is the start before which nothing is wanted, for a later page.
    """
    counts = world = view.counts.of(_in_spans([WORLD], _ALL_SPANS))
    total = placed = sum(world.values())
    if query.center is not None or query.bbox is not None:
        counts = view.counts.of(_in_spans(_cover(query), [cell >> SPAN_SHIFT for cell in world]))
        placed = sum(counts.values())
    if conditions.chosen:
        sizes = {events: _size(view.connection, events, conditions) for events in conditions.chosen}
        few = min(sizes, key=sizes.__getitem__)
        if sizes[few] <= FEW and sizes[few] * _DATES_AN_EVENT <= placed:
            return _sorted(query, _by_events(conditions, few, after))
        listed = tuple(_listed(events) if size <= MANY else events for events, size in sizes.items())
        conditions = replace(conditions, chosen=listed)
    if query.sort is Sort.FIRST_SEEN and placed > _WALKABLE:
        return _by_newest(conditions)
    if query.sort in (Sort.START, Sort.SOCIABLE) and total <= placed * sum(map(bool, counts.values())) * DENSE:
        counts = world
    return _sorted(query, _by_cells(conditions, conditions.place_tests, counts, after))


def plan_unplaced(view: View, query: EventQuery) -> Plan | None:
    """The dates whose place nobody knows, in order of time; None when there are none."""
    counts = view.counts.of(_in_spans([UNPLACED], _ALL_SPANS))
    return _by_cells(conditions_of(query), (f"c.flags & {ONLINE:d} = 0",), counts, 0) if counts else None


def _by_cells(conditions: Conditions, place_tests: tuple[str, ...], cells: Iterable[int], after: int) -> Plan:
    """SQLite reads each cell in order of time, and leaves it when the page is full of earlier dates."""
    start, least = conditions.parameters["start"], max(conditions.low, after)
    lows = [max(earliest(start, span), least) for span in _ALL_SPANS]
    return Plan(
        rows=_CELLS,
        tests=(*place_tests, *conditions.tests, *(events.test for events in conditions.chosen)),
        parameters={
            **conditions.parameters,
            "cells": to_json({cell: lows[cell >> SPAN_SHIFT] for cell in cells}).decode(),
            "high": conditions.high,
        },
    )


def _by_events(conditions: Conditions, few: Events, after: int) -> Plan:
    others = (events.test for events in conditions.chosen if events is not few)
    return Plan(
        rows=f"(SELECT DISTINCT event FROM ({few.listing}) AS listed) AS k {_DATES.format('k')}",  # noqa: S608 - SQL of conditions.py
        tests=(*conditions.tests, *conditions.place_tests, *others),
        parameters=conditions.parameters | {"low": max(conditions.low, after), "high": conditions.high},
    )


def _by_newest(conditions: Conditions) -> Plan:
    return Plan(
        rows=f"events AS f {_DATES.format('f')}",
        tests=(*conditions.tests, *conditions.place_tests, *(events.test for events in conditions.chosen)),
        parameters=conditions.parameters | {"low": conditions.low, "high": conditions.high},
    )


def _sorted(query: EventQuery, plan: Plan) -> Plan:
    return replace(plan, rows=plan.rows + _FIRST_SEEN) if query.sort is Sort.FIRST_SEEN else plan


def _listed(events: Events) -> Events:
    return replace(events, test=f"c.event IN ({events.listing})")


def _cover(query: EventQuery) -> Sequence[int]:
    if query.center is not None:
        return cover_circle(query.center, radius_of(query))
    box = query.bbox or BoundingBox(west=-180, south=-90, east=180, north=90)
    return cover_box(box)


def _in_spans(cells: Sequence[int], spans: Iterable[int]) -> list[int]:
    return [in_span(cell, span) for span in spans for cell in cells]


def _size(connection: Link, events: Events, conditions: Conditions) -> int:
    """How many events are chosen; one more than MANY means more."""
    sql = f"SELECT count(*) FROM ({events.listing} LIMIT {MANY + 1:d}) AS listed"  # noqa: S608 - SQL of conditions.py
    return int(connection.execute(sql, conditions.parameters).fetchone()[0])
