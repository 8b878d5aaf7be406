"""What the search index says of a date in one number: kind, cost, status, weekday, visitors, rhythm, price and more."""

from collections.abc import Iterable
from decimal import Decimal
from math import ceil
from typing import Final

from aggregator.event import Event, EventAttendanceMode, EventStatus, Kind, Visitors
from aggregator.query import Cost, EventQuery, Every

_VALUES: Final = (*Kind, *Cost, *EventAttendanceMode, *EventStatus, *range(7), *Visitors)
_BITS: Final = {(type(value), value): 1 << place for place, value in enumerate(_VALUES)}
"""Weekdays are numbers, Monday 0. The order is stored: add new values at the end, before NEWCOMERS."""
_OF_FIELD: Final[dict[str, type]] = {
    "kind": Kind,
    "cost": Cost,
    "attendance": EventAttendanceMode,
    "weekdays": int,
    "visitors": Visitors,
}
"""By field of a question: what its values are."""

NEWCOMERS = 1 << 29
WITHDRAWN = 1 << 30

PRICE_SHIFT = 32
MOST_PRICE = 0xFFFE
"""What a stranger pays, plus one, stands above the bits in 16 of its own; 0 is unknown."""

_RHYTHMS: Final = {every: 1 << 48 + place for place, every in enumerate(Every)}
REGULAR = sum(_RHYTHMS.values())
"""A date of a series or a regular group has one of these bits; the order is stored."""

_LINES_SHIFT = 52
_MOST_LINES = 15
SOCIABLE = f"(((c.flags >> {_LINES_SHIFT:d} & 31) + 16) % 32 - 16)"
"""Of a row of the index, as SQL: how many lines on meeting people speak for it, less those against; 15 at most."""


def flags_of(event: Event, kind: Kind, *, withdrawn: bool, rhythm: Every | None = None) -> int:
    """All bits but the weekday's, which each date has its own of; the price; and what speaks for meeting people."""
    terms = event.visitor_terms
    values = kind, cost_of(event), attendance_of(event), event.event_status, terms.visitors
    bits = _sum(values) | (NEWCOMERS if terms.newcomers_expected else 0) | (WITHDRAWN if withdrawn else 0)
    bits |= rhythm_flag(rhythm) | lines_flag(event)
    price = price_of(event)
    return bits if price is None else bits | min(ceil(price) + 1, MOST_PRICE + 1) << PRICE_SHIFT


def values_in(field: str, flags: int) -> list[object]:
    """Values of that field of a question whose bit is set: one of each date."""
    wanted = _OF_FIELD[field]
    return [value for (kind, value), bit in _BITS.items() if kind is wanted and flags & bit]


def rhythm_flag(rhythm: Every | None) -> int:
    """The bit of a rhythm; 0 for what is not regular."""
    return 0 if rhythm is None else _RHYTHMS[rhythm]


def status_flag(status: EventStatus) -> int:
    """The bit of a status."""
    return _bit(status)


def lines_flag(event: Event) -> int:
    """What `SOCIABLE` reads: five bits, of which a negative number has the highest."""
    found = sum(1 if line.speaks_for else -1 for line in event.meeting_people)
    return (max(-_MOST_LINES, min(found, _MOST_LINES)) & 31) << _LINES_SHIFT


def weekday_flag(weekday: int) -> int:
    """The bit of a weekday, Monday 0."""
    return _bit(weekday)


def masks_of(query: EventQuery) -> list[int]:
    """Numbers that the flags of a matching date share a bit with, each; one for each filter the query has."""
    kinds = (query.kind.any_of or frozenset(Kind)) - query.kind.none_of if query.kind else frozenset[Kind]()
    filters = query.cost, query.attendance, query.status, query.weekdays, query.visitors
    masks = [*(_sum(wanted) for wanted in filters if wanted), *([NEWCOMERS] if query.newcomer else [])]
    masks += [REGULAR] if query.regular else []
    masks += [sum(map(rhythm_flag, query.rhythm))] if query.rhythm else []
    return [*masks, _sum(kinds)] if query.kind else masks


def cost_of(event: Event) -> Cost:
    """Free when the page says so, or names no price but 0; paid when anybody pays anything."""
    if event.is_accessible_for_free is not None:
        return Cost.FREE if event.is_accessible_for_free else Cost.PAID
    prices = [price for offer in event.offers for price in (offer.price, offer.high_price) if price is not None]
    if any(prices):
        return Cost.PAID
    is_known = bool(event.offers) and all(offer.price is not None for offer in event.offers)
    return Cost.FREE if is_known else Cost.UNKNOWN


def price_of(event: Event) -> Decimal | None:
    """The most that a stranger pays to come, in the money of the place; None when nobody says."""
    if event.visitor_terms.guest_fee is not None:
        return event.visitor_terms.guest_fee
    if event.is_accessible_for_free:
        return Decimal(0)
    prices = [price for offer in event.offers for price in (offer.price, offer.high_price) if price is not None]
    return max(prices, default=None)


def attendance_of(event: Event) -> EventAttendanceMode:
    """What the page says; else in person, unless it names a virtual place and no other."""
    if event.event_attendance_mode is not None:
        return event.event_attendance_mode
    place = event.location
    is_somewhere = place.geo is not None or place.name is not None or place.address.street_address is not None
    moved = event.event_status is EventStatus.MOVED_ONLINE
    is_virtual = moved or (event.virtual_location is not None and not is_somewhere)
    return EventAttendanceMode.ONLINE if is_virtual else EventAttendanceMode.OFFLINE


def _sum(values: Iterable[object]) -> int:
    return sum(map(_bit, values))


def _bit(value: object) -> int:
    """Words of different meaning may be spelled alike, so each is looked up with its type; weekdays are numbers."""
    return _BITS[int if isinstance(value, int) else type(value), value]


ONLINE = _bit(EventAttendanceMode.ONLINE)
CANCELLED = _bit(EventStatus.CANCELLED)
