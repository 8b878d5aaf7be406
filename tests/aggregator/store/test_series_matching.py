"""What holds in the store for series and single dates of several sources, whatever they tell and in whatever order."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from aggregator.event import Event, EventStatus, GeoCoordinates, Kind, Place, Precision
from aggregator.match import Key, Say, Word
from aggregator.query import EventQuery
from aggregator.store.matching import Standing
from aggregator.store.store import Store
from aggregator.store.tables import match_words

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
START = datetime(2026, 6, 2, 18, tzinfo=UTC)
HALL = Place(name="Elm Hall", geo=GeoCoordinates(latitude=36.7, longitude=-119.8), precision=Precision.ROOFTOP)
KINDS = {"chamber": Kind.CHAMBER, "library": Kind.CIVIC, "ticketing": Kind.OTHER}
STANDINGS = {
    "chamber": Standing(role="organiser"),
    "library": Standing(role="venue"),
    "ticketing": Standing(role="aggregator"),
}
OWN = ("id", "source", "identifier", "firstSeen", "changedAt")
"""Members that hang on who told it first."""

events = st.builds(
    Event,
    source=st.sampled_from(tuple(KINDS)),
    uid=st.sampled_from("12345"),
    name=st.sampled_from(("Harvest Circle", "HARVEST CIRCLE (FULL)", "Harvest Circle: Cider", "Stamp Swap")),
    start_date=st.builds(lambda days: START + timedelta(days=days), st.sampled_from((0, 7, 14, 15))),
    time_zone=st.just("UTC"),
    location=st.sampled_from((HALL, HALL, replace(HALL, precision=Precision.TOWN), Place())),
    url=st.one_of(st.none(), st.integers(1, 5).map(lambda n: f"https://elm.example/circle/{n}")),
    event_status=st.sampled_from((EventStatus.SCHEDULED, EventStatus.SCHEDULED, EventStatus.CANCELLED)),
    rrule=st.sampled_from(((), (), ("FREQ=WEEKLY;COUNT=5",), ("FREQ=WEEKLY",))),
)
happenings = st.lists(events, min_size=2, max_size=8, unique_by=lambda event: (event.source, event.uid))
held = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def told(store: Store) -> list[dict[str, Any]]:
    """Each date that a search finds in fifty days, without what hangs on who told it first."""
    found = asyncio.run(store.search(EventQuery(start=NOW, end=NOW + timedelta(days=50), limit=200))).hits
    dates = [{"startDate": hit.start_text, "endDate": hit.end_text, **json.loads(b"{" + hit.json)} for hit in found]
    plain = [{name: value for name, value in date.items() if name not in OWN} for date in dates]
    return sorted(plain, key=lambda date: json.dumps(date, sort_keys=True))


def fill(store: Store, write: Callable[..., int], some: list[Event], order: list[str], *, often: bool) -> None:
    for source in order:
        write(store, name=source, kind=KINDS[source], new=tuple(event for event in some if event.source == source))
        if often:
            store.match(STANDINGS, NOW)


def say(store: Store, what: Say, pairs: list[tuple[Key, Key]], minute: int) -> None:
    for one, other in pairs:
        store.say(Word(one=one, other=other, say=what, said_at=NOW + timedelta(minutes=minute)))
    store.match(STANDINGS, NOW)


@held
@given(some=happenings, order=st.permutations(sorted(KINDS)), often=st.booleans())
def test_the_order_in_which_sources_arrive_is_no_matter(
    new_store: Callable[[], Store], write: Callable[..., int], some: list[Event], order: list[str], often: bool
) -> None:
    one, other = new_store(), new_store()
    fill(one, write, some, sorted(KINDS), often=False)
    fill(other, write, some, order, often=often)
    for store in (one, other):
        store.match(STANDINGS, NOW)

    assert told(one) == told(other)
    assert one.match(STANDINGS, NOW) == other.match(STANDINGS, NOW) == 0


def test_a_single_date_belongs_to_its_series_with_the_matching_that_finds_it(
    new_store: Callable[[], Store], write: Callable[..., int]
) -> None:
    weekly = Event(
        source="chamber",
        uid="1",
        name="Harvest Circle",
        start_date=START,
        time_zone="UTC",
        location=HALL,
        rrule=("FREQ=WEEKLY;COUNT=5",),
    )
    single = replace(weekly, source="library", start_date=START + timedelta(days=7), rrule=())
    store = new_store()
    fill(store, write, [weekly, single], sorted(KINDS), often=False)

    store.match(STANDINGS, NOW)

    query = "SELECT e.series, e.rhythm FROM events e JOIN listings USING (event) WHERE uid = '1' ORDER BY e.source"
    (of_series, of_single) = store._look_up(lambda link: link.execute(query).fetchall())
    assert of_series == of_single
    assert of_series[0] is not None
    assert of_series[1] == "weekly"


@held
@given(some=happenings)
def test_a_split_undoes_exactly_and_the_index_holds_no_more_than_before(
    new_store: Callable[[], Store],
    write: Callable[..., int],
    rows: Callable[..., list[tuple[Any, ...]]],
    some: list[Event],
) -> None:
    plain, store = new_store(), new_store()
    for each in (plain, store):
        fill(each, write, some, sorted(KINDS), often=False)
    pairs = list(combinations([(event.source, event.uid) for event in some], 2))

    store.match(STANDINGS, NOW)
    joined = told(store)
    say(store, Say.NOT_SAME, pairs, 1)

    assert told(store) == told(plain)
    for table in ("occurrences", "cell_counts"):
        assert sorted(rows(store, table)) == sorted(rows(plain, table))
    store._write(forget_words)
    store.match(STANDINGS, NOW)
    assert told(store) == joined


def forget_words(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(match_words))


@held
@given(some=happenings)
def test_no_source_changes_what_another_one_said_and_no_link_is_lost(
    new_store: Callable[[], Store],
    write: Callable[..., int],
    rows: Callable[..., list[tuple[Any, ...]]],
    some: list[Event],
) -> None:
    store = new_store()
    fill(store, write, some, ["chamber"], often=True)
    before = rows(store, "listings")

    fill(store, write, some, ["library", "ticketing"], often=True)

    assert [row for row in rows(store, "listings") if row[0] == "chamber"] == before
    links = {link for date in told(store) for link in (date["url"], *date["sameAs"])}
    assert {event.url for event in some} <= links | {None}


def test_who_tells_it_goes_on_to_when_its_listing_changes(store: Store, write: Callable[..., int]) -> None:
    """The library told it first with the ticket office; the organiser came later."""
    once = Event(
        source="library", uid="1", name="Harvest Circle", start_date=START, time_zone="UTC", location=HALL, url=None
    )
    for source in ("library", "ticketing", "chamber"):
        fill(store, write, [replace(once, source=source)], [source], often=True)
    (before,) = asyncio.run(store.search(EventQuery(start=NOW, end=NOW + timedelta(days=50)))).hits

    write(store, name="library", kind=Kind.CIVIC, changed=(replace(once, description="Bring a chair."),))
    store.match(STANDINGS, NOW)

    (after,) = asyncio.run(store.search(EventQuery(start=NOW, end=NOW + timedelta(days=50)))).hits
    assert (after.id, b"Bring a chair." in after.json) == (before.id, True)


@held
@given(some=happenings)
def test_what_is_one_date_is_found_once(
    new_store: Callable[[], Store], write: Callable[..., int], some: list[Event]
) -> None:
    """A date of a series that an event of its own tells, or another series, is no date of the series any more."""
    store = new_store()
    fill(store, write, some, sorted(KINDS), often=False)
    store.match(STANDINGS, NOW)

    sql = (
        "SELECT s.id, o.start, a.value FROM events AS s, json_each(s.members, '$.apart') AS a"
        " JOIN events AS t ON t.id = json_extract(a.value, '$[1]') JOIN occurrences AS o ON o.event = t.event"
        " WHERE EXISTS (SELECT 1 FROM occurrences AS p WHERE p.event = s.event AND p.start_text ="
        " json_extract(a.value, '$[0]'))"
    )
    found = store._look_up(lambda link: link.execute(sql).fetchall())

    assert found == []


def dates(store: Store) -> list[tuple[str, bool]]:
    """Each date that a search finds, and whether it is cancelled."""
    return [(date["startDate"][:10], date["eventStatus"] == "EventCancelled") for date in told(store)]


def test_a_date_that_is_told_apart_stays_so_when_the_source_of_its_series_says_something_else(
    store: Store, write: Callable[..., int]
) -> None:
    once = Event(source="chamber", uid="1", name="Harvest Circle", start_date=START, time_zone="UTC", location=HALL)
    series = replace(once, rrule=("FREQ=WEEKLY;COUNT=3",))
    off = replace(once, source="library", start_date=START + timedelta(days=7), event_status=EventStatus.CANCELLED)
    fill(store, write, [series, off], sorted(KINDS), often=False)
    store.match(STANDINGS, NOW)
    before, last = dates(store), store.news_bounds()[1]

    write(store, changed=(replace(series, image="https://elm.example/1.png"),))

    assert sorted(before) == [("2026-06-02", False), ("2026-06-09", True), ("2026-06-16", False)]
    assert dates(store) == before
    store.match(STANDINGS, NOW)
    assert dates(store) == before
    changed = [list(news.fields) for news in store.news(last, 9) if news.source == "chamber"]
    assert changed == [["image"]]
