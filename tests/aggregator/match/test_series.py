"""Series beside single dates, as values: what is one, what a person decides, and what holds for any listings."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from aggregator.event import Event, EventStatus, GeoCoordinates, Place, Precision, Visitors, VisitorTerms
from aggregator.match import Cluster, Key, Matched, Merged, Say, Told, Word, cluster_all, merge
from aggregator.match.beside import Singles, is_beside
from aggregator.match.block import pairs
from aggregator.match.traits import Look, begun, dated, read_traits

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
START = datetime(2027, 3, 2, 18, tzinfo=UTC)
HALL = Place(name="Elm Hall", geo=GeoCoordinates(latitude=38.0, longitude=-97.0), precision=Precision.ROOFTOP)
FAR_BARN = replace(HALL, name="Oak Barn", geo=GeoCoordinates(latitude=38.1, longitude=-97.0))
NEXT_DOOR = replace(HALL, geo=GeoCoordinates(latitude=37.9998, longitude=-97.0002))
WEEKLY = ("FREQ=WEEKLY;COUNT=6",)
SAME = {name for name, of in vars(Look).items() if isinstance(of, cached_property)} | set(Look.__annotations__) - {
    "gist"
}
"""What is the same for all dates of a series."""


def told(source: str, name: str = "Harvest Circle", *, days: int = 0, minutes: int = 0, **fields: Any) -> Told:
    """A listing at Elm Hall; its key says what it is."""
    role = fields.pop("role", "organiser")
    event = Event(
        source=source,
        uid=fields.pop("uid", f"{name} {days} {minutes}{' series' if 'rrule' in fields else ''}"),
        name=name,
        start_date=START + timedelta(days=days, minutes=minutes),
        time_zone="UTC",
        location=fields.pop("location", HALL),
    )
    return Told.of(replace(event, **fields), role=role)


def joined(matched: Matched) -> list[Cluster]:
    return [group for group in matched.clusters if len(group.members) > 1]


def dates(group: Cluster) -> list[str]:
    return [f"{member.event.start_date:%m-%d}" for member in group.members if member.date_of]


SERIES = told("a.example", rrule=WEEKLY, url="https://a.example/circle/7", uid="s")


@pytest.mark.parametrize(
    ("single", "is_date"),
    [
        (told("b.example", days=7), True),
        (told("b.example", "HARVEST CIRCLE (SOLD OUT)", days=7), True),
        (told("b.example", days=7, minutes=-15), True),
        (told("b.example", days=7, location=Place()), True),
        (told("b.example", days=7, location=NEXT_DOOR), True),
        (told("b.example", days=8), False),
        (told("b.example", days=42), False),
        (told("b.example", "Stamp Swap", days=7), False),
        (told("b.example", days=7, minutes=180), False),
        (told("b.example", days=7, location=FAR_BARN), False),
        (told("a.example", "Harvest Circle: Cider", days=7), False),
    ],
)  # fmt: skip
def test_a_single_date_is_one_of_a_series_by_name_time_and_place(single: Told, is_date: bool) -> None:
    found = joined(cluster_all([SERIES, single], [], NOW))

    assert [dates(group) for group in found] == ([["03-09"]] if is_date else [])


def test_what_is_compared_of_a_date_is_what_would_be_if_its_source_listed_it() -> None:
    listed = told("a.example", days=7, url="https://a.example/circle/7", uid="s 2")

    date = dated(begun(read_traits(SERIES), listed.event.start_date), replace(listed, date_of=SERIES.key))

    alone = read_traits(replace(listed, date_of=SERIES.key))
    assert structs.replace(date, look=alone.look) == alone
    assert {name: getattr(date.look, name) for name in SAME} == {name: getattr(alone.look, name) for name in SAME}


def test_a_date_that_two_series_may_be_is_asked_of_a_person() -> None:
    town = replace(HALL, name=None, precision=Precision.TOWN)
    at_barn = replace(HALL, name="Oak Barn", geo=GeoCoordinates(latitude=37.9, longitude=-97.0))
    at_hall = replace(HALL, geo=GeoCoordinates(latitude=38.1, longitude=-97.0))
    series = told("a.example", rrule=("FREQ=WEEKLY",), location=town, role="aggregator")
    rival = told("b.example", rrule=("FREQ=WEEKLY;BYDAY=TU,TH",), location=at_barn)

    matched = cluster_all([series, rival, told("c.example", days=7, location=at_hall)], [], NOW)
    alone = cluster_all([series, told("c.example", days=7, location=at_hall)], [], NOW)

    assert joined(matched) == []
    assert len(matched.questions) == 1
    assert len(joined(alone)) == 1


def test_a_date_told_in_another_zone_is_the_same_at_the_same_instant() -> None:
    start = datetime(2027, 3, 9, 13, tzinfo=ZoneInfo("America/New_York"))

    elsewhere = told("b.example", start_date=start, time_zone="America/New_York")

    assert [dates(group) for group in joined(cluster_all([SERIES, elsewhere], [], NOW))] == [["03-09"]]


def test_the_events_of_what_is_like_no_other_are_not_read() -> None:
    def refuse() -> Event:
        raise AssertionError("nobody needs it")

    single, weekly = (
        told("b.example", "Stamp Swap", days=7),
        told("c.example", "Quilt Bee", rrule=("FREQ=WEEKLY",), location=FAR_BARN),
    )

    matched = cluster_all([replace(one, read=refuse) for one in (single, weekly)], [], NOW)

    assert len(matched.clusters) == 2


def test_tickets_of_a_date_need_not_be_those_of_the_series() -> None:
    series, single = "https://www.eventbrite.com/e/circle-1000001", "https://www.eventbrite.com/e/circle-1000002"

    found = cluster_all([replace_url(SERIES, series), told("b.example", days=7, url=single)], [], NOW)

    assert len(joined(found)) == 1


def replace_url(one: Told, url: str) -> Told:
    return Told.of(replace(one.event, url=url), role=one.role)


def merged(*listings: Told) -> Merged:
    (group,) = joined(cluster_all(listings, [], NOW))
    return merge(group)


def test_each_field_is_from_who_tells_it_best_and_the_name_of_the_listing_is_the_dates() -> None:
    open_to_all = VisitorTerms(visitors=Visitors.OPEN)
    single = told(
        "b.example", "Harvest Circle: with Jane Roe", days=7, role="aggregator", url="https://b.example/x/9",
        description="Jane tells of her orchard.", visitor_terms=open_to_all, uid="x",
    )  # fmt: skip

    whole = merged(SERIES, single)

    event = whole.event
    assert (event.source, event.uid, event.super_event, event.rrule) == ("b.example", "x", "s", ())
    assert (event.name, event.url, event.same_as) == (
        "Harvest Circle", "https://a.example/circle/7", ("https://b.example/x/9",)
    )  # fmt: skip
    assert (event.description, event.visitor_terms) == ("Jane tells of her orchard.", open_to_all)
    assert (whole.first, whole.origin("name"), whole.origin("description")) == (SERIES.key, SERIES.key, single.key)


@pytest.mark.parametrize(
    ("of_series", "of_single", "role", "status"),
    [
        (EventStatus.SCHEDULED, EventStatus.CANCELLED, "organiser", EventStatus.CANCELLED),
        (EventStatus.SCHEDULED, EventStatus.CANCELLED, "aggregator", EventStatus.CANCELLED),
        (EventStatus.CANCELLED, EventStatus.SCHEDULED, "aggregator", EventStatus.CANCELLED),
        (EventStatus.SCHEDULED, EventStatus.SCHEDULED, "organiser", EventStatus.SCHEDULED),
    ],
)
def test_a_rule_says_nothing_of_whether_one_date_takes_place(
    of_series: EventStatus, of_single: EventStatus, role: str, status: EventStatus
) -> None:
    series = Told.of(replace(SERIES.event, event_status=of_series))

    assert merged(series, told("b.example", days=7, role=role, event_status=of_single)).event.event_status is status


def test_a_person_splits_a_date_from_its_series_and_joins_what_is_called_otherwise() -> None:
    same, other = told("b.example", days=7, uid="x"), told("b.example", "Stamp Swap", days=14, uid="y")
    words = [
        Word(one=SERIES.key, other=same.key, say=Say.NOT_SAME, said_at=NOW),
        Word(one=other.key, other=SERIES.key, say=Say.SAME, said_at=NOW),
    ]

    (group,) = joined(cluster_all([SERIES, same, other], words, NOW))

    assert ([member.listing for member in group.members], dates(group)) == ([SERIES.key, other.key], ["03-16"])


def test_a_person_is_asked_once_of_a_series_and_a_listing() -> None:
    single = told("b.example", days=7, minutes=60)

    (question,) = cluster_all([SERIES, single], [], NOW).questions

    assert (question.one, question.other) == (SERIES.key, single.key)


def test_two_series_of_one_rhythm_are_one_and_their_dates_those_of_the_first() -> None:
    other, single = told("b.example", "HARVEST CIRCLE", rrule=WEEKLY, role="aggregator"), told("c.example", days=7)

    series, date = joined(cluster_all([other, SERIES, single], [], NOW))

    assert {member.key for member in series.members} == {SERIES.key, other.key}
    assert [member.listing for member in date.members] == [SERIES.key, single.key]


SOURCES = ("a.example", "b.example", "c.example")
NAMES = ("Harvest Circle", "HARVEST CIRCLE (FULL)", "Havrest Circle", "Harvest Circle: Cider", "Stamp Swap")
places = st.sampled_from((HALL, replace(HALL, name="Oak Barn"), replace(HALL, precision=Precision.TOWN), Place()))
rules = st.sampled_from(((), (), (), WEEKLY, ("FREQ=WEEKLY",), ("FREQ=WEEKLY;INTERVAL=2",)))
events = st.builds(
    Event,
    source=st.sampled_from(SOURCES),
    uid=st.sampled_from("1234"),
    name=st.sampled_from(NAMES),
    start_date=st.builds(
        lambda days, minutes: START + timedelta(days=days, minutes=minutes),
        st.sampled_from((0, 7, 14, 15)),
        st.sampled_from((0, 0, 15, 60)),
    ),
    time_zone=st.just("UTC"),
    location=places,
    url=st.one_of(st.none(), st.sampled_from([f"https://a.example/circle/{n}" for n in range(4)])),
    event_status=st.sampled_from((EventStatus.SCHEDULED, EventStatus.SCHEDULED, EventStatus.CANCELLED)),
    rrule=rules,
)
tolds = st.builds(Told.of, event=events, role=st.sampled_from(("organiser", "chamber", "aggregator")))
listings = st.lists(tolds, min_size=1, max_size=8, unique_by=lambda one: one.key)


def said(data: st.DataObject, keys: list[Key]) -> list[Word]:
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=4))
    return [
        Word(one=one, other=other, say=data.draw(st.sampled_from(Say)), said_at=NOW + timedelta(minutes=minute))
        for minute, (one, other) in enumerate(pairs)
        if one != other
    ]


@settings(deadline=None)
@given(listings, st.data())
def test_the_order_in_which_they_arrive_is_no_matter(some: list[Told], data: st.DataObject) -> None:
    words = said(data, [one.key for one in some])

    mixed = cluster_all(data.draw(st.permutations(some)), data.draw(st.permutations(words)), NOW)

    assert mixed == cluster_all(some, words, NOW)


@settings(deadline=None)
@given(listings, st.data())
def test_each_listing_is_in_one_cluster_and_each_date_of_a_series_in_one_at_most(
    some: list[Told], data: st.DataObject
) -> None:
    before = deepcopy([one.event for one in some])

    matched = cluster_all(some, said(data, [one.key for one in some]), NOW)

    members = [member for group in matched.clusters for member in group.members]
    own = [member for member in members if member.date_of is None]
    assert {one.key: one.event for one in own} == {(event.source, event.uid): event for event in before}
    assert len(own) == len(before)
    assert [one.event for one in some] == before
    taken = [(member.date_of, member.event.start_date) for member in members if member.date_of]
    assert len(taken) == len(set(taken))


@settings(deadline=None)
@given(listings, st.sampled_from((None, HALL.geo)))
def test_what_is_worth_comparing_with_a_date_is_beside_its_series(
    some: list[Told], home: GeoCoordinates | None
) -> None:
    singles = [read_traits(replace(one, home=home)) for one in some if not one.gist.is_series]
    for series in (read_traits(one) for one in some if one.gist.is_series):
        days = Singles(singles, [series]).beside(series.look)
        for day in range(21):
            date = begun(series, series.told.event.start_date + timedelta(days=day))
            is_compared = any(0 in pair for pair in pairs([date, *singles]))
            assert is_beside(date, days) or not is_compared


@settings(deadline=None)
@given(listings)
def test_a_merge_never_loses_a_link(some: list[Told]) -> None:
    for group in cluster_all(some, [], NOW).clusters:
        event = merge(group).event
        assert {member.event.url for member in group.members} <= {event.url, *event.same_as, None}


@settings(deadline=None)
@given(listings)
def test_a_split_holds_and_when_it_is_taken_back_all_is_as_it_was(some: list[Told]) -> None:
    before = cluster_all(some, [], NOW)
    for group in joined(before):
        date = next((member for member in group.members if member.date_of), None)
        if date is None or date.date_of is None:
            continue
        single = next(member for member in group.members if member.date_of is None)
        split = Word(one=date.date_of, other=single.key, say=Say.NOT_SAME, said_at=NOW)
        after = cluster_all(some, [split], NOW)
        assert not any({date.date_of, single.key} <= {one.listing for one in whole.members} for whole in after.clusters)
    assert cluster_all(some, [], NOW) == before
