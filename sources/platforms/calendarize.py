"""Calendarize it! (WordPress): the iCalendar of its events."""

import re

from aggregator.reading.url import site_of
from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_PATH = "/?rhc_action=get_icalendar_events&post_type[]=events"
_MARKS = re.compile(r"wp-content/plugins/calendarize-it/|class=[\"'][^\"']*\brhc(?:alendar|-widget|_holder)\b")


def recognise(page: Page) -> str | None:
    """A calendar at its address, or a page with its files or classes."""
    if ics.recognise(page):
        return "a calendar by Calendarize it!" if "rhc_action=" in page.url else None
    return "a page with Calendarize it!'s marks" if _MARKS.search(page.text) else None


def address(page: Page) -> str | None:
    """The site, whose calendar is asked for."""
    return None if ics.recognise(page) else f"{site_of(page.url)}/"


def request(url: str) -> Request:
    """The site's calendar."""
    return ics.request(url if "rhc_action=" in url else f"{site_of(url)}{_PATH}")
