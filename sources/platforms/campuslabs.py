"""Campus Labs Engage: a campus's public iCalendar; its search is closed to programs by robots.txt."""

import re

from aggregator.reading.url import site_of
from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(r"static\.campuslabsengage\.com|campuslabs\.com/engage", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """A calendar at its address, or a page with the vendor's scripts."""
    if ics.recognise(page):
        return "a calendar by Campus Labs" if "/engage/events.ics" in page.url else None
    return "a page of Campus Labs Engage" if _MARKS.search(page.text) else None


def address(page: Page) -> str | None:
    """The campus's calendar."""
    return None if ics.recognise(page) else f"{site_of(page.url)}/engage/events.ics"


def request(url: str) -> Request:
    """The campus's calendar, for any of its pages."""
    return ics.request(url if ".ics" in url else f"{site_of(url)}/engage/events.ics")
