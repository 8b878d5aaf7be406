"""Sugar Calendar (WordPress): the list that its block shows, or an event's own page."""

import re
from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import Node, Tree, attribute, ends_whole, parse_html, text_at, text_of, url_at
from aggregator.source import Draft, Page, Request

__all__ = ["ends_whole", "parse", "recognise"]

_EVENT = ", ".join(f".sugar-calendar-event-list-block__{kind}view__event" for kind in ("list", "grid", "plain"))
_MARK = re.compile(r"sugar-calendar-event-list-block|sc-frontend-single-event|wp-content/plugins/sugar-calendar")
_JOINED = re.compile(r"(\d{4})\s*at\s*(?=\d)")  # “March 29, 2026at7:00 pm”


def recognise(page: Page) -> str | None:
    """By its classes or files."""
    return "a page with Sugar Calendar's marks" if _MARK.search(page.text) else None


def parse(page: Page) -> Iterator[Draft]:
    """Of the list each event, of an event's page the place."""
    tree = parse_html(page.text)
    single, events = tree.css_first(".sc-frontend-single-event"), tree.css(_EVENT)
    if not events and single is None and tree.css_first("[class*=sugar-calendar-event-list-block]") is None:
        raise ParseError(f"{page.url}: no list of Sugar Calendar")
    listed = (_listed(event, page.url) for event in events)
    return listed if single is None or events else iter((_single(single, tree, page.url),))


def follow(page: Page) -> Iterator[Request]:
    """Each event of the list, for its place."""
    for event in parse_html(page.text).css(_EVENT):
        if url := url_at(event, "a[href]", page.url):
            yield Request(url=url, completes=url)


def _listed(event: Node, base: str) -> Draft:
    url = url_at(event, "a[href]", base)
    start, end = _times(event)
    return Draft(
        identifier=url,
        name=text_at(event, "[class*=__title]") or text_at(event, "h2, h3, h4, a"),
        start_date=start,
        end_date=end,
        date_text=_when(text_at(event, "[class*=__time], [class*=__date], time")),
        image=url_at(event, "img[src]", base, "src"),
        url=url,
    )


def _times(node: Node) -> tuple[str | None, str | None]:
    told = [attribute(time, "datetime") for time in node.css("time[datetime]")] or [None]
    return told[0], told[-1] if told[-1] != told[0] else None


def _single(single: Node, tree: Tree, url: str) -> Draft:
    labels: dict[str, str] = {}  # elements of their own, each before what it names
    for label in single.css(".sc-frontend-single-event__details__label"):
        value = label.next
        while value is not None and not (value.text() or "").strip():
            value = value.next
        labels[text_of(label).rstrip(":").lower()] = text_of(value) if value is not None else ""
    start, end = _times(single)
    return Draft(
        identifier=url,
        name=text_at(tree, "h1"),
        start_date=start,
        end_date=end,
        date_text=_when(" ".join(filter(None, (labels.get("date"), labels.get("time"))))),
        location_name=labels.get("venue") or None,
        location_text=labels.get("location") or None,
        description=text_at(single, ".sc-frontend-single-event__content, .entry-content"),
        url=url,
    )


def _when(told: str | None) -> str | None:
    return _JOINED.sub(r"\1 at ", " ".join((told or "").split())) or None
