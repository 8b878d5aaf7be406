"""Which time zone a point is in."""

from functools import lru_cache
from math import floor

from aggregator.event import GeoCoordinates

_PARTS = 32
"""Squares in a degree. Where all corners of one (3.5 km wide at most) share a zone, so does what lies in it."""


def zone_at(geo: GeoCoordinates) -> str | None:
    """IANA name; None at a point that is none (not finite, out of range).

    Borders are exact to about 100 m, but for exclaves of a zone that are smaller than a square. The first call costs
    50 to 100 ms and 40 MB, so the library is loaded then; later ones in a square that is known, a microsecond.
    """
    if not (-90 <= geo.latitude <= 90 and -180 <= geo.longitude <= 180):
        return None
    return _zone_of_square(floor(geo.latitude * _PARTS), floor(geo.longitude * _PARTS)) or _look_up(
        geo.latitude, geo.longitude
    )


@lru_cache(maxsize=1 << 16)
def _zone_of_square(south: int, west: int) -> str | None:
    """None where its corners are in several."""
    corners = {
        _look_up(max(-90, min(90, lat / _PARTS)), max(-180, min(180, lon / _PARTS)))
        for lat in (south, south + 1)
        for lon in (west, west + 1)
    }
    return corners.pop() if len(corners) == 1 else None


def _look_up(latitude: float, longitude: float) -> str | None:
    from tzfpy import get_tz  # noqa: PLC0415 - only those who ask pay for it

    return get_tz(longitude, latitude) or None
