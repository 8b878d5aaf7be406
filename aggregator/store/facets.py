"""How many dates a question finds of each kind, cost, weekday and so on, and of which organisers most."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from aggregator.query import Choice, EventQuery, Sort
from aggregator.reading.text import fold
from aggregator.store.conditions import conditions_of
from aggregator.store.flags import values_in
from aggregator.store.plan import Plan, plan_search
from aggregator.store.view import View

FACETS: dict[str, Any] = {
    "kind": Choice(),
    "cost": frozenset(),
    "visitors": frozenset(),
    "weekdays": frozenset(),
    "attendance": frozenset(),
    "org": Choice(),
}
"""Fields of a question by which its dates are counted, and what each is when nothing is asked for."""

COUNTED_CAP = 2000
"""Dates that are looked at for one facet: 13 ms in the densest place, and 1 ms in a usual one."""

MOST_ORGANIZERS = 20

_FLAGS = """
SELECT flags, count(*) FROM (SELECT c.flags AS flags FROM {rows} WHERE {tests} LIMIT :limit) AS p GROUP BY flags
"""
_ORGANIZERS = """
SELECT l.label, count(*) AS dates, min(p.event)
FROM (SELECT c.event AS event FROM {rows} WHERE {tests} LIMIT :limit) AS p
CROSS JOIN labels AS l ON l.event = p.event AND l.label >= 'o:' AND l.label < 'o;'
GROUP BY l.label ORDER BY dates DESC, l.label LIMIT :most
"""
_NAME = "SELECT json_extract('{' || json, '$.organizer.name') FROM events WHERE event = ?"


class Facets(NamedTuple):
    """`counts` are by field of the question, then by value; organisers under `org`, by name, at most twenty.

    Each facet is counted without its own filter: so many there would be if this value were chosen. `counted` is how
    many dates all filters find. Where these or a facet's dates reach COUNTED_CAP, `is_exact` is False, and the numbers
    are of so many dates that were met first.
    """

    counts: dict[str, dict[object, int]]
    counted: int
    is_exact: bool


def count_facets(view: View, query: EventQuery) -> Facets:
    """Questions that differ in nothing are counted once."""
    whole = replace(query, cursor=None, nearest=None, sort=Sort.START)
    facets: defaultdict[EventQuery, list[str]] = defaultdict(list)
    for name, nothing in FACETS.items():
        facets[replace(whole, **{name: nothing})].append(name)
    flags = {asked: _count_flags(view, asked) for asked in {whole, *facets}}
    counts = {name: _count(view, name, asked, flags[asked]) for asked, names in facets.items() for name in names}
    return Facets(
        counts={name: counts[name] for name in FACETS},
        counted=sum(flags[whole].values()),
        is_exact=all(sum(dates.values()) < COUNTED_CAP for dates in flags.values()),
    )


def _count_flags(view: View, query: EventQuery) -> dict[int, int]:
    plan = plan_search(view, query, conditions_of(query))
    return dict(view.connection.execute(_sql(_FLAGS, plan), plan.parameters | {"limit": COUNTED_CAP}).fetchall())


def _count(view: View, name: str, query: EventQuery, flags: Mapping[int, int]) -> dict[object, int]:
    if name == "org":
        return _count_organizers(view, query)
    counted: Counter[object] = Counter()
    for bits, dates in flags.items():
        counted.update(dict.fromkeys(values_in(name, bits), dates))
    return dict(counted)


def _count_organizers(view: View, query: EventQuery) -> dict[object, int]:
    plan = plan_search(view, query, conditions_of(query))
    parameters = plan.parameters | {"limit": COUNTED_CAP, "most": MOST_ORGANIZERS}
    rows = view.connection.execute(_sql(_ORGANIZERS, plan), parameters).fetchall()
    return {_name_of(view, label.partition(":")[2], event): dates for label, dates, event in rows}


def _name_of(view: View, folded: str, event: int) -> str:
    """As one of its events has it; an event that several tell may bear another organiser's name."""
    (name,) = view.connection.execute(_NAME, (event,)).fetchone()
    return name if name and fold(name) == folded else folded


def _sql(sql: str, plan: Plan) -> str:
    return sql.format(rows=plan.rows, tests=" AND ".join(plan.tests))
