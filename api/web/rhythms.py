"""A rhythm in the language of a page: the core's English, or that English put into another language word by word."""

import re
from datetime import date, time

from aggregator.group.rhythm import Rhythm
from aggregator.group.words import MONTHS, words_of
from api.web.language import Language

_CLOCKS = re.compile(r"(\d\d:\d\d)(?:-(\d\d:\d\d))?")
_DATE = re.compile(rf"({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})")
_WORD = re.compile(r"last but one|every other|last day|of the month|not in|not on|only in|\d(?:st|nd|rd|th)\b|\w+")


def tell_rhythm(rhythm: Rhythm, language: Language, country: str | None) -> str:
    """`every Thursday, 7:00–8:30 am, not in August`."""
    words = _DATE.sub(lambda found: _tell_date(found, language), words_of(rhythm))
    words = _WORD.sub(lambda found: language.rhythms.get(found[0], found[0]), words)
    return _CLOCKS.sub(lambda found: _tell_clocks(found, language, country), words)


def _tell_date(found: re.Match[str], language: Language) -> str:
    day = date(int(found[3]), MONTHS.index(found[1]) + 1, int(found[2]))
    return language.say("day.plain", day=day.day, month=language.months[day.month - 1], year=day.year)


def _tell_clocks(found: re.Match[str], language: Language, country: str | None) -> str:
    told = [language.tell_clock(time.fromisoformat(clock), country) for clock in found.groups() if clock]
    return "–".join(told)
