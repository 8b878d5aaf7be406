"""Every event that a page tells in a structured syntax, once."""

import re
from collections.abc import Iterator
from dataclasses import replace

from aggregator.draft import Draft
from aggregator.errors import ParseError
from aggregator.reading.html import absolute, parse_html
from aggregator.reading.structured.event import read_events
from aggregator.reading.structured.jsonld import read_jsonld
from aggregator.reading.structured.microdata import MICRODATA, RDFA, read_scopes
from aggregator.reading.structured.microformats import read_microformats
from aggregator.reading.structured.midnight import without_false_midnights
from aggregator.reading.structured.run import without_series_end
from aggregator.reading.structured.same_event import merge

_EVENT = r"\s*=\s*[\"']?[^\"'>]{0,300}(?:[Ee]vent|Festival|Hackathon|CourseInstance|EventSeries)[\"'\s>]"
_CLASS = r"class\s*=\s*(?:\"[^\"]*?|'[^']*?|)(?<![\w-]){}(?=[\s\"'>])"
_MARKS = {
    "microdata": ("itemtype", re.compile("itemtype" + _EVENT)),
    "RDFa": ("typeof=", re.compile("typeof" + _EVENT)),
    "h-event": ("h-event", re.compile(_CLASS.format("h-event"))),
    "hCalendar": ("vevent", re.compile(_CLASS.format("vevent"))),
}
_JSONLD_EVENT = re.compile(r"\"@type\"\s*:\s*(?:\[[^\]]*)?\"[^\"]*(?:Event|Festival|Hackathon|CourseInstance)\b")
_HEAD = 16_384
"""Characters within which a page declares its base, which has to stand before the first address."""
_BASE = re.compile(r"<base\b[^>]*?\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)


def read_structured(html: str, url: str) -> Iterator[Draft]:
    """The drafts of JSON-LD, microdata, RDFa-lite, h-event and hCalendar; `url` is the address of the page.

    The tree is built only when JSON-LD does not tell all there is to tell. A page too deep to be read as a tree raises
    ParseError, unless JSON-LD has told something.
    """
    base = _base(html, url)
    told = read_jsonld(html, base)
    others = [] if _is_enough(told, html) else _read_tree(html, base, is_needed=not told)
    drafts = without_false_midnights(merge([told, *others]), html)
    yield from map(without_series_end, _without_list_address(drafts, url))


def find_syntaxes(html: str) -> tuple[str, ...]:
    """The names of the syntaxes in which the page marks events, best first; quick, without reading them."""
    jsonld = ("JSON-LD",) if "ld+json" in html and _JSONLD_EVENT.search(html) else ()
    return (*jsonld, *_count_marks(html))


def _base(html: str, url: str) -> str:
    """What relative addresses are relative to: <base href> when that is an address of the web, else the page."""
    position = html.find("<base", 0, _HEAD)
    declared = _BASE.match(html, position) if position >= 0 else None
    return absolute(declared[1] or declared[2] or declared[3], url) or url if declared else url


def _count_marks(html: str) -> dict[str, int]:
    counts = {name: len(pattern.findall(html)) if needle in html else 0 for name, (needle, pattern) in _MARKS.items()}
    return {name: count for name, count in counts.items() if count}


def _is_enough(told: list[Draft], html: str) -> bool:
    """Whether no other syntax could add to JSON-LD: a time, an end or a place, or, to a lone event, others."""
    is_whole = bool(told) and all(_is_whole(draft) for draft in told)
    return is_whole and (len(told) > 1 or max(_count_marks(html).values(), default=0) <= 1)


def _is_whole(draft: Draft) -> bool:
    has_place = draft.location_name or draft.location_text or draft.address_locality or draft.virtual_location
    has_time = draft.start_date is not None and len(draft.start_date) > len("2026-08-25")
    return bool(draft.name and has_time and (draft.end_date or draft.duration or draft.rrule) and has_place)


def _read_tree(html: str, base: str, *, is_needed: bool) -> Iterator[list[Draft]]:
    marks = _count_marks(html)
    if not marks:
        return
    try:
        tree = parse_html(html)
    except ParseError:
        if is_needed:
            raise
        return
    if "microdata" in marks:
        yield list(read_events(read_scopes(tree, MICRODATA), base))
    if "RDFa" in marks:
        yield list(read_events(read_scopes(tree, RDFA), base))
    if "h-event" in marks or "hCalendar" in marks:
        yield list(read_microformats(tree, base))


def _without_list_address(drafts: list[Draft], url: str) -> Iterator[Draft]:
    """The address of a page that tells several events is that of none of them."""
    page = url.rstrip("/")
    for draft in drafts:
        is_of_list = len(drafts) > 1 and draft.url is not None and draft.url.rstrip("/") == page
        yield replace(draft, url=None) if is_of_list else draft
