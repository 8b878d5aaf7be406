"""Which pairs are worth comparing: of one day and cell with a word in common, of one day with one link."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from aggregator.match.cells import Cell, wide_cell
from aggregator.match.traits import Look, Traits

K = TypeVar("K")
T = TypeVar("T")

APART = 90
"""Minutes that starts may lie apart."""

Block = object
"""What listings have in common that are worth comparing."""

Blocks = Mapping[Block, list[int]]
"""Places in the listings, ascending."""


def pairs(listings: Sequence[Traits]) -> set[tuple[int, int]]:
    """Pairs of places in `listings`, the lower first, each once."""

    def stems(place: int) -> Iterable[Block]:
        return listings[place].look.stems

    def telling(place: int) -> Iterable[Block]:
        return listings[place].look.telling

    found = set(_within(_linked(listings), listings))
    for places in _fine(listings).values():
        if len(places) > 1:
            found.update(_within(gather(places, stems), listings))
    for rough, fine in _wide(listings):
        found.update(_across(gather(rough, stems), gather(fine, stems), listings))
    for lost, placed in _anywhere(listings):
        found.update(_across(gather(lost, telling), gather(placed, telling), listings))
    return found


def gather(things: Iterable[T], keys_of: Callable[[T], Iterable[K]]) -> dict[K, list[T]]:
    """By each of their keys, in the order in which they come."""
    found: dict[K, list[T]] = defaultdict(list)
    for thing in things:
        for key in keys_of(thing):
            found[key].append(thing)
    return found


def _linked(listings: Sequence[Traits]) -> Blocks:
    """Those with a link that others have too, by day."""
    told = Counter(chain.from_iterable(traits.look.links for traits in listings))
    shared = {link for link, times in told.items() if times > 1}
    return gather(range(len(listings)), lambda place: _on_day(listings[place], listings[place].look.links & shared))


def _fine(listings: Sequence[Traits]) -> Blocks:
    """Those at a point, by day and small cell."""
    there = (place for place, traits in enumerate(listings) if traits.look.is_fine)
    return gather(there, lambda place: _on_day(listings[place], listings[place].look.cells))


def _wide(listings: Sequence[Traits]) -> Iterator[tuple[list[int], list[int]]]:
    """Those in a town, and those at a point there, by day and large cell; the latter meet each other in small ones."""
    rough = gather(
        (place for place, traits in enumerate(listings) if not traits.look.is_fine),
        lambda place: _on_day(listings[place], listings[place].look.cells),
    )
    days = {_day(listings[places[0]]) for places in rough.values()}
    fine = gather(
        (place for place, traits in enumerate(listings) if traits.look.is_fine and _day(traits) in days),
        lambda place: (cell for cell in _on_day(listings[place], around(listings[place].look)) if cell in rough),
    )
    return ((places, fine.get(cell, [])) for cell, places in rough.items())


def around(look: Look) -> Iterable[Cell]:
    """The large cell that it is in, if anything is known of where it is."""
    return (wide_cell(look.near),) if look.near else ()


def _anywhere(listings: Sequence[Traits]) -> Iterator[tuple[list[int], list[int]]]:
    """Those that may be anywhere, and those that may not, by day."""
    lost = gather(
        (place for place, traits in enumerate(listings) if not traits.look.near), lambda p: (_day(listings[p]),)
    )
    placed = gather(
        (place for place, traits in enumerate(listings) if traits.look.near and _day(traits) in lost),
        lambda place: (_day(listings[place]),),
    )
    return ((places, placed.get(day, [])) for day, places in lost.items())


def _within(blocks: Blocks, listings: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    for block in blocks.values():
        if len(block) > 1:
            for at, one in enumerate(block[:-1]):
                for other in block[at + 1 :]:
                    if is_worth_it(listings[one], listings[other]):
                        yield one, other


def _across(rough: Blocks, fine: Blocks, listings: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Two of which at least one is rough."""
    yield from _within(rough, listings)
    for block, places in rough.items():
        for one in places:
            for other in fine.get(block, ()):
                if is_worth_it(listings[one], listings[other]):
                    yield (one, other) if one < other else (other, one)


def is_worth_it(one: Traits, other: Traits) -> bool:
    """Whether starts are near; and of one source only what it may repeat is compared."""
    if one.minute is not None and other.minute is not None and abs(one.minute - other.minute) > APART:
        return False
    return one.key[0] != other.key[0] or one.look.title.joined == other.look.title.joined


def _on_day(traits: Traits, blocks: Iterable[Block]) -> Iterable[Block]:
    """Each with its day."""
    day = _day(traits)
    return [(day, block) for block in blocks]


def _day(traits: Traits) -> object:
    return traits.day if traits.rhythm is None else traits.rhythm
