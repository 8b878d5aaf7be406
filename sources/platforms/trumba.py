"""Trumba: the calendar's RSS, which tells the date at the top of the description."""

import re
from collections.abc import Iterator
from dataclasses import replace

from aggregator.errors import ParseError
from aggregator.reading.feeds import Feed, Member, ends_whole, is_feed, read_feed
from aggregator.reading.feeds.dates import published_as_iso
from aggregator.reading.text import clean_text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["ends_whole", "is_calendar", "parse", "read", "recognise", "request"]

_FEED = "https://www.trumba.com/calendars/{}.rss"
_SPUD = re.compile(r"\$Trumba\.addSpud\(\{[^}]*\bwebName\s*:\s*[\"']([\w-]+)")
_DAY = re.compile(r"(\d{4})/(\d{2})/(\d{2})(?: \(\w+\))?")  # the category “2015/12/07 (Mon)” is the first day
_DATE_LINE = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,\s.*\d{4}.*", re.IGNORECASE)
_ONGOING = re.compile(r"ongoing (?:through|until) (.+)", re.IGNORECASE)
_LABEL = re.compile(r"([\w /&-]{2,40}):\s*(.+)")
_POINT = re.compile(r"maps\?q=(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)")


def recognise(page: Page) -> str | None:
    """By Trumba's own namespace, or by the calendar that a page embeds."""
    text = page.text
    if "schemas.trumba.com/rss" in text and is_feed(text):
        return "a feed with Trumba elements"
    return "a Trumba calendar that it embeds" if address(page) else None


def address(page: Page) -> str | None:
    """The feed of the calendar that the page embeds."""
    found = _SPUD.search(page.text) if "trumba.com/" in page.text else None
    return _FEED.format(found[1]) if found and not is_feed(page.text) else None


def request(url: str | None = None, calendar: str | None = None) -> Request:
    """The calendar's feed."""
    if not url and not calendar:
        raise ValueError("a url or a calendar (its web name) is needed")
    return Request(url=_FEED.format(calendar) if calendar else url or "")


def parse(page: Page) -> Iterator[Draft]:
    """One draft a member."""
    feed = read_feed(page.text)
    if not is_calendar(feed):
        raise ParseError(f"{page.url} is a feed, but not of a Trumba calendar")
    yield from read(feed, page.url)


def is_calendar(feed: Feed) -> bool:
    """Whether the feed declares Trumba's elements."""
    return any("trumba.com" in namespace for namespace in feed.namespaces)


def read(feed: Feed, base: str) -> Iterator[Draft]:
    for member in feed.members:
        lines = clean_text(member.description or "").split("\n")
        yield _tell_date(_draft(member, lines, base), member, lines)


def _draft(member: Member, lines: list[str], base: str) -> Draft:
    labels = {match[1].lower(): match[2] for line in lines if (match := _LABEL.fullmatch(line))}
    rooms = [text for label, text in labels.items() if label.endswith("room")]
    places = [text for label, text in labels.items() if label.endswith(("location", "venue", "where"))]
    told = member.element("location") or ", ".join(places[:1] + rooms[:1]) or _line_before_date(lines)
    point = _POINT.search(member.description or "")
    return Draft(
        identifier=member.identifier or member.element("uid") or member.url,
        name=member.title,
        url=clean_url(member.url, base),
        description=member.description,
        image=clean_url(member.image, base),
        location_text=told,
        latitude=point[1] if point else None,
        longitude=point[2] if point else None,
        keywords=tuple(category for category in member.categories if not _DAY.fullmatch(category)),
    )


def _line_before_date(lines: list[str]) -> str | None:
    """Where there is no label, the place is the line above the date."""
    return lines[0] if len(lines) > 1 and _DATE_LINE.fullmatch(lines[1]) else None


def _tell_date(draft: Draft, member: Member, lines: list[str]) -> Draft:
    if start := member.element("localstart", "dtstart"):
        return replace(draft, start_date=start, end_date=member.element("localend", "dtend"))
    day = next((match for category in member.categories if (match := _DAY.fullmatch(category))), None)
    if day and (ongoing := _ONGOING.fullmatch(lines[0])):
        return replace(draft, start_date="-".join(day.groups()), end_date=ongoing[1])
    if words := next((line for line in lines[:2] if _DATE_LINE.fullmatch(line)), None):
        return replace(draft, date_text=words)
    return replace(draft, start_date="-".join(day.groups()) if day else published_as_iso(member))
