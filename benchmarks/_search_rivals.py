"""What the search is measured against: a scan of every date, and an R*Tree in the same file."""

import sqlite3
from contextlib import closing
from math import asin, cos, degrees, radians, sin
from pathlib import Path

from aggregator.event import GeoCoordinates
from aggregator.place.sphere import EARTH_RADIUS, metres_between, squared_chord, unit_vector
from aggregator.query import EventQuery

_DATES = """
SELECT o.start, e.id, o.end, e.latitude, e.longitude
FROM occurrences o JOIN events e USING (event) ORDER BY o.start, e.id
"""
_MAKE = """
CREATE VIRTUAL TABLE boxes USING rtree(
  id, south, north, west, east, +start INTEGER, +last INTEGER, +event INTEGER, +x REAL, +y REAL, +z REAL
)
"""
_ASK = """
SELECT event, start FROM boxes
WHERE south <= :north AND north >= :south AND west <= :east AND east >= :west AND start < :end AND last > :start
  AND (x - :x) * (x - :x) + (y - :y) * (y - :y) + (z - :z) * (z - :z) <= :chord
ORDER BY start, event LIMIT :limit
"""

Dates = list[tuple[int, str, int, float, float]]


def all_dates(path: Path) -> Dates:
    """Every date in the store, in order: (start, id, end, latitude, longitude)."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(_DATES).fetchall()


def scan(dates: Dates, query: EventQuery) -> list[tuple[int, str]]:
    """The page by looking at each date in turn; no index, no cells, no unit vectors."""
    assert query.center is not None
    assert query.within is not None
    start, end = query.start.timestamp(), query.end.timestamp()
    band = degrees(query.within / EARTH_RADIUS) * 1.001
    found: list[tuple[int, str]] = []
    for first, event_id, last, latitude, longitude in dates:
        if first >= end or len(found) == query.limit:
            break
        if (first >= start or last > start) and abs(latitude - query.center.latitude) <= band:
            point = GeoCoordinates(latitude=latitude, longitude=longitude)
            if metres_between(query.center, point) <= query.within:
                found.append((first, event_id))
    return found


class BoxTree:
    """An R*Tree over the same dates, with start and unit vector beside each box, so that no table is joined."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA cache_size = -16384")
        self._connection.execute("DROP TABLE IF EXISTS boxes")
        self._connection.execute(_MAKE)
        rows = self._connection.execute(
            "SELECT o.start, o.end, e.event, e.latitude, e.longitude FROM occurrences o JOIN events e USING (event)"
        ).fetchall()
        self._connection.executemany(
            "INSERT INTO boxes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (latitude, latitude, longitude, longitude, start, end, event, *unit_vector(latitude, longitude))
                for start, end, event, latitude, longitude in rows
            ),
        )
        self._connection.commit()

    def search(self, query: EventQuery) -> list[tuple[int, int]]:
        """The same page, as (event, start): the box of the circle, the exact distance, sorted by start."""
        assert query.center is not None
        assert query.within is not None
        latitude, longitude = query.center.latitude, query.center.longitude
        reach = query.within / EARTH_RADIUS
        high, wide = degrees(reach), degrees(asin(min(1.0, sin(reach) / cos(radians(latitude)))))
        x, y, z = unit_vector(latitude, longitude)
        return self._connection.execute(
            _ASK,
            {
                "south": latitude - high,
                "north": latitude + high,
                "west": longitude - wide,
                "east": longitude + wide,
                "start": int(query.start.timestamp()),
                "end": int(query.end.timestamp()),
                "x": x,
                "y": y,
                "z": z,
                "chord": squared_chord(query.within),
                "limit": query.limit,
            },
        ).fetchall()

    def close(self) -> None:
        """Take the boxes out of the store again."""
        self._connection.execute("DROP TABLE boxes")
        self._connection.commit()
        self._connection.close()
