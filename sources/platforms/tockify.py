"""Tockify: a calendar's iCalendar, found by the name under which pages embed it."""

import re
from urllib.parse import urlsplit

from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_FEED = "https://tockify.com/api/feeds/ics/{}"
_NAMED = re.compile(
    r"data-tockify-calendar\s*=\s*[\"']([\w.-]+)|https?://(?:www\.)?tockify\.com/(?:api/feeds/ics/)?(?!api/|tkf|i/|home|pricing)([\w.-]+)",
    re.IGNORECASE,
)


def recognise(page: Page) -> str | None:
    """A calendar of theirs, a page that embeds one, or a page on their host."""
    if ics.recognise(page):
        is_theirs = b"PRODID:-//Tockify" in page.body[:4096] or "tockify.com/api/feeds/" in page.url
        return "a calendar by Tockify" if is_theirs else None
    return "a Tockify calendar" if address(page) else None


def address(page: Page) -> str | None:
    """The feed of the calendar that the page embeds, or is."""
    if ics.recognise(page):
        return None
    is_theirs = (urlsplit(page.url).hostname or "").removeprefix("www.") == "tockify.com"
    text = page.text
    found = _NAMED.search(page.url) if is_theirs else _NAMED.search(text) if "data-tockify" in text else None
    return _FEED.format(found[1] or found[2]) if found else None


def request(url: str | None = None, calendar: str | None = None) -> Request:
    """The feed, for the calendar's page too."""
    found = _NAMED.search(url or "")
    name = calendar or (found and (found[1] or found[2]))
    if not name and not url:
        raise ValueError("a url or a calendar (its name) is needed")
    return ics.request(_FEED.format(name) if name else url or "")
