"""Calagator: the shared calendar of a community, as iCalendar."""

import re

from aggregator.reading.url import site_of
from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(r"<meta[^>]+calagator|/assets/calagator[/.-]|Powered by <a[^>]*>Calagator", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """A calendar that it signs, or a page with its marks."""
    if ics.recognise(page):
        return "a calendar by Calagator" if b"Calagator" in page.body[:2000] else None
    return "a page of Calagator" if _MARKS.search(page.text) else None


def address(page: Page) -> str | None:
    """The community's calendar."""
    return None if ics.recognise(page) else f"{site_of(page.url)}/events.ics"


def request(url: str) -> Request:
    """The community's calendar, for any of its pages."""
    return ics.request(url if ".ics" in url else f"{site_of(url)}/events.ics")
