"""Which listings are dates of one group: the same source, names alike, the same organiser and place, the same clock."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar

from aggregator.event import Event, Place, Precision
from aggregator.group.infer import day_of
from aggregator.group.names import key_of, stem_of
from aggregator.place.sphere import metres_between
from aggregator.reading.text import fold
from aggregator.reconcile import Listing

T = TypeVar("T")
ListingId = tuple[str, str]
"""(source, uid)"""

SAME_PLACE = 200.0
"""Metres."""

SAME_CLOCK = timedelta(hours=2)
"""Between the clocks of one group, for it may begin at 07:00 and at 07:30."""

EXACT = frozenset({Precision.ROOFTOP, Precision.STREET})


def listing_id(listing: Listing) -> ListingId:
    """By which a listing is known."""
    return listing.event.source, listing.event.uid


def alike(listings: Iterable[Listing], links: Iterable[tuple[ListingId, ListingId]] = ()) -> list[list[Listing]]:
    """Parts in each of which names, organisers and places agree; parts of several sources are one where linked.

    `links` are listings that tell the same event. What is unknown agrees where there is one that is known.
    """
    named: dict[tuple[str, str], list[Listing]] = defaultdict(list)
    for listing in sorted(listings, key=_order):
        named[listing.event.source, key_of(stem_of(listing.event.name))].append(listing)
    parts = [
        part
        for together in named.values()
        for organised in _split(together, _organizer_of, lambda a, b: a == b)
        for part in _split(organised, _place_of, is_same_place)
    ]
    return _join(parts, links)


def by_clock(listings: Sequence[Listing]) -> list[list[Listing]]:
    """Parts by time of day, where the dates of one lie among those of another; a clock that was changed is no other."""
    parts: list[list[Listing]] = []
    for listing in sorted(listings, key=lambda each: (_minutes(each.event), _order(each))):
        is_near = parts and _minutes(listing.event) - _minutes(parts[-1][-1].event) <= SAME_CLOCK.total_seconds() / 60
        if is_near:
            parts[-1].append(listing)
        else:
            parts.append([listing])
    often = [part for part in parts if len(part) > 2 or any(each.event.rrule for each in part)]
    if len(often) < 2 or not _are_among(often):
        return [list(listings)]
    return [sorted(part, key=_order) for part in parts]


def is_same_place(a: Place, b: Place) -> bool:
    """Within 200 m where both are known to the street; else by the street's or the place's name."""
    if a.geo and b.geo and {a.precision, b.precision} <= EXACT:
        return metres_between(a.geo, b.geo) <= SAME_PLACE
    for one, other in ((a.address.street_address, b.address.street_address), (a.name, b.name)):
        if one and other:
            return key_of(one) == key_of(other)
    return a.address.address_locality == b.address.address_locality


def is_same_clock(clock: time | None, event: Event) -> bool:
    """Whether it begins at about that time of day, or it is not known when."""
    return clock is None or abs(clock.hour * 60 + clock.minute - _minutes(event)) <= SAME_CLOCK.total_seconds() / 60


def _split(
    listings: Sequence[Listing], told: Callable[[Event], T | None], is_same: Callable[[T, T], bool]
) -> list[list[Listing]]:
    """Each with the first part whose first it agrees with; those that do not tell join the only part."""
    parts: list[tuple[T, list[Listing]]] = []
    silent = []
    for listing in listings:
        what = told(listing.event)
        if what is None:
            silent.append(listing)
        elif part := next((part for first, part in parts if is_same(first, what)), None):
            part.append(listing)
        else:
            parts.append((what, [listing]))
    if len(parts) == 1:
        return [sorted([*parts[0][1], *silent], key=_order)]
    return [*(part for _, part in parts), *([silent] if silent else [])]


def _join(parts: Sequence[list[Listing]], links: Iterable[tuple[ListingId, ListingId]]) -> list[list[Listing]]:
    """Parts that have linked listings are one."""
    part_of = {listing_id(listing): number for number, part in enumerate(parts) for listing in part}
    leader = list(range(len(parts)))
    for one, other in links:
        if one in part_of and other in part_of:
            a, b = sorted((leader[part_of[one]], leader[part_of[other]]))
            leader = [a if each == b else each for each in leader]
    joined: dict[int, list[Listing]] = defaultdict(list)
    for number, part in enumerate(parts):
        joined[leader[number]] += part
    return [sorted(part, key=_order) for part in joined.values()]


def _are_among(parts: Sequence[Sequence[Listing]]) -> bool:
    """Whether the dates of two parts overlap, or a series is one of them, which has no last date."""
    spans = sorted(_span(part) for part in parts)
    return any(later[0] < earlier[1] for earlier, later in pairwise(spans))


def _span(part: Sequence[Listing]) -> tuple[date, date]:
    days = [day_of(each.event.start_date) for each in part]
    return min(days), date.max if any(each.event.rrule for each in part) else max(days)


def _organizer_of(event: Event) -> str | None:
    return fold(event.organizer.name) if event.organizer else None


def _place_of(event: Event) -> Place | None:
    place = event.location
    is_told = place.name or place.address.street_address or (place.geo and place.precision in EXACT)
    return place if is_told else None


def _minutes(event: Event) -> int:
    start = event.start_date
    return start.hour * 60 + start.minute if isinstance(start, datetime) else 0


def _order(listing: Listing) -> tuple[str, str, str]:
    """By first date, then by identity: the order in which listings come is no matter."""
    return day_of(listing.event.start_date).isoformat(), listing.event.source, listing.event.uid
