"""Sugar Calendar (WordPress): the list that its block shows, or an event's own page."""

import re
from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import Node, Tree, attribute, ends_whole, parse_html, text_of
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["ends_whole", "parse", "recognise"]

_EVENT = ".sugar-calendar-event-list-block__listview__event"
_MARK = re.compile(r"sugar-calendar-event-list-block|sc-frontend-single-event|wp-content/plugins/sugar-calendar")
_JOINED = re.compile(r"(\d{4})\s*at\s*(?=\d)")
"""“March 29, 2026at7:00 pm”."""


def recognise(page: Page) -> str | None:
    """By its classes or files."""
    return "a page with Sugar Calendar's marks" if _MARK.search(page.text) else None


def parse(page: Page) -> Iterator[Draft]:
    """Of the list each event, of an event's page the place."""
    tree = parse_html(page.text)
    single = tree.css_first(".sc-frontend-single-event")
    events = tree.css(_EVENT)
    if not events and single is None and tree.css_first("[class*=sugar-calendar-event-list-block]") is None:
        raise ParseError(f"{page.url}: no list of Sugar Calendar")
    if single is not None and not events:
        yield _single(single, tree, page.url)
    for event in events:
        yield _listed(event, page.url)


def follow(page: Page) -> Iterator[Request]:
    """Each event of the list, for its place."""
    for event in parse_html(page.text).css(_EVENT):
        draft = _listed(event, page.url)
        if draft.url and draft.identifier:
            yield Request(url=draft.url, completes=draft.identifier)


def _listed(event: Node, base: str) -> Draft:
    link, time = event.css_first("a[href]"), event.css_first("[class*=__time], [class*=__date], time")
    name = event.css_first("[class*=__title]") or event.css_first("h2, h3, h4") or link
    url = clean_url(attribute(link, "href"), base) if link is not None else None
    return Draft(
        identifier=url,
        name=text_of(name) if name is not None else None,
        date_text=_when(text_of(time)) if time is not None else None,
        url=url,
    )


def _single(single: Node, tree: Tree, url: str) -> Draft:
    """Labels stand in elements of their own, each before what it names."""
    labels: dict[str, str] = {}
    for label in single.css(".sc-frontend-single-event__details__label"):
        value = label.next
        while value is not None and not (value.text() or "").strip():
            value = value.next
        labels[text_of(label).rstrip(":").lower()] = text_of(value) if value is not None else ""
    heading, told = tree.css_first("h1"), single.css_first(".sc-frontend-single-event__content, .entry-content")
    return Draft(
        identifier=url,
        name=text_of(heading) if heading is not None else None,
        date_text=_when(" ".join(filter(None, (labels.get("date"), labels.get("time"))))) or None,
        location_text=labels.get("location") or None,
        description=text_of(told) if told is not None else None,
        url=url,
    )


def _when(told: str) -> str:
    return _JOINED.sub(r"\1 at ", " ".join(told.split()))
