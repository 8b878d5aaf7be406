"""The rhythm that dates show: which rule, and when there is none."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aggregator.event import Event, Occurrence
from aggregator.group.infer import day_of, infer
from aggregator.group.rhythm import OnHolidays, Rhythm, days
from aggregator.reading.rhythm.holidays import holidays
from aggregator.recurrence import expand

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOLIDAYS = holidays("US-federal", range(2024, 2028))
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def at(day: date, clock: time = time(7), minutes: int | None = 90) -> Occurrence:
    start = datetime.combine(day, clock, UTC)
    return Occurrence(start=start, end=None if minutes is None else start + timedelta(minutes=minutes))


def series(rule: str, since: date, until: date) -> list[Occurrence]:
    """The dates of a rule, of which `since` need not be one."""
    start = datetime.combine(since, time(7), UTC)
    event = Event(source="s", uid="u", name="n", start_date=start, time_zone="UTC", rrule=(rule,))
    told = [each.start for each in expand(event, start, datetime.combine(until, time(), UTC))]
    return [at(day.date()) for day in told if isinstance(day, datetime) and (day != start or _names(rule, since))]


def _names(rule: str, day: date) -> bool:
    start = datetime.combine(day - timedelta(days=728), time(7), UTC)
    event = Event(source="s", uid="u", name="n", start_date=start, time_zone="UTC", rrule=(rule,))
    first = datetime.combine(day, time(), UTC)
    return bool(expand(event, first, first + timedelta(days=1)))


def dates(*texts: str) -> list[Occurrence]:
    return [at(date.fromisoformat(text)) for text in texts]


def rule_of(told: list[Occurrence], now: datetime = NOW) -> str | None:
    rhythm = infer(told, now=now)
    return rhythm and " ".join(rhythm.rrules)


RULES = st.one_of(
    st.sets(st.sampled_from(WEEKDAYS), min_size=1, max_size=2).map(
        lambda named: f"FREQ=WEEKLY;BYDAY={','.join(sorted(named, key=WEEKDAYS.index))}"
    ),
    st.sampled_from(WEEKDAYS).map("FREQ=WEEKLY;INTERVAL=2;BYDAY={}".format),
    st.builds("FREQ=MONTHLY;BYDAY={}{}".format, st.sampled_from((1, 2, 3, 4, -1)), st.sampled_from(WEEKDAYS)),
    st.builds(
        lambda nths, one, other: f"FREQ=MONTHLY;BYDAY={nths[0]}{one},{nths[1]}{other}",
        st.sampled_from(((1, 3), (2, 4), (1, -1), (2, -1))),
        st.sampled_from(WEEKDAYS),
        st.sampled_from(WEEKDAYS),
    ),
)
STARTS = st.dates(date(2024, 6, 1), date(2025, 3, 1))


@given(rule=RULES, since=STARTS, length=st.integers(370, 450))
@settings(deadline=None)
def test_the_dates_of_a_rule_show_the_rule(rule: str, since: date, length: int) -> None:
    told = series(rule, since, since + timedelta(days=length))
    rhythm = infer(told, now=NOW)
    assert rhythm is not None
    assert rhythm.rrules == (rule,)
    assert days(rhythm, since, since + timedelta(days=length)) == [day_of(each.start) for each in told]


@given(rule=RULES, since=STARTS, random=st.randoms(use_true_random=False), odd=st.integers(0, 300))
@settings(deadline=None)
def test_the_order_of_dates_is_no_matter(rule: str, since: date, random, odd: int) -> None:
    told = [*series(rule, since, since + timedelta(days=300)), at(since + timedelta(days=odd))]
    mixed = random.sample(told, len(told))
    assert infer(mixed, now=NOW) == infer(told, now=NOW)


def inferred_twice(rule: str, since: date, lost: set[int], odd: set[int]) -> tuple[Rhythm, Rhythm]:
    """What some dates of a rule show, and what they show with those that were foretold from them."""
    told = [each for place, each in enumerate(series(rule, since, since + timedelta(days=300))) if place not in lost]
    told += [at(since + timedelta(days=day)) for day in odd]
    rhythm = infer(told, now=NOW)
    assume(rhythm is not None)
    assert rhythm is not None
    last = max(day_of(each.start) for each in told)
    foretold = [at(day) for day in days(rhythm, last + timedelta(days=1), last + timedelta(days=120))]
    again = infer([*told, *foretold], now=NOW)
    assert again is not None
    return rhythm, again


@given(
    rule=RULES, since=STARTS, lost=st.sets(st.integers(0, 40), max_size=1), odd=st.sets(st.integers(0, 300), max_size=1)
)
@settings(deadline=None)
def test_dates_that_the_rhythm_foretold_do_not_change_it(rule: str, since: date, lost: set[int], odd: set[int]) -> None:
    rhythm, again = inferred_twice(rule, since, lost, odd)
    assert (again.rrules, again.since, again.pauses) == (rhythm.rrules, rhythm.since, rhythm.pauses)


@given(
    rule=RULES, since=STARTS, lost=st.sets(st.integers(0, 40), max_size=4), odd=st.sets(st.integers(0, 300), max_size=2)
)
@settings(deadline=None)
def test_nor_do_they_where_many_were_missed_but_for_its_pauses(
    rule: str, since: date, lost: set[int], odd: set[int]
) -> None:
    rhythm, again = inferred_twice(rule, since, lost, odd)
    assert [text.partition(";BYMONTH")[0] for text in again.rrules] == [
        text.partition(";BYMONTH")[0] for text in rhythm.rrules
    ]


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        (("2026-03-10", "2026-04-14", "2026-05-12"), "FREQ=MONTHLY;BYDAY=2TU"),
        (("2026-04-28", "2026-05-05", "2026-05-12", "2026-05-19"), "FREQ=WEEKLY;BYDAY=TU"),
        (("2026-04-07", "2026-04-21", "2026-05-05", "2026-05-19"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        (("2026-01-29", "2026-02-26", "2026-03-26", "2026-04-30"), "FREQ=MONTHLY;BYDAY=-1TH"),
        (("2026-01-22", "2026-02-26", "2026-03-26", "2026-04-23"), "FREQ=MONTHLY;BYDAY=4TH"),
        (("2026-02-05", "2026-02-26", "2026-02-12", "2026-02-19"), "FREQ=WEEKLY;BYDAY=TH"),
    ],
)
def test_few_dates_are_enough_when_they_agree(told: tuple[str, ...], rule: str) -> None:
    assert rule_of(dates(*told)) == rule


@pytest.mark.parametrize(
    "told",
    [
        (),
        ("2026-05-12",),
        ("2026-04-14", "2026-05-12"),
        ("2026-05-05", "2026-05-12", "2026-05-19"),
        ("2026-04-21", "2026-05-05", "2026-05-19"),
        ("2026-01-08", "2026-01-30", "2026-02-03", "2026-03-21", "2026-04-01", "2026-05-17"),
        ("2026-01-06", "2026-02-10", "2026-02-17", "2026-04-07", "2026-04-28", "2026-05-26"),
    ],
)
def test_nothing_is_guessed(told: tuple[str, ...]) -> None:
    assert rule_of(dates(*told)) is None


def test_a_date_that_was_moved_and_one_that_does_not_belong_are_borne() -> None:
    told = series("FREQ=MONTHLY;BYDAY=2TH", date(2025, 6, 1), date(2026, 6, 1))
    told[4] = at(day_of(told[4].start) - timedelta(days=1))
    assert rule_of([*told, at(date(2025, 12, 20))]) == "FREQ=MONTHLY;BYDAY=2TH"


def test_a_series_of_dates_told_far_ahead_is_no_matter() -> None:
    told = series("FREQ=WEEKLY;BYDAY=TU", date(2026, 1, 1), date(2026, 6, 12))
    assert rule_of([*told, at(date(2026, 12, 8))]) == "FREQ=WEEKLY;BYDAY=TU"


@pytest.mark.parametrize(
    ("rule", "pause"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", (8,)),
        ("FREQ=WEEKLY;BYDAY=TU", (7, 8)),
        ("FREQ=MONTHLY;BYDAY=2TH", (8,)),
        ("FREQ=MONTHLY;BYDAY=3MO", (6, 7, 8)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", (7, 8)),
        ("FREQ=WEEKLY;BYDAY=SA", (1, 11, 12)),
    ],
)
def test_months_without_a_meeting_are_a_pause(rule: str, pause: tuple[int, ...]) -> None:
    told = series(rule, date(2024, 10, 1), date(2026, 5, 30))
    rhythm = infer([each for each in told if each.start.month not in pause], now=NOW)
    kept = ",".join(str(month) for month in range(1, 13) if month not in pause)
    assert rhythm is not None
    assert (rhythm.rrules, rhythm.pauses) == ((f"{rule};BYMONTH={kept}",), pause)


def test_a_long_break_that_was_no_summer_is_no_pause() -> None:
    told = series("FREQ=WEEKLY;BYDAY=WE", date(2025, 2, 1), date(2026, 5, 30))
    rhythm = infer([each for each in told if not date(2025, 9, 10) < day_of(each.start) < date(2025, 10, 20)], now=NOW)
    assert rhythm is not None
    assert (rhythm.rrules, rhythm.pauses) == (("FREQ=WEEKLY;BYDAY=WE",), ())


@pytest.mark.parametrize(
    ("moved", "does", "shift"),
    [(None, OnHolidays.SKIPPED, 0), (1, OnHolidays.SHIFTED, 1), (-1, OnHolidays.SHIFTED, -1), (0, OnHolidays.KEPT, 0)],
)
def test_what_a_group_does_on_holidays_is_seen(moved: int | None, does: OnHolidays, shift: int) -> None:
    told = [day_of(each.start) for each in series("FREQ=WEEKLY;BYDAY=MO", date(2025, 3, 1), date(2026, 5, 30))]
    seen = [
        at(day + timedelta(days=moved or 0) if day in HOLIDAYS else day)
        for day in told
        if day not in HOLIDAYS or moved is not None
    ]
    rhythm = infer(seen, now=NOW)
    assert rhythm is not None
    assert (rhythm.rrules, rhythm.on_holidays, rhythm.shift) == (("FREQ=WEEKLY;BYDAY=MO",), does, shift)


def test_a_group_that_changed_its_day_is_told_as_it_is_now() -> None:
    before = series("FREQ=MONTHLY;BYDAY=2TU", date(2025, 1, 1), date(2025, 12, 31))
    after = series("FREQ=MONTHLY;BYDAY=3WE", date(2026, 1, 1), date(2026, 5, 30))
    assert rule_of([*before, *after]) == "FREQ=MONTHLY;BYDAY=3WE"


def test_a_group_that_grew_slower_is_told_as_it_is_now() -> None:
    before = series("FREQ=WEEKLY;BYDAY=TU", date(2025, 6, 1), date(2025, 12, 31))
    after = series("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", date(2026, 1, 6), date(2026, 5, 30))
    assert rule_of([*before, *after]) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"


def test_the_clock_is_that_of_the_last_dates() -> None:
    told = series("FREQ=WEEKLY;BYDAY=TU", date(2026, 1, 1), date(2026, 5, 30))
    changed = [at(day_of(each.start), time(18, 30), 60) for each in told[-4:]]
    rhythm = infer([*told[:-4], *changed], now=NOW)
    assert rhythm is not None
    assert (rhythm.start, rhythm.end) == (time(18, 30), time(19, 30))


def test_days_without_a_clock_have_a_rhythm_without_one() -> None:
    told = [Occurrence(start=day, end=None) for day in (date(2026, 3, 10), date(2026, 4, 14), date(2026, 5, 12))]
    rhythm = infer(told, now=NOW)
    assert rhythm == Rhythm(rrules=("FREQ=MONTHLY;BYDAY=2TU",), since=date(2026, 3, 10), calendar="US-federal")


def test_dates_of_long_ago_tell_nothing() -> None:
    told = series("FREQ=WEEKLY;BYDAY=TU", date(2022, 1, 1), date(2023, 1, 1))
    assert rule_of(told) is None
    assert rule_of(told, datetime(2023, 2, 1, tzinfo=UTC)) == "FREQ=WEEKLY;BYDAY=TU"
