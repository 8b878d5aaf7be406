"""iCloud: a calendar that its owner has published."""

import re

from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_PUBLISHED = re.compile(
    r"(?:webcals?|https?)://(p\d+-(?:caldav|calendarws)\.icloud\.com/published/\d/[\w-]+)", re.IGNORECASE
)


def recognise(page: Page) -> str | None:
    """A calendar from iCloud's host, or a page with a link to one."""
    if ics.recognise(page):
        return (
            "a calendar at iCloud"
            if _PUBLISHED.match(page.url) or b"PRODID:-//caldav.icloud.com" in page.body
            else None
        )
    return "a link to a calendar at iCloud" if address(page) else None


def address(page: Page) -> str | None:
    """The calendar that the page links to."""
    found = None if ics.recognise(page) else _PUBLISHED.search(page.text)
    return f"https://{found[1]}" if found else None


def request(url: str) -> Request:
    """`webcal:` is read as `https:`."""
    return ics.request(url)
