"""Rules: which are refused, and which dates the others give."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import RuleRefusedError
from aggregator.event import Event
from aggregator.recurrence import expand, first, is_endless, vet

PACIFIC = ZoneInfo("America/Los_Angeles")
START = datetime(2026, 9, 1, 18, tzinfo=PACIFIC)


def series(*rrule: str, **told: Any) -> Event:
    known: dict[str, Any] = {
        "source": "elmvalley",
        "uid": "mixer-1",
        "name": "Mixer",
        "start_date": START,
        "end_date": START + timedelta(hours=2),
        "time_zone": "America/Los_Angeles",
        "rrule": rrule,
    }
    return Event(**{**known, **told})


def days(event: Event, *, of: int = 61) -> list[str]:
    start = event.start_date if isinstance(event.start_date, datetime) else START
    return [f"{each.start:%m-%d}" for each in expand(event, start, start + timedelta(days=of))]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=3",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=WEEKLY;UNTL=20261001",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;INTERVAL=7;BYDAY=WE",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=DAILY;BYYEARDAY=3",
        "FREQ=YEARLY;BYWEEKNO=3;BYMONTH=9",
        "BYDAY=MO",
        "",
    ],
)
def test_a_rule_that_is_costly_broken_or_never_takes_place_is_refused(rule: str) -> None:
    with pytest.raises(RuleRefusedError, match="mixer-1"):
        vet(series(rule))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;COUNT=999999999",
        "rrule:freq=weekly;byday=mo, tu;",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0,30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=WEEKLY;COUNT=-1",
        "AnythingRandom;FREQ=WEEKLY",
    ],
)
def test_a_rule_that_calendars_have_is_accepted(rule: str) -> None:
    vet(series(rule))


@pytest.mark.parametrize(
    ("refused", "accepted"),
    [
        ({"rrule": ("FREQ=DAILY",) * 5}, {"rrule": ("FREQ=DAILY",) * 4}),
        (
            {"r_dates": tuple(START + timedelta(days=n) for n in range(501))},
            {"r_dates": tuple(START + timedelta(days=n) for n in range(500))},
        ),
        ({"end_date": START + timedelta(days=367)}, {"end_date": START + timedelta(days=366)}),
        ({"start_date": START.replace(year=1969)}, {"start_date": START.replace(year=1970), "end_date": None}),
    ],
)
def test_a_series_that_would_cost_too_much_is_refused(refused: dict[str, Any], accepted: dict[str, Any]) -> None:
    with pytest.raises(RuleRefusedError, match="mixer-1"):
        vet(series("FREQ=YEARLY", **refused) if "rrule" not in refused else series(**{"rrule": (), **refused}))
    vet(series("FREQ=YEARLY", **accepted) if "rrule" not in accepted else series(**accepted))


def test_a_single_event_may_be_as_long_and_as_old_as_it_likes() -> None:
    vet(series(start_date=START.replace(year=1900)))


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ("FREQ=DAILY;COUNT=3", ["09-01", "09-02", "09-03"]),
        ("FREQ=DAILY;INTERVAL=25", ["09-01", "09-26", "10-21"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", ["09-01", "09-03", "09-08", "09-10"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", ["09-01", "09-15", "09-29"]),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU;COUNT=3", ["09-01", "09-15", "10-06"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", ["09-01", "09-30", "10-31"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=1", ["09-01", "09-30"]),
        ("FREQ=WEEKLY;UNTIL=20260915", ["09-01", "09-08", "09-15"]),
        ("FREQ=WEEKLY;UNTIL=20260916T010000Z", ["09-01", "09-08", "09-15"]),
        ("FREQ=WEEKLY;UNTIL=20260915T180000", ["09-01", "09-08", "09-15"]),
        ("FREQ=WEEKLY;UNTIL=20260915T175959", ["09-01", "09-08"]),
        ("FREQ=WEEKLY;UNTIL=20260801", []),
        ("FREQ=YEARLY;BYWEEKNO=37;BYDAY=MO", ["09-01", "09-07"]),
        ("FREQ=YEARLY;BYYEARDAY=250", ["09-01", "09-07"]),
        ("FREQ=WEEKLY;BYDAY=WE;COUNT=2", ["09-01", "09-02", "09-09"]),
    ],
)
def test_a_rule_gives_its_dates(rule: str, dates: list[str]) -> None:
    assert days(series(rule)) == dates


def test_several_rules_and_added_dates_are_one_series() -> None:
    event = series("FREQ=WEEKLY;COUNT=2", "FREQ=DAILY;COUNT=2", r_dates=(START + timedelta(days=5), date(2026, 9, 8)))
    assert days(event) == ["09-01", "09-02", "09-06", "09-08"]


@pytest.mark.parametrize(
    "taken_out",
    [
        START + timedelta(days=7),
        datetime(2026, 9, 9, 1, tzinfo=UTC),
        datetime(2026, 9, 8, 21, tzinfo=ZoneInfo("America/New_York")),
        date(2026, 9, 8),
    ],
)
def test_a_date_taken_out_does_not_take_place(taken_out: date) -> None:
    assert days(series("FREQ=WEEKLY;COUNT=3", except_dates=(taken_out,))) == ["09-01", "09-15"]


def test_a_window_is_half_open_and_includes_what_is_under_way() -> None:
    event = series()
    ends = START + timedelta(hours=2)
    assert len(expand(event, START, START + timedelta(seconds=1))) == 1
    assert len(expand(event, ends - timedelta(seconds=1), ends)) == 1
    assert expand(event, ends, ends + timedelta(days=1)) == []
    assert expand(event, START - timedelta(days=1), START) == []


def test_an_event_without_an_end_is_a_point() -> None:
    event = series("FREQ=DAILY;COUNT=2", end_date=None)
    assert [each.end for each in expand(event, START, START + timedelta(days=1))] == [None]
    assert expand(event, START + timedelta(seconds=1), START + timedelta(hours=1)) == []


def test_the_limit_keeps_the_first() -> None:
    found = expand(series("FREQ=DAILY"), START, START + timedelta(days=3000), limit=3)
    assert [each.start.day for each in found] == [1, 2, 3]


def test_the_widest_window_is_no_overflow() -> None:
    window = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert len(expand(series("FREQ=DAILY"), *window)) == 500
    assert len(expand(series(), *window)) == 1


def test_the_first_date_is_the_earliest_that_takes_place() -> None:
    assert first(series("FREQ=WEEKLY", except_dates=(START,))).start == START + timedelta(days=7)
    with pytest.raises(RuleRefusedError, match="mixer-1"):
        first(series("FREQ=WEEKLY;COUNT=1", except_dates=(START,)))


@pytest.mark.parametrize(
    ("rules", "endless"),
    [((), False), (("FREQ=DAILY;COUNT=2",), False), (("FREQ=DAILY;UNTIL=20270101",), False), (("FREQ=DAILY",), True)],
)
def test_only_a_rule_without_count_and_until_is_endless(rules: tuple[str, ...], *, endless: bool) -> None:
    assert is_endless(series(*rules)) is endless


RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=300")


@given(st.sampled_from(RULES), st.integers(0, 700), st.integers(0, 200), st.integers(0, 200))
def test_two_windows_side_by_side_give_what_one_gives(rule: str, at: int, one: int, two: int) -> None:
    event = series(rule, end_date=None)
    start = START + timedelta(days=at, minutes=at)
    middle, end = start + timedelta(days=one), start + timedelta(days=one + two)
    assert expand(event, start, middle) + expand(event, middle, end) == expand(event, start, end)
