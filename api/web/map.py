"""What the map is told: points and how sure each is, the circle that was asked about, and towns around; pure."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from aggregator.event import GeoCoordinates
from aggregator.place.gazetteer import Spot
from aggregator.query import BoundingBox
from aggregator.settings import Settings
from api.query import Asked
from api.web.card import CENTERS, Card, Told, day_of
from api.web.language import Language

MOST = 200
"""Points on a map."""
MOST_TOWNS = 30
DEGREE = 111_320.0
"""Metres of a degree of latitude."""
_MARGIN = 0.15


class Point(NamedTuple):
    """An event that has a point."""

    told: Told
    card: Card
    geo: GeoCoordinates


def find_points(told: Iterable[Told], cards: Iterable[Card]) -> list[Point]:
    """Those that are somewhere."""
    return [
        Point(one, card, GeoCoordinates(**geo))
        for one, card in zip(told, cards, strict=True)
        if (geo := (one["location"] or {}).get("geo"))
    ]


def box_of(points: Sequence[Point], asked: Asked) -> BoundingBox | None:
    """All points and the circle, with a margin; None where there is nothing to show."""
    latitudes, longitudes = [p.geo.latitude for p in points], [p.geo.longitude for p in points]
    if center := asked.query.center:
        reach = (asked.query.within or 0.0) / DEGREE
        latitudes += [center.latitude - reach, center.latitude + reach]
        longitudes += [center.longitude - reach, center.longitude + reach]
    if not latitudes:
        return None
    return BoundingBox(
        west=max(min(longitudes) - _MARGIN, -180.0),
        south=max(min(latitudes) - _MARGIN, -90.0),
        east=min(max(longitudes) + _MARGIN, 180.0),
        north=min(max(latitudes) + _MARGIN, 90.0),
    )


def make_map(
    points: Sequence[Point], towns: Iterable[Spot], asked: Asked, settings: Settings, language: Language
) -> dict[str, Any]:
    """JSON for the script. A point that is only the middle of a town or postcode is marked as `about`."""
    center, text, link = asked.query.center, *attribution(settings)
    return {
        "points": [
            {
                "name": point.card.name,
                "address": point.card.address,
                "kind": point.card.kind,
                "lines": [line for line in (_moment(point, language), point.card.place, point.card.mark) if line],
                "about": point.told["placePrecision"] in CENTERS,
                "at": [point.geo.latitude, point.geo.longitude],
            }
            for point in points
        ],
        "towns": [{"name": town.name, "at": [town.geo.latitude, town.geo.longitude]} for town in towns],
        "center": [center.latitude, center.longitude] if center else None,
        "within": asked.query.within,
        "units": asked.units,
        "tiles": settings.map_tiles,
        "attribution": {"words": text, "address": link},
        "words": {name: language.say(f"map.{name}") for name in ("about", "in", "out", "several")},
    }


def attribution(settings: Settings) -> tuple[str, str | None]:
    """Whose map it is, and the address that stands behind its words."""
    words, _, last = (settings.map_attribution or "").rpartition(" ")
    return (words, last) if last.startswith(("https://", "http://")) else (settings.map_attribution or "", None)


def origin_of(tiles: str | None) -> str | None:
    """Whom the browser may ask for images, and no other."""
    parts = urlsplit(tiles or "")
    return f"{parts.scheme}://{parts.netloc}" if tiles else None


def _moment(point: Point, language: Language) -> str:
    day = language.tell_short_day(day_of(point.told))
    return f"{day}, {point.card.clock}"
