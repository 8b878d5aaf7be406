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


def test_a_calendar_that_dwindles_run_by_run_is_not_believed_for_ever() -> None:
    stored = {
        event.uid: Listing(event=event, first_seen=NOW, last_seen=NOW, unseen_runs=1, unseen_since=NOW)
        if number >= 11
        else Listing(event=event, first_seen=NOW, last_seen=NOW)
        for number, event in enumerate(CALENDAR)
    }
    told = {event.uid: event for event in CALENDAR[:6]}

    verdict = judge(reconcile(stored, told, is_complete=True, now=NOW), stored, told, (20, 11), now=NOW)

    assert "6 of 20 expected" in verdict.reason


def test_what_was_withdrawn_is_expected_no_more() -> None:
    stored = {
        event.uid: Listing(event=event, first_seen=NOW, last_seen=NOW, withdrawn_at=NOW if number >= 6 else None)
        for number, event in enumerate(CALENDAR)
    }
    told = {event.uid: event for event in CALENDAR[:6]}

    assert judge(reconcile(stored, told, is_complete=True, now=NOW), stored, told, (20,), now=NOW).is_plausible


def test_new_dates_that_are_told_as_cancelled_are_believed() -> None:
    cancelled = [replace(an_event(number), event_status=EventStatus.CANCELLED) for number in range(20, 30)]

    assert verdict_on(cancelled, before=[], history=()).is_plausible
    assert verdict_on([*CALENDAR, *cancelled]).is_plausible


@pytest.mark.parametrize(("moved_ones", "is_plausible"), [(5, True), (6, False)])
def test_under_a_third_may_move(moved_ones: int, is_plausible: bool) -> None:
    seen = [*(moved(event, timedelta(hours=1)) for event in CALENDAR[:moved_ones]), *CALENDAR[moved_ones:]]

    assert verdict_on(seen).is_plausible is is_plausible


@pytest.mark.parametrize(("cancelled_ones", "is_plausible"), [(10, True), (11, False)])
def test_up_to_a_half_may_be_cancelled_at_once(cancelled_ones: int, is_plausible: bool) -> None:
    cancelled = (replace(event, event_status=EventStatus.CANCELLED) for event in CALENDAR[:cancelled_ones])

    assert verdict_on([*cancelled, *CALENDAR[cancelled_ones:]]).is_plausible is is_plausible
