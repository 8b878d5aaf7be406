"""What eventsmanager.py reads on pages: a table or blocks of events, and an event's own page."""

import re
from collections.abc import Iterator

from aggregator.reading.html import Node, Tree, parse_html, text_at, text_of, url_at
from aggregator.source import Draft, Page

_LISTED = ".em-event.em-item:not(.em-event-single), :is(.css-events-list, table.events-table) tbody tr"
_LINK = ".em-item-title a[href], td:last-child a[href]"
_DATES = re.compile(r"^Date\(s\)\s*-\s*")
"""What stands before the day on an event's own page."""


def read_page(page: Page) -> Iterator[Draft]:
    """Nothing for a page that is neither a list nor an event's own."""
    tree = parse_html(page.text)
    rows = [row for row in tree.css(_LISTED) if row.css_first(_LINK) is not None]
    yield from (_listed(row, page.url) for row in rows)
    if not rows and (told := _labelled(tree)).get("date/time"):
        yield _single(tree, told, page.url)


def _listed(row: Node, base: str) -> Draft:
    url = url_at(row, _LINK, base)
    told = (text_at(row, part) for part in (".em-event-date", ".em-event-time", "td:first-child"))
    return Draft(
        identifier=url,
        name=text_at(row, _LINK),
        date_text=" ".join(" ".join(filter(None, told)).split()) or None,
        location_text=text_at(row, ".em-event-location, td:last-child br + i"),
        description=text_at(row, ".em-item-desc"),
        url=url,
    )


def _labelled(tree: Tree) -> dict[str, str]:
    """Paragraphs that begin with what they tell, in bold."""
    labels = ((strong, strong.parent) for strong in tree.css("p > strong:first-child"))
    return {
        text_of(strong).lower(): text_of(around).removeprefix(text_of(strong)).strip()
        for strong, around in labels
        if around is not None
    }


def _single(tree: Tree, told: dict[str, str], url: str) -> Draft:
    return Draft(
        identifier=url,
        name=text_at(tree, "h1.entry-title, article h1, h1"),
        date_text=" ".join(_DATES.sub("", told["date/time"]).split()),
        location_name=told.get("location"),
        latitude=text_at(tree, ".em-location-map-coords .lat"),
        longitude=text_at(tree, ".em-location-map-coords .lng"),
        keywords=tuple(map(text_of, tree.css("ul.event-categories a"))),
        url=url,
    )
