"""Recipes: how to read a page or an answer that no platform reads, as data that a volunteer can mend; no code in them.

A field is words of a small language. In a `css` recipe `h3 a@href` is the attribute of the first such element, `.when`
its text, `@href` an attribute of the part itself, `^h2` the nearest such element before the part, `'2026'` those very
words; ` & ` joins them with a space. In a `json` recipe a field is a path, `venue.city` or `dates[0].start`.
Either may be a table instead, `{ from = ".when", match = "(\\d.*)" }`, whose pattern cuts out its first group.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from aggregator.draft import Draft
from aggregator.reading.url import clean_url

MOST_WORDS = 500
"""Characters that a pattern is matched against, and that a pattern may have."""

MOST_REPEATS = 2
"""`*`, `+` and open `{n,}` in a pattern: with so many, matching takes milliseconds at worst."""

FIELDS = frozenset(field.name for field in fields(Draft)) - {"doubts", "is_accessible_for_free"}
ADDRESSES = frozenset({"url", "image", "organizer_url", "virtual_location"})
MANY = frozenset(field.name for field in fields(Draft) if str(field.type).startswith("tuple"))

_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{)")
_REPEAT = re.compile(r"(?<!\\)(?:\\\\)*(?:[*+]|\{\d*,\d*\})")
_BACK = re.compile(r"\\[1-9]|\(\?P=")
_SPLIT = re.compile(r"\s*[,;|\n]\s*")

Get = Callable[[str], str | None]
"""What the words of a field mean at one part of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The words of a field, and the pattern that cuts its value out."""

    words: str
    match: re.Pattern[str] | None = None

    def read(self, get: Get) -> str | None:
        """The value at one part; None when it says nothing, or the pattern does not match."""
        told = (get(self.words) or "").strip()
        if not told or self.match is None:
            return told or None
        found = self.match.search(told[:MOST_WORDS])
        return (found[1 if self.match.groups else 0] or "").strip() or None if found else None


def read_fields(recipe: Mapping[str, Any], others: frozenset[str], check: Callable[[str], None]) -> dict[str, Field]:
    """The fields of a recipe whose other keys are `others`; ValueError names the key that is wrong.

    `check` raises ValueError for words that are none of the language.
    """
    for key in recipe:
        if key not in FIELDS | others:
            raise ValueError(
                f"recipe: “{key}” is not known; fields are those of an event, and {', '.join(sorted(others))}"
            )
    return {key: _field(key, recipe[key], check) for key in recipe if key in FIELDS}


def _field(key: str, told: object, check: Callable[[str], None]) -> Field:
    table = {"from": told} if isinstance(told, str) else told
    if not isinstance(table, Mapping) or not isinstance(table.get("from"), str) or table.keys() - {"from", "match"}:
        raise ValueError(f'recipe: {key} is words, or a table such as {{ from = "…", match = "…" }}')
    pattern = table.get("match")
    try:
        check(table["from"])
        return Field(words=table["from"], match=None if pattern is None else read_pattern(pattern))
    except ValueError as error:
        raise ValueError(f"recipe: {key}: {error}") from error


def read_pattern(told: object) -> re.Pattern[str]:
    """A regular expression that cannot run for long; ValueError for one that could."""
    if not isinstance(told, str) or len(told) > MOST_WORDS:
        raise ValueError(f"a pattern is words, at most {MOST_WORDS} characters of them")
    if _REPEATED_GROUP.search(told) or _BACK.search(told) or len(_REPEAT.findall(told)) > MOST_REPEATS:
        raise ValueError(
            f"the pattern “{told[:60]}” could run for ever: no group is repeated or meant again, and * and + stand at"
            f" most {MOST_REPEATS} times"
        )
    try:
        return re.compile(told)
    except re.error as error:
        raise ValueError(f"the pattern “{told[:60]}” is none: {error}") from error


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
