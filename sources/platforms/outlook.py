"""Outlook: a calendar that its owner has published on Microsoft's hosts."""

import re

from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_PUBLISHED = re.compile(
    r"https?://(outlook\.(?:office365|office|live)\.com/owa/(?:/?calendar)/[^\"'<>\s]+?/)(?:(?:reach)?calendar\.(?:ics|html))",
    re.IGNORECASE,
)


def recognise(page: Page) -> str | None:
    """A calendar from Microsoft's hosts, or a page that embeds or links to one."""
    if ics.recognise(page):
        is_theirs = _PUBLISHED.match(page.url) or b"PRODID:Microsoft Exchange Server" in page.body[:4096]
        return "a calendar by Outlook" if is_theirs else None
    return "a published Outlook calendar" if address(page) else None


def address(page: Page) -> str | None:
    """The iCalendar of the calendar that the page is, embeds or links to."""
    if ics.recognise(page):
        return None
    found = _PUBLISHED.match(page.url) or _PUBLISHED.search(page.text)
    return f"https://{found[1]}calendar.ics" if found else None


def request(url: str) -> Request:
    """The .ics beside the .html."""
    found = _PUBLISHED.match(url)
    return ics.request(f"https://{found[1]}calendar.ics" if found else url)
