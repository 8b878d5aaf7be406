"""What pages call a time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.reading.zones import fixed_zone, zone_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("America/New_York", "America/New_York"),
        ("america/los angeles", "America/Los_Angeles"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Etc/GMT-2", "Etc/GMT-2"),
        ("/mozilla.org/20050126_1/America/New_York", "America/New_York"),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("/Europe/Stockholm", "Europe/Stockholm"),
        ("Central Standard Time", "America/Chicago"),
        ("pacific standard time", "America/Los_Angeles"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("GMT Standard Time", "Europe/London"),
        ("Eastern Daylight Time", "America/New_York"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC-05:00) Eastern Time (US and Canada)", "America/New_York"),
        ("(GMT-08:00) Pacific Time (US & Canada); Tijuana", "America/Los_Angeles"),
        ("(UTC-07:00) Arizona", "America/Phoenix"),
        ("(UTC+07:00) Bangkok, Hanoi, Jakarta", "Asia/Bangkok"),
        ("(UTC) Dublin, Edinburgh, Lisbon, London", "Europe/Dublin"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("Amsterdam, Belgrade, Berlin, Brussels", "Europe/Amsterdam"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("UTC", "UTC"),
        ("Z", "UTC"),
        ("UTC-5", "Etc/GMT+5"),
        ("GMT+0100", "Etc/GMT-1"),
        ("UTC+05:30", "Asia/Kolkata"),
        ("PST", "America/Los_Angeles"),
        ("EDT", "America/New_York"),
        ("Central", "America/Chicago"),
        ("Mountain Time", "America/Denver"),
        (' "Europe/Paris" ', "Europe/Paris"),
    ],
)
def test_the_words_of_pages_are_given_their_iana_name(words: str, name: str) -> None:
    assert zone_name(words) == name
    assert ZoneInfo(name)


@pytest.mark.parametrize(
    "words",
    [
        *(None, "", "  ", "Customized Time Zone", "Customized Time Zone 1", "tzone://Microsoft/Custom", "Mars/Olympus"),
        *("../../../../etc/passwd", "Europe/../Paris", "Europe\x00/Rome", "localtime", "Local", "UTC+25", "2026"),
        *("GMT +0100 (Standard) / GMT +0200 (Daylight)", "Western/Central Europe", "A" * 100_000),
    ],
)
def test_words_that_name_no_zone_are_not_guessed(words: str | None) -> None:
    assert zone_name(words) is None


@given(st.text(max_size=60))
def test_any_words_give_a_zone_that_exists_or_none(words: str) -> None:
    name = zone_name(words)
    assert name is None or ZoneInfo(name)


@given(st.integers(min_value=-12, max_value=14))
def test_a_fixed_zone_keeps_the_offset_it_is_asked_for(hours: int) -> None:
    offset = timedelta(hours=hours)
    zone = ZoneInfo(fixed_zone(offset) or "")
    assert datetime(2026, 7, 1, tzinfo=zone).utcoffset() == offset
