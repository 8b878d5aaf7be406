"""Events in the JSON-LD of a page, read without building the page's tree."""

import re
from collections.abc import Iterator
from contextlib import suppress

from aggregator.draft import Draft
from aggregator.errors import ParseError
from aggregator.reading.html import parse_html
from aggregator.reading.structured.event import read_events
from aggregator.reading.structured.json_repair import Json, read_json

_LONGEST_TAG = 4_096
_TYPE = "application/ld+json"
_ODD_SPELLINGS = ("ld&#", "ld+JSON", "LD+JSON", "Ld+Json")
_OPENING = re.compile(r"<(script)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)


def read_jsonld(html: str, base: str) -> list[Draft]:
    """The drafts of all blocks; a block that no repair can read costs itself only. No block gives no draft."""
    roots: list[Json] = []
    for block in find_blocks(html):
        with suppress(ParseError):
            roots += read_json(block)
    return list(read_events(roots, base)) if roots else []


def find_blocks(html: str) -> list[str]:
    """What stands in each `<script type="application/ld+json">`, in the page's order."""
    try:
        return list(_scan(html))
    except ValueError:
        scripts = parse_html(html).css("script[type]")
        return [script.text() for script in scripts if "ld+json" in (script.attributes.get("type") or "").lower()]


def _scan(html: str) -> Iterator[str]:
    """Raises ValueError where only the tree can tell whether there is a block: inside a comment, or in odd spelling."""
    block, position, named = 0, 0, html.find(_TYPE)
    if named < 0 and any(odd in html for odd in _ODD_SPELLINGS):
        raise ValueError("the type is written with entities or capitals")
    while named >= 0:
        start = html.rfind("<", 0, named)
        opening = _OPENING.match(html, start, start + _LONGEST_TAG) if start >= position else None
        position = named + 1
        if opening is not None and opening.end() > named:
            comment = html.rfind("<!--", block, start)
            if comment >= 0 and html.find("-->", comment, start) < 0:
                raise ValueError("a comment may be open")
            block = html.find("</" + opening[1], opening.end())
            position = block = block if block >= 0 else len(html)
            yield html[opening.end() : block]
        named = html.find(_TYPE, position)
