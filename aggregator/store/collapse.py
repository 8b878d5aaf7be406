"""A series or a regular group told once: which of its dates stands for it, and which come after."""

from collections.abc import Iterable, Iterator

from aggregator.event import EventStatus
from aggregator.query import EventQuery
from aggregator.store.answer import Hit
from aggregator.store.conditions import Parameters, conditions_of
from aggregator.store.flags import REGULAR, WITHDRAWN, status_flag
from aggregator.store.link import Link

FURTHER = 4
"""Dates that are told beside the one that stands for all."""

# In the inner SELECT `c` is another date of the group, so that the tests of the question hold for it as they stand.
_IS_FIRST = """(c.flags & {regular:d} = 0 OR NOT EXISTS (
  SELECT 1 FROM (SELECT c.start AS start, c.event AS event) AS this
  CROSS JOIN events AS own ON own.event = this.event
  CROSS JOIN events AS other ON other.series = own.series
  CROSS JOIN occurrences AS o ON o.event = other.event AND o.start BETWEEN :first_low AND this.start
  CROSS JOIN cells AS c ON c.cell = o.span << 40 AND c.start = o.start AND c.event = o.event
  WHERE (c.start, c.event) < (this.start, this.event) AND {tests}))"""
_FURTHER = f"""
SELECT start_text, end_text FROM (
SELECT DISTINCT o.start, o.start_text, o.end_text
FROM events AS e CROSS JOIN occurrences AS o ON o.event = e.event AND o.start > :start
CROSS JOIN cells AS c ON c.cell = o.span << 40 AND c.start = o.start AND c.event = o.event
WHERE e.series = :series AND c.flags & {WITHDRAWN | status_flag(EventStatus.CANCELLED):d} = 0
) AS d ORDER BY start LIMIT {FURTHER:d}
"""  # noqa: S608 - made of constants of ours; what people ask is bound


def first_of_each(query: EventQuery) -> tuple[str, Parameters]:
    """As SQL: no earlier date of the same group answers the question. It reaches as far as the question does, whatever
    part of that is looked at.
    """
    conditions = conditions_of(query)
    places = (test.replace(":chord", ":reach") for test in conditions.place_tests)
    tests = (*conditions.tests, *places, *(events.test for events in conditions.chosen))
    parameters = {"first_low": conditions.low, "reach": conditions.parameters.get("chord")}
    return _IS_FIRST.format(regular=REGULAR, tests=" AND ".join(tests)), parameters


def with_further(connection: Link, hits: Iterable[Hit]) -> Iterator[Hit]:
    """With the next dates of its group, in the window or after it, that are not cancelled; none for a single event."""
    for hit in hits:
        asked = {"series": hit.series, "start": hit.start}
        dates = connection.execute(_FURTHER, asked).fetchall() if hit.series else []
        yield hit._replace(next_dates=tuple(dates))
