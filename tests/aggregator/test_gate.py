"""Which runs are plausible enough to be believed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.event import Event, EventStatus
from aggregator.gate import Verdict, judge
from aggregator.reconcile import Listing, reconcile

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def an_event(number: int) -> Event:
    start = NOW + timedelta(days=6 + number, hours=number % 5)
    return Event(
        source="chamber",
        uid=str(number),
        name=f"Meeting {number}",
        start_date=start,
        end_date=start + timedelta(hours=1),
        time_zone="UTC",
    )


CALENDAR = [an_event(number) for number in range(20)]


def verdict_on(seen: list[Event], *, before: list[Event] = CALENDAR, history: tuple[int, ...] = (20, 20)) -> Verdict:
    stored = {event.uid: Listing(event=event, first_seen=NOW, last_seen=NOW) for event in before}
    told = {event.uid: event for event in seen}
    return judge(reconcile(stored, told, is_complete=True, now=NOW), stored, told, history, now=NOW)


def moved(event: Event, by: timedelta) -> Event:
    assert isinstance(event.start_date, datetime)
    start = event.start_date + by
    return replace(event, start_date=start, end_date=start + timedelta(hours=1))


def at(event: Event, start: datetime) -> Event:
    return replace(event, start_date=start, end_date=start + timedelta(hours=1))


Change = Callable[[list[Event]], list[Event]]
PLAUSIBLE: dict[str, Change] = {
    "nothing changed": lambda told: told,
    "one is gone": lambda told: told[:-1],
    "eleven of twenty are left": lambda told: told[:11],
    "all have new names": lambda told: [replace(event, name=f"{event.name} (moved)") for event in told],
    "five are moved": lambda told: [*(moved(e, timedelta(hours=1)) for e in told[:5]), *told[5:]],
    "ten are cancelled": lambda told: [
        *(replace(e, event_status=EventStatus.CANCELLED) for e in told[:10]),
        *told[10:],
    ],
    "five times as many": lambda told: [*told, *(an_event(n) for n in range(20, 100))],
}
IMPLAUSIBLE: dict[str, tuple[Change, str]] = {
    "nothing is left": (lambda told: told[:0], "0 of 20 expected"),
    "half is left": (lambda told: told[:10], "10 of 20 expected"),
    "others instead": (lambda told: [replace(e, uid=f"x{e.uid}") for e in told], "0 of 20 expected"),
    "all in 1970": (lambda told: [at(e, datetime(1970, 1, 1, tzinfo=UTC)) for e in told], "0 of 20 expected"),
    "all on one day": (lambda told: [at(e, NOW + timedelta(days=6)) for e in told], "share one start"),
    "all an hour later": (lambda told: [moved(e, timedelta(hours=1)) for e in told], "20 of 20 known events moved"),
    "all cancelled": (
        lambda told: [replace(e, event_status=EventStatus.CANCELLED) for e in told],
        "20 of 20 known events cancelled",
    ),
    "more than five times as many": (lambda told: [*told, *(an_event(n) for n in range(20, 101))], "101 events"),
    "all of one name": (lambda told: [replace(e, name="Event") for e in told], "share one name"),
}


@pytest.mark.parametrize("change", PLAUSIBLE.values(), ids=PLAUSIBLE)
def test_a_plausible_run_is_believed(change: Change) -> None:
    assert verdict_on(change(CALENDAR)) == Verdict(is_plausible=True)


@pytest.mark.parametrize(("change", "reason"), IMPLAUSIBLE.values(), ids=IMPLAUSIBLE)
def test_an_implausible_run_is_held_back_with_its_numbers(change: Change, reason: str) -> None:
    verdict = verdict_on(change(CALENDAR))

    assert not verdict.is_plausible
    assert reason in verdict.reason


def test_a_first_run_is_believed() -> None:
    assert verdict_on(CALENDAR, before=[], history=()).is_plausible


def test_a_calendar_that_ran_out_of_dates_is_believed() -> None:
    over = [moved(event, timedelta(days=-60)) for event in CALENDAR]

    assert verdict_on([], before=over).is_plausible


def test_a_season_that_is_published_at_once_is_believed() -> None:
    season = [an_event(number) for number in range(40)]

    assert verdict_on(season, before=CALENDAR[:2], history=(2, 2)).is_plausible


def test_four_events_are_too_few_to_judge_by() -> None:
    assert verdict_on([], before=CALENDAR[:4], history=(4,)).is_plausible
    assert not verdict_on([], before=CALENDAR[:5], history=(5,)).is_plausible
