"""Which pairs are worth comparing: of one day and cell with a word in common, of one day with one link."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import cos, floor, radians

from aggregator.event import GeoCoordinates
from aggregator.match.traits import Traits

FINE_CELLS = 64
"""In a degree: about 1.7 km."""

WIDE_CELLS = 4
"""In a degree: about 28 km, for points that are no better than a town."""

APART = 90
"""Minutes that starts may lie apart."""

_FINE_MARGIN = 0.0019
_WIDE_MARGIN = 0.09
"""Degrees of latitude around a point that are looked at as well: about 200 m, and 10 km."""

_STEM = 4
"""Letters of a word that have to be right, at its beginning or its end."""

Block = tuple[object, ...]


def pairs(listings: Sequence[Traits]) -> set[tuple[int, int]]:
    """Pairs of places in `listings`, the lower first, each once."""
    alone: dict[Block, list[int]] = defaultdict(list)
    rough: dict[Block, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place, traits in enumerate(listings):
        stems = stems_of(traits)
        for block in _blocks(traits, stems):
            alone[block].append(place)
        for block in _rough_blocks(traits, stems):
            rough[block][traits.is_fine].append(place)
        for stem in _ends(traits.title.telling - traits.known):
            rough[_day(traits), stem][traits.near is not None].append(place)
    found = set(_within(alone.values(), listings))
    found.update(_across(rough.values(), listings))
    return found


def _within(blocks: Iterable[list[int]], listings: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    for block in blocks:
        for at, one in enumerate(block[:-1]):
            for other in block[at + 1 :]:
                if _is_worth_it(listings[one], listings[other]):
                    yield one, other


def _across(blocks: Iterable[tuple[list[int], list[int]]], listings: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Two fine points meet in their fine cells; here at least one is not."""
    for rough, fine in blocks:
        if not rough:
            continue
        yield from _within((rough,), listings)
        for one in rough:
            for other in fine:
                if _is_worth_it(listings[one], listings[other]):
                    yield (one, other) if one < other else (other, one)


def _is_worth_it(one: Traits, other: Traits) -> bool:
    """Starts are near; and of one source only what it may repeat is compared."""
    if one.key[0] == other.key[0] and one.title.joined != other.title.joined:
        return False
    return one.minute is None or other.minute is None or abs(one.minute - other.minute) <= APART


def _blocks(traits: Traits, stems: set[str]) -> Iterator[Block]:
    day = _day(traits)
    for link in traits.tickets | traits.pages:
        yield (day, link)
    if traits.is_fine and traits.geo:
        for cell in _cells(traits.geo, FINE_CELLS, _FINE_MARGIN):
            for stem in stems:
                yield (day, *cell, stem)


def _rough_blocks(traits: Traits, stems: set[str]) -> Iterator[Block]:
    day = _day(traits)
    if traits.near is None:
        return
    margin = 0.0 if traits.is_fine else _WIDE_MARGIN
    for cell in _cells(traits.near, WIDE_CELLS, margin):
        for stem in stems:
            yield (day, *cell, stem)


def _day(traits: Traits) -> object:
    return traits.day if traits.rhythm is None else traits.rhythm


def stems_of(traits: Traits) -> set[str]:
    """Beginnings and ends of all of its words but those of the host."""
    return _ends(traits.title.words - traits.known or traits.title.words or frozenset((traits.title.joined,)))


def _ends(words: frozenset[str]) -> set[str]:
    """Beginnings and ends, so that one wrong letter leaves one of them right."""
    return {word[:_STEM] for word in words} | {word[-_STEM:] for word in words if len(word) > _STEM + 1}


def _cells(geo: GeoCoordinates, of_degree: int, margin: float) -> Iterator[tuple[int, int]]:
    """The cells that a square around the point touches; two points within the margin of each other share one."""
    across = margin / max(0.05, cos(radians(geo.latitude)))
    rows = range(floor((geo.latitude - margin) * of_degree), floor((geo.latitude + margin) * of_degree) + 1)
    columns = range(floor((geo.longitude - across) * of_degree), floor((geo.longitude + across) * of_degree) + 1)
    return ((row, column) for row in rows for column in columns)
