"""Bevy (communities of developers and founders): a chapter's page, or the sitemap, then the pages of events."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.structured.values import Node, all_nodes, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import HORIZON, Draft, Page, Request
from sources.platforms import jsonld
from sources.platforms.meetup import page_state

_MARK = re.compile(r"<(?:script|link|meta)\b[^>]*//res\.cloudinary\.com/startup-grind/", re.IGNORECASE)
_LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\]\s]+)")
_MONTH = re.compile(r"/sitemap-events-(\d{4})-(\d{2})\.xml$")
_EVENT_PAGE = re.compile(r"/events/details/[^/]+/?$")


def recognise(page: Page) -> str | None:
    """A sitemap by its parts or its events, a page by the pictures of Bevy's own store."""
    told = page.text
    if _is_sitemap(told):
        is_bevys = any(_MONTH.search(url) or _EVENT_PAGE.search(url) for url in _LOCATION.findall(told))
        return "a sitemap of events by Bevy" if is_bevys or _MONTH.search(page.url) else None
    return "pictures in Bevy's store" if _MARK.search(told) else None


def address(page: Page) -> str | None:
    """A chapter's page as it is; of any other page the site."""
    return None if '"chapterData"' in page.text or _is_sitemap(page.text) else urljoin(page.url, "/")


def request(url: str) -> Request:
    """The site's sitemap, for its home page; a chapter's page and a sitemap stay."""
    return Request(url=urljoin(url, "/sitemap.xml") if urlsplit(url).path in {"", "/"} else url)


def ends_whole(body: bytes) -> bool:
    """Whether the end of the sitemap, or of the page, has arrived."""
    is_sitemap = _is_sitemap(body[:1000].decode("latin-1"))
    return body.rstrip().endswith((b"</urlset>", b"</sitemapindex>")) if is_sitemap else page_ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """None of a sitemap; what a chapter's page tells of its events; of an event's page that event."""
    if _is_sitemap(page.text):
        if not recognise(page):
            raise ParseError(f"{page.url}: a sitemap, but without events by Bevy")
    elif '"chapterData"' in page.text:
        yield from _upcoming(page)
    else:
        yield from (replace(draft, identifier=page.request.completes or page.url) for draft in jsonld.parse(page))


def follow(page: Page, chapter: str | None = None) -> Iterator[Request]:
    """The sitemap's months from this one on, and the pages of their events: all, or those of `chapter`."""
    if _is_sitemap(page.text):
        for url in dict.fromkeys(_LOCATION.findall(page.text)):
            if _is_ahead(url, page.fetched_at.date()):
                yield Request(url=url)
            elif _EVENT_PAGE.search(url) and (not chapter or chapter.strip("/") in url):
                yield Request(url=url, completes=url)
    elif '"chapterData"' in page.text:
        for draft in _upcoming(page):
            if draft.url:
                yield Request(url=draft.url, completes=draft.identifier)


def _is_sitemap(told: str) -> bool:
    return "<urlset" in told[:1000] or "<sitemapindex" in told[:1000]


def _is_ahead(url: str, today: date) -> bool:
    month = _MONTH.search(url)
    last = today + timedelta(days=HORIZON.days)
    return bool(month) and f"{today:%Y-%m}" <= "-".join(month.groups() if month else ()) <= f"{last:%Y-%m}"


def _upcoming(page: Page) -> Iterator[Draft]:
    """The events in the state of a chapter's page."""
    for state in all_nodes([page_state(page)]):
        for told in nodes(state.get("upcomingEvents")):
            yield from (_draft(event, page.url) for event in nodes(told.get("results")))


def _draft(event: Node, base: str) -> Draft:
    url = clean_url(text(event, "static_url", "url"), base)
    return Draft(
        identifier=url,
        name=text(event, "title"),
        start_date=text(event, "start_date"),
        end_date=text(event, "end_date"),
        url=url,
    )
