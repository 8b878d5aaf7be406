"""Holidays by name."""

from datetime import date

import pytest

from aggregator.errors import CatalogError
from aggregator.reading.rhythm.holidays import holidays


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 7, 4),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 12, 25),
    ],
)
def test_federal_holidays_of_2026_are_those_of_the_almanac(day: date) -> None:
    assert day in holidays("US-federal", [2026])
    assert len(holidays("US-federal", [2026])) == 12


def test_new_years_day_may_be_observed_in_the_year_before() -> None:
    assert date(2027, 12, 31) in holidays("US-federal", [2027])
    assert date(2027, 12, 31) not in holidays("US-federal", [2028])


def test_holidays_that_are_not_known_are_refused_and_those_that_are_named() -> None:
    with pytest.raises(CatalogError, match="US-federal"):
        holidays("Atlantis", [2026])
