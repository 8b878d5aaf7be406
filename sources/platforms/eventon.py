"""EventON (WordPress): the structured data of its pages, or the cards that they show."""

import re
from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import Node, attribute, ends_whole, parse_html, text_of
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page
from sources.platforms import html

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(
    r"wp-content/plugins/eventON/|class=[\"'][^\"']*\b(?:ajde_evcal_calendar|eventon_list_event|evo_metarow_time)\b",
    re.IGNORECASE,
)


def recognise(page: Page) -> str | None:
    """By its files or classes."""
    found = _MARKS.search(page.text)
    return "a page with EventON's marks" if found else None


def parse(page: Page) -> Iterator[Draft]:
    """Whichever of the two tells; neither is a redesign, unless the calendar says that it has no events."""
    try:
        drafts = list(html.parse(page))
    except ParseError:
        drafts = []
    yield from drafts or _cards(page)


def _cards(page: Page) -> Iterator[Draft]:
    tree = parse_html(page.text)
    cards = [card for card in tree.css(".eventon_list_event, .evo_eventcard") if card.css_first(".evcal_event_title")]
    when = tree.css_first(".evo_metarow_time .evcal_evdata_cell")
    if cards:
        yield from (_card(card, page.url) for card in cards)
    elif when is not None:
        yield _single(tree.css_first("h1, .evcal_event_title"), when, tree.css_first(".evo_location_name"), page.url)
    elif not tree.css_first(".no_events, .evo_no_events, .eventon_no_event"):
        raise ParseError(f"{page.url}: EventON's marks, but no event")


def _card(card: Node, base: str) -> Draft:
    link = card.css_first("a[href*='/event']") or card.css_first("[itemprop=url]")
    url = clean_url(attribute(link, "href"), base) if link is not None else None
    name, time = (
        card.css_first(".evcal_event_title"),
        card.css_first(".evo_metarow_time .evcal_evdata_cell, .evcal_time"),
    )
    place = card.css_first(".evo_location_address, .event_location_attrs, .evcal_location")
    return Draft(
        identifier=url,
        name=text_of(name) if name is not None else None,
        date_text=_when(time),
        location_text=text_of(place) if place is not None else None,
        url=url,
    )


def _single(name: Node | None, when: Node, place: Node | None, url: str) -> Draft:
    return Draft(
        identifier=url,
        name=text_of(name) if name is not None else None,
        date_text=_when(when),
        location_name=text_of(place) if place is not None else None,
        url=url,
    )


def _when(node: Node | None) -> str | None:
    """Without the word that heads it."""
    told = " ".join(text_of(node).split("\n")) if node is not None else ""
    return re.sub(r"^(?:Time|When|Date)\s+", "", told) or None
