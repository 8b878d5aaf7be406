"""Wild Apricot: the RSS of an organisation's events, whose date of publishing is the start, and each event's page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.reading.feeds import is_feed
from aggregator.reading.text import clean_text
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import rss
from sources.platforms._wildapricot import OF_EVENT, read_page
from sources.platforms.rss import ends_whole_or_page as ends_whole

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
    """A site's page of events becomes its feed; an address of a feed or an event stays, and with `#list` the page."""
    parts = urlsplit(url)
    stays = parts.path.lower().rstrip("/").endswith("/rss") or parts.fragment == "list" or OF_EVENT.search(url)
    return Request(url=url if stays else f"{site_of(url)}/events/RSS")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The list of the page, where the feed is switched off."""
    parts = urlsplit(url)
    if parts.fragment != "list" and not OF_EVENT.search(url):
        is_page = parts.path.strip("/") and not parts.path.lower().endswith("/rss")
        yield "wildapricot", f"{url if is_page else f'{site_of(url)}/events'}#list"


def parse(page: Page) -> Iterator[Draft]:
    """The place is in the description's words, under “Where:”; an event's own page has an element for each field."""
    for draft in rss.parse(page, date_from="pubdate") if is_feed(page.text) else read_page(page):
        where = None if draft.location_text else _WHERE.search(clean_text(draft.description or ""))
        yield replace(draft, location_text=where[1]) if where else draft


def follow(page: Page) -> Iterator[Request]:
    """Of a feed, or of a list, the page of each event to come, which tells end and place."""
    if page.request.completes or OF_EVENT.search(page.request.url):
        return
    today = page.fetched_at.date().isoformat()
    for draft in parse(page):
        if draft.url and draft.identifier and OF_EVENT.search(draft.url) and (draft.start_date or today) >= today:
            yield Request(url=draft.url, completes=draft.identifier)
