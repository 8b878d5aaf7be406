"""EventQuery -> what a row of the index must fulfil, as SQL over `cells c`; pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from math import cos, radians, sin
from typing import Any

from aggregator.place.sphere import squared_chord, unit_vector
from aggregator.query import MAX_RADIUS, BoundingBox, Choice, EventQuery, Words
from aggregator.reading.text import fold
from aggregator.store.flags import CANCELLED, PRICE_SHIFT, REGULAR, WITHDRAWN, masks_of
from aggregator.store.instants import to_number, to_second
from aggregator.store.words import match_expression, plain_expression

Parameters = dict[str, Any]

DISTANCE = "2 - 2 * (c.x * :x + c.y * :y + c.z * :z)"
"""The squared chord to the query's center, from the cosine of the angle between two unit vectors; no trigonometry.

Rounding makes it wrong by 13 cm at the center itself, where it may be negative, and by less than a millimetre from
8 m on."""

_CONFIRMED = """EXISTS (
  SELECT 1 FROM events AS t CROSS JOIN listings AS l ON l.event = t.event CROSS JOIN sources AS s ON s.name = l.source
  WHERE (t.event = c.event OR t.merged_into = (SELECT id FROM events WHERE event = c.event))
  AND CASE WHEN l.unseen_runs = 0 AND s.last_complete_at > l.last_seen THEN s.last_complete_at ELSE l.last_seen END
    >= :confirmed)"""
"""What is not unseen was seen by its source's last accepted run."""

_NAMED = """
SELECT event FROM events WHERE id IN (
  SELECT coalesce(e.merged_into, e.id) FROM json_each(:ids) JOIN events AS e ON e.id = value
)
"""
_LABELLED = "SELECT event FROM labels WHERE label IN (SELECT value FROM json_each(:{name}))"

_LATELY = (
    "EXISTS (SELECT 1 FROM events AS g WHERE g.event = c.event AND g.changed_at >= :cancelled_since"
    " AND g.merged_into IS NULL AND NOT g.withheld)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """A filter that chooses events, not dates: as SQL that lists their numbers, and as a test of `c.event`."""

    name: str
    listing: str
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """All of `tests`, `place_tests` and `chosen` must hold; `low` and `high` bound the starts, in epoch seconds."""

    low: int
    high: int
    tests: tuple[str, ...]
    place_tests: tuple[str, ...]
    chosen: tuple[Events, ...]
    parameters: Parameters


def conditions_of(query: EventQuery) -> Conditions:
    """Everything but where the query ends, which the caller adds for the page it wants."""
    parameters: Parameters = {"start": to_second(query.start)}
    tests = [
        "(c.start >= :start OR c.end > :start)",
        *_flag_tests(query, parameters),
        *_clock_tests(query, parameters),
        *_night_tests(query, parameters),
        *_exclusions(query, parameters),
        *_confirmed_tests(query, parameters),
    ]
    chosen = tuple(_chosen(query, parameters))
    return Conditions(
        low=to_second(query.starts_after) if query.starts_after else 0,
        high=min(to_second(moment) for moment in (query.end, query.starts_before) if moment),
        tests=tuple(tests),
        place_tests=tuple(_place_tests(query, parameters)),
        chosen=chosen,
        parameters=parameters,
    )


def _place_tests(query: EventQuery, parameters: Parameters) -> Iterator[str]:
    if query.center is not None:
        x, y, z = unit_vector(query.center.latitude, query.center.longitude)
        parameters |= {"x": x, "y": y, "z": z, "chord": squared_chord(radius_of(query))}
        yield f"{DISTANCE} <= :chord"
    if query.bbox is not None:
        yield from _box_tests(query.bbox, parameters)


def radius_of(query: EventQuery) -> float:
    """Metres; as far as any query reaches when it does not say."""
    return min(query.within or MAX_RADIUS, MAX_RADIUS) if query.nearest is None else MAX_RADIUS


def _box_tests(box: BoundingBox, parameters: Parameters) -> Iterator[str]:
    """The sine of the latitude is z; a meridian is half a plane through the axis, with points to its east and west."""
    west, east = radians(box.west), radians(box.east)
    parameters |= {"south": sin(radians(box.south)), "north": sin(radians(box.north))}
    parameters |= {"west_x": cos(west), "west_y": sin(west), "east_x": cos(east), "east_y": sin(east)}
    yield "c.z BETWEEN :south AND :north"
    width = box.east - box.west + (360 if box.east < box.west else 0)
    if width < 360:
        after_west = ":west_x * c.y - :west_y * c.x >= -1e-15"
        before_east = ":east_y * c.x - :east_x * c.y >= -1e-15"
        # Up to half the globe both must hold; past it one is enough, since the rest of the globe is the narrow part.
        yield f"({after_west} {'AND' if width <= 180 else 'OR'} {before_east})"


def _flag_tests(query: EventQuery, parameters: Parameters) -> Iterator[str]:
    if query.updated_since is None:
        yield _shown_test(query, parameters)
    if query.regular is False:
        yield f"c.flags & {REGULAR:d} = 0"
    for place, mask in enumerate(masks_of(query)):
        parameters[f"mask{place}"] = mask
        yield f"c.flags & :mask{place} <> 0"
    if query.max_price is not None:
        parameters["most"] = query.max_price + 1
        yield f"(c.flags >> {PRICE_SHIFT:d} & 65535) BETWEEN 1 AND :most"


def _shown_test(query: EventQuery, parameters: Parameters) -> str:
    shown = f"c.flags & {WITHDRAWN:d} = 0"
    if query.cancelled_since is None:
        return shown
    parameters["cancelled_since"] = to_number(query.cancelled_since)
    return f"({shown} OR (c.flags & {CANCELLED:d} <> 0 AND {_LATELY}))"


def _clock_tests(query: EventQuery, parameters: Parameters) -> Iterator[str]:
    """An all-day date has no clock time, and is not found by one. From 22:00 to 05:00 goes past midnight."""
    first = None if query.time_from is None else _minute(query.time_from)
    last = None if query.time_to is None else _minute(query.time_to) or 24 * 60
    parameters |= {"clock_from": first, "clock_to": last}
    if first is not None and last is not None:
        yield f"(c.clock >= :clock_from {'AND' if first < last else 'OR'} c.clock < :clock_to)"
    elif first is not None:
        yield "c.clock >= :clock_from"
    elif last is not None:
        yield "c.clock < :clock_to"


def _night_tests(query: EventQuery, parameters: Parameters) -> Iterator[str]:
    """Tonight ends in the small hours, when tomorrow's all-day dates have begun."""
    if query.when is Words.TONIGHT:
        parameters["midnight"] = to_second(query.end.replace(hour=0))
        yield "(c.clock IS NOT NULL OR c.start < :midnight)"


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _choices(query: EventQuery) -> Iterator[tuple[str, Choice[str]]]:
    yield "s", query.source
    yield "o", query.org
    yield "t", query.tag


def _keys(kind: str, values: frozenset[str]) -> str:
    return json.dumps([f"{kind}:{value if kind == 's' else fold(value)}" for value in values])


def _exclusions(query: EventQuery, parameters: Parameters) -> Iterator[str]:
    for kind, choice in _choices(query):
        if choice.none_of:
            name = f"not_{kind}"
            parameters[name] = _keys(kind, choice.none_of)
            yield f"NOT EXISTS ({_LABELLED.format(name=name)} AND event = c.event)"


def _confirmed_tests(query: EventQuery, parameters: Parameters) -> Iterator[str]:
    if query.confirmed_within is not None:
        parameters["confirmed"] = to_number((query.asked_at or query.start) - query.confirmed_within)
        yield _CONFIRMED


def _chosen(query: EventQuery, parameters: Parameters) -> Iterator[Events]:
    for kind, choice in _choices(query):
        if choice.any_of:
            parameters[kind] = _keys(kind, choice.any_of)
            listing = _LABELLED.format(name=kind)
            yield Events(name=kind, listing=listing, test=f"EXISTS ({listing} AND event = c.event)")
    if query.ids:
        parameters["ids"] = json.dumps(sorted(query.ids))
        yield Events(name="ids", listing=_NAMED, test=f"c.event IN ({_NAMED})")
    if query.updated_since is not None:
        parameters["since"] = to_number(query.updated_since)
        listing = "SELECT event FROM events WHERE changed_at >= :since"
        yield Events(name="since", listing=listing, test=f"EXISTS ({listing} AND event = c.event)")
    if query.words is not None:
        parameters |= {"words": match_expression(query.words), "plain": plain_expression(query.words)}
        listing = "SELECT rowid AS event FROM words WHERE words MATCH :words"
        yield Events(name="words", listing=listing, test=f"EXISTS ({listing} AND rowid = c.event)")
