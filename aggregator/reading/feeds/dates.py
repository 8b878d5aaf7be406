"""Finds the date of an event in the prose of a feed: a clear span in the title, or a line of its own; never a guess."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from aggregator.errors import UnreadDateError
from aggregator.reading.dates import DateOrder, Span, read_clock, read_iso, read_span
from aggregator.reading.feeds.member import Member
from aggregator.reading.text import clean_line, clean_text

_LONGEST = 120
"""Characters; no date is longer, and a sentence that holds one is."""
_MOST_LINES = 12
"""Of a description: when it is stands near its top."""
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY_NAME = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s{1,3})?"
_DATE = re.compile(
    rf"(?<!\w){_DAY_NAME}(?:(?:{_MONTHS})[a-z]{{0,6}}\.?\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s{{1,3}}\d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}(?:{_MONTHS})[a-z]{{0,6}}\b(?:,?\s{{1,3}}\d{{4}})?"
    r"|\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[:|]\s+|\s+[-–—~]\s+")
_JOINT = re.compile(r"(?:[\s,:|@(\[~–—-]|(?<=\s)(?:on|for)(?=\s*$))+$", re.IGNORECASE)
_WHEN = re.compile(
    r"(?:event |start )?(?:dates?(?: ?(?:and|&|/) ?times?)?|when|starts?|day)\s?(?:\(s\))?\s?[:–-]\s*", re.IGNORECASE
)
_TIME = re.compile(r"(?:event |start )?(?:times?|hours?)\s?(?:\(s\))?\s?[:–-]\s*", re.IGNORECASE)


_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_ORDINAL = r"(?:1st|2nd|3rd|[45]th|first|second|third|fourth|fifth|last)"
_RHYTHM = re.compile(
    rf"\b(?:(?:every|each|alternat(?:e|ing)) (?:other|single|day|week|month|weekday|{_WEEKDAY}|{_ORDINAL})"
    rf"|(?:mon|tues|wednes|thurs|fri|satur|sun)days|{_ORDINAL} ?(?:&|and|,|/) ?{_ORDINAL} {_WEEKDAY})\b",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    rf"\b(?:every|each|recurring|(?:bi-?)?(?:weekly|monthly)|daily|{_ORDINAL} {_WEEKDAY})\b", re.IGNORECASE
)
"""What the name of a series may also say of one of its dates (“Weekly Breakfast: Oct 4, 2026 7am”), but of no run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """`words` are those of the date, which `read_span` reads; `name` is what the title is without them."""

    words: str
    name: str | None = None


def published_as_iso(member: Member) -> str | None:
    """The publishing date with its own offset in ISO 8601; as it stands when it is no date of RFC 5322."""
    try:
        return parsedate_to_datetime(member.published or "").isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return member.published


def find_in_title(member: Member, *, now: date, order: DateOrder) -> FoundDate | None:
    """`Ribbon Cutting: Deli 4/21/2026 5:30 PM - 7:00 PM`, `Oct 4: Mixer`; nothing beside a rhythm."""
    title = clean_line(member.title or "")
    if _RHYTHM.search(title):
        return None
    for words, name in _splits(title):
        span = _read_told(words, member, now, order) if name else None
        if span is not None:
            return None if _is_one_of_many(span, name) else FoundDate(words=words, name=name)
    return None


def _splits(title: str) -> Iterator[tuple[str, str]]:
    """(words that may be a date, the rest), most likely first."""
    for match in list(_DATE.finditer(title))[:4]:
        yield title[match.start() :].rstrip(" )]."), _JOINT.sub("", title[: match.start()])
    first = _DATE.match(title)
    if first:
        ends = [(gap.start(), gap.end()) for gap in _SEPARATOR.finditer(title, first.end())][:4]
        for start, end in [*reversed(ends), (first.end(), first.end())]:
            yield title[:start], title[end:].strip(" -–—:|")


def find_in_description(member: Member, *, now: date, order: DateOrder) -> FoundDate | None:
    """A line that says when and nothing else; of several without a label, none is it."""
    title = clean_line(member.title or "")
    if _RHYTHM.search(title):
        return None
    lines = clean_text(member.description or "").split("\n")[:_MOST_LINES]
    bare: list[str] = []
    for number, line in enumerate(lines):
        label = _WHEN.match(line)
        words = line[label.end() :] if label else line
        span = _read_told(words, member, now, order)
        if span is not None and not _is_one_of_many(span, title):
            words = _with_time(words, lines[number + 1 : number + 3])
            if label:
                return FoundDate(words=words)
            bare.append(words)
    return FoundDate(words=bare[0]) if len(bare) == 1 else None


def _with_time(words: str, next_lines: list[str]) -> str:
    """A date and the time that a line below it is labelled with."""
    for line in next_lines:
        label = _TIME.match(line)
        if label:
            try:
                read_clock(line[label.end() :])
            except UnreadDateError:
                return words
            return f"{words} {line[label.end() :]}"
    return words


def _read_told(words: str, member: Member, now: date, order: DateOrder) -> Span | None:
    """A span that is not just the day of publishing, which articles carry as their first line."""
    if len(words) > _LONGEST or not _DATE.search(words):
        return None
    try:
        span = read_span(words, now=now, order=order)
    except UnreadDateError:
        return None
    return None if _is_dateline(span, member) else span


def _is_one_of_many(span: Span, name: str) -> bool:
    """Whether several days are those within which something takes place again and again: then no date is told."""
    is_run = span.end is not None and span.end.isoformat()[:10] > span.start.isoformat()[:10]
    return is_run and _OFTEN.search(name) is not None


def _is_dateline(span: Span, member: Member) -> bool:
    published = read_iso(published_as_iso(member) or "")
    if isinstance(span.start, datetime) or span.end is not None or published is None:
        return False
    return span.start == (published.date() if isinstance(published, datetime) else published)
