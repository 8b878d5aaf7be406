"""For an empty answer: what would have found something, in words."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from math import ceil

from aggregator.query import MAX_RADIUS, METRES_PER_MILE
from aggregator.reading.text import fold
from aggregator.render.dated import Units, distance_text
from aggregator.store import Answer, Hints, Hit
from api.query import Asked
from api.site import Site

_LONGEST_NAME = 80
_MOST_NAMES = 3
"""Unknown names of one kind that are told."""


async def find_hints(site: Site, asked: Asked, answer: Answer) -> list[str]:
    """At least one, for an empty answer is no dead end."""
    hints = await site.store.nearest_hint(asked.query)
    told = [*tell_unknown(site, asked), *_tell_found(asked, hints)]
    if not told:
        told.append("Nothing matches, then or later.")
    if answer.unplaced:
        told.append(f"{answer.unplaced} {'event has' if answer.unplaced == 1 else 'events have'} no known place.")
    return told


def tell_unknown(site: Site, asked: Asked) -> Iterator[str]:
    """Names that nobody bears, and how they may have been meant."""
    query = asked.query
    sources = [status.name for status in site.store.sources()] if query.source.any_of else []
    for name in sorted(query.source.any_of.difference(sources))[:_MOST_NAMES]:
        yield f"No source is called {name}{_suggest(get_close_matches(name, sources, n=1))}"
    for about, kind, names in (
        ("organiser is called", "o", query.org.any_of),
        ("event is tagged", "t", query.tag.any_of),
    ):
        for name in sorted(names)[:_MOST_NAMES]:
            alike = site.store.labels_alike(kind, name)
            if fold(name) not in alike:
                yield f"No {about} {name}{_suggest(alike)}"


def _suggest(names: list[str]) -> str:
    return f"; did you mean {' or '.join(names)}?" if names else "."


def _tell_found(asked: Asked, hints: Hints) -> Iterator[str]:
    nearest, later = hints
    if nearest and nearest.distance is not None:
        away, reach = distance_text(nearest.distance, asked.units), reach_of(nearest.distance, asked.units)
        yield f"The nearest match is {away} away: {name_of(nearest)}. within={reach} finds it."
    elif asked.query.center:
        yield "Nothing matches within 500 km at that time."
    if later:
        yield f"The next one here is on {later.start_text[:10]}: {name_of(later)}."


def reach_of(metres: float, units: Units) -> str:
    """What `within` reaches it: whole units, as long as so many may be asked for."""
    length = METRES_PER_MILE if units == "mi" else 1000
    whole = ceil(metres / length)
    return f"{whole}{units}" if whole * length <= MAX_RADIUS else f"{MAX_RADIUS / 1000:.0f}km"


def name_of(hit: Hit) -> str:
    """Not longer than a line."""
    name: str = json.loads(b"{" + hit.json)["name"]
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
