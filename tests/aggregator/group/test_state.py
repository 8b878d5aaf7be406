"""Whether a group still meets, and when next."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from aggregator.event import Occurrence
from aggregator.group.group import Certainty, Group, HowKnown, State
from aggregator.group.rhythm import OnHolidays, Rhythm
from aggregator.group.state import next_meetings, state_of

LAST = date(2026, 4, 7)


def group(*days: date, rule: str = "FREQ=WEEKLY;BYDAY=TU", how: HowKnown = HowKnown.INFERRED, **known: Any) -> Group:
    rhythm = Rhythm(rrules=(rule,), since=date(2025, 1, 7), start=time(7), calendar="US-federal", **known)
    seen = noon(days[0] if days else LAST)
    return Group(
        id="g",
        name="Breakfast Club",
        time_zone="UTC",
        rhythm=rhythm,
        how_known=how,
        first_seen=seen,
        last_seen=seen,
        last_confirmed=seen,
        dates=tuple(Occurrence(start=datetime.combine(day, time(7), UTC), end=None) for day in days),
    )


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def state(told: Group, today: date) -> State:
    return state_of(told, now=noon(today), last_read=noon(today))


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (1, State.ACTIVE),
        (8, State.ACTIVE),
        (14, State.ACTIVE),
        (15, State.QUIET),
        (60, State.QUIET),
        (89, State.QUIET),
        (90, State.RETIRED),
    ],
)
def test_a_weekly_group_is_quiet_after_two_missed_meetings_and_retired_after_three_months(
    ahead: int, expected: State
) -> None:
    assert state(group(LAST), LAST + timedelta(days=ahead)) is expected


def test_a_monthly_group_is_retired_after_six_missed_meetings() -> None:
    told = group(date(2026, 4, 14), rule="FREQ=MONTHLY;BYDAY=2TU")
    states = [state(told, date(2026, month, 20)) for month in range(5, 12)]
    assert states == [State.ACTIVE, *[State.QUIET] * 4, State.RETIRED, State.RETIRED]


def test_holidays_and_pauses_are_not_missed() -> None:
    monday = group(date(2026, 5, 11), rule="FREQ=WEEKLY;BYDAY=MO")
    assert state(monday, date(2026, 5, 26)) is State.ACTIVE  # the 18th was missed, the 25th was Memorial Day
    assert state(monday, date(2026, 6, 2)) is State.QUIET
    summer = group(date(2026, 6, 30), rule="FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,2,3,4,5,6,9,10,11,12")
    assert state(summer, date(2026, 9, 8)) is State.ACTIVE
    assert state(summer, date(2026, 9, 9)) is State.QUIET
    christmas = group(date(2026, 12, 22))
    assert state(christmas, date(2027, 1, 6)) is State.ACTIVE


def test_nothing_is_missed_while_the_source_is_not_read() -> None:
    now = noon(LAST + timedelta(days=200))
    assert state_of(group(LAST), now=now, last_read=noon(LAST + timedelta(days=10))) is State.ACTIVE
    assert state_of(group(LAST), now=now, last_read=None) is State.ACTIVE
    assert state_of(group(LAST), now=now, last_read=now) is State.RETIRED


def test_a_group_that_is_announced_meets() -> None:
    told = group(LAST, LAST + timedelta(days=70))
    assert state(told, LAST + timedelta(days=60)) is State.ACTIVE


def test_a_stated_group_meets_as_long_as_it_is_stated() -> None:
    told = group(how=HowKnown.STATED)
    assert state(told, LAST + timedelta(days=14)) is State.ACTIVE
    assert state(told, LAST + timedelta(days=15)) is State.QUIET


def test_a_stated_group_whose_rule_has_ended_is_retired() -> None:
    told = group(how=HowKnown.STATED, rule="FREQ=WEEKLY;BYDAY=TU;UNTIL=20260407")
    assert state(told, LAST) is State.ACTIVE
    assert state(told, LAST + timedelta(days=1)) is State.RETIRED


def meetings(told: Group, today: date) -> list[tuple[str, str]]:
    return [(f"{each.start:%m-%d}", each.certainty.value) for each in next_meetings(told, now=noon(today))]


def test_the_next_four_are_announced_or_expected() -> None:
    told = group(LAST, LAST + timedelta(days=7))
    assert meetings(told, LAST) == [
        ("04-14", "announced"),
        ("04-21", "expected"),
        ("04-28", "expected"),
        ("05-05", "expected"),
    ]
    first, second, *_ = next_meetings(told, now=noon(LAST))
    assert (first.certainty, second.certainty) == (Certainty.ANNOUNCED, Certainty.EXPECTED)
    assert second.start == datetime(2026, 4, 21, 7, tzinfo=UTC)


def test_dates_that_a_source_told_around_are_not_expected() -> None:
    told = group(date(2026, 4, 14), date(2026, 4, 28), date(2026, 5, 6))
    assert meetings(told, LAST) == [
        ("04-14", "announced"),
        ("04-28", "announced"),
        ("05-06", "announced"),
        ("05-12", "expected"),
    ]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"on_holidays": OnHolidays.SKIPPED}, ["05-18", "06-01", "06-08", "06-15"]),
        ({"on_holidays": OnHolidays.SHIFTED, "shift": 1}, ["05-18", "05-26", "06-01", "06-08"]),
        ({"on_holidays": OnHolidays.KEPT}, ["05-18", "05-25", "06-01", "06-08"]),
        ({}, ["05-18", "05-25", "06-01", "06-08"]),
        ({"except_dates": (date(2026, 6, 1),)}, ["05-18", "05-25", "06-08", "06-15"]),
    ],
)
def test_expected_dates_heed_holidays(known: dict[str, Any], expected: list[str]) -> None:
    told = group(date(2026, 5, 11), rule="FREQ=WEEKLY;BYDAY=MO", **known)
    assert [day for day, _ in meetings(told, date(2026, 5, 12))] == expected


def test_a_rhythm_without_a_clock_expects_days() -> None:
    told = group(LAST)
    rhythm = Rhythm(rrules=told.rhythm.rrules, since=told.rhythm.since)
    (first, *_) = next_meetings(
        Group(
            id="g",
            name="Club",
            time_zone="America/Los_Angeles",
            rhythm=rhythm,
            how_known=HowKnown.STATED,
            first_seen=noon(LAST),
            last_seen=noon(LAST),
            last_confirmed=noon(LAST),
        ),
        now=noon(LAST),
    )
    assert first.start == LAST + timedelta(days=7)
