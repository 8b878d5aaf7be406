"""Rhythms in plain English, which the reader of rhythms reads again."""

from datetime import date, time
from typing import Any

import pytest

from aggregator.group.rhythm import OnHolidays, Rhythm
from aggregator.group.words import words_of
from aggregator.reading.rhythm import read_rhythm

SINCE = date(2026, 1, 6)


def rhythm(*rrules: str, **known: Any) -> Rhythm:
    return Rhythm(**{"rrules": rrules, "since": SINCE, **known})


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "every Tuesday and Thursday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every other Tuesday from January 6, 2026"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU", "every 3 weeks on Tuesday from January 6, 2026"),
        ("FREQ=MONTHLY;BYDAY=2TH,4TH", "2nd and 4th Thursday"),
        ("FREQ=MONTHLY;BYDAY=2TU,4TH", "2nd Tuesday and 4th Thursday"),
        ("FREQ=MONTHLY;BYDAY=1FR,-1FR", "1st and last Friday"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU", "1st Tuesday of every other month from January 6, 2026"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15,22", "1st, 15th and 22nd of the month"),
        ("FREQ=DAILY", "daily"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231", "every Tuesday, until December 31, 2026"),
        ("FREQ=WEEKLY;BYDAY=TU;BYMONTH=6,7,8", "every Tuesday, only in June, July and August"),
        ("FREQ=MONTHLY;BYDAY=-1WE;BYMONTH=1,2,3,4,5,6,9,10,11,12", "last Wednesday, not in July and August"),
    ],
)
def test_a_rule_is_told_in_words_that_are_read_as_the_rule(rule: str, words: str) -> None:
    assert words_of(rhythm(rule)) == words
    assert read_rhythm(words, since=SINCE).rrules == (rule,)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"start": time(7), "end": time(8, 30), "pauses": (8,)}, "every Tuesday, 07:00-08:30, not in August"),
        ({"start": time(18)}, "every Tuesday, 18:00"),
        ({"on_holidays": OnHolidays.SKIPPED}, "every Tuesday, not on holidays"),
        ({"on_holidays": OnHolidays.SHIFTED, "shift": 1}, "every Tuesday, a day later on holidays"),
        ({"on_holidays": OnHolidays.SHIFTED, "shift": -1}, "every Tuesday, a day earlier on holidays"),
        ({"on_holidays": OnHolidays.KEPT}, "every Tuesday"),
    ],
)
def test_time_pauses_and_holidays_are_told_too(known: dict[str, Any], words: str) -> None:
    assert words_of(rhythm("FREQ=WEEKLY;BYDAY=TU", **known)) == words


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TH"), "every Tuesday and every Thursday"),
        (("FREQ=WEEKLY",), "every Tuesday"),
        (("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",), "daily"),
        (("FREQ=YEARLY",), "every year"),
        (("FREQ=MONTHLY;BYDAY=TU,WE;BYSETPOS=-1",), "last of Tuesday and Wednesday of the month"),
    ],
)
def test_rules_that_only_sources_write_have_words(rules: tuple[str, ...], words: str) -> None:
    assert words_of(rhythm(*rules)) == words
