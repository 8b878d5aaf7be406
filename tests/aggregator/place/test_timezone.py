"""Which time zone a point is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import GeoCoordinates
from aggregator.place.timezone import zone_at


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (36.33, -119.29, "America/Los_Angeles"),
        (36.74, -110.80, "America/Denver"),  # Navajo Nation keeps summer time
        (35.79, -110.51, "America/Phoenix"),  # the Hopi within it do not
        (43.615, -116.202, "America/Boise"),
        (41.2958, -86.6250, "America/Indiana/Knox"),
        (51.51, -0.13, "Europe/London"),
        (-33.87, 151.21, "Australia/Sydney"),
        (float("nan"), 0.0, None),
        (91.0, 0.0, None),
    ],
)
def test_the_zone_is_that_of_the_people_there(latitude: float, longitude: float, zone: str | None) -> None:
    assert zone_at(GeoCoordinates(latitude=latitude, longitude=longitude)) == zone


@given(st.floats(), st.floats())
def test_any_numbers_are_answered(latitude: float, longitude: float) -> None:
    zone = zone_at(GeoCoordinates(latitude=latitude, longitude=longitude))
    assert zone is None or "/" in zone


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [(41.755, -86.7, "America/Chicago"), (41.763, -86.7, "America/Detroit"), (90.0, 180.0, None)],
)
def test_a_square_that_a_border_crosses_is_looked_into(latitude: float, longitude: float, zone: str | None) -> None:
    found = [zone_at(GeoCoordinates(latitude=latitude, longitude=longitude)) for _ in range(2)]

    assert found[0] == found[1]
    assert zone is None or found[0] == zone
