"""Dates as people write them: a small grammar that refuses what it does not understand."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from aggregator.errors import UnreadDateError
from aggregator.reading.dates.clocks import read_clock, settle
from aggregator.reading.dates.days import DateOrder, read_day, resolve, weekday_of
from aggregator.reading.dates.iso import read_iso
from aggregator.reading.dates.words import MAX_LENGTH, REPEATING, Words, cut, essential

__all__ = ["DateOrder", "Span", "read_clock", "read_iso", "read_span"]

OVERNIGHT = time(6)
"""A clock range may end on the next day until then, or within twelve hours; a longer one is a mistake."""

_EPOCH = re.compile(
    r"(?P<seconds>\d{10})|(?P<milliseconds>\d{13})|/Date\((?P<dated>-?\d{1,13})(?:[+-]\d{4})?\)/", re.ASCII
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?$", re.ASCII)
_MOMENTS = re.compile("I(?:[-=>]I)?")

_DAY = "W?(?:M[NO]Y?|[NO]MY?|YM[NO]|D|R)W?"
_DATED = "W?(?:M[NO]Y|[NO]MY|YM[NO]|D|R)W?"
_TIMES = "(?P<opens>[CN])(?:[-=>](?P<closes>[CN]))?"
_TO = "(?P<joint>[-=>&])"
_WEEKDAYS = "(?:(?P<from>W)[-=>&](?P<till>W))?"

_GRAMMAR = tuple(
    re.compile(line)
    for days in (
        f"{_WEEKDAYS}(?P<first>W?M[NO]){_TO}(?P<last>W?[NO]Y?W?)",  # Oct 8-10, 2026
        f"{_WEEKDAYS}(?P<first>W?[NO]){_TO}(?P<last>W?[NO]MY?)",  # 8-10 Oct 2026
        f"{_WEEKDAYS}(?P<first>{_DAY}){_TO}(?P<last>{_DAY})",  # Oct 30 - Nov 2
        f"(?P<first>{_DAY}|WO)",  # Thu Oct 8; Thursday the 19th
    )
    for line in (f"{days}(?:{_TIMES})?", f"{_TIMES}-?{days}")  # 7-9pm after the days, or before them
) + tuple(
    re.compile(line)
    for line in (
        f"(?P<first>{_DATED})[-=]{_TIMES}",  # October 4, 2026 - 7-9pm
        f"(?P<first>{_DAY})-(?P<opens>C)(?:[-=>](?P<closes>[CN]))?",  # Oct 4 - 7pm
        f"(?P<first>{_DAY})-?(?P<opens>C){_TO}(?P<last>{_DAY})(?:-?(?P<closes>C))?",  # Oct 8 9pm - Oct 9 1am
        f"(?P<opens>C)(?P<first>{_DAY}){_TO}(?P<closes>C)(?P<last>{_DAY})",  # 9pm Oct 8 - 1am Oct 9
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """When something is, as far as the words say.

    A naive datetime is a wall clock; an aware one comes from an offset or an epoch. `end` as a date is the last day,
    also of a start that has a time. `zone` is what the words call their time zone. `doubts` are for a person to read.
    """

    start: datetime | date
    end: datetime | date | None = None
    zone: str | None = None
    doubts: tuple[str, ...] = ()


def read_span(text: str, *, now: date, order: DateOrder = "mdy") -> Span:
    """`now` chooses the year where none is written. UnreadDateError names the words that are not understood."""
    moment = read_iso(text) or _read_epoch(text)
    if moment is not None:
        return Span(start=moment)
    try:
        return _read_words(cut(text), now, order)
    except UnreadDateError as error:
        raise UnreadDateError(f"“{text[:MAX_LENGTH]}”: {error}") from error


def _read_words(said: Words, now: date, order: DateOrder) -> Span:
    zone, offset = _only(said, "Z"), _only(said, "X")
    words = essential(said)
    span = _read_moments(words) or _read_days(words, now, order)
    if span is None:
        raise UnreadDateError(_why_not(words))
    return replace(_at_offset(span, offset), zone=zone)


def _read_epoch(text: str) -> datetime | None:
    """Seconds (10 digits), milliseconds (13), or Microsoft's `/Date(milliseconds)/`."""
    match = _EPOCH.fullmatch(text.strip()[:MAX_LENGTH])
    if match is None:
        return None
    seconds = int(match["seconds"]) if match["seconds"] else int(match["milliseconds"] or match["dated"]) / 1000
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _only(words: Words, kind: str) -> str | None:
    """The one text of that kind; two that differ are two times."""
    said = {word.casefold(): word for letter, word in words if letter == kind}
    if len(said) > 1:
        raise UnreadDateError(f"there are several time zones: {', '.join(said.values())}")
    return next(iter(said.values()), None)


def _at_offset(span: Span, offset: str | None) -> Span:
    if offset is None:
        return span
    match = _OFFSET.search(offset)
    hours, minutes = (int(match[2]), int(match[3] or 0)) if match else (0, 0)
    if hours > 14 or minutes > 59:
        raise UnreadDateError(f"“{offset}” is no offset")
    length = timedelta(hours=hours, minutes=minutes)
    zone = timezone(-length if match and match[1] == "-" else length)
    start = span.start.replace(tzinfo=zone) if isinstance(span.start, datetime) else span.start
    end = span.end.replace(tzinfo=zone) if isinstance(span.end, datetime) else span.end
    return replace(span, start=start, end=end)


def _read_moments(words: Words) -> Span | None:
    """One ISO moment, or two with a dash between."""
    if not _MOMENTS.fullmatch(words.kinds):
        return None
    moments = [read_iso(text.upper()) for kind, text in words if kind == "I"]
    if moments[0] is None or moments[-1] is None:
        raise UnreadDateError("it has no such time")
    return Span(start=moments[0], end=moments[1] if len(moments) == 2 else None)


def _read_days(words: Words, now: date, order: DateOrder) -> Span | None:
    """What the first line of the grammar that fits makes of the words."""
    match = next((match for line in _GRAMMAR if (match := line.fullmatch(words.kinds))), None)
    if match is None:
        return None
    parts = {name: words.part(*match.span(name)) for name, kinds in match.groupdict().items() if kinds}
    first = read_day(parts["first"], now=now, order=order)
    last = read_day(parts["last"], now=now, order=order) if "last" in parts else None
    if "from" in parts and last is not None:
        first = replace(first, weekday=weekday_of(parts["from"].texts[0]))
        last = replace(last, weekday=weekday_of(parts["till"].texts[0]))
    start, end, doubts = resolve(first, last, now)
    if last is not None and parts["joint"].kinds == "&" and end - start != timedelta(days=1):
        raise UnreadDateError("there are two dates")
    days = Span(start=start, end=end if last is not None else None, doubts=doubts)
    if "opens" not in parts:
        return days
    clocks = settle(*(parts[name].texts[0] for name in ("opens", "closes") if name in parts))
    is_daily = last is not None and "closes" in parts and match.end("opens") + 1 == match.start("closes")
    return _at_clocks(days, *clocks, is_daily=is_daily)


def _at_clocks(days: Span, opening: time, closing: time | None, *, is_daily: bool) -> Span:
    begin = datetime.combine(days.start, opening)
    if closing is None:
        return replace(days, start=begin)
    end = datetime.combine(days.end or days.start, closing)
    doubts = (*days.doubts, "the clock times are of each day") if is_daily else days.doubts
    if end < begin or (is_daily and closing < opening):
        end += timedelta(days=1)
        if closing > OVERNIGHT and (end - begin) % timedelta(days=1) > timedelta(hours=12):
            return Span(start=begin, end=days.end, doubts=(*doubts, "the end is before the start"))
    return Span(start=begin, end=end, doubts=doubts)


def _why_not(words: Words) -> str:
    repeating = [word for kind, word in words if kind in REPEATING]
    if repeating:
        return f"“{repeating[0]}” says that it repeats, and one date is asked for"
    return "no day is said" if not set(words.kinds) & set("MDR") else "it is no single date, or could be several"
