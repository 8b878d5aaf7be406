"""Cells: whatever lies in a circle or a box is in a cell of its cover."""

from math import asin, atan2, cos, degrees, pi, radians, sin

from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import GeoCoordinates
from aggregator.place.sphere import EARTH_RADIUS, metres_between
from aggregator.query import MAX_RADIUS, BoundingBox
from aggregator.store.grid import SPANS, WORLD, cells_of, cover_box, cover_circle, earliest, in_span, span_of

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def onward(center: GeoCoordinates, metres: float, bearing: float) -> GeoCoordinates:
    """The point so far from the center in that direction (radians from north)."""
    phi, way = radians(center.latitude), metres / EARTH_RADIUS
    latitude = asin(max(-1.0, min(1.0, sin(phi) * cos(way) + cos(phi) * sin(way) * cos(bearing))))
    turned = atan2(sin(bearing) * sin(way) * cos(phi), cos(way) - sin(phi) * sin(latitude))
    longitude = (center.longitude + degrees(turned) + 180) % 360 - 180
    return GeoCoordinates(latitude=degrees(latitude), longitude=longitude)


@given(LATITUDES, LONGITUDES, st.floats(1, MAX_RADIUS), st.floats(0, 1), st.floats(0, 2 * pi))
def test_a_circle_is_covered(latitude: float, longitude: float, metres: float, share: float, bearing: float) -> None:
    center = GeoCoordinates(latitude=latitude, longitude=longitude)
    point = onward(center, metres * share, bearing)

    if metres_between(center, point) <= metres:
        assert set(cells_of(point)) & set(cover_circle(center, metres))


@given(LATITUDES, LATITUDES, LONGITUDES, LONGITUDES, st.floats(0, 1), st.floats(0, 1))
def test_a_box_is_covered(south: float, north: float, west: float, east: float, up: float, along: float) -> None:
    south, north = sorted((south, north))
    width = east - west if east >= west else east - west + 360
    latitude = min(north, south + up * (north - south))
    longitude = (west + min(width, along * width) + 180) % 360 - 180

    cover = cover_box(BoundingBox(west=west, south=south, east=east, north=north))

    assert set(cells_of(GeoCoordinates(latitude=latitude, longitude=longitude))) & set(cover)
    assert len(cover) == len(set(cover))


@given(LATITUDES.filter(lambda latitude: abs(latitude) < 75), LONGITUDES, st.floats(100, MAX_RADIUS))
def test_a_cover_is_a_few_cells(latitude: float, longitude: float, metres: float) -> None:
    """The widest circle at 75 degrees is 9 degrees high and 36 wide, in cells of 1.4."""
    assert len(cover_circle(GeoCoordinates(latitude=latitude, longitude=longitude), metres)) <= 8 * 27


@given(st.integers(0, 2**33), st.integers(0, 200 * 86_400))
def test_what_runs_at_a_time_began_no_earlier_than_its_span_allows(start: int, length: int) -> None:
    span = span_of(start, start + length)

    assert earliest(start + length, span) <= start
    assert 0 <= span <= len(SPANS)
    assert in_span(WORLD, span) >> 40 == span
