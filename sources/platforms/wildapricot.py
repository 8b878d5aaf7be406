"""Wild Apricot: the RSS of an organisation's events, whose date of publishing is the start."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.reading.feeds import ends_whole, is_feed
from aggregator.reading.text import clean_text
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import rss

__all__ = ["ends_whole", "parse", "recognise"]

_SIGNS = ("wildapricot", "wild apricot", "/eventmodule/")
_MARKS = re.compile(
    r"sf\.wildapricot\.org|cdn\.wildapricot|wildapricot\.org/|Powered by Wild Apricot|WildApricot\.", re.IGNORECASE
)
_WHERE = re.compile(r"^(?:where|location|place)\s*:\s*(.{3,150})$", re.IGNORECASE | re.MULTILINE)


def recognise(page: Page) -> str | None:
    """A feed by its generator or its addresses, a page by their scripts."""
    told = page.text
    if is_feed(told):
        is_theirs = any(sign in f"{page.url} {told[:5000]}".lower() for sign in _SIGNS)
        return "a feed by Wild Apricot" if is_theirs else None
    return "a page of Wild Apricot" if _MARKS.search(told) else None


def address(page: Page) -> str | None:
    """The feed of the site's events."""
    return None if is_feed(page.text) else f"{site_of(page.url)}/events/RSS"


def request(url: str) -> Request:
    """A site's page of events becomes its feed; an address of a feed stays."""
    parts = urlsplit(url)
    is_feeds = parts.path.lower().rstrip("/").endswith("/rss")
    return Request(url=url if is_feeds else f"{site_of(url)}/events/RSS")


def parse(page: Page) -> Iterator[Draft]:
    """The place is in the description's words, under “Where:”."""
    for draft in rss.parse(page, date_from="pubdate"):
        where = _WHERE.search(clean_text(draft.description or ""))
        yield replace(draft, location_text=where[1]) if where and not draft.location_text else draft
