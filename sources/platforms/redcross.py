"""Red Cross: what a chapter's page tells of drives, classes, meetings and volunteers' events."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from aggregator.errors import ParseError, UnreadDateError
from aggregator.reading.dates import read_span
from aggregator.reading.html import Tree, attribute, ends_whole, parse_html, text_of
from aggregator.reading.redcross import RED_CROSS, kinds, refuse
from aggregator.reading.structured import read_structured
from aggregator.reading.structured.empty import find_emptiness
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["address", "ends_whole", "parse", "recognise", "request"]

_HOST = re.compile(r"(?:[\w-]+\.)*[\w-]*redcross\.org", re.IGNORECASE)
_SITE_NAME = re.compile(r"<meta\b[^>]*og:site_name[^>]*content=[\"'](?:the )?American Red Cross\b", re.IGNORECASE)
_EVENTS_PAGE = re.compile(r"href=[\"']([^\"']*/local/[^\"']*/events(?:-calendar)?\.html)[\"'#?]", re.IGNORECASE)
_PLACE = re.compile(r"\d+ \D.*|.*, [A-Z]{2}(?: \d{5})?", re.DOTALL)
_WHERE = re.compile(r"^(?:where|location|place):? ", re.IGNORECASE)
_MOST_LINES = 3
"""Between a heading and its date."""


def recognise(page: Page) -> str | None:
    """By its host, or by whose site the page says it is of; never the site of the blood drives."""
    if _is_refused(page.url):
        return None
    if _HOST.fullmatch(urlsplit(page.url).hostname or ""):
        return "a page on redcross.org"
    return "a site of the American Red Cross" if _SITE_NAME.search(page.text) else None


def address(page: Page) -> str | None:
    """The chapter's page of events, which its other pages link to."""
    found = None if _EVENTS_PAGE.search(f'href="{page.url}"') else _EVENTS_PAGE.search(page.text)
    return clean_url(found[1], page.url) if found else None


def request(url: str) -> Request:
    """The page; ValueError for the site of the blood drives, with where to look instead."""
    refuse(url)
    return Request(url=url)


def parse(page: Page) -> Iterator[Draft]:
    """What is a drive, a class, a meeting or volunteers' event; not what only raises money."""
    if not recognise(page):
        raise ParseError(f"{page.url}: no page of a chapter of the Red Cross")
    drafts = list(read_structured(page.text, page.url)) or list(_listed(page))
    if not drafts and not find_emptiness(page.text):
        raise ParseError(f"{page.url}: no events with dates, and no words that say there are none")
    for draft in drafts:
        told = kinds(draft.name or "", draft.description or "")
        if told:
            yield replace(draft, keywords=tuple(dict.fromkeys((RED_CROSS, *told, *draft.keywords))))


def _is_refused(url: str) -> bool:
    try:
        refuse(url)
    except ValueError:
        return True
    return False


def _listed(page: Page) -> Iterator[Draft]:
    """A date in a line of its own, the heading above it, and the place in the line below it."""
    tree = parse_html(page.text)
    if tree.body is None:
        return
    links = _headings(tree)
    lines = text_of(tree.body).split("\n")
    for number, line in enumerate(lines):
        above = lines[max(number - _MOST_LINES, 0) : number][::-1]
        name = next((told for told in above if told in links), None)
        if name and _is_date(line, page.fetched_at.date()):
            below = _WHERE.sub("", lines[number + 1]) if number + 1 < len(lines) else ""
            yield Draft(
                name=name,
                date_text=line,
                url=clean_url(links[name], page.url),
                location_text=below if below not in links and _PLACE.fullmatch(below) else None,
            )


def _headings(tree: Tree) -> dict[str, str | None]:
    """What stands in headings, in bold or in links, with the address that it leads to."""
    links = {text_of(link): attribute(link, "href") for link in tree.css("a[href]")}
    return {
        told: links.get(told) for node in tree.css("h2, h3, h4, h5, h6, strong, b, a[href]") if (told := text_of(node))
    }


def _is_date(line: str, today: date) -> bool:
    with suppress(UnreadDateError):
        read_span(line, now=today)
        return True
    return False
