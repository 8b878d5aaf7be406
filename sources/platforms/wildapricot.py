"""Wild Apricot: the RSS of an organisation's events, whose date of publishing is the start, and each event's page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.feeds import is_feed
from aggregator.reading.html import parse_html, text_at
from aggregator.reading.text import clean_text
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import rss
from sources.platforms.rss import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_SIGNS = ("wildapricot", "wild apricot", "/eventmodule/")
_MARKS = re.compile(
    r"sf\.wildapricot\.org|cdn\.wildapricot|wildapricot\.org/|Powered by Wild Apricot|WildApricot\.", re.IGNORECASE
)
_EVENT = re.compile(r"/event-\d+|[?&]id=\d+", re.IGNORECASE)
_FIELDS = ("StartDate", "StartTime", "EndDate", "EndTime", "Location")
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
    """The place is in the description's words, under “Where:”; an event's own page has an element for each field."""
    for draft in rss.parse(page, date_from="pubdate") if is_feed(page.text) else (_own_page(page),):
        where = None if draft.location_text else _WHERE.search(clean_text(draft.description or ""))
        yield replace(draft, location_text=where[1]) if where else draft


def follow(page: Page) -> Iterator[Request]:
    """Of a feed the page of each event to come, which tells end and place."""
    for draft in rss.parse(page, date_from="pubdate") if is_feed(page.text) else ():
        is_coming = (draft.start_date or "") >= page.fetched_at.date().isoformat()
        if is_coming and draft.url and draft.identifier and _EVENT.search(draft.url):
            yield Request(url=draft.url, completes=draft.identifier)


def _own_page(page: Page) -> Draft:
    tree = parse_html(page.text)
    told = {name: text_at(tree, f".eventInfo{name} .eventInfoBoxValue") for name in _FIELDS}
    if not told["StartDate"]:
        raise ParseError(f"{page.url}: neither a feed nor an event of Wild Apricot")
    _, _, close = (told["StartTime"] or "").partition("-")
    day = told["EndDate"] or (told["StartDate"] if close else None)
    return Draft(
        name=text_at(tree, "h1.pageTitle, h1"),
        date_text=" ".join(filter(None, (told["StartDate"], told["StartTime"]))),
        end_date=" ".join(filter(None, (day, told["EndTime"] or close.strip()))) or None,
        location_text=told["Location"],
        description=text_at(tree, ".gadgetEventEditableArea"),
        price=text_at(tree, ".registrationInfo"),
        url=page.url,
    )
