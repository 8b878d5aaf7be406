"""How long a site asks to be left alone."""

from datetime import UTC, datetime

import pytest

from aggregator.fetch.retry_after import read_retry_after

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 90 ", 90),
        ("1", 60),
        ("999999999999999999", 7 * 86_400),
        ("9" * 5000, 7 * 86_400),
        ("Mon, 01 Jun 2026 12:10:00 GMT", 600),
        ("Mon, 01 Jun 2026 12:10:00 -0000", 600),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 7 * 86_400),
    ],
)
def test_seconds_and_dates_are_kept_within_a_minute_and_a_week(value, seconds):
    assert read_retry_after(value, NOW) == seconds


@pytest.mark.parametrize("value", [None, "", "0", "-1; soon", "soon", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT", "²"])
def test_what_is_no_time_to_come_is_nothing(value):
    assert read_retry_after(value, NOW) is None
