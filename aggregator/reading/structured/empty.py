"""Whether a page without events is an honestly empty calendar, or no calendar at all."""

import re
from html import unescape

from aggregator.errors import ParseError
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.jsonld import find_blocks
from aggregator.reading.structured.values import nodes, types_of

_SAYS_SO = re.compile(
    r">\s*+(?P<words>(?:(?:we(?:'|&rsquo;|’| a)re )?sorry,?\s+(?:but\s+)?)?"
    r"(?:(?:there\s+(?:are|were)|we\s+have)\s+)?(?:currently\s+)?no\s+(?:\w+\s+){0,2}events?\b"
    r"(?![^<]*\b(?:this|that|the|selected)\s+(?:day|date)\b)[^<]{0,80}?)\s*<",
    re.IGNORECASE,
)
"""A whole text of the page that only says so; a month's empty day ("no events on this day") does not."""
_LISTS = frozenset({"itemlist", "eventseries"})


def find_emptiness(html: str) -> str | None:
    """What shows that a page that tells no event has none to tell, in words; None when nothing does.

    Either its JSON-LD is a list that is empty (`[]`, an ItemList without elements), or a text of the page is "no
    upcoming events" or the like. A redesign, a challenge and a login page say neither.
    """
    for block in find_blocks(html):
        try:
            told = read_json(block)
        except ParseError:
            continue
        if any(_is_empty_list(value) for value in told):
            return "a list of events in JSON-LD that is empty"
    says = _SAYS_SO.search(html)
    return f"the words “{' '.join(unescape(says['words']).split())}”" if says else None


def _is_empty_list(value: Json) -> bool:
    if value == []:
        return True
    return any(node.get("itemListElement") == [] and not _LISTS.isdisjoint(types_of(node)) for node in nodes(value))
