"""TeamUp: the iCalendar of a calendar that is shared by its key."""

import re

from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_FEED = "https://ics.teamup.com/feed/{}/0.ics"
_KEY = re.compile(r"https?://(?:ics\.|www\.)?teamup\.com/(?:feed/)?(ks[a-z0-9]{10,})(?:/(\d+)\.ics)?", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """A calendar of theirs, or a page that embeds one."""
    if ics.recognise(page):
        return "a calendar by TeamUp" if _KEY.match(page.url) or b"PRODID:-//TeamUp" in page.body[:4096] else None
    return "a TeamUp calendar" if address(page) else None


def address(page: Page) -> str | None:
    """The feed of the calendar that the page is, or embeds."""
    if ics.recognise(page):
        return None
    found = _KEY.match(page.url) or _KEY.search(page.text)
    return _FEED.format(found[1]) if found else None


def request(url: str) -> Request:
    """The feed, for the calendar's page too; one of its parts where the address names it."""
    found = _KEY.match(url)
    return ics.request(_FEED.format(found[1]) if found and not found[2] else url)
