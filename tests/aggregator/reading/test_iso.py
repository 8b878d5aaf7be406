"""ISO 8601 and what is nearly so."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.reading.dates.iso import read_iso


def wall(*parts: int) -> datetime:
    return datetime(*parts)


PACIFIC = timezone(timedelta(hours=-7))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-01", date(2026, 9, 1)),
        ("20260901", date(2026, 9, 1)),
        (" 2026-09-01\n", date(2026, 9, 1)),
        ("2026-09-01T10:00", wall(2026, 9, 1, 10)),
        ("20260901T1000", wall(2026, 9, 1, 10)),
        ("20260901T100000", wall(2026, 9, 1, 10)),
        ("2026-09-01 10:00:00", wall(2026, 9, 1, 10)),
        ("2026-09-01T7:05", wall(2026, 9, 1, 7, 5)),
        ("2026-09-01T10:00:00.5", wall(2026, 9, 1, 10, 0, 0, 500000)),
        ("2026-09-01T10:00:00,5", wall(2026, 9, 1, 10, 0, 0, 500000)),
        ("2026-09-01T24:00:00", wall(2026, 9, 2)),
        ("2026-12-31T24:00", wall(2027, 1, 1)),
        ("20260901T100000Z", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01t10:00:00z", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01T10:00:00.1234567Z", datetime(2026, 9, 1, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2026-09-01T10:00:00+0000", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01 10:00:00 +0000 UTC", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01 10:00:00 UTC", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01 10:00:00+00", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01T10:00-07:00", datetime(2026, 9, 1, 10, tzinfo=PACIFIC)),
        ("2026-09-01T10:00:00-7", datetime(2026, 9, 1, 10, tzinfo=PACIFIC)),
        ("2026-09-01T10:00:00 -0700", datetime(2026, 9, 1, 10, tzinfo=PACIFIC)),
    ],
)
def test_iso_and_its_common_spellings_are_read(text: str, moment: date) -> None:
    read = read_iso(text)

    assert read == moment
    assert type(read) is type(moment)
    assert getattr(read, "tzinfo", None) == getattr(moment, "tzinfo", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-09",
        "2026-W36-2",
        "2026-13-01",
        "2026-02-30",
        "2026-09-01T25:00",
        "2026-09-01T24:01",
        "09/01/2026",
        "2026-09-01x10:00:00",
        "2026-09-01T",
        "0000-00-00 00:00:00",
        "1787000000",
        "٢٠٢٦-٠٩-٠١",
        "2026-09-01T10:00 PM",
        "2026-09-01T10:00+25:00",
        "October 8, 2026",
        "2026-09-01T10:00:00-07:00[America/Los_Angeles]",
        "x" * 100_000,
    ],
)
def test_what_is_not_iso_is_none(text: str) -> None:
    assert read_iso(text) is None


def test_a_range_of_clocks_is_not_taken_for_an_offset() -> None:
    assert read_iso("2026-09-01 18:00-20:00") is None
    assert read_iso("2026-09-01T18:00-07:00") == datetime(2026, 9, 1, 18, tzinfo=PACIFIC)


@given(st.datetimes(timezones=st.none() | st.just(UTC) | st.just(PACIFIC)))
def test_what_python_writes_is_read_back(moment: datetime) -> None:
    basic = moment.strftime("%Y%m%dT%H%M%S%z") if moment.year > 999 else moment.isoformat()

    assert read_iso(moment.isoformat()) == moment
    assert read_iso(moment.date().isoformat()) == moment.date()
    assert read_iso(basic) == (moment.replace(microsecond=0) if moment.year > 999 else moment)


@given(st.text(max_size=50))
def test_any_text_at_all_is_read_or_none(text: str) -> None:
    assert read_iso(text) is None or isinstance(read_iso(text), date)
