"""What is known of cost and attendance, and that no two meanings share a bit."""

from collections.abc import Callable
from decimal import Decimal
from itertools import combinations

import pytest

from aggregator.event import Event, EventAttendanceMode, EventStatus, Kind, Offer, Place, PostalAddress
from aggregator.query import Cost
from aggregator.store.flags import _BITS, WITHDRAWN, attendance_of, cost_of, flags_of

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
    assert not any(one & other for one, other in combinations((*_BITS.values(), WITHDRAWN), 2))
    assert flags_of(event("a"), Kind.CIVIC, withdrawn=True) & WITHDRAWN
    assert not flags_of(event("a"), Kind.CIVIC, withdrawn=False) & WITHDRAWN
