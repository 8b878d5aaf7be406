"""Rhythms as pages write them: what is read as rules, what is refused, on which days they fall."""

from datetime import date, time, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import UnreadDateError
from aggregator.reading.ical.rule import WEEKDAYS
from aggregator.reading.rhythm import falls_on, read_rhythm, start_of

NEW_YEAR = date(2026, 1, 1)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November")
MONTHS = (*MONTHS, "December")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NTHS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "last"}


@pytest.mark.parametrize(
    ("text", "rule", "first"),
    [
        ("every Tuesday", "FREQ=WEEKLY;BYDAY=TU", (1, 6)),
        ("Tuesdays", "FREQ=WEEKLY;BYDAY=TU", (1, 6)),
        ("Tuesday", "FREQ=WEEKLY;BYDAY=TU", (1, 6)),
        ("each Tues.", "FREQ=WEEKLY;BYDAY=TU", (1, 6)),
        ("weekly on Wednesday", "FREQ=WEEKLY;BYDAY=WE", (1, 7)),
        ("every week on Wednesdays", "FREQ=WEEKLY;BYDAY=WE", (1, 7)),
        ("Meets on Thursdays year-round", "FREQ=WEEKLY;BYDAY=TH", (1, 1)),
        ("every Tue and Thu", "FREQ=WEEKLY;BYDAY=TU,TH", (1, 1)),
        ("Tuesdays & Thursdays", "FREQ=WEEKLY;BYDAY=TU,TH", (1, 1)),
        ("Mon/Wed/Fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR", (1, 2)),
        ("Mondays, Wednesdays, and Fridays", "FREQ=WEEKLY;BYDAY=MO,WE,FR", (1, 2)),
        ("Mon-Fri", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", (1, 1)),
        ("Fri through Mon", "FREQ=WEEKLY;BYDAY=FR,SA,SU,MO", (1, 2)),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", (1, 1)),
        ("every weekend", "FREQ=WEEKLY;BYDAY=SA,SU", (1, 3)),
        ("daily", "FREQ=DAILY", (1, 1)),
        ("every day", "FREQ=DAILY", (1, 1)),
        ("Daily through October 9, 2026", "FREQ=DAILY;UNTIL=20261009", (1, 1)),
        ("1st & 3rd Tuesday", "FREQ=MONTHLY;BYDAY=1TU,3TU", (1, 6)),
        ("1st and 3rd Tuesdays", "FREQ=MONTHLY;BYDAY=1TU,3TU", (1, 6)),
        ("every 1st and 3rd Tuesday", "FREQ=MONTHLY;BYDAY=1TU,3TU", (1, 6)),
        ("1st, 3rd and 5th Mondays", "FREQ=MONTHLY;BYDAY=1MO,3MO,5MO", (1, 5)),
        ("last Thursday", "FREQ=MONTHLY;BYDAY=-1TH", (1, 29)),
        ("first Friday of the month", "FREQ=MONTHLY;BYDAY=1FR", (1, 2)),
        ("every first Friday", "FREQ=MONTHLY;BYDAY=1FR", (1, 2)),
        ("every second Thursday of each month", "FREQ=MONTHLY;BYDAY=2TH", (1, 8)),
        ("monthly on the 2nd Thursday", "FREQ=MONTHLY;BYDAY=2TH", (1, 8)),
        ("the first and last Monday of every month", "FREQ=MONTHLY;BYDAY=1MO,-1MO", (1, 5)),
        ("1st Tuesday and 3rd Thursday", "FREQ=MONTHLY;BYDAY=1TU,3TH", (1, 6)),
        ("15th of every month", "FREQ=MONTHLY;BYMONTHDAY=15", (1, 15)),
        ("the 1st and 15th of each month", "FREQ=MONTHLY;BYMONTHDAY=1,15", (1, 1)),
        ("monthly on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15", (1, 15)),
        ("2nd and 4th Wed except July", "FREQ=MONTHLY;BYDAY=2WE,4WE;BYMONTH=1,2,3,4,5,6,8,9,10,11,12", (1, 14)),
        ("Tuesdays, not in August", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,2,3,4,5,6,7,9,10,11,12", (1, 6)),
        ("Every Tuesday but not in July or August", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,2,3,4,5,6,9,10,11,12", (1, 6)),
        ("Tuesdays (no meetings June-August)", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,2,3,4,5,9,10,11,12", (1, 6)),
        ("Tuesdays, Sept-May", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,2,3,4,5,9,10,11,12", (1, 6)),
        ("Tuesdays March through October", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=3,4,5,6,7,8,9,10", (3, 3)),
        ("Second Saturday, April to October, except July", "FREQ=MONTHLY;BYDAY=2SA;BYMONTH=4,5,6,8,9,10", (4, 11)),
        ("1st Tuesday in March and October", "FREQ=MONTHLY;BYDAY=1TU;BYMONTH=3,10", (3, 3)),
        ("every Thursday except 5th", "FREQ=MONTHLY;BYDAY=1TH,2TH,3TH,4TH", (1, 1)),
        ("Thursdays, except the 1st and 5th Thursdays", "FREQ=MONTHLY;BYDAY=2TH,3TH,4TH", (1, 8)),
        ("every other Monday from January 5, 2026", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", (1, 5)),
        ("every other Monday starting 2026-01-12", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", (1, 12)),
        ("biweekly on Mondays from 2026-01-05", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", (1, 5)),
        ("fortnightly on Mondays since 2026-01-05", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", (1, 5)),
        ("every 3 weeks on Monday from 2026-01-05", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", (1, 5)),
        ("every other week on Tue & Thu from 2026-01-06", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", (1, 6)),
        ("every other month on the 2nd Tuesday from 2026-01-13", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", (1, 13)),
        ("Tuesdays, Oct 6 - Dec 15, 2026", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261215", (10, 6)),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU", (1, 6)),
        ("FREQ=MONTHLY;BYDAY=2TH,3TH,4TH", "FREQ=MONTHLY;BYDAY=2TH,3TH,4TH", (1, 8)),
        ("FREQ=WEEKLY;BYDAY=TU, not in January", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=2,3,4,5,6,7,8,9,10,11,12", (2, 3)),
        ("FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", (1, 30)),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "FREQ=YEARLY;BYDAY=4TH;BYMONTH=11", (11, 26)),
    ],
)
def test_a_rhythm_is_read_as_a_rule_that_begins_on_its_first_day(text: str, rule: str, first: tuple[int, int]) -> None:
    rhythm = read_rhythm(text)

    assert rhythm.rrules == (rule,)
    assert start_of(rhythm, NEW_YEAR) == date(2026, *first)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2nd & 4th Thursday 07:00-08:30, not in August", time(7), time(8, 30)),
        ("first Friday of the month at noon", time(12), None),
        ("Every Thurs., 7:00-8:30 a.m.", time(7), time(8, 30)),
        ("7pm every Tuesday", time(19), None),
        ("Wednesday mornings 7am, year round", time(7), None),
        ("Tuesdays - 7-9pm", time(19), time(21)),
        ("1st, 2nd, and 3rd Wednesdays, noon-1pm", time(12), time(13)),
        ("third Wednesday (except December) @ 6:00 PM Pacific", time(18), None),
        ("Fridays 10pm-2am", time(22), time(2)),
        ("FREQ=MONTHLY;BYDAY=1TH 17:30-19:00", time(17, 30), time(19)),
        ("Saturdays", None, None),
    ],
)
def test_the_time_of_day_is_read_wherever_it_stands(text: str, start: time | None, end: time | None) -> None:
    rhythm = read_rhythm(text)

    assert (rhythm.start, rhythm.end, rhythm.doubts) == (start, end, ())


@pytest.mark.parametrize(
    ("text", "refused", "accepted"),
    [
        ("every other Monday", "from which day", "every other Monday from 2026-01-05"),
        ("every other Monday from 2026-01-06", "none of its days", "every other Tuesday from 2026-01-06"),
        ("every other Tue and Thu from 2026-01-06", "not clear", "every other Tue from 2026-01-06"),
        ("every other year", "other", "every other week on Friday from 2026-01-02"),
        ("every other 1st Friday from 2026-01-02", "other", "1st Friday from 2026-01-02"),
        ("every 2nd Thursday", "may mean weeks", "every 2nd Thursday of the month"),
        ("Every 3rd Saturday", "may mean weeks", "Every 3rd Saturday monthly"),
        ("every Monday from 1/5/2026", "may be first", "every Monday from 1/25/2026"),
        ("every Monday from January 5", "not understood", "every Monday from January 5, 2026"),
        ("second to last Friday", "second", "last Friday"),
        ("0th of the month", "bounds", "10th of the month"),
        ("31st of the month in September", "no such day", "30th of the month in September"),
        ("twice a month on Tuesdays", "twice", "1st and 3rd Tuesdays"),
        ("The second Tuesday of every other month", "which day", "The second Tuesday of every month"),
        ("6th Monday", "at most five", "5th Monday"),
        ("last weekday of the month", "last", "last Friday of the month"),
        ("Tuesday 7pm and Thursday 8pm", "and", "Tuesday and Thursday 8pm"),
        ("Tuesday 7pm, Thursday", "same time", "Tuesday, Thursday 7pm"),
        ("Tuesday 7pm 8pm", "two times", "Tuesday 7pm-8pm"),
        ("Tuesdays 7:30", "am or pm", "Tuesdays 07:30"),
        ("monthly on Tuesdays", "not said", "monthly on the 1st Tuesday"),
        ("weekly on the 1st Tuesday", "at once", "weekly on Tuesday"),
        ("monthly", "no day", "monthly on the 3rd"),
        ("every week", "no day", "every day"),
        ("not in August", "no day", "Tuesdays not in August"),
        ("Tuesdays in August, not in August", "no month", "Tuesdays in August"),
        ("Tuesdays in summer", "summer", "Tuesdays in July"),
        ("Tuesdays during the school year", "school", "Tuesdays September to June"),
        ("Tuesdays unless raining", "unless", "Tuesdays except July"),
        ("Tuesdays except the holidays and birthdays", "birthdays", "Tuesdays except the holidays"),
        ("most Tuesdays", "most", "Tuesdays"),
        ("Tuesdays through October", "not understood", "Tuesdays through October 27, 2026"),
        ("once a month", "once", "the 1st of the month"),
        ("twice weekly", "twice", "weekly on Fri"),
        ("quarterly", "quarterly", "1st Monday in January, April, July and October"),
        ("TBD", "TBD", "Mon"),
        ("", "no day", "Sun"),
        ("los martes", "los", "Tuesdays"),
        ("FREQ=HOURLY", "HOURLY", "FREQ=DAILY"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "from which day", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU from 2026-01-06"),
        ("FREQ=WEEKLY", "from which day", "FREQ=WEEKLY from 2026-01-06"),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=TU", "from which day", "FREQ=WEEKLY;COUNT=3;BYDAY=TU from 2026-01-06"),
        ("FREQ=MONTHLY;BYDAY=1XX", "BYDAY", "FREQ=MONTHLY;BYDAY=1FR"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "days", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=TU on Fridays", "other days", "FREQ=WEEKLY;BYDAY=TU in March"),
        ("FREQ=WEEKLY;BYDAY=TU FREQ=DAILY", "not understood", "FREQ=WEEKLY;BYDAY=TU"),
    ],
)
def test_a_word_that_is_not_read_refuses_the_rhythm_and_its_twin_is_read(
    text: str, refused: str, accepted: str
) -> None:
    with pytest.raises(UnreadDateError, match=refused):
        read_rhythm(text)

    assert read_rhythm(accepted).rrules


def test_two_kinds_of_days_are_two_rules() -> None:
    rhythm = read_rhythm("every Tuesday and 2nd Thursday")

    assert rhythm.rrules == ("FREQ=MONTHLY;BYDAY=2TH", "FREQ=WEEKLY;BYDAY=TU")
    assert [day for day in range(1, 15) if falls_on(rhythm, date(2026, 1, day))] == [6, 8, 13]


def test_a_fortnight_is_counted_from_its_anchor() -> None:
    rhythm = read_rhythm("every other Monday", since=date(2026, 1, 5))

    assert rhythm.since == date(2026, 1, 5)
    assert start_of(rhythm, date(2025, 6, 1)) == date(2026, 1, 5)
    assert start_of(rhythm, date(2026, 1, 6)) == date(2026, 1, 19)
    assert not falls_on(rhythm, date(2026, 1, 12))
    assert not falls_on(rhythm, date(2025, 12, 22))


def test_holidays_that_nobody_names_leave_a_doubt() -> None:
    assert read_rhythm("Tuesdays except holidays").doubts == ("not on holidays, and which they are is not said",)


def test_a_rhythm_without_a_day_in_years_has_no_start() -> None:
    with pytest.raises(UnreadDateError, match="no day after"):
        start_of(read_rhythm("5th Monday in February"), NEW_YEAR)

    assert start_of(read_rhythm("4th Monday in February"), NEW_YEAR) == date(2026, 2, 23)


def test_a_rhythm_that_is_over_has_no_start() -> None:
    rhythm = read_rhythm("daily through October 9, 2026")

    assert start_of(rhythm, date(2026, 10, 9)) == date(2026, 10, 9)
    with pytest.raises(UnreadDateError, match="no day after"):
        start_of(rhythm, date(2026, 10, 10))


def joined(words: list[str]) -> str:
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


@given(
    st.lists(st.integers(0, 6), min_size=1, unique=True),
    st.lists(st.sampled_from(sorted(NTHS)), unique=True),
    st.sets(st.integers(1, 12), max_size=11),
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
)
def test_a_rhythm_put_into_words_is_read_back(days: list[int], nths: list[int], off: set[int], clock: time) -> None:
    nths = sorted(nths, key=lambda nth: nth % 10)
    words = f"{joined([NTHS[nth] for nth in nths])} {joined([DAYS[day] for day in days])} {clock:%H:%M}"
    words += f", not in {joined([MONTHS[month - 1] for month in sorted(off)])}" if off else ""

    rhythm = read_rhythm(words)

    by_day = ",".join(f"{nth or ''}{WEEKDAYS[day]}" for day, nth in ((day, nth) for day in days for nth in nths or [0]))
    by_month = f";BYMONTH={','.join(str(month) for month in range(1, 13) if month not in off)}" if off else ""
    read = dict(part.split("=") for part in rhythm.rrules[0].split(";"))
    assert sorted(read["BYDAY"].split(",")) == sorted(by_day.split(","))
    assert rhythm.rrules[0].endswith(by_month)
    assert read["FREQ"] == ("MONTHLY" if nths else "WEEKLY")
    assert rhythm.start == clock


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.sampled_from(["every Tuesday", "2nd & 4th Thursday", "last Friday"]),
)
def test_no_day_of_the_rhythm_is_before_its_start(since: date, words: str) -> None:
    rhythm = read_rhythm(words)
    start = start_of(rhythm, since)

    assert falls_on(rhythm, start)
    assert not any(falls_on(rhythm, since + timedelta(days=ahead)) for ahead in range((start - since).days))


WORDS = st.sampled_from(
    ["every", "1st", "2nd", "Mon", "Tuesday", "&", "not", "in", "May", "7pm", "-", "month", "since"]
)


@given(st.text(max_size=80) | st.lists(WORDS).map(" ".join))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    try:
        rhythm = read_rhythm(text)
    except UnreadDateError:
        return
    assert rhythm.rrules


@pytest.mark.parametrize("unit", ["a", "1 ", "not ", "FREQ=", "FREQ=DAILY;", "Mon ", "&", "BYDAY=1MO,"])
def test_a_hundred_thousand_characters_are_answered_at_once(unit: str) -> None:
    started = perf_counter()

    with pytest.raises(UnreadDateError):
        read_rhythm(unit * (100_000 // len(unit)))

    assert perf_counter() - started < 0.1
