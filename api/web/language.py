"""The languages that pages are written in: sentences, and how days and clocks are told."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files

from api.words import AMERICAN

LANGUAGES = ("en", "es")
"""The first is that of who asks for none of them."""

Text = str | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One catalogue. Each of `texts` is a sentence, or one sentence for `one` and one for `other` counts."""

    code: str
    name: str
    texts: Mapping[str, Text]
    words: Mapping[str, str]
    rhythms: Mapping[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]

    def say(self, key: str, **values: object) -> str:
        """The sentence, with these values in it; KeyError for one that no catalogue has."""
        text = self.texts[key]
        if not isinstance(text, str):
            text = text["one" if values.get("count") == 1 else "other"]
        return text.format(**values) if values else text

    def translate(self, words: str) -> str:
        """A term of ours that the core tells in English; itself where there is no other word for it."""
        return self.words.get(words, words)

    def tell_day(self, day: date) -> str:
        """`Thursday, October 8`."""
        return self._tell(day, "day.long")

    def tell_short_day(self, day: date) -> str:
        """`Thu, Oct 8`."""
        short = {"weekday": self.weekdays[day.weekday()][:3], "month": self.months[day.month - 1][:3]}
        return self.say("day.short", day=day.day, **short)

    def tell_date(self, day: date) -> str:
        """`Thursday, October 8, 2026`."""
        return self._tell(day, "day.full")

    def tell_month(self, day: date) -> str:
        """`October 2026`."""
        return self.say("day.month", month=self.months[day.month - 1], year=day.year)

    def tell_clock(self, moment: datetime | time, country: str | None) -> str:
        """`7:00 am` where people write so, else `19:00`."""
        if country not in AMERICAN:
            return f"{moment:%H:%M}"
        half = self.say("clock.am" if moment.hour < 12 else "clock.pm")
        return f"{moment.hour % 12 or 12}:{moment:%M} {half}"

    def _tell(self, day: date, key: str) -> str:
        names = {"weekday": self.weekdays[day.weekday()], "month": self.months[day.month - 1]}
        return self.say(key, day=day.day, year=day.year, **names)


@cache
def read_language(code: str) -> Language:
    """Its catalogue, from the file of its code."""
    told = tomllib.loads(files(__package__).joinpath("languages", f"{code}.toml").read_text("utf-8"))
    return Language(
        code=code,
        name=told["name"],
        texts=told["texts"],
        words=told["words"],
        rhythms=told["rhythms"],
        weekdays=tuple(told["weekdays"]),
        months=tuple(told["months"]),
    )


def choose_language(accepted: str) -> str:
    """The best of ours by an Accept-Language (RFC 9110, 12.5.4)."""
    wanted = sorted(map(_read_range, accepted.split(",")), key=lambda one: -one[1])
    return next((code for code, weight in wanted if code in LANGUAGES and weight > 0), LANGUAGES[0])


def _read_range(text: str) -> tuple[str, float]:
    name, _, weight = text.partition(";")
    try:
        return name.strip().lower().partition("-")[0], float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return "", 0.0
