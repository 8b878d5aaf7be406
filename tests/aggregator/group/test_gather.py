"""Which listings are one group, and what is known of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.event import Event, EventStatus, GeoCoordinates, Organization, Place, Precision
from aggregator.group.gather import Reading, gather
from aggregator.group.group import Certainty, Group, HowKnown, State
from aggregator.group.words import words_of
from aggregator.reconcile import Listing

PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 6, 1, 19, tzinfo=UTC)
READING = Reading(now=NOW, last_read={"elmvalley": NOW, "library": NOW})
TUESDAYS = [date(2026, 4, 7) + timedelta(days=7 * week) for week in range(10)]
THURSDAYS = [day + timedelta(days=2) for day in TUESDAYS]
SECOND_TUESDAYS = [date(2026, month, day) for month, day in ((1, 13), (2, 10), (3, 10), (4, 14), (5, 12), (6, 9))]


def at(latitude: float, longitude: float, name: str | None = None) -> Place:
    geo = GeoCoordinates(latitude=latitude, longitude=longitude)
    return Place(name=name, geo=geo, precision=Precision.ROOFTOP)


HALL, NEXT_DOOR, ELSEWHERE = at(36.75, -119.77, "Hall"), at(36.751, -119.77, "The Hall"), at(36.80, -119.77, "Hall")


def listing(day: date, name: str = "Breakfast Club", clock: time = time(7), **told: Any) -> Listing:
    start = datetime.combine(day, clock, PACIFIC)
    seen = told.pop("seen", NOW - timedelta(days=1))
    known: dict[str, Any] = {"withdrawn_at": told.pop("withdrawn_at", None)}
    event: dict[str, Any] = {
        "source": "elmvalley",
        "uid": f"{name} {start:%Y%m%d%H%M}",
        "name": name,
        "start_date": start,
        "end_date": start + timedelta(minutes=90),
        "time_zone": "America/Los_Angeles",
    }
    return Listing(event=Event(**{**event, **told}), first_seen=seen, last_seen=seen, **known)


def listings(days: Iterable[date], name: str = "Breakfast Club", clock: time = time(7), **told: Any) -> list[Listing]:
    return [listing(day, name, clock, **told) for day in days]


def told(groups: Iterable[Group]) -> set[tuple[str, str, str]]:
    return {(group.name, words_of(group.rhythm), group.how_known.value) for group in groups}


def test_dates_of_one_name_are_a_group() -> None:
    (group,) = gather(listings(TUESDAYS), READING)
    assert told([group]) == {("Breakfast Club", "every Tuesday, 07:00-08:30", "inferred")}
    assert (group.counted, group.state, group.time_zone) == (10, State.ACTIVE, "America/Los_Angeles")
    assert group.reasons == ("10 of 10 dates follow it",)
    assert 0.9 < group.confidence < 1
    assert [(f"{each.start:%m-%d %H:%M}", each.certainty.value) for each in group.meetings] == [
        ("06-02 07:00", "announced"),
        ("06-09 07:00", "announced"),
        ("06-16 07:00", "expected"),
        ("06-23 07:00", "expected"),
    ]


def test_dates_without_a_rhythm_are_no_group() -> None:
    days = [date(2026, 1, 8), date(2026, 1, 30), date(2026, 2, 3), date(2026, 3, 21), date(2026, 5, 17)]
    assert gather(listings(days), READING) == ()
    assert gather([], READING) == ()


def test_names_differ_by_dates_numbers_and_topics() -> None:
    topics = ("Table Topics", "Speech Contest", "Elections", "Table Topics", "Humor", "Voice", "Ideas", "Guests")
    one = [listing(day, f"Toastmasters: {topic}") for day, topic in zip(TUESDAYS, topics, strict=False)]
    other = [listing(day, f"{day:%B %Y} Mixer #{day.month}", time(17, 30)) for day in SECOND_TUESDAYS]
    assert told(gather([*one, *other], READING)) == {
        ("Toastmasters", "every Tuesday, 07:00-08:30", "inferred"),
        ("Mixer", "2nd Tuesday, 17:30-19:00", "inferred"),
    }


def test_names_that_begin_alike_are_groups_of_their_own_when_each_has_a_rhythm() -> None:
    fourth = [date(2026, month, day) for month, day in ((1, 22), (2, 26), (3, 26), (4, 23), (5, 28))]
    groups = gather([*listings(SECOND_TUESDAYS, "Chamber: Mixer"), *listings(fourth, "Chamber: Lunch")], READING)
    assert told(groups) == {
        ("Chamber: Mixer", "2nd Tuesday, 07:00-08:30", "inferred"),
        ("Chamber: Lunch", "4th Thursday, 07:00-08:30", "inferred"),
    }


def test_a_meeting_on_two_days_is_one_group() -> None:
    (group,) = gather(listings([*TUESDAYS, *THURSDAYS]), READING)
    assert words_of(group.rhythm) == "every Tuesday and Thursday, 07:00-08:30"


def test_two_times_of_day_that_go_on_beside_each_other_are_two_groups() -> None:
    groups = gather([*listings(TUESDAYS), *listings(THURSDAYS, clock=time(18, 30))], READING)
    assert {words_of(group.rhythm) for group in groups} == {
        "every Tuesday, 07:00-08:30",
        "every Thursday, 18:30-20:00",
    }


def test_a_time_of_day_that_was_changed_is_the_same_group() -> None:
    (group,) = gather([*listings(TUESDAYS[:5]), *listings(TUESDAYS[5:], clock=time(18, 30))], READING)
    assert words_of(group.rhythm) == "every Tuesday, 18:30-20:00"


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ({"location": NEXT_DOOR}, 1),
        ({"location": Place()}, 1),
        ({"location": ELSEWHERE}, 2),
        ({"organizer": Organization(name="Another Club")}, 2),
        ({"organizer": None}, 1),
        ({"source": "library"}, 2),
    ],
)
def test_groups_are_told_apart_by_place_organiser_and_source(other: dict[str, Any], count: int) -> None:
    known = {"location": HALL, "organizer": Organization(name="The Club")}
    groups = gather([*listings(TUESDAYS, **known), *listings(THURSDAYS, **{**known, **other})], READING)
    assert len(groups) == count


def test_linked_listings_of_two_sources_are_one_group() -> None:
    one, other = listings(TUESDAYS), listings(TUESDAYS, "Breakfast Club of Elm Valley", source="library")
    link = (("elmvalley", one[3].event.uid), ("library", other[3].event.uid))
    (group,) = gather([*one, *other], READING, links=[link])
    assert group.counted == 10
    assert {source for source, _ in group.listings} == {"elmvalley", "library"}


def test_an_event_with_a_rule_is_a_stated_group() -> None:
    (group,) = gather([listing(TUESDAYS[0], rrule=("FREQ=WEEKLY;BYDAY=TU",))], READING)
    assert told([group]) == {("Breakfast Club", "every Tuesday, 07:00-08:30", "stated")}
    assert (group.reasons, group.state) == (("a source states it",), State.ACTIVE)
    assert {each.certainty for each in group.meetings} == {Certainty.EXPECTED}
    assert len(group.meetings) == 4


def test_a_rule_that_dates_bear_out_is_known_by_both() -> None:
    series = listing(date(2026, 1, 6), rrule=("FREQ=WEEKLY;BYDAY=TU",))
    (stated,) = gather([series], READING)
    (both,) = gather([series, *listings(TUESDAYS)], READING)
    assert both.how_known is HowKnown.BOTH
    assert both.confidence > stated.confidence
    (belied,) = gather([series, *listings(THURSDAYS)], READING)
    assert belied.how_known is HowKnown.STATED
    assert belied.confidence < stated.confidence
    assert "the dates that are told are others" in belied.reasons


def test_two_series_at_one_time_are_one_group_and_at_two_times_are_two() -> None:
    tuesday = listing(TUESDAYS[0], rrule=("FREQ=WEEKLY;BYDAY=TU",))
    thursday = listing(THURSDAYS[0], rrule=("FREQ=WEEKLY;BYDAY=TH",))
    evening = listing(THURSDAYS[0], clock=time(19), rrule=("FREQ=WEEKLY;BYDAY=TH",))
    (group,) = gather([tuesday, thursday], READING)
    assert group.rhythm.rrules == ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TH")
    assert len(gather([tuesday, evening], READING)) == 2


def test_dates_that_a_series_excepts_are_not_expected() -> None:
    off = datetime(2026, 6, 9, 7, tzinfo=PACIFIC)
    (group,) = gather([listing(TUESDAYS[0], rrule=("FREQ=WEEKLY;BYDAY=TU",), except_dates=(off,))], READING)
    assert [f"{each.start:%m-%d}" for each in group.meetings] == ["06-02", "06-16", "06-23", "06-30"]


def test_a_listing_with_added_dates_is_a_group_too() -> None:
    added = tuple(datetime.combine(day, time(7), PACIFIC) for day in SECOND_TUESDAYS[1:])
    (group,) = gather([listing(SECOND_TUESDAYS[0], r_dates=added)], READING)
    assert told([group]) == {("Breakfast Club", "2nd Tuesday, 07:00-08:30", "inferred")}


def test_what_is_cancelled_or_withdrawn_is_not_expected() -> None:
    cancelled = listing(TUESDAYS[8], event_status=EventStatus.CANCELLED)
    (group,) = gather([*listings(TUESDAYS[:8]), cancelled], READING)
    assert [f"{each.start:%m-%d}" for each in group.meetings] == ["06-09", "06-16", "06-23", "06-30"]
    withdrawn = listing(TUESDAYS[9], withdrawn_at=NOW)
    (group,) = gather([*listings(TUESDAYS[:9]), withdrawn], READING)
    assert [each.certainty for each in group.meetings][:2] == [Certainty.ANNOUNCED, Certainty.EXPECTED]


def test_a_group_keeps_its_id_and_its_dates_when_listings_are_forgotten() -> None:
    (first,) = gather(listings(SECOND_TUESDAYS[:5]), READING)
    (again,) = gather(listings(SECOND_TUESDAYS[5:]), READING, known=[first])
    assert (again.id, again.counted, again.first_seen) == (first.id, 6, first.first_seen)
    assert words_of(again.rhythm) == "2nd Tuesday, 07:00-08:30"


def test_two_groups_of_one_name_keep_their_ids_by_the_time_of_day() -> None:
    first = gather([*listings(TUESDAYS), *listings(THURSDAYS, clock=time(18, 30))], READING)
    months = [[day + timedelta(days=70) for day in days] for days in (TUESDAYS, THURSDAYS)]
    later = Reading(now=NOW + timedelta(days=70), last_read={"elmvalley": NOW + timedelta(days=70)})
    again = gather([*listings(months[0]), *listings(months[1], clock=time(18, 30))], later, known=first)
    assert [(group.id, group.rhythm.start) for group in again] == [(group.id, group.rhythm.start) for group in first]


@pytest.mark.parametrize("leaves", ["a", "b"])
def test_parts_of_a_group_that_splits_have_ids_of_their_own(leaves: str) -> None:
    series = {
        uid: listing(TUESDAYS[9], rrule=(f"FREQ=MONTHLY;BYDAY={day}",), uid=uid)
        for uid, day in (("a", "1TU"), ("b", "3TU"))
    }
    (whole,) = gather(series.values(), READING)
    moved = listing(TUESDAYS[9], clock=time(18), rrule=series[leaves].event.rrule, uid=leaves)

    split = gather([*(each for uid, each in series.items() if uid != leaves), moved], READING, known=[whole])

    assert len({group.id for group in split}) == len(split) == 2
    assert whole.id in {group.id for group in split}
    assert {group.id for group in gather((series | {leaves: moved}).values(), READING, known=split)} == {
        group.id for group in split
    }


def test_a_group_that_nothing_is_listed_of_grows_quiet_and_is_retired() -> None:
    (first,) = gather(listings(TUESDAYS), READING)
    states = []
    for days in (9, 16, 24, 120):
        later = Reading(now=NOW + timedelta(days=days), last_read={"elmvalley": NOW + timedelta(days=days)})
        (group,) = gather([], later, known=[first])
        assert group.id == first.id
        states.append(group.state)
    assert states == [State.ACTIVE, State.ACTIVE, State.QUIET, State.RETIRED]
    unread = Reading(now=NOW + timedelta(days=120), last_read={"elmvalley": NOW})
    assert gather([], unread, known=[first])[0].state is State.ACTIVE


def test_a_group_that_comes_back_is_the_same_group() -> None:
    (first,) = gather(listings(TUESDAYS), READING)
    later = Reading(now=NOW + timedelta(days=200), last_read={"elmvalley": NOW + timedelta(days=200)})
    (retired,) = gather([], later, known=[first])
    (back,) = gather([listing(TUESDAYS[0] + timedelta(days=7 * 38))], later, known=[retired])
    assert (back.id, retired.state, back.state) == (first.id, State.RETIRED, State.ACTIVE)


@given(random=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_the_order_of_listings_is_no_matter(random) -> None:
    every = [
        *listings(TUESDAYS, location=HALL),
        *listings(THURSDAYS, location=ELSEWHERE),
        *listings(SECOND_TUESDAYS, "Mixer", time(17, 30)),
        listing(THURSDAYS[0], "Walk", rrule=("FREQ=WEEKLY;BYDAY=TH",)),
    ]
    assert gather(random.sample(every, len(every)), READING) == gather(every, READING)
