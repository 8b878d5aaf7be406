"""schema.org events in JSON-LD: those of a page, or a document of its own."""

from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured import find_syntaxes
from aggregator.reading.structured.empty import find_emptiness
from aggregator.reading.structured.event import read_events
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.jsonld import read_jsonld
from aggregator.reading.structured.run import without_series_end
from aggregator.source import Draft, Page, Request

__all__ = ["ends_whole", "parse", "recognise", "request"]


def recognise(page: Page) -> str | None:
    """A document by its first character and schema.org's name in it, a page by its blocks."""
    text = page.text
    if _is_document(text):
        return "a JSON-LD document" if '"@type"' in text and "schema.org" in text else None
    return "events in JSON-LD" if "JSON-LD" in find_syntaxes(text) else None


def request(url: str) -> Request:
    """Asks for JSON-LD where the server has the choice."""
    return Request(url=url, headers=(("accept", "application/ld+json, application/json;q=0.9, text/html;q=0.8"),))


def parse(page: Page) -> Iterator[Draft]:
    """No drafts for an empty list; ParseError for a body that is no JSON, or has no events in JSON-LD."""
    text = page.text
    if _is_document(text):
        roots = read_json(text)
        drafts, is_empty = list(read_events(roots, page.url)), roots == [[]]
    else:
        drafts, is_empty = read_jsonld(text, page.url), find_emptiness(text) is not None
    if not drafts and not is_empty:
        raise ParseError(f"{page.url}: no events in JSON-LD")
    return map(without_series_end, drafts)


def _is_document(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
