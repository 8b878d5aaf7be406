"""One search on one connection: the hits of a page, how many there are, what is near an empty answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import starmap

from pydantic_core import to_json

from aggregator.codec import read_event
from aggregator.errors import QueryError, StoreError
from aggregator.event import Event
from aggregator.place.sphere import metres_of_chord
from aggregator.query import MAX_RADIUS, Collapse, EventQuery, Sort
from aggregator.reconcile import HORIZON
from aggregator.store.answer import TOTAL_CAP, Answer, Hints, Hit
from aggregator.store.collapse import first_of_each, with_further
from aggregator.store.conditions import DISTANCE, Parameters, conditions_of, radius_of
from aggregator.store.corrections import words_of
from aggregator.store.cursor import Position, read_cursor, write_cursor
from aggregator.store.flags import SOCIABLE
from aggregator.store.instants import to_second
from aggregator.store.link import Link
from aggregator.store.plan import Plan, plan_search, plan_unplaced
from aggregator.store.view import View

_FIRST_RING = 2_000.0
"""Metres around a place where the nearest are looked for first; four times as far each time there are too few."""

_ORDERS = {
    Sort.START: ("c.start, c.event", "p.start, p.event"),
    Sort.DISTANCE: ("chord, c.start, c.event", "p.chord, p.start, p.event"),
    Sort.FIRST_SEEN: ("f.first_seen DESC, f.event, c.start", "e.first_seen DESC, e.event, p.start"),
    Sort.SOCIABLE: ("c.start, lines DESC, c.event", "p.start, p.lines DESC, p.event"),
}
"""Of the index's rows, and of what is told of them: a join keeps no order."""

_AFTER = {
    # The plan begins at :after_start.
    Sort.START: "(c.start > :after_start OR c.event > :after_event)",
    Sort.DISTANCE: f"({DISTANCE}, c.start, c.event) > (:after_rank, :after_start, :after_event)",
    Sort.FIRST_SEEN: (
        "f.first_seen <= :after_rank"
        " AND (f.first_seen < :after_rank OR (f.event, c.start) > (:after_event, :after_start))"
    ),
    Sort.SOCIABLE: f"(c.start > :after_start OR (-{SOCIABLE}, c.event) > (-1 * :after_rank, :after_event))",
}
_BRIEF = (
    "o.start_text, o.end_text, o.start, o.end, o.all_day, {chord}, e.json, e.event, e.first_seen, {lines}, e.series"
)
_WHOLE = _BRIEF + ", e.id, o.occurrence, e.vevent"
_FOUND = """
SELECT c.event AS event, c.start AS start, {chord} AS chord, {lines} AS lines
FROM {rows} WHERE {tests} ORDER BY {order} LIMIT :limit
"""
_PAGE = f"""
SELECT {_WHOLE.format(chord="p.chord", lines="p.lines")} FROM ({_FOUND}) AS p
CROSS JOIN occurrences AS o ON o.event = p.event AND o.start = p.start
CROSS JOIN events AS e ON e.event = p.event ORDER BY {{told_order}}
"""  # noqa: S608 - made of constants of ours; what people ask is bound
_TOLD = f"""
SELECT {_BRIEF.format(chord="NULL", lines="0")}
FROM json_each(:dates) AS k
CROSS JOIN occurrences AS o ON o.event = CAST(json_extract(k.value, '$[0]') AS BIGINT)
  AND o.start = CAST(json_extract(k.value, '$[1]') AS BIGINT)
CROSS JOIN events AS e ON e.event = o.event
"""  # noqa: S608 - made of constants of ours; what people ask is bound
_LAST_START = """
SELECT max(start), count(*)
FROM (SELECT c.start AS start FROM {rows} WHERE {tests} ORDER BY c.start, c.event LIMIT :limit) AS p
"""
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM {rows} WHERE {tests} LIMIT :limit) AS p"
_UNPLACED = "SELECT count(DISTINCT event) FROM (SELECT c.event AS event FROM {rows} WHERE {tests} LIMIT :limit) AS p"
_TELLER = """
SELECT coalesce(e.merged_into, e.id) FROM listings AS l JOIN events AS e ON e.event = l.event
WHERE l.source = ? AND l.uid = ?
"""
_WORD = """
SELECT l.told, e.members, e.merged_into FROM events AS e JOIN listings AS l ON l.event = e.event WHERE e.id = ?
"""
_VERSION = "SELECT value FROM counters WHERE name = 'data_version'"
_EVENT = f"""
WITH shown(event) AS (
  SELECT event FROM events WHERE id = :id
  UNION ALL
  SELECT t.event FROM events AS e CROSS JOIN json_each(e.members, '$.apart') AS a
  CROSS JOIN events AS t ON t.id = json_extract(a.value, '$[1]')
  WHERE e.id = :id AND json_extract('{{' || t.json, '$.eventStatus') <> 'EventCancelled'
)
SELECT {_WHOLE.format(chord="NULL", lines="0")}
FROM shown CROSS JOIN occurrences AS o ON o.event = shown.event CROSS JOIN events AS e ON e.id = :id
"""  # noqa: S608 - made of constants of ours; what people ask is bound
_COMING = _EVENT + "WHERE (o.end > :now OR o.start >= :now) ORDER BY o.start LIMIT :limit"
_LAST = _EVENT + "ORDER BY o.start DESC LIMIT 1"


def search(view: View, query: EventQuery, *, brief: bool) -> Answer:
    """A page; QueryError for what cannot be asked together."""
    if query.center is None and (query.sort is Sort.DISTANCE or query.nearest is not None):
        raise QueryError(
            "sort" if query.nearest is None else "nearest", str(query.nearest or query.sort), "needs a place"
        )
    is_first = query.cursor is None
    query, position = read_cursor(query)
    found = _find(view, query, position, query.limit + 1, brief=brief)
    hits = tuple(found[: query.limit])
    if query.collapse is Collapse.SERIES:
        hits = tuple(with_further(view.connection, hits))
    goes_on = len(found) > query.limit
    return Answer(
        hits=hits,
        next=write_cursor(query, _position(query.sort, hits[-1])) if goes_on else None,
        unplaced=_count_unplaced(view, query) if is_first and (query.center or query.bbox) else None,
        data_version=view.data_version,
    )


def count(view: View, query: EventQuery) -> int:
    """How many hits all pages have; TOTAL_CAP + 1 means more."""
    plan = plan_search(view, replace(query, sort=Sort.START), conditions_of(query))
    found = _counted(view, _COUNT, _collapsed(plan, query), TOTAL_CAP + 1)
    return found if query.nearest is None else min(found, query.nearest)


def hints(view: View, query: EventQuery) -> Hints:
    """What an empty answer leaves unsaid; each is None when there is no such hit."""
    only = replace(query, cursor=None, nearest=None, limit=1, collapse=Collapse.NONE)
    later = replace(only, start=query.end, end=query.end + HORIZON, sort=Sort.START)
    further = replace(only, within=MAX_RADIUS, sort=Sort.DISTANCE)
    nearest = _find(view, further, None, 1, brief=True) if query.center else []
    after = _find(view, later, None, 1, brief=True)
    return Hints(nearest=nearest[0] if nearest else None, next=after[0] if after else None)


def dates_of_event(view: View, event_id: str, now: datetime, limit: int) -> tuple[Hit, ...]:
    """The next dates of an event, or its last one; none when the id is not known or it ended too long ago."""
    ask, parameters = view.connection.execute, {"id": event_id, "now": to_second(now), "limit": limit}
    rows = ask(_COMING, parameters).fetchall() or ask(_LAST, parameters).fetchall()
    return tuple(starmap(Hit, rows))


def merged_into(connection: Link, event_id: str) -> str | None:
    """The id of the event that tells this one."""
    row = connection.execute("SELECT merged_into FROM events WHERE id = ?", (event_id,)).fetchone()
    return row[0] if row else None


def word_of_sources(connection: Link, event_id: str) -> Event:
    """What the sources say of the event that tells this id, uncorrected; StoreError for an id that is not known."""
    row = connection.execute(_WORD, (event_id,)).fetchone()
    if row is None:
        raise StoreError(f"{event_id}: there is no such event")
    told, members, teller = row
    return word_of_sources(connection, teller) if teller else read_event(words_of(told, members))


def ids_of(connection: Link, listings: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """By listing: the id of the event that tells it, itself or merged."""
    found = ((key, connection.execute(_TELLER, key).fetchone()) for key in listings)
    return {key: row[0] for key, row in found if row}


def data_version(connection: Link) -> int:
    """A number that rises with each change of what is told."""
    return int(connection.execute(_VERSION).fetchone()[0])


def _find(view: View, query: EventQuery, after: Position | None, limit: int, *, brief: bool) -> list[Hit]:
    if query.nearest is not None:
        return _find_nearest(view, query, after, limit, brief=brief)
    if query.sort is Sort.DISTANCE:
        return _find_in_rings(view, query, after, limit, brief=brief)
    return _page(view, query, after, limit, brief=brief)


def _find_nearest(view: View, query: EventQuery, after: Position | None, limit: int, *, brief: bool) -> list[Hit]:
    """So many of the closest, in the order that was asked for; they are few, so each page finds them all."""
    closest = replace(query, nearest=None, within=MAX_RADIUS, sort=Sort.DISTANCE)
    hits = _find_in_rings(view, closest, None, query.nearest or 0, brief=brief)
    hits.sort(key=lambda hit: _place(query.sort, _position(query.sort, hit)))
    first = _place(query.sort, after) if after else ()
    return [hit for hit in hits if _place(query.sort, _position(query.sort, hit)) > first][:limit]


def _find_in_rings(view: View, query: EventQuery, after: Position | None, limit: int, *, brief: bool) -> list[Hit]:
    """The closest first, from ever wider circles, so that a city is not looked through for the nearest few."""
    furthest = radius_of(query)
    radius = max(_FIRST_RING, metres_of_chord(abs(after.rank)) if after else 0.0)
    while True:
        hits = _page(view, replace(query, within=min(radius, furthest)), after, limit, brief=brief, whole=query)
        if len(hits) >= limit or radius >= furthest:
            return hits
        radius *= 4


def _page(
    view: View, query: EventQuery, after: Position | None, limit: int, *, brief: bool, whole: EventQuery | None = None
) -> list[Hit]:
    """`whole` is the question, where only a part of its place is looked at."""
    begin = after.start if after and query.sort in (Sort.START, Sort.SOCIABLE) else 0
    plan = _collapsed(plan_search(view, query, conditions_of(query), begin), whole or query)
    tests = plan.tests
    parameters = plan.parameters | {"limit": limit}
    if after is not None:
        tests = *tests, _AFTER[query.sort]
        parameters |= {"after_rank": after.rank, "after_start": after.start, "after_event": after.event}
    asked = {"rows": plan.rows, "tests": " AND ".join(tests)}
    if query.sort is Sort.SOCIABLE:
        parameters |= _up_to_last(view, asked, parameters)
    order, told_order = _ORDERS[query.sort]
    sql = (_FOUND if brief else _PAGE).format(
        **asked,
        chord=DISTANCE if query.center else "NULL",
        lines=SOCIABLE if query.sort is Sort.SOCIABLE else "0",
        order=order,
        told_order=told_order,
    )
    rows = view.connection.execute(sql, parameters)
    return _tell_briefly(view, rows.fetchall()) if brief else [Hit(*row) for row in rows]


def _tell_briefly(view: View, found: Sequence[tuple[int, int, float | None, int]]) -> list[Hit]:
    """Only what was not told lately is looked up: to read an event costs as much as to find it."""
    known = view.dates.of(view.data_version)
    if unknown := [(event, start) for event, start, _, _ in found if (event, start) not in known]:
        rows = view.connection.execute(_TOLD, {"dates": to_json(unknown).decode()})
        known.update(((hit.event, hit.start), hit) for hit in starmap(Hit, rows))
    return [_tell_from(known[event, start], chord, lines) for event, start, chord, lines in found]


def _tell_from(hit: Hit, chord: float | None, lines: int) -> Hit:
    """As `_replace` would, in a fifth of its time."""
    text, last, start, end, is_all_day, _, json, event, first_seen, _, series, *_ = hit
    return Hit(text, last, start, end, is_all_day, chord, json, event, first_seen, lines, series)


def _collapsed(plan: Plan, query: EventQuery) -> Plan:
    if query.collapse is Collapse.NONE:
        return plan
    test, parameters = first_of_each(query)
    return replace(plan, tests=(*plan.tests, test), parameters=plan.parameters | parameters)


def _up_to_last(view: View, asked: dict[str, str], parameters: Parameters) -> Parameters:
    """No further than the last start of the page: to sort by what the index is not in order of, all would be read."""
    last, found = view.connection.execute(_LAST_START.format(**asked), parameters).fetchone()
    return {"high": last + 1} if found == parameters["limit"] else {}


def _count_unplaced(view: View, query: EventQuery) -> int:
    plan = plan_unplaced(view, query)
    return _counted(view, _UNPLACED, plan, TOTAL_CAP) if plan else 0


def _counted(view: View, sql: str, plan: Plan, limit: int) -> int:
    sql = sql.format(rows=plan.rows, tests=" AND ".join(plan.tests))
    return int(view.connection.execute(sql, plan.parameters | {"limit": limit}).fetchone()[0])


def _position(sort: Sort, hit: Hit) -> Position:
    rank = {Sort.DISTANCE: hit.chord or 0, Sort.FIRST_SEEN: hit.first_seen, Sort.SOCIABLE: hit.lines}.get(sort, 0)
    return Position(rank=rank, start=hit.start, event=hit.event)


def _place(sort: Sort, position: Position) -> tuple[float, ...]:
    """What hits are ordered by, as the SQL does."""
    if sort is Sort.FIRST_SEEN:
        return -position.rank, position.event, position.start
    if sort is Sort.SOCIABLE:
        return position.start, -position.rank, position.event
    return position.rank, position.start, position.event
