"""What is known of cost and attendance, and that no two meanings share a bit."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from aggregator.event import (
    Event,
    EventAttendanceMode,
    EventStatus,
    Kind,
    Offer,
    Place,
    PostalAddress,
    Visitors,
    VisitorTerms,
)
from aggregator.query import Cost, EventQuery
from aggregator.store import Hit
from aggregator.store.flags import _BITS, NEWCOMERS, WITHDRAWN, attendance_of, cost_of, flags_of, price_of
from aggregator.store.store import Store

PLACE = Place(address=PostalAddress(street_address="1 Main St"))
VIDEO = "https://video.example/1"


@pytest.mark.parametrize(
    ("is_free", "prices", "cost"),
    [
        (True, [], Cost.FREE),
        (True, [15], Cost.FREE),
        (False, [], Cost.PAID),
        (None, [], Cost.UNKNOWN),
        (None, [None], Cost.UNKNOWN),
        (None, [0], Cost.FREE),
        (None, [0, 0], Cost.FREE),
        (None, [0, None], Cost.UNKNOWN),
        (None, [0, 15], Cost.PAID),
        (None, [None, 15], Cost.PAID),
    ],
)
def test_free_is_never_guessed(
    event: Callable[..., Event], is_free: bool | None, prices: list[int | None], cost: Cost
) -> None:
    offers = tuple(Offer(price=None if price is None else Decimal(price)) for price in prices)

    assert cost_of(event("a", is_accessible_for_free=is_free, offers=offers)) is cost


def test_a_price_that_goes_up_from_nothing_is_one(event: Callable[..., Event]) -> None:
    assert cost_of(event("a", offers=(Offer(price=Decimal(0), high_price=Decimal(15)),))) is Cost.PAID


@pytest.mark.parametrize(
    ("told", "mode"),
    [
        ({}, EventAttendanceMode.OFFLINE),
        ({"location": Place()}, EventAttendanceMode.OFFLINE),
        ({"location": Place(), "virtual_location": VIDEO}, EventAttendanceMode.ONLINE),
        ({"location": PLACE, "virtual_location": VIDEO}, EventAttendanceMode.OFFLINE),
        ({"event_status": EventStatus.MOVED_ONLINE}, EventAttendanceMode.ONLINE),
        ({"event_attendance_mode": EventAttendanceMode.MIXED}, EventAttendanceMode.MIXED),
    ],
)
def test_an_event_is_in_person_unless_it_is_only_virtual(
    event: Callable[..., Event], told: dict[str, object], mode: EventAttendanceMode
) -> None:
    assert attendance_of(event("a", **told)) is mode


def test_no_two_meanings_share_a_bit(event: Callable[..., Event]) -> None:
    assert not any(one & other for one, other in combinations((*_BITS.values(), NEWCOMERS, WITHDRAWN), 2))
    assert flags_of(event("a"), Kind.CIVIC, withdrawn=True) & WITHDRAWN
    assert not flags_of(event("a"), Kind.CIVIC, withdrawn=False) & WITHDRAWN


@pytest.mark.parametrize(
    ("told", "price"),
    [
        ({}, None),
        ({"is_accessible_for_free": True}, 0),
        ({"offers": (Offer(price=Decimal(10), high_price=Decimal("15.50")),)}, Decimal("15.50")),
        ({"offers": (Offer(price=Decimal(10)), Offer(price=Decimal(25)))}, 25),
        ({"offers": (Offer(price=Decimal(25)),), "visitor_terms": VisitorTerms(guest_fee=Decimal(0))}, 0),
        ({"is_accessible_for_free": False}, None),
    ],
)
def test_the_price_is_the_most_that_a_stranger_pays(
    event: Callable[..., Event], told: dict[str, object], price: Decimal | None
) -> None:
    assert price_of(event("a", **told)) == price


def test_what_is_asked_of_visitors_finds_what_says_so_and_nothing_else(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    terms = {
        "open": VisitorTerms(visitors=Visitors.OPEN, guest_fee=Decimal("9.50")),
        "rsvp": VisitorTerms(visitors=Visitors.RSVP, guest_fee=Decimal(0), newcomers_expected=True),
        "members": VisitorTerms(visitors=Visitors.MEMBERS_ONLY),
        "silent": VisitorTerms(),
    }
    write(store, new=tuple(event(uid, visitor_terms=told) for uid, told in terms.items()))

    def ask(**asked: Any) -> set[str]:
        query = EventQuery(start=now, end=now + timedelta(days=30), **asked)
        return {hit.json.partition(b'"identifier":"')[2].partition(b'"')[0].decode() for hit in found(store, query)}

    assert ask(visitors=frozenset({Visitors.OPEN, Visitors.RSVP})) == {"open", "rsvp"}
    assert ask(visitors=frozenset({Visitors.UNKNOWN})) == {"silent"}
    assert ask(cost=frozenset({Cost.UNKNOWN})) == {"open", "rsvp", "members", "silent"}
    assert ask(newcomer=True) == {"rsvp"}
    assert ask(max_price=9) == ask(max_price=0) == {"rsvp"}
    assert ask(max_price=10) == {"open", "rsvp"}
    assert ask(max_price=10, visitors=frozenset({Visitors.MEMBERS_ONLY})) == set()


def found(store: Store, query: EventQuery) -> list[Hit]:
    return list(asyncio.run(store.search(query)).hits)
