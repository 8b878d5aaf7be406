"""Which pairs are worth comparing: of one day and cell with a word in common, of one day with one link."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
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

Block = object
"""What listings have in common that are worth comparing."""

Blocks = Mapping[Block, list[int]]
"""Places in the listings, ascending."""


def pairs(listings: Sequence[Traits]) -> set[tuple[int, int]]:
    """Pairs of places in `listings`, the lower first, each once."""
    stems = cache(lambda place: stems_of(listings[place]))
    found = set(_within(_gather(range(len(listings)), lambda place: _links(listings[place])), listings))
    for places in _fine(listings).values():
        if len(places) > 1:
            found.update(_within(_gather(places, stems), listings))
    for rough, fine in _wide(listings):
        found.update(_across(_gather(rough, stems), _gather(fine, stems), listings))
    telling = cache(lambda place: _ends(listings[place].title.telling - listings[place].known))
    for lost, placed in _anywhere(listings):
        found.update(_across(_gather(lost, telling), _gather(placed, telling), listings))
    return found


def _gather(places: Iterable[int], blocks_of: Callable[[int], Iterable[Block]]) -> Blocks:
    blocks: dict[Block, list[int]] = defaultdict(list)
    for place in places:
        for block in blocks_of(place):
            blocks[block].append(place)
    return blocks


def _links(traits: Traits) -> Iterator[Block]:
    return ((_day(traits), link) for link in traits.tickets | traits.pages)


def _fine(listings: Sequence[Traits]) -> Blocks:
    """Those at a point, by day and small cell."""
    there = (place for place, traits in enumerate(listings) if traits.is_fine)
    return _gather(there, lambda place: _cells(listings[place], FINE_CELLS, _FINE_MARGIN))


def _wide(listings: Sequence[Traits]) -> Iterator[tuple[list[int], list[int]]]:
    """Those in a town, and those at a point there, by day and large cell; the latter meet each other in small ones."""
    near = [place for place, traits in enumerate(listings) if traits.near]
    rough = _gather(
        (place for place in near if not listings[place].is_fine),
        lambda place: _cells(listings[place], WIDE_CELLS, _WIDE_MARGIN),
    )
    fine = _gather(
        (place for place in near if rough and listings[place].is_fine),
        lambda place: (cell for cell in _cells(listings[place], WIDE_CELLS, 0.0) if cell in rough),
    )
    return ((places, fine.get(cell, [])) for cell, places in rough.items())


def _anywhere(listings: Sequence[Traits]) -> Iterator[tuple[list[int], list[int]]]:
    """Those that may be anywhere, and those that may not, by day."""
    lost = _gather((place for place, traits in enumerate(listings) if not traits.near), lambda p: (_day(listings[p]),))
    placed = _gather(
        (place for place, traits in enumerate(listings) if traits.near and _day(traits) in lost),
        lambda place: (_day(listings[place]),),
    )
    return ((places, placed.get(day, [])) for day, places in lost.items())


def _within(blocks: Blocks, listings: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    for block in blocks.values():
        for at, one in enumerate(block[:-1]):
            for other in block[at + 1 :]:
                if _is_worth_it(listings[one], listings[other]):
                    yield one, other


def _across(rough: Blocks, fine: Blocks, listings: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Two of which at least one is rough."""
    yield from _within(rough, listings)
    for block, places in rough.items():
        for one in places:
            for other in fine.get(block, ()):
                if _is_worth_it(listings[one], listings[other]):
                    yield (one, other) if one < other else (other, one)


def _is_worth_it(one: Traits, other: Traits) -> bool:
    """Starts are near; and of one source only what it may repeat is compared."""
    if one.key[0] == other.key[0] and one.title.joined != other.title.joined:
        return False
    return one.minute is None or other.minute is None or abs(one.minute - other.minute) <= APART


def _cells(traits: Traits, of_degree: int, margin: float) -> Iterator[Block]:
    """The cells around it, each of its day."""
    day = _day(traits)
    return ((day, *cell) for cell in cells_around(traits.near, of_degree, margin)) if traits.near else iter(())


def _day(traits: Traits) -> object:
    return traits.day if traits.rhythm is None else traits.rhythm


def stems_of(traits: Traits) -> set[str]:
    """Beginnings and ends of all of its words but those of the host."""
    return _ends(traits.title.words - traits.known or traits.title.words or frozenset((traits.title.joined,)))


def _ends(words: frozenset[str]) -> set[str]:
    """Beginnings and ends, so that one wrong letter leaves one of them right."""
    return {word[:_STEM] for word in words} | {word[-_STEM:] for word in words if len(word) > _STEM + 1}


def cells_around(geo: GeoCoordinates, of_degree: int, margin: float = 0.0) -> Iterator[tuple[int, int]]:
    """The cells that a square around the point touches; two points within the margin of each other share one.

    The margin is in degrees of latitude; it is enough that one of the two has it.
    """
    across = margin / max(0.05, cos(radians(geo.latitude)))
    rows = range(floor((geo.latitude - margin) * of_degree), floor((geo.latitude + margin) * of_degree) + 1)
    columns = range(floor((geo.longitude - across) * of_degree), floor((geo.longitude + across) * of_degree) + 1)
    return ((row, column) for row in rows for column in columns)
