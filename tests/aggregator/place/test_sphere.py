"""Points on a sphere."""

from math import dist, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import GeoCoordinates
from aggregator.place.sphere import EARTH_RADIUS, metres_between, metres_of_chord, squared_chord, unit_vector

points = st.builds(GeoCoordinates, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((36.3302, -119.2921), (36.7477, -119.7724), 63_300),  # Visalia to Fresno
        ((51.5085, -0.1257), (40.7143, -74.0060), 5_570_000),  # London to New York
        ((0, 179.99), (0, -179.99), 2_224),  # over the antimeridian
        ((90, 0), (90, 137), 0),  # the pole has every longitude
        ((0, 0), (0, 180), EARTH_RADIUS * pi),
    ],
)
def test_distances_are_those_of_the_great_circle(a: tuple[float, float], b: tuple[float, float], metres: float) -> None:
    start, end = (GeoCoordinates(latitude=lat, longitude=lon) for lat, lon in (a, b))
    assert metres_between(start, end) == pytest.approx(metres, rel=0.01, abs=0.01)


@given(points, points)
def test_unit_vectors_tell_the_same_distance(a: GeoCoordinates, b: GeoCoordinates) -> None:
    chord = dist(unit_vector(a.latitude, a.longitude), unit_vector(b.latitude, b.longitude))
    assert metres_of_chord(chord**2) == pytest.approx(metres_between(a, b), rel=1e-6, abs=0.5)


@given(st.floats(0, EARTH_RADIUS * pi * 0.999))
def test_a_chord_is_undone(metres: float) -> None:
    assert metres_of_chord(squared_chord(metres)) == pytest.approx(metres, rel=1e-6, abs=1e-3)


def test_a_circle_wider_than_the_earth_holds_every_point() -> None:
    assert squared_chord(EARTH_RADIUS * 4) > 4
