"""Uids: what was told before keeps its own, and what is told twice is never one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.collect.identity import recognise, tell_apart
from aggregator.event import Event, Place

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def on(day: int, uid: str = "a", name: str = "Mixer", place: str | None = None, url: str | None = None) -> Event:
    start = NOW + timedelta(days=day)
    where = Place(name=place)
    return Event(source="s", uid=uid, name=name, start_date=start, time_zone="UTC", location=where, url=url)


def tell(*events: Event, known: Mapping[str, Event] | None = None) -> dict[str, Event]:
    return tell_apart(events, known or {}, NOW)


def by_uid(events: Iterable[Event]) -> dict[str, Event]:
    return {event.uid: event for event in events}


@pytest.mark.parametrize(
    "other",
    [on(10, name="Tour"), on(10, place="Hall"), on(17), replace(on(10), rrule=("FREQ=DAILY",))],
    ids=["name", "place", "start", "rule"],
)
def test_one_uid_with_another_name_place_start_or_rule_is_another_event(other: Event) -> None:
    told = tell(on(10), other)

    assert len(told) == 2
    assert {(e.name, e.location, e.start_date, e.rrule) for e in told.values()} == {
        (e.name, e.location, e.start_date, e.rrule) for e in (on(10), other)
    }


def test_one_uid_told_twice_alike_is_one_event() -> None:
    assert list(tell(on(10), on(10))) == ["a"]


def test_a_whole_day_and_its_midnight_are_two() -> None:
    day = replace(on(10), start_date=date(2026, 6, 11))
    midnight = replace(on(10), start_date=datetime(2026, 6, 11, tzinfo=UTC))

    assert len(tell(day, midnight)) == 2


def test_each_keeps_its_uid_when_a_sibling_of_the_same_start_comes_or_goes() -> None:
    alone = tell(on(10))
    both = tell(on(10, name="Tour"), on(10), known=alone)
    left = tell(on(10, name="Tour"), known=both)

    (tour,) = (uid for uid, event in both.items() if event.name == "Tour")
    assert both["a"].name == "Mixer"
    assert list(left) == [tour]


def test_a_renamed_event_keeps_its_uid() -> None:
    both = tell(on(10), on(17))

    renamed = tell(on(10, name="Big mixer"), on(17), known=both)

    assert {uid: event.start_date for uid, event in renamed.items()} == {u: e.start_date for u, e in both.items()}


def test_the_one_of_several_that_moves_keeps_its_uid() -> None:
    both = tell(on(10), on(17))
    (second,) = (uid for uid, event in both.items() if event.start_date == on(17).start_date)

    moved = tell(on(10), on(18), known=both)

    assert moved[second].start_date == on(18).start_date


def test_the_next_date_after_one_that_is_over_is_another_event() -> None:
    assert "a" not in tell(on(10), known={"a": on(-20)})


def test_a_uid_that_begins_like_another_is_none_of_its_dates() -> None:
    other = on(10, uid="a 2", name="Other")

    assert tell(on(10), other, known={"a 2": other}) == {"a": on(10), "a 2": other}


events = st.builds(
    on,
    st.integers(-3, 6),
    st.sampled_from(["a", "a 2026-06-04T12:00:00+00:00", "b"]),
    st.sampled_from(["Mixer", "Tour"]),
    st.sampled_from([None, "Hall"]),
)


@given(st.lists(events), st.lists(events))
def test_telling_apart_loses_nothing_and_says_the_same_of_what_it_told_before(
    first: list[Event], second: list[Event]
) -> None:
    before = tell(*first)
    after = tell(*second, known=before)

    assert {replace(event, uid="") for event in after.values()} == {replace(event, uid="") for event in second}
    assert all(uid == event.uid for uid, event in after.items())
    assert tell(*second, known=after) == after
    assert tell(*first, known=before) == before


def calendar(turn: int, events: int = 8, **more: str) -> dict[str, Event]:
    return by_uid(on(number + 2, f"{number}-{turn}", f"M{number}", **more) for number in range(events))


@pytest.mark.parametrize("has_url", [True, False])
def test_events_whose_uids_are_made_anew_get_back_the_uids_they_had(has_url: bool) -> None:
    pages = {"url": "https://elm.example/calendar"} if has_url else {}
    known = calendar(0, place="Hall", **pages)

    assert recognise(calendar(1, place="Hall", **pages), known, NOW) == known


def test_an_event_that_moved_is_recognised_by_its_page() -> None:
    known, moved = on(3, "x", url="https://elm.example/1"), on(5, "y", "Big mixer", url="https://elm.example/1")

    assert recognise({"y": moved}, {"x": known}, NOW) == {"x": replace(moved, uid="x")}


def test_a_page_that_several_events_share_tells_of_none() -> None:
    known = by_uid(on(number, f"x{number}", f"A{number}", url="https://elm.example/") for number in (3, 4))
    seen = by_uid(on(number, f"y{number}", f"B{number}", url="https://elm.example/") for number in (5, 6))

    assert recognise(seen, known, NOW) == seen


@pytest.mark.parametrize(("kept", "is_known_again"), [(4, True), (5, False)])
def test_uids_are_believed_while_over_half_of_them_are_seen(kept: int, is_known_again: bool) -> None:
    known = calendar(0)
    seen = dict(list(known.items())[:kept]) | dict(list(calendar(1).items())[kept:])

    assert (recognise(seen, known, NOW) == known) is is_known_again


def test_what_is_over_does_not_speak_for_the_uids() -> None:
    past = by_uid(on(-number - 2, f"old{number}", f"Old{number}") for number in range(20))

    assert recognise(past | calendar(1), past | calendar(0), NOW) == past | calendar(0)


@pytest.mark.parametrize("others", [{}, calendar(0)], ids=["alone", "beside lost ones"])
def test_what_is_over_is_not_recognised_by_its_page_in_what_is_to_come(others: dict[str, Event]) -> None:
    known, seen = on(-5, "x", url="https://elm.example/next"), on(5, "y", url="https://elm.example/next")

    assert recognise({"y": seen}, {"x": known, **others}, NOW) == {"y": seen}


def test_the_dates_of_a_series_go_with_it() -> None:
    def told(uid: str) -> dict[str, Event]:
        series = replace(on(3, uid), rrule=("FREQ=WEEKLY",))
        return by_uid((series, replace(on(11, f"{uid}/20260612"), super_event=uid)))

    assert recognise(told("y"), told("x"), NOW) == told("x")


loose = st.builds(
    on,
    st.integers(-2, 4),
    st.sampled_from("abcdefgh"),
    st.sampled_from(["Mixer", "Tour"]),
    url=st.sampled_from([None, "https://elm.example/1", "https://elm.example/2"]),
)


@given(st.lists(loose).map(by_uid), st.lists(loose).map(by_uid))
def test_recognising_never_makes_two_events_one_and_leaves_known_uids_alone(
    seen: dict[str, Event], known: dict[str, Event]
) -> None:
    told = recognise(seen, known, NOW)

    assert len(told) == len(seen)
    assert sorted(repr(replace(e, uid="")) for e in told.values()) == sorted(
        repr(replace(e, uid="")) for e in seen.values()
    )
    assert all(told[uid] == seen[uid] for uid in seen.keys() & known.keys())
    assert recognise(seen, seen, NOW) == seen
