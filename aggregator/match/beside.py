"""Single listings beside a series: those that would be compared with a date of it, were there one on their day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TypeVar

from aggregator.match.block import around, gather, is_worth_it
from aggregator.match.cells import Cell
from aggregator.match.traits import Look, Traits

K = TypeVar("K")

Days = Mapping[int, Sequence[Traits]]
"""Single listings by local day."""


def is_beside(date: Traits, days: Days) -> bool:
    """Whether a date of a series is worth comparing with one of them."""
    return any(is_worth_it(date, one) and _share(date.look, one.look) for one in days.get(date.day, ()))


def _share(one: Look, other: Look) -> bool:
    return not (one.links.isdisjoint(other.links) and one.stems.isdisjoint(other.stems))


class Singles:
    """They are found as `pairs` finds pairs. Words are read only of those that are near a series."""

    def __init__(self, listings: Sequence[Traits], series: Iterable[Traits]) -> None:
        self._listings = listings
        self._links = frozenset(link for one in series for link in one.look.links)
        self._lost = [one for one in listings if one.look.near is None]

    def beside(self, series: Look) -> Days:
        """Those that share a link, a small cell, or a word and a large one or an unknown place."""
        days: dict[int, list[Traits]] = defaultdict(list)
        for one in chain(_of(self._by_link, series.links), self._near(series), self._anywhere(series)):
            days[one.day].append(one)
        return days

    def _near(self, series: Look) -> Iterator[Traits]:
        if series.is_fine:
            yield from _of(self._fine, series.cells)
            yield from self._rough.find(around(series), series)
        else:
            yield from self._wide.find(series.cells, series)
            yield from self._rough.find(series.cells, series)

    def _anywhere(self, series: Look) -> Iterator[Traits]:
        if series.near is None:
            yield from _of(self._by_stem, series.stems)
        elif self._lost:
            yield from _of(self._lost_by_stem, series.stems)

    @cached_property
    def _by_link(self) -> Mapping[str, Sequence[Traits]]:
        return gather(self._listings, lambda one: one.look.links & self._links)

    @cached_property
    def _fine(self) -> Mapping[Cell, Sequence[Traits]]:
        return gather((one for one in self._listings if one.look.is_fine), lambda one: one.look.cells)

    @cached_property
    def _wide(self) -> "_Worded":
        fine = (one for one in self._listings if one.look.is_fine)
        return _Worded(gather(fine, lambda one: around(one.look)))

    @cached_property
    def _rough(self) -> "_Worded":
        rough = (one for one in self._listings if not one.look.is_fine)
        return _Worded(gather(rough, lambda one: one.look.cells))

    @cached_property
    def _by_stem(self) -> Mapping[str, Sequence[Traits]]:
        return gather(self._listings, lambda one: one.look.stems)

    @cached_property
    def _lost_by_stem(self) -> Mapping[str, Sequence[Traits]]:
        return gather(self._lost, lambda one: one.look.stems)


class _Worded:
    """Listings by cell, and in a cell by the stems of their words, which are read when it is first looked at."""

    def __init__(self, cells: Mapping[Cell, Sequence[Traits]]) -> None:
        self._cells = cells
        self._stems: dict[Cell, Mapping[str, Sequence[Traits]]] = {}

    def find(self, cells: Iterable[Cell], series: Look) -> Iterator[Traits]:
        for cell in cells:
            if cell in self._cells:
                yield from _of(self._read(cell), series.stems)

    def _read(self, cell: Cell) -> Mapping[str, Sequence[Traits]]:
        if cell not in self._stems:
            self._stems[cell] = gather(self._cells[cell], lambda one: one.look.stems)
        return self._stems[cell]


def _of(found: Mapping[K, Sequence[Traits]], keys: Iterable[K]) -> Iterator[Traits]:
    return (one for key in keys if key in found for one in found[key])
