"""Structured data on any page: JSON-LD, microdata, RDFa-lite, h-event and hCalendar."""

from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured import find_syntaxes, read_structured
from aggregator.reading.structured.empty import find_emptiness
from aggregator.source import Draft, Page

__all__ = ["ends_whole", "parse", "recognise"]


def recognise(page: Page) -> str | None:
    """The syntaxes in which the page marks events, or what shows that it is an empty calendar."""
    html = page.text
    syntaxes = find_syntaxes(html)
    return f"events in {' and '.join(syntaxes)}" if syntaxes else find_emptiness(html)


def parse(page: Page) -> Iterator[Draft]:
    """No drafts for an honestly empty calendar; ParseError for a page that tells no event in a structured syntax."""
    html = page.text
    drafts = list(read_structured(html, page.url))
    if not drafts and not find_emptiness(html):
        raise ParseError(f"{page.url}: no structured events, and no words that say there are none")
    return iter(drafts)
