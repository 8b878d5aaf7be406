"""What holds for any listings: order is no matter, a split undoes, nobody changes another's listing, links are kept."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import Event, GeoCoordinates, Organization, Place, Precision, When
from aggregator.match import Band, Cluster, Key, Matched, Say, Told, Word, cluster, judge, merge
from aggregator.match.gist import gist_of

START = datetime(2027, 3, 2, 18, tzinfo=UTC)
SOURCES = [f"{name}.example" for name in "abcd"]
NEW_YORK = ZoneInfo("America/New_York")
PLAIN = {
    "source",
    "uid",
    "name",
    "time_zone",
    "virtual_location",
    "organizer",
    "url",
    "rrule",
    "same_as",
    "super_event",
}
LINKS = [f"https://www.eventbrite.com/e/x-tickets-10000000{n}" for n in range(3)] + ["https://a.example/events/7"]

places = st.builds(
    lambda name, metres, precision: Place(
        name=name,
        geo=GeoCoordinates(latitude=38 + metres / 111_195, longitude=-97.0),
        precision=precision,
    ),
    st.sampled_from([None, "Elm Hall", "Oak Hall, Room A", "Oak Hall, Room B"]),
    st.sampled_from([0, 100, 900, 50_000]),
    st.sampled_from([Precision.ROOFTOP, Precision.TOWN]),
)
events = st.builds(
    Event,
    source=st.sampled_from(SOURCES),
    uid=st.sampled_from("123"),
    name=st.sampled_from(
        ["Harvest Gala", "HARVEST GALA (SOLD OUT)", "Havrest Gala at Elm Hall", "Open House", "Room A"]
    ),
    start_date=st.builds(lambda m: START + timedelta(minutes=m), st.sampled_from([0, 10, 30, 60, 120, 1440])),
    time_zone=st.just("UTC"),
    location=st.one_of(st.just(Place()), places),
    url=st.one_of(st.none(), st.sampled_from(LINKS)),
    virtual_location=st.one_of(st.none(), st.just("https://zoom.example/j/1")),
    organizer=st.one_of(st.none(), st.just(Organization(name="Elm Chamber"))),
    rrule=st.sampled_from([(), (), (), ("FREQ=WEEKLY",)]),
    same_as=st.lists(st.sampled_from(LINKS), max_size=2).map(tuple),
    doubts=st.sampled_from([(), ("a doubt",)]),
)
tolds = st.builds(
    Told.of,
    event=events,
    role=st.sampled_from(["organiser", "venue", "chamber", "aggregator"]),
    trust=st.sampled_from([10, 50]),
    home=st.one_of(st.none(), st.just(GeoCoordinates(latitude=38.0, longitude=-97.0))),
)
starts = st.sampled_from((datetime(2027, 3, 2, 23, 30, tzinfo=NEW_YORK), date(2027, 3, 2)))
listings = st.lists(tolds, min_size=1, max_size=8, unique_by=lambda told: told.key)


def groups(matched: Matched) -> list[tuple[Key, ...]]:
    return [tuple(member.key for member in group.members) for group in matched.clusters]


def said(data: st.DataObject, keys: list[Key], most: int = 4) -> list[Word]:
    """Words on any of the listings, each at its own minute."""
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=most))
    return [
        Word(one=one, other=other, say=data.draw(st.sampled_from(Say)), said_at=START + timedelta(minutes=minute))
        for minute, (one, other) in enumerate(pairs)
        if one != other
    ]


@given(listings, st.data())
def test_the_order_of_listings_and_words_is_no_matter(told: list[Told], data: st.DataObject) -> None:
    words = said(data, [one.key for one in told])

    mixed = cluster(data.draw(st.permutations(told)), data.draw(st.permutations(words)))

    assert mixed == cluster(told, words)


@given(tolds, tolds)
def test_a_verdict_is_the_same_from_either_side(one: Told, other: Told) -> None:
    assert one.key == other.key or judge(one, other) == judge(other, one)


@given(events, starts)
def test_what_is_compared_is_what_the_event_says(event: Event, start: When) -> None:
    later = [start + timedelta(days=days) for days in (7, 9)]
    event = replace(event, start_date=start, end_date=start, time_zone=NEW_YORK.key, r_dates=(later[0],))
    event = replace(event, except_dates=(later[1],), super_event="a series")

    gist = gist_of(event)

    assert {name: getattr(gist, name) for name in PLAIN} == {name: getattr(event, name) for name in PLAIN}
    place, told = gist.location, event.location
    assert (place.name, place.geo, place.precision) == (told.name, told.geo, told.precision)
    assert place.address.street_address == told.address.street_address
    assert place.address.address_locality == told.address.address_locality
    assert (gist.start, gist.end, gist.is_series) == (event.start_date, event.end_date, event.is_series)
    assert gist.days == {start.toordinal(), later[0].toordinal()}
    assert len(gist.except_dates) == 1


@given(listings, st.data())
def test_every_listing_is_in_one_cluster_as_it_was_told(told: list[Told], data: st.DataObject) -> None:
    before = deepcopy([one.event for one in told])

    matched = cluster(told, said(data, [one.key for one in told]))

    members = [member for group in matched.clusters for member in group.members]
    by_key = {event.source + event.uid: event for event in before}
    assert {"".join(one.key): one.event for one in members} == by_key
    assert len(members) == len(before)
    assert all(merge(group).event.uid for group in matched.clusters)
    assert [one.event for one in told] == before


@given(listings, st.data())
def test_a_join_that_is_split_again_leaves_what_was(told: list[Told], data: st.DataObject) -> None:
    before = cluster(told)
    apart = [(a[0], b[0]) for a, b in combinations(groups(before), 2)]
    if not apart:
        return
    one, other = data.draw(st.sampled_from(apart))
    join = Word(one=one, other=other, say=Say.SAME, said_at=START)
    split = Word(one=one, other=other, say=Say.NOT_SAME, said_at=START + timedelta(days=1))

    assert any({one, other} <= set(group) for group in groups(cluster(told, [join])))
    assert groups(cluster(told, [join, split])) == groups(before)
    assert cluster(told, []) == before


@given(listings, st.data())
def test_a_split_always_holds(told: list[Told], data: st.DataObject) -> None:
    words = said(data, [one.key for one in told])
    last = {word.pair: word.say for word in words}

    whole = groups(cluster(told, words))

    for pair, say in last.items():
        assert say is Say.SAME or not any(set(pair) <= set(group) for group in whole)


@given(listings)
def test_by_itself_nothing_brings_two_together_that_forbid_each_other(told: list[Told]) -> None:
    for group in cluster(told).clusters:
        for one, other in combinations(group.members, 2):
            verdict = judge(one, other)
            assert not verdict.forbids
            assert one.event.source != other.event.source or verdict.band is Band.LINK


@given(listings)
def test_a_merge_never_loses_a_link(told: list[Told]) -> None:
    event = merge(Cluster(members=tuple(told))).event

    kept = {event.url, event.virtual_location, *event.same_as}
    for one in told:
        assert {one.event.url, one.event.virtual_location, *one.event.same_as} <= kept | {None}


@given(listings)
def test_a_merge_says_where_each_field_is_from(told: list[Told]) -> None:
    whole = merge(Cluster(members=tuple(told)))

    by_key = {one.key: one.event for one in told}
    for field in ("name", "url", "organizer", "start_date", "end_date"):
        origin = whole.origin(field)
        assert origin is None or getattr(whole.event, field) == getattr(by_key[origin], field)


@given(tolds)
def test_one_listing_alone_is_told_as_it_is(told: Told) -> None:
    (group,) = cluster([told]).clusters

    assert merge(group).event == told.event
