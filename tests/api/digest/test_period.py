"""Exactly one letter a week by the subscriber's own clock, whatever the clocks of the world do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.store.mailing import Wish
from api.digest.period import next_send, period_of

ZONES = (
    *("America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC"),
    *("America/New_York", "Pacific/Chatham", "Africa/Casablanca", "Pacific/Kiritimati"),
)


def wish(zone: str, weekday: int, hour: int) -> Wish:
    return Wish(address="a@b.example", query="days=30", weekday=weekday, hour=hour, zone=zone, most=25)


@pytest.mark.parametrize(
    ("zone", "weekday", "hour", "after", "due"),
    [
        # 8 March 2026, a Sunday: Los Angeles leaves out the hour from two to three.
        ("America/Los_Angeles", 6, 2, "2026-03-07T00:00-08:00", "2026-03-08T03:00-07:00"),
        ("America/Los_Angeles", 6, 3, "2026-03-07T00:00-08:00", "2026-03-08T03:00-07:00"),
        ("America/Los_Angeles", 6, 2, "2026-03-08T03:00-07:00", "2026-03-15T02:00-07:00"),
        # 1 November 2026, a Sunday: the hour from one to two comes twice.
        ("America/Los_Angeles", 6, 1, "2026-10-31T12:00-07:00", "2026-11-01T01:00-07:00"),
        ("America/Los_Angeles", 6, 1, "2026-11-01T01:00-07:00", "2026-11-08T01:00-08:00"),
        ("America/Los_Angeles", 6, 1, "2026-11-01T01:30-08:00", "2026-11-08T01:00-08:00"),
        ("Europe/Berlin", 6, 2, "2026-03-28T12:00+01:00", "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", 6, 2, "2026-10-24T12:00+02:00", "2026-10-25T02:00+02:00"),
        # Half an hour is left out on 4 October 2026, and comes twice on 5 April 2026.
        ("Australia/Lord_Howe", 6, 2, "2026-10-03T12:00+10:30", "2026-10-04T02:30+11:00"),
        ("Australia/Lord_Howe", 6, 1, "2026-04-04T12:00+11:00", "2026-04-05T01:00+11:00"),
        ("Asia/Kolkata", 0, 7, "2026-10-07T00:00+05:30", "2026-10-12T07:00+05:30"),
        # Apia had no 30 December 2011, a Friday.
        ("Pacific/Apia", 4, 7, "2011-12-27T00:00-10:00", "2011-12-31T07:00+14:00"),
        ("Pacific/Apia", 4, 7, "2011-12-31T08:00+14:00", "2012-01-06T07:00+14:00"),
        ("UTC", 2, 7, "2026-10-07T07:00+00:00", "2026-10-14T07:00+00:00"),
        ("UTC", 2, 7, "2026-10-07T06:59+00:00", "2026-10-07T07:00+00:00"),
    ],
)
def test_a_letter_is_due_at_its_day_and_hour(zone: str, weekday: int, hour: int, after: str, due: str) -> None:
    assert next_send(wish(zone, weekday, hour), datetime.fromisoformat(after)) == datetime.fromisoformat(due)


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    start=st.datetimes(datetime(2011, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_over_three_years_every_week_has_exactly_one(zone: str, weekday: int, hour: int, start: datetime) -> None:
    asked = wish(zone, weekday, hour)
    periods, due = [], next_send(asked, start)
    while due < start + timedelta(days=3 * 365):
        periods.append(period_of(due, asked))
        due = next_send(asked, due)

    first = next_send(asked, start).astimezone(ZoneInfo(zone))
    weeks = [(first + timedelta(weeks=number)).isocalendar() for number in range(len(periods))]
    assert periods == [f"{week.year}-W{week.week:02}" for week in weeks]


@given(
    zone=st.sampled_from(ZONES),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    after=st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    minutes=st.integers(0, 10_000),
)
def test_it_does_not_matter_when_one_looks(zone: str, weekday: int, hour: int, after: datetime, minutes: int) -> None:
    asked = wish(zone, weekday, hour)

    due = next_send(asked, after)

    assert after < due <= after + timedelta(days=8)
    later = after + timedelta(minutes=minutes)
    assert next_send(asked, later) == due or later >= due


@pytest.mark.parametrize(
    ("due", "zone", "period"),
    [
        ("2027-01-03T20:00+00:00", "UTC", "2026-W53"),
        ("2027-01-04T01:00+00:00", "UTC", "2027-W01"),
        ("2027-01-04T01:00+00:00", "America/Los_Angeles", "2026-W53"),
        ("2027-01-03T20:00+00:00", "Pacific/Auckland", "2027-W01"),
    ],
)
def test_the_week_is_that_of_the_subscribers_calendar(due: str, zone: str, period: str) -> None:
    assert period_of(datetime.fromisoformat(due), wish(zone, 0, 7)) == period
