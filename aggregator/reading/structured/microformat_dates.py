"""Dates in microformats: datetime attributes and the value-class pattern, in which day, time and zone stand apart."""

import re
from datetime import date, timedelta

from aggregator.reading.html import Node, attribute, text_of, tokens

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})", re.ASCII)
_OFFSET = re.compile(r"(?:Z|[+-]\d{1,2}:?(?:\d\d)?)", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(
    r"(\d{1,2})(?::?(\d\d))?(?::?(\d\d))?(?:\.\d+)?\s*(a\.?m\.?|p\.?m\.?)?\s*(Z|[+-]\d{1,2}:?(?:\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_KEPT_IN = {"time": "datetime", "ins": "datetime", "del": "datetime", "abbr": "title", "data": "value", "img": "alt"}


def moment_of(element: Node) -> str | None:
    """ISO 8601 when the parts are, else the words of the element (microformats.org/wiki/value-class-pattern)."""
    return _join(_parts(element))


def end_of(element: Node, start: str | None) -> str | None:
    """As `moment_of`; a clock time alone is on the day of the start."""
    parts = _parts(element)
    day = _DAY.match(start or "")
    is_clock = bool(parts) and all(_clock(part) or _OFFSET.fullmatch(part) for part in parts)
    return _join([day[0], *parts]) if day and is_clock else _join(parts)


def _parts(element: Node) -> list[str]:
    values = [inner for inner in element.css(".value, .value-title") if inner.mem_id != element.mem_id]
    told = [_value(value) for value in values] or [_value(element)]
    return [part for part in told if part]


def _value(element: Node) -> str:
    if "value-title" in tokens(element, "class"):
        return attribute(element, "title") or ""
    kept = _KEPT_IN.get(element.tag or "")
    return (attribute(element, kept) if kept else None) or " ".join(text_of(element).split())


def _join(parts: list[str]) -> str | None:
    """The first day, the first time and the first offset of the parts, as one."""
    if len(parts) == 1:
        return _day(parts[0]) or parts[0]
    day = next((found for part in parts if (found := _day(part))), None)
    clock = next((found for part in parts if not _day(part) and (found := _clock(part))), None)
    offset = next((part for part in parts if _OFFSET.fullmatch(part)), "")
    if day and clock:
        return f"{day}T{clock if clock[-1] == 'Z' or clock[-6:-5] in ('+', '-') else clock + offset}"
    return day or " ".join(parts) or None


def _day(part: str) -> str | None:
    """A calendar date, also from an ordinal one (2013-034); None for anything else."""
    if _DAY.fullmatch(part):
        return part
    ordinal = _ORDINAL.fullmatch(part)
    if ordinal is None or not 1 <= int(ordinal[2]) <= 366:
        return None
    return (date(int(ordinal[1]), 1, 1) + timedelta(days=int(ordinal[2]) - 1)).isoformat()


def _clock(part: str) -> str | None:
    """HH:MM:SS and the offset if there is one."""
    told = _CLOCK.fullmatch(part)
    if told is None or _OFFSET.fullmatch(part) or _day(part):
        return None
    hour, half = int(told[1]), (told[4] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{told[2] or '00'}:{told[3] or '00'}{_offset(told[5])}"


def _offset(told: str | None) -> str:
    if not told or told in "Zz":
        return "Z" if told else ""
    digits = told[1:].replace(":", "")
    return f"{told[0]}{digits[:2].zfill(2)}:{digits[2:] or '00'}"
