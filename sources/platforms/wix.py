"""Wix Events: the state that a page brings along, the answer of its own interface, or an event's page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aggregator.reading.html import ends_whole
from aggregator.reading.structured.values import first_node, nodes, text
from aggregator.reading.url import site_of
from aggregator.reading.xml import read_xml
from aggregator.source import Draft, Page, Request
from sources.platforms import html
from sources.platforms._wix import draft_event, find_nodes, read_state

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(r"static\.wixstatic\.com|static\.parastorage\.com|id=[\"']wix-warmup-data")
_EMPTY = re.compile(r'"events":\s*\{\s*"events":\s*\[\s*\]')

OF_LATE, MOST = timedelta(days=180), 80
"""How long ago a page of the sitemap may have changed, and how many pages are asked for."""


def recognise(page: Page) -> str | None:
    """An answer by its schedule, a page by the vendor's own hosts."""
    told = page.text
    if told.lstrip()[:1] == "{":
        return "an answer of Wix Events" if '"scheduling"' in told and '"timeZoneId"' in told else None
    return "a page of Wix" if _MARKS.search(told) else None


def parse(page: Page) -> Iterator[Draft]:
    """Events without a date yet ("to be decided") are told without one. A page without a list is one event's."""
    if "<urlset" in page.text[:500]:
        return iter(())
    events = list(find_nodes(read_state(page), "scheduling", "title"))
    if events or page.text.lstrip()[:1] == "{" or _EMPTY.search(page.text):
        return (draft_event(event, page.url) for event in events)
    return html.parse(page)


def follow(page: Page) -> Iterator[Request]:
    """Of an answer the next; of a page that shows its first events only, those of the sitemap that it does not show."""
    if page.request.completes:
        return
    if "<urlset" in page.text[:500]:
        yield from _listed(page)
    elif page.text.lstrip()[:1] == "{":
        yield from _next(page)
    elif more := [node for node in find_nodes(read_state(page), "events", "hasMore") if node["hasMore"] is True]:
        shown = ",".join(filter(None, (text(event, "slug") for event in nodes(more[0]["events"]))))
        yield Request(url=f"{site_of(page.url)}/event-pages-sitemap.xml#{shown}")


def _next(page: Page) -> Iterator[Request]:
    answer = first_node(read_state(page)[0]) or {}
    parts, asked = urlsplit(page.request.url), dict(parse_qsl(urlsplit(page.request.url).query))
    end = int(asked.get("offset") or 0) + len(list(nodes(answer["events"])))
    if answer["events"] and end < int(text(answer, "total") or 0):
        yield replace(page.request, url=urlunsplit(parts._replace(query=urlencode({**asked, "offset": end}))))


def _listed(page: Page) -> Iterator[Request]:
    """Most pages of a sitemap are of events long past: those are asked for that changed of late."""
    eve, shown = (page.fetched_at - OF_LATE).date().isoformat(), urlsplit(page.request.url).fragment.split(",")
    told = ((each.value("lastmod") or "9", each.value("loc") or "") for each in read_xml(page.text).named("url"))
    lately = sorted((pair for pair in told if pair[0] >= eve and pair[1].rpartition("/")[2] not in shown), reverse=True)
    yield from (Request(url=url, completes=url) for _, url in lately[:MOST] if "/event-details/" in url)
