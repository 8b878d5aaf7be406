"""EventON (WordPress): the structured data of its pages, with the hours of its cards, or the cards alone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from aggregator.errors import ParseError
from aggregator.reading.html import Node, attribute, ends_whole, parse_html, text_at
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page
from sources.platforms import html

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(
    r"wp-content/plugins/eventON/|class=[\"'][^\"']*\b(?:ajde_evcal_calendar|eventon_list_event|evo_metarow_time)\b",
    re.IGNORECASE,
)
_STAMPS = re.compile(r"(\d{1,11})-(\d{1,11})")
_TIME = ".evo_metarow_time .evcal_evdata_cell, .evcal_time"
_PLACE = ".evo_location_address, .event_location_attrs, .evcal_location, .evo_location_name"


def recognise(page: Page) -> str | None:
    """By its files or classes."""
    return "a page with EventON's marks" if _MARKS.search(page.text) else None


def parse(page: Page) -> Iterator[Draft]:
    """Whichever of the two tells; neither is a redesign, unless the calendar says that it has no events."""
    try:
        drafts = list(html.parse(page))
    except ParseError:
        drafts = []
    if not drafts:
        yield from _cards(page)
    hours = dict(_hours(page)) if drafts else {}
    for draft in drafts:
        start, end = hours.get((draft.name, draft.start_date), (draft.start_date, draft.end_date))
        yield replace(draft, start_date=start, end_date=end)


def _hours(page: Page) -> Iterator[tuple[tuple[str | None, str | None], tuple[str, str]]]:
    """By name and day, when each card begins and ends, by the place's clock: its structured data tells days alone."""
    for card in parse_html(page.text).css(".eventon_list_event[data-time]"):
        stamps = _STAMPS.fullmatch(attribute(card, "data-time") or "")
        if stamps and ":" in (text_at(card, ".evo_time") or ""):
            start, end = (datetime.fromtimestamp(int(stamp), UTC).replace(tzinfo=None) for stamp in stamps.groups())
            yield (text_at(card, ".evcal_event_title"), start.date().isoformat()), (start.isoformat(), end.isoformat())


def _cards(page: Page) -> Iterator[Draft]:
    """The cards of a list, or the one event that a page is about."""
    tree = parse_html(page.text)
    cards = [card for card in tree.css(".eventon_list_event, .evo_eventcard") if card.css_first(".evcal_event_title")]
    if not cards and tree.css_first(_TIME) is not None and tree.body is not None:
        yield replace(_card(tree.body, "h1, .evcal_event_title", page.url), identifier=page.url, url=page.url)
    elif not cards and not tree.css_first(".no_events, .evo_no_events, .eventon_no_event"):
        raise ParseError(f"{page.url}: EventON's marks, but no event")
    yield from (_card(card, ".evcal_event_title", page.url) for card in cards)


def _card(card: Node, title: str, base: str) -> Draft:
    link = card.css_first("a[href*='/event']") or card.css_first("[itemprop=url]")
    url = clean_url(attribute(link, "href"), base) if link is not None else None
    when = re.sub(r"^(?:Time|When|Date)\s+", "", " ".join((text_at(card, _TIME) or "").split())) or None
    place = text_at(card, _PLACE)
    return Draft(identifier=url, name=text_at(card, title), date_text=when, location_text=place, url=url)
