"""What people write in a parameter, and the value it means; ValueError says in words why it means none."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from enum import IntEnum
from functools import cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from aggregator.query import MAX_RADIUS, METRES_PER_MILE, BoundingBox, Choice

T = TypeVar("T")

METRES = {"m": 1.0, "km": 1000.0, "mi": METRES_PER_MILE}
FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Further away there are no events to meet at, and calendar arithmetic runs over its ends."""

_LENGTH = re.compile(r"(\d{1,7}(?:\.\d{1,6})?) ?(?:(m|met(?:er|re)s?)|(km|kilomet(?:er|re)s?)|(mi|miles?))", re.ASCII)
_BARE_NUMBER = re.compile(r"\d{1,7}(?:\.\d{1,6})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?(?:[eE]-\d{1,2})?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII)
_PART = re.compile(r'(\s*!?\s*"[^"]*"\s*|(?:\\.|[^,])*),')
_QUOTED = re.compile(r'"([^"]*)"')
_ESCAPED = re.compile(r'\\([\\,"!])')
_SPECIAL = re.compile(r'[\\,"]|^!')
_DAYS = re.compile(r"([1-9]\d{0,3})d", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


class Weekday(IntEnum):
    """Monday 0, as Python has it; written by name, because numbers begin the week on different days."""

    MON, TUE, WED, THU, FRI, SAT, SUN = range(7)

    def __str__(self) -> str:
        return self.name.lower()


WEEKDAYS = {str(day): day for day in Weekday}
_DAY_NAMES = {
    "monday": "mon", "tuesday": "tue", "wednesday": "wed", "thursday": "thu", "friday": "fri", "saturday": "sat",
    "sunday": "sun",
}  # fmt: skip


class Length(NamedTuple):
    """A distance as it was asked for; the unit is part of it, so that it cannot be mixed up."""

    amount: float
    unit: str

    @property
    def metres(self) -> float:
        return self.amount * METRES[self.unit]

    def __str__(self) -> str:
        return f"{self.amount:.13g}{self.unit}"


class Days(NamedTuple):
    """A stretch of whole days, written `14d`."""

    number: int

    @property
    def length(self) -> timedelta:
        return timedelta(days=self.number)

    def __str__(self) -> str:
        return f"{self.number}d"


class UnreadError(ValueError):
    """What means no value: why, and what would do instead."""

    def __init__(self, why: str, did_you_mean: Iterable[str] = ()) -> None:
        super().__init__(why)
        self.did_you_mean = tuple(did_you_mean)


class UnknownWordError(UnreadError):
    """A word that is none of the known ones."""

    def __init__(self, word: str, known: tuple[str, ...]) -> None:
        why = f"not one of {', '.join(known)}" if len(known) <= 12 else f"“{word}” is not known"
        super().__init__(why, spelled_like(word, known))


def read_days(text: str) -> Days:
    """`14d`: from one day to 9999."""
    found = _DAYS.fullmatch(text)
    if found is None:
        raise UnreadError("a number of days, such as 14d")
    return Days(int(found[1]))


def spelled_like(word: str, known: Iterable[str]) -> list[str]:
    """At most three of the known words, the likest first."""
    return get_close_matches(word.lower(), list(known), n=3, cutoff=0.6)


def read_length(text: str) -> Length:
    """`10mi`, `15 km`, `800m`, `10 miles`."""
    found = _LENGTH.fullmatch(text.lower())
    if not found:
        units = ("mi", "km") if _BARE_NUMBER.fullmatch(text) else ()
        raise UnreadError("a length with its unit, such as 10mi, 15km or 800m", (f"{text}{unit}" for unit in units))
    length = Length(float(found[1]), "m" if found[2] else "km" if found[3] else "mi")
    if not 0 < length.metres <= MAX_RADIUS:
        raise ValueError("more than nothing, and at most 500km")
    return length


def read_degrees(limit: int) -> Callable[[str], float]:
    """A reader of plain decimal degrees between -limit and limit."""

    def read(text: str) -> float:
        if not _NUMBER.fullmatch(text) or abs(float(text)) > limit:
            raise ValueError(f"decimal degrees from -{limit} to {limit}, such as 36.60")
        return float(text)

    return read


read_latitude, read_longitude = read_degrees(90), read_degrees(180)


def read_count(most: int, least: int = 1) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= 6 and least <= int(text) <= most):
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return read


def read_bbox(text: str) -> BoundingBox:
    """`W,S,E,N`; west may be greater than east, across the antimeridian, but not most of the way around the globe."""
    parts = text.split(",")
    if len(parts) != 4:
        raise ValueError("four numbers: west,south,east,north")
    west, south, east, north = (
        read(part.strip()) for read, part in zip([read_longitude, read_latitude] * 2, parts, strict=True)
    )
    if south > north:
        raise ValueError("west,south,east,north: the south is north of the north")
    if 0 < west - east < 180:
        raise ValueError("west,south,east,north: the west is east of the east")
    return BoundingBox(west=west, south=south, east=east, north=north)


def read_moment(text: str) -> datetime | date:
    """A date, or a date and time; without an offset it stays naive: the place's own clock."""
    found = _MOMENT.fullmatch(text)
    if not found and re.fullmatch(r".+\d \d\d:\d\d", text):
        raise ValueError("a + in an address means a space: write the offset's + as %2B")
    if not found:
        raise ValueError("an ISO 8601 date or time, such as 2026-10-08 or 2026-10-08T17:00:00-07:00")
    try:
        moment = datetime.fromisoformat(text.upper()) if found[2] else date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("no such day or time in the calendar") from error
    if not FIRST_YEAR <= moment.year < LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR - 1}")
    return moment


def read_clock(text: str) -> time:
    """`17:00`, a clock time where the event is; 24:00 is midnight, as 00:00 is."""
    found = _CLOCK.fullmatch(text)
    if not found or text > "24:00":
        raise ValueError("a clock time of 24 hours, such as 17:00")
    return time() if found[1] == "24" else time(int(found[1]), int(found[2]))


def read_zone(text: str) -> ZoneInfo:
    """Only names of the IANA list: ZoneInfo itself would open any file of that name."""
    if text not in _zone_names():
        raise UnknownWordError(text, tuple(sorted(_zone_names())))
    return ZoneInfo(text)


def read_words(text: str) -> str:
    """Words to look for; something of them must be a letter or a digit."""
    if not any(c.isalnum() for c in text):
        raise ValueError("there is no word in it")
    return text


def read_weekdays(text: str) -> frozenset[Weekday]:
    """Names of days, whole or by three letters."""
    names = [_DAY_NAMES.get(part.lower(), part.lower()) for part in split(text)]
    return frozenset(WEEKDAYS[known(name, WEEKDAYS)] for name in names)


def read_any(words: Mapping[str, T]) -> Callable[[str], frozenset[T]]:
    """A reader of one or more of these words, separated by commas."""

    def read(text: str) -> frozenset[T]:
        return frozenset(words[known(part, words)] for part in split(text))

    return read


def read_choice(words: Mapping[str, T]) -> Callable[[str], Choice[T]]:
    """A reader of these words; one after a `!` is left out."""

    def read(text: str) -> Choice[T]:
        named = read_free_choice(text)
        return Choice(
            any_of=frozenset(words[known(word, words)] for word in named.any_of),
            none_of=frozenset(words[known(word, words)] for word in named.none_of),
        )

    return read


def read_free_choice(text: str) -> Choice[str]:
    """The same of any words, such as names."""
    parts = split(text)
    names = [_bare(part.removeprefix("!").strip()) for part in parts]
    if not all(any(c.isalnum() for c in name) for name in names):
        raise ValueError("there is no name in it")
    left_out = frozenset(name for part, name in zip(parts, names, strict=True) if part.startswith("!"))
    return Choice(any_of=frozenset(names) - left_out, none_of=left_out)


def known(word: str, words: Mapping[str, object]) -> str:
    """The word, if it is one of them."""
    if word not in words:
        raise UnknownWordError(word, tuple(words))
    return word


def split(text: str) -> list[str]:
    """The parts between commas; each must say something. One in quotation marks is whole, as after a backslash."""
    parts = [found[1].strip() for found in _PART.finditer(f"{text},")]
    if not all(parts):
        raise ValueError("nothing stands before or after a comma")
    return parts


def quote_part(text: str) -> str:
    """The text as one part of a list, whatever is in it."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _bare(part: str) -> str:
    quoted = _QUOTED.fullmatch(part)
    return quoted[1].strip() if quoted else _ESCAPED.sub(r"\1", part)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())
