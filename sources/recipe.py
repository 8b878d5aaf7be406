"""Recipes: how to read a page or an answer that no platform reads, as data that a volunteer can mend."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from aggregator.draft import Draft
from aggregator.errors import UnreadDateError
from aggregator.reading.dates import read_clock, read_span
from aggregator.reading.url import clean_url

MOST_WORDS = 500
"""Characters that a pattern is matched against, and that a pattern may have."""

MOST_REPEATS = 2
"""`*`, `+` and open `{n,}` in a pattern: with so many, matching takes milliseconds at worst."""

FIELDS = frozenset(field.name for field in fields(Draft)) - {"doubts", "is_accessible_for_free"}
ADDRESSES = frozenset({"url", "image", "organizer_url", "virtual_location"})
MANY = frozenset(field.name for field in fields(Draft) if str(field.type).startswith("tuple"))

MOST_WAYS = {0: 4096, 1: 512, 2: 16}
"""In which a pattern with so many repeats may choose at `?` and at `|` in a group."""

LONGEST_LINE = 200
"""Characters of a line in which a date is looked for; a longer one is prose."""

_TABLE = '{ from = "…", match = "…" } or { from = "…", take = "date" }'
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{)")
_REPEAT = re.compile(r"(?<!\\)(?:\\\\)*(?:[*+]|\{\d*,\d*\})")
_BACK = re.compile(r"\\[1-9]|\(\?P=")
_ESCAPE_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
_OPTIONAL = re.compile(r"(?<![(*+?}])\?")
_INNER_GROUP = re.compile(r"\([^()]*\)")
_SPLIT = re.compile(r"\s*[,;|\n]\s*")

Get = Callable[[str], str | None]
"""What the words of a field mean at one part of a page."""

Check = Callable[[str], None]
"""Raises ValueError for words that are none of the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The words of a field, and the pattern or the kind of words that cuts its value out; `others` are joined to it.

    In a `css` recipe `h3 a@href` is the attribute of the first such element, `.when` its text, `@text` the text of the
    part itself and `@href` an attribute of it, `^h2` the nearest such element before the part, `'2026'` those very
    words; ` & ` joins them with a space. In a `json` recipe a field is a path, `venue.city` or `dates[0].start`.
    Either may be a table: `{ from = ".when", match = "(\\d.*)" }`, whose pattern cuts out its first group, or
    `{ from = "li", take = "date" }`, which takes the date out of other words (`clock`: the time of day, `rest`: the
    line without its date); or a list of all these, joined with a space.
    """

    words: str
    match: re.Pattern[str] | None = None
    take: str | None = None
    others: tuple["Field", ...] = ()

    def read(self, get: Get) -> str | None:
        """The value at one part; None when it says nothing, or nothing of it is asked for."""
        told = (self._read_own(get), *(other.read(get) for other in self.others))
        return " ".join(filter(None, told)) or None

    def _read_own(self, get: Get) -> str | None:
        told = (get(self.words) or "").strip()
        if not told or (self.match is None and self.take is None):
            return told or None
        if self.take is not None:
            return TAKES[self.take](told)
        found = self.match.search(told[:MOST_WORDS]) if self.match else None
        return (found[1 if found.re.groups else 0] or "").strip() or None if found else None


def read_fields(recipe: Mapping[str, Any], others: frozenset[str], check: Check) -> dict[str, Field]:
    """The fields of a recipe whose other keys are `others`; ValueError names the key that is wrong."""
    if not isinstance(recipe, Mapping):
        raise ValueError("recipe: it is a table of keys")
    for key in recipe:
        if key not in FIELDS | others:
            raise ValueError(
                f"recipe: “{key}” is not known; fields are those of an event, and {', '.join(sorted(others))}"
            )
    return {key: read_field(key, recipe[key], check) for key in recipe if key in FIELDS}


def read_field(key: str, told: object, check: Check) -> Field:
    """The field that a key of a recipe tells; ValueError names the key."""
    first, *rest = told if isinstance(told, list | tuple) and told else [told]
    table = {"from": first} if isinstance(first, str) else first
    if not isinstance(table, Mapping) or not isinstance(table.get("from"), str):
        raise ValueError(f"recipe: {key} is words, or a table such as {_TABLE}, or a list of them")
    others = tuple(read_field(key, other, check) for other in rest)
    try:
        check(table["from"])
        return Field(words=table["from"], **_cutter(table), others=others)
    except ValueError as error:
        raise ValueError(f"recipe: {key}: {error}") from error


def _cutter(table: Mapping[str, Any]) -> dict[str, Any]:
    if table.keys() - {"from", "match", "take"} or {"match", "take"} <= table.keys():
        raise ValueError(f"a table has from, and match or take: {_TABLE}")
    if "take" in table and table["take"] not in tuple(TAKES):
        raise ValueError(f"take is {', '.join(TAKES)}")
    return {key: read_pattern(table[key]) if key == "match" else table[key] for key in table if key != "from"}


def read_pattern(told: object) -> re.Pattern[str]:
    """A regular expression that cannot run for long; ValueError for one that could."""
    if not isinstance(told, str) or len(told) > MOST_WORDS:
        raise ValueError(f"a pattern is words, at most {MOST_WORDS} characters of them")
    if _REPEATED_GROUP.search(told) or _BACK.search(told) or len(_REPEAT.findall(told)) > MOST_REPEATS:
        raise ValueError(
            f"the pattern “{told[:60]}” could run for ever: no group is repeated or meant again, and * and + stand at"
            f" most {MOST_REPEATS} times"
        )
    if _ways(told) > MOST_WAYS[len(_REPEAT.findall(told))]:
        raise ValueError(f"the pattern “{told[:60]}” could run for ever: it has too many ? and | in groups")
    try:
        return re.compile(told)
    except re.error as error:
        raise ValueError(f"the pattern “{told[:60]}” is none: {error}") from error


def _ways(pattern: str) -> int:
    """How many ways there are, at most, to choose at each `?` and at each `|` in a group."""
    plain = _ESCAPE_OR_CLASS.sub("x", pattern)
    ways: int = 2 ** len(_OPTIONAL.findall(plain))
    while group := _INNER_GROUP.search(plain):
        ways *= group[0].count("|") + 1
        plain = f"{plain[: group.start()]}x{plain[group.end() :]}"
    return ways


def draft_of(told: Mapping[str, Field], get: Get, base: str) -> Draft:
    """What the fields say at one part of the page at `base`; without an identifier, its page is one."""
    values: dict[str, Any] = {}
    for key, field in told.items():
        value = field.read(get)
        if value is not None:
            values[key] = _value(key, value, base)
    return Draft(**{"identifier": values.get("url"), **values})


def _value(key: str, value: str, base: str) -> str | tuple[str, ...] | None:
    if key in MANY:
        return tuple(_parts(value))
    return clean_url(value, base) if key in ADDRESSES else value


def _parts(value: str) -> Iterator[str]:
    return (part for part in _SPLIT.split(value) if part)


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d|:\d)"
_DATE = (
    rf"\b{_MONTH},? ?{_DAY}|(?<!\d){_DAY} ?{_MONTH}(?![a-z])"
    r"|(?<![\d/.-])\d{1,4}(?P<mark>[/.-])\d{1,2}(?:(?P=mark)\d{2,4})?(?!\d)"
)
_CORE = re.compile(_DATE, re.IGNORECASE)
"""What makes words a date: a month and a day, or numbers with the same mark between them."""
_DAYS = re.compile(rf"(?:{_DATE})(?: ?[-–] ?{_DAY}(?! ?[ap]\.?m))?", re.IGNORECASE)
_CLOCK = re.compile(r"\d ?[ap]\.?m\b|\d:\d\d|\b(?:noon|midnight)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR = re.compile(r"\d[/.-]\d{1,2}[/.-]\d|['’]\d\d")
_FILE = re.compile(r"\.(?:pdf|docx?|html?)\b", re.IGNORECASE)
_WORD = re.compile(r"\S+?(?=\.(?:pdf|docx?|html?)\b)|\S+", re.IGNORECASE)
_LINK = re.compile(r"at|to|from|on|until|and|[-–—@&|]", re.IGNORECASE)
_OF_DATES = re.compile(
    rf"[(\[]?(?:{_MONTH}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?|['’]?\d[\d:./,–-]*(?:st|nd|rd|th|[ap]\.?m?\.?)?"
    rf"(?:[-–](?:noon|\d[\d:.]*)(?:[ap]\.?m?\.?)?)?|[ap]\.?m\.?|noon|midnight|{_LINK.pattern})[,.:;)\]]*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[\s|,(–-]+(?:(?:read |learn )?more|details|register|rsvp|tickets|agenda|minutes|pdf|video)\)?)+$",
    re.IGNORECASE,
)
_MOST_IN_DATE = 12
_EDGES = " \t,;:|@&*•·–—-"
_JOINT = re.compile(r"(?:^|\s)(?:on|at|for|from|date|dates|time|when)$|^(?:at|from|date|when):?\s", re.IGNORECASE)


def find_date(line: str) -> tuple[int, int] | None:
    """Where the longest words that are one date, with its clock if there is one, begin and end in a line."""
    return _find(line, _CORE, _is_date) if len(line) <= LONGEST_LINE else None


def find_clock(line: str) -> tuple[int, int] | None:
    """The same of a time of day without a date."""
    return _find(line, _CLOCK, _is_clock) if len(line) <= LONGEST_LINE else None


@lru_cache(maxsize=4096)
def _find(line: str, core: re.Pattern[str], is_told: Callable[[str], bool]) -> tuple[int, int] | None:
    if not core.search(line):
        return None
    for run in _runs(line):
        for length in range(min(len(run), _MOST_IN_DATE), 0, -1):
            for first in range(len(run) - length + 1):
                start, end = run[first].start(), run[first + length - 1].end()
                is_open = _LINK.fullmatch(run[first][0]) or _LINK.fullmatch(run[first + length - 1][0])
                if not is_open and core.search(line, start, end) and is_told(line[start:end].strip(_EDGES)):
                    return start, end
    return None


def _runs(line: str) -> Iterator[list[re.Match[str]]]:
    """Words that may all be of one date."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(line):
        if _OF_DATES.fullmatch(word[0]):
            run.append(word)
        else:
            yield run
            run = []
    yield run


def _is_date(words: str) -> bool:
    try:
        return read_span(words, now=date(2024, 1, 1)) is not None
    except UnreadDateError:
        return False


def _is_clock(words: str) -> bool:
    try:
        return read_clock(words) is not None
    except UnreadDateError:
        return False


def _take_date(text: str) -> str | None:
    """The first date, line by line."""
    return next((line[at[0] : at[1]].strip(_EDGES) for line in text.split("\n") if (at := find_date(line))), None)


def _take_clock(text: str) -> str | None:
    return next((line[at[0] : at[1]].strip(_EDGES) for line in text.split("\n") if (at := find_clock(line))), None)


def _take_rest(text: str) -> str | None:
    """The first line that says something beside a date and a time."""
    return next((rest for line in text.split("\n") if len(rest := _without_date(line)) > 2), None)


def _without_date(line: str) -> str:
    for find in (find_date, find_clock):
        if at := find(line):
            parts = (line[: at[0]], line[at[1] :])
            line = " ".join(_JOINT.sub("", part.strip(_EDGES)).strip(_EDGES) for part in parts)
    line = _TAIL.sub("", _FILE.sub("", line).strip(_EDGES))
    return line if re.search(r"[^\W\d_]{2}", line) else ""


TAKES: Mapping[str, Callable[[str], str | None]] = {"date": _take_date, "clock": _take_clock, "rest": _take_rest}
"""What `take` may ask for, and what then becomes of the words."""


def in_year(text: str | None, words: str | None) -> str | None:
    """A date without a year in the one year that the words name."""
    years = set(_YEAR.findall(words or ""))
    if not text or len(years) != 1 or _YEAR.search(text) or _SHORT_YEAR.search(text):
        return text
    year = years.pop()
    return _DAYS.sub(lambda day: f"{day[0]}{'/' if day['mark'] == '/' else ', '}{year}", text, count=1)
