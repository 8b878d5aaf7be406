"""An editor's word in the store: it holds whatever sources say, and taking it back leaves no trace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from aggregator.correct import Field, Patch
from aggregator.errors import StoreError
from aggregator.event import Event, EventStatus, GeoCoordinates, Organization, Place, Precision
from aggregator.query import EventQuery
from aggregator.store import Change, Hit
from aggregator.store.correcting import Correction
from aggregator.store.matching import Standing
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
DERIVED = ("listings", "occurrences", "cells", "cell_counts", "labels", "texts")
STANDINGS = {"chamber": Standing(), "library": Standing(role="aggregator")}
FAR = GeoCoordinates(latitude=36.33, longitude=-119.29)


def a_correction(field: Field, until: datetime | None = None, **patch: Any) -> Correction:
    return Correction(field=field, value="as typed", patch=Patch(**patch), why="they rang", by="Ed", until=until)


def renamed(name: str, until: datetime | None = None) -> Correction:
    return a_correction(Field.NAME, until, name=name)


def an_id(store: Store, uid: str) -> str:
    with store.snapshot() as town:
        return next(one.id for one in town.listings() if one.event.uid == uid)


async def shown(store: Store, now: datetime, **asked: Any) -> list[str]:
    """What a search tells, by name."""
    query = EventQuery(start=now - DAY, end=now + 100 * DAY, **asked)
    return [name_of(hit) for hit in (await store.search(query)).hits]


def name_of(hit: Hit) -> str:
    return hit.json.decode().partition('"name":"')[2].partition('"')[0]


def told(store: Store, after: int = 0) -> list[tuple[Change, str, str | None]]:
    return [(one.change, one.name, one.reason) for one in store.news(after, 99)]


@pytest.fixture
def chamber(store: Store, event: Callable[..., Event], write: Callable[..., int]) -> Store:
    write(store, new=(event("a"), event("b", days=3)))
    return store


async def test_a_corrected_field_is_told_at_once_and_the_sources_own_word_is_kept(
    chamber: Store, now: datetime
) -> None:
    version = chamber.data_version()

    chamber.correct(an_id(chamber, "a"), renamed("Summer mixer"), now)

    assert await shown(chamber, now) == ["Summer mixer", "Mixer b"]
    assert await shown(chamber, now, words="summer") == ["Summer mixer"]
    assert chamber.stored_listings("chamber")["a"].event.name == "Mixer a"
    assert chamber.uncorrected(an_id(chamber, "a")).name == "Mixer a"
    assert chamber.data_version() > version
    (news,) = chamber.news(2, 9)
    assert (news.change, news.name) == (Change.CHANGED, "Summer mixer")
    assert news.fields == {"name": {"before": "Mixer a", "after": "Summer mixer"}}
    assert news.reason == "an editor corrected name: they rang"


async def test_a_corrected_place_and_day_are_found_by_the_search(chamber: Store, now: datetime) -> None:
    event_id = an_id(chamber, "a")
    place = Place(name="Elm Hall", geo=FAR, precision=Precision.STREET)
    chamber.correct(event_id, a_correction(Field.LOCATION, location=place), now)
    chamber.correct(event_id, a_correction(Field.START_DATE, start_date=now + 9 * DAY), now)

    assert await shown(chamber, now, center=FAR, within=1000.0) == ["Mixer a"]
    (hit,) = await chamber.event(event_id, now=now)
    assert datetime.fromtimestamp(hit.start, UTC) == now + 9 * DAY


async def test_a_run_that_says_other_things_leaves_the_corrected_field_alone(
    chamber: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    chamber.correct(an_id(chamber, "a"), renamed("Summer mixer"), now)
    before = chamber.news_bounds()[1]

    write(chamber, changed=(event("a", name="Mixer!!", description="Bring a friend"),))

    (hit, _) = (await chamber.search(EventQuery(start=now, end=now + 9 * DAY))).hits
    assert (name_of(hit), b"Bring a friend" in hit.json) == ("Summer mixer", True)
    (news,) = chamber.news(before, 9)
    assert news.fields == {"description": {"before": None, "after": "Bring a friend"}}
    assert chamber.stored_listings("chamber")["a"].event.name == "Mixer!!"


async def test_what_a_source_changes_only_where_the_editor_spoke_is_no_news(
    chamber: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    chamber.correct(an_id(chamber, "a"), renamed("Summer mixer"), now)
    chamber.correct(an_id(chamber, "b"), a_correction(Field.EVENT_STATUS, event_status=EventStatus.SCHEDULED), now)
    last, answers = chamber.news_bounds()[1], await shown(chamber, now)

    write(chamber, changed=(event("a", name="Mixer!!"),))
    off = replace(chamber.stored_listings("chamber")["b"].event, event_status=EventStatus.CANCELLED)
    write(chamber, changed=(off,), cancelled=("b",))

    assert (told(chamber, last), await shown(chamber, now)) == ([], answers)


async def test_an_event_that_is_forgotten_and_told_again_is_still_corrected(
    chamber: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    chamber.correct(an_id(chamber, "a"), renamed("Summer mixer"), now)
    write(chamber, expired=("a",))
    write(chamber, new=(event("a"),))

    assert await shown(chamber, now) == ["Summer mixer", "Mixer b"]
    assert told(chamber)[-1] == (Change.NEW, "Summer mixer", None)


async def test_a_correction_ends_by_itself(chamber: Store, now: datetime) -> None:
    chamber.correct(an_id(chamber, "a"), renamed("Summer mixer", until=now + DAY), now)

    assert chamber.end_corrections(now + DAY - timedelta(seconds=1)) == 0
    assert await shown(chamber, now) == ["Summer mixer", "Mixer b"]
    assert chamber.end_corrections(now + DAY) == 1
    assert await shown(chamber, now) == ["Mixer a", "Mixer b"]
    assert told(chamber)[-1] == (Change.CHANGED, "Mixer a", "the time of an editor's correction is over")
    assert chamber.end_corrections(now + DAY) == 0


async def test_what_is_undone_gives_way_to_what_was_corrected_before(chamber: Store, now: datetime) -> None:
    event_id = an_id(chamber, "a")
    first = chamber.correct(event_id, renamed("First"), now)
    second = chamber.correct(event_id, renamed("Second"), now)

    names = [await shown(chamber, now)]
    for number in (second.number, first.number):
        chamber.undo(number, now)
        names.append(await shown(chamber, now))

    assert [name for name, _ in names] == ["Second", "First", "Mixer a"]
    with pytest.raises(StoreError, match="no such correction"):
        chamber.undo(first.number, now)


PATCHES = st.sampled_from(
    [
        renamed("Other"),
        a_correction(Field.DESCRIPTION, description="Tea"),
        a_correction(Field.START_DATE, start_date=datetime(2026, 6, 20, 18, tzinfo=UTC)),
        a_correction(Field.END_DATE, end_date=None),
        a_correction(Field.LOCATION, location=Place(geo=FAR, precision=Precision.TOWN)),
        a_correction(Field.LOCATION),
        a_correction(Field.ORGANIZER, organizer=Organization(name="Elm Club")),
        a_correction(Field.EVENT_STATUS, event_status=EventStatus.CANCELLED),
        a_correction(Field.WHEELCHAIR_ACCESSIBLE, wheelchair_accessible=True),
    ]
)


@bounded(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.tuples(st.sampled_from("abc"), PATCHES), max_size=5), order=st.randoms())
def test_corrections_that_are_all_undone_leave_no_trace(
    new_store: Callable[[], Store],
    event: Callable[..., Event],
    write: Callable[..., int],
    rows: Any,
    now: datetime,
    words: list[tuple[str, Correction]],
    order: Any,
) -> None:
    store = new_store()
    write(store, new=(event("a"), event("b", days=3), event("c", rrule=("FREQ=WEEKLY;COUNT=3",))))
    before = {table: sorted(rows(store, table), key=repr) for table in DERIVED}
    answers = [name.partition(b'"changedAt"')[0] for *_, name in rendered(rows(store, "events"))]

    numbers = [store.correct(an_id(store, uid), word, now).number for uid, word in words]
    order.shuffle(numbers)
    for number in numbers:
        store.undo(number, now)

    assert {table: sorted(rows(store, table), key=repr) for table in DERIVED} == before
    assert [name.partition(b'"changedAt"')[0] for *_, name in rendered(rows(store, "events"))] == answers
    assert rows(store, "corrections") == []


def rendered(events: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The number of each event and its JSON."""
    return sorted((row[0], row[12]) for row in events)


@pytest.fixture
def both(store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime) -> Store:
    """A chamber and a library that tell of one gala."""
    write(store, new=(event("a", name="Harvest Gala", url="https://elm.example/gala"),))
    write(store, name="library", new=(event("x", source="library", name="Harvest Gala", description="Music."),))
    assert store.match(STANDINGS, now) == 2
    return store


async def test_a_word_on_any_listing_of_a_happening_holds_for_what_it_is_told_as(both: Store, now: datetime) -> None:
    override = both.correct(an_id(both, "x"), renamed("Autumn Gala"), now)

    assert await shown(both, now) == ["Autumn Gala"]
    assert both.match(STANDINGS, now) == 0
    assert told(both)[-1] == (Change.CHANGED, "Autumn Gala", "an editor corrected name: they rang")

    both.undo(override.number, now)
    assert await shown(both, now) == ["Harvest Gala"]
    assert both.match(STANDINGS, now) == 0


async def test_a_correction_neither_parts_what_was_matched_nor_is_parted_from_it(
    both: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    gala = both.uncorrected(an_id(both, "a"))
    both.correct(an_id(both, "a"), a_correction(Field.START_DATE, start_date=gala.start_date + DAY), now)
    write(both, name="library", changed=(event("x", source="library", name="Harvest Gala", description="Tea."),))

    assert both.match(STANDINGS, now) == 1
    (hit,) = (await both.search(EventQuery(start=now, end=now + 9 * DAY))).hits
    assert (datetime.fromtimestamp(hit.start, UTC), b"Tea." in hit.json) == (gala.start_date + DAY, True)


async def test_what_is_hidden_is_nowhere_and_no_run_brings_it_back(
    chamber: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    event_id = an_id(chamber, "a")

    assert chamber.hide(event_id, "spam", "Ed", now) == 1
    write(chamber, changed=(event("a", name="Mixer again"),), seen_again=("a",))
    write(chamber, expired=("a",))
    write(chamber, new=(event("a"),))

    assert await shown(chamber, now) == ["Mixer b"]
    assert await shown(chamber, now, updated_since=now - DAY) == ["Mixer b"]
    assert await shown(chamber, now, words="again") == []
    for hidden in (event_id, an_id(chamber, "a")):
        assert await chamber.event(hidden, now=now) == ()
        assert chamber.explain(EventQuery(start=now, end=now + DAY), hidden, now) is None
    assert [one.uid for one in chamber.hides()] == ["a"]
    assert told(chamber, 2) == [(Change.REMOVED, "Mixer a", "it is not shown here")]


async def test_what_is_shown_again_is_as_it_was(chamber: Store, now: datetime, rows: Any) -> None:
    before = {table: sorted(rows(chamber, table), key=repr) for table in DERIVED}
    event_id = an_id(chamber, "a")
    chamber.hide(event_id, "spam", "Ed", now)

    assert chamber.unhide(event_id, now) == 1

    assert {table: sorted(rows(chamber, table), key=repr) for table in DERIVED} == before
    assert told(chamber)[-1] == (Change.RETURNED, "Mixer a", "it is shown here again")
    with pytest.raises(StoreError, match="is not hidden"):
        chamber.unhide(event_id, now)


@pytest.mark.parametrize("uid", ["a", "x"])
async def test_with_a_happening_all_that_tell_of_it_are_hidden_and_shown_again(
    both: Store, now: datetime, uid: str, rows: Any
) -> None:
    tables = ("occurrences", "cells", "labels", "texts")
    before = {table: sorted(rows(both, table), key=repr) for table in tables}

    assert both.hide(an_id(both, uid), "spam", "Ed", now) == 2
    assert await shown(both, now, updated_since=now - DAY) == []
    assert both.match(STANDINGS, now) == 0

    assert both.unhide(an_id(both, uid), now) == 2
    assert both.match(STANDINGS, now) == 0
    assert {table: sorted(rows(both, table), key=repr) for table in tables} == before


async def test_what_another_event_tells_is_not_told_to_be_there_again(both: Store, now: datetime) -> None:
    both.hide(an_id(both, "a"), "spam", "Ed", now)
    last = both.news_bounds()[1]

    both.unhide(an_id(both, "a"), now)
    both.match(STANDINGS, now)

    assert [(one.change, one.id) for one in both.news(last, 9)] == [(Change.RETURNED, an_id(both, "a"))]


async def test_what_is_withheld_with_others_is_told_to_be_there_again_only_where_it_is_shown(
    both: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    """The paper told the gala first, and is hidden alone: the matching withholds the others, and lets go of them."""
    write(both, name="paper", new=(event("p", source="paper", name="Other", url="https://elm.example/gala"),))
    both.hide(an_id(both, "p"), "spam", "Ed", now)
    write(both, name="paper", changed=(event("p", source="paper", name="Harvest Gala"),))
    assert both.match(STANDINGS, now) == 2
    last = both.news_bounds()[1]

    both.unhide(an_id(both, "p"), now)
    both.match(STANDINGS, now)

    assert await shown(both, now) == ["Harvest Gala"]
    returned = [one.id for one in both.news(last, 9) if one.change is Change.RETURNED]
    assert an_id(both, "x") not in returned


async def test_of_what_no_source_shows_nobody_is_told_that_it_changed_or_is_there_again(
    chamber: Store, write: Callable[..., int], now: datetime
) -> None:
    event_id = an_id(chamber, "a")
    write(chamber, unseen=("a",), withdrawn=("a",))
    last = chamber.news_bounds()[1]

    chamber.correct(event_id, renamed("Summer mixer"), now)
    chamber.hide(event_id, "spam", "Ed", now)
    chamber.unhide(event_id, now)

    assert [one.change for one in chamber.news(last, 9)] == [Change.REMOVED]
    write(chamber, seen_again=("a",))
    assert told(chamber)[-1] == (Change.RETURNED, "Summer mixer", "its source shows it again")


async def test_what_a_source_says_of_a_happening_where_the_editor_spoke_is_no_news(
    both: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    both.correct(an_id(both, "a"), renamed("Autumn Gala"), now)
    last = both.news_bounds()[1]

    write(both, changed=(event("a", name="Harvest Gala!", url="https://elm.example/gala"),))

    assert both.match(STANDINGS, now) == 1
    assert (told(both, last), await shown(both, now)) == ([], ["Autumn Gala"])


async def test_what_a_source_says_of_what_another_event_tells_is_told_once(
    both: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    last = both.news_bounds()[1]

    write(both, name="library", changed=(event("x", source="library", name="Harvest Gala", description="Tea."),))
    both.match(STANDINGS, now)

    (news,) = both.news(last, 9)
    assert (news.id, news.fields) == (an_id(both, "a"), {"description": {"before": "Music.", "after": "Tea."}})


async def test_a_happening_that_one_of_its_sources_cancels_is_told_to_be_cancelled_once(
    both: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    equals = {"chamber": Standing(), "library": Standing()}
    both.match(equals, now)
    last = both.news_bounds()[1]

    off = event("x", source="library", name="Harvest Gala", event_status=EventStatus.CANCELLED)
    write(both, name="library", changed=(off,), cancelled=("x",))
    both.match(equals, now)

    assert [(one.change, one.id) for one in both.news(last, 9)] == [(Change.CANCELLED, an_id(both, "a"))]


async def test_a_source_that_comes_later_does_not_tell_what_is_hidden(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    write(store, new=(event("a", name="Harvest Gala"),))
    store.hide(an_id(store, "a"), "spam", "Ed", now)

    write(store, name="library", new=(event("x", source="library", name="Harvest Gala"),))
    assert store.match(STANDINGS, now) == 1
    write(store, name="library", changed=(event("x", source="library", name="Harvest Gala", description="Music."),))
    assert await shown(store, now, updated_since=now - DAY) == []
    write(store, unseen=("a",), withdrawn=("a",))
    assert store.match(STANDINGS, now) == 0
    assert await shown(store, now) == []

    store.unhide(an_id(store, "a"), now)
    store.match(STANDINGS, now)
    assert await shown(store, now) == ["Harvest Gala"]


async def test_a_hidden_series_stays_hidden_as_time_passes(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    write(store, new=(event("a", rrule=("FREQ=WEEKLY",)),))
    store.hide(an_id(store, "a"), "spam", "Ed", now)

    assert store.roll_forward(now + 200 * DAY) == 0
    assert await shown(store, now + 200 * DAY) == []


async def test_the_next_dates_of_a_series_are_where_the_editor_has_them(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    write(store, new=(event("a", rrule=("FREQ=WEEKLY",)),))
    place = Place(geo=FAR, precision=Precision.TOWN)
    store.correct(an_id(store, "a"), a_correction(Field.LOCATION, location=place), now)

    later = now + 300 * DAY
    assert store.roll_forward(later) > 0
    query = EventQuery(start=later + 200 * DAY, end=later + 207 * DAY, center=FAR, within=500.0)
    assert [name_of(hit) for hit in (await store.search(query)).hits] == ["Mixer a"]


@pytest.mark.parametrize("act", ["correct", "hide", "unhide", "uncorrected"])
def test_an_event_that_is_not_there_is_named(chamber: Store, now: datetime, act: str) -> None:
    given: dict[str, tuple[Any, ...]] = {
        "correct": ("nosuch", renamed("x"), now),
        "hide": ("nosuch", "spam", "Ed", now),
        "unhide": ("nosuch", now),
        "uncorrected": ("nosuch",),
    }
    with pytest.raises(StoreError, match="nosuch"):
        getattr(chamber, act)(*given[act])


def test_hidden_listings_make_no_group_and_corrected_ones_make_it_as_corrected(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    write(store, new=(event("a", rrule=("FREQ=WEEKLY",)),))
    store.regroup("chamber", now)
    names = [[kept.group.name for kept in store.groups()]]

    override = store.correct(an_id(store, "a"), renamed("Walkers", until=now + DAY), now)
    names.append([kept.group.name for kept in store.groups()])
    store.end_corrections(now + DAY)
    names.append([kept.group.name for kept in store.groups()])
    override = store.correct(an_id(store, "a"), renamed("Readers"), now)
    store.undo(override.number, now)
    names.append([kept.group.name for kept in store.groups()])
    assert names == [["Mixer a"], ["Walkers"], ["Mixer a"], ["Mixer a"]]

    store.hide(an_id(store, "a"), "spam", "Ed", now)
    assert store.groups() == ()
    store.unhide(an_id(store, "a"), now)
    assert [kept.group.name for kept in store.groups()] == ["Mixer a"]


def test_with_a_series_the_group_of_another_source_that_lists_its_dates_is_hidden_and_shown_again(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    write(store, new=(event("a", name="Chess", rrule=("FREQ=WEEKLY",)),))
    dates = tuple(event(f"x{week}", 2 + 7 * week, source="library", name="Chess") for week in range(5))
    write(store, name="library", new=dates)
    for source in ("chamber", "library"):
        store.regroup(source, now)
    store.match(STANDINGS, now)
    before = [kept.source for kept in store.groups()]

    store.hide(an_id(store, "a"), "spam", "Ed", now)
    store.match(STANDINGS, now)
    hidden = store.groups()
    store.unhide(an_id(store, "a"), now)
    store.match(STANDINGS, now)

    assert sorted(before) == ["chamber", "library"]
    assert hidden == ()
    assert [kept.source for kept in store.groups()] == before


@pytest.mark.parametrize("words", ["Fresno Chamber of Commerce", "chamber", "elm.example"])
def test_a_veto_takes_groups_away_and_none_grows_quiet_instead(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime, words: str
) -> None:
    weekly = event("a", rrule=("FREQ=WEEKLY",), url="https://elm.example/walk")
    write(store, new=(weekly,))
    write(store, name="library", new=(replace(weekly, source="library", organizer=None, url=None, name="Readers"),))
    for source in ("chamber", "library"):
        store.regroup(source, now)

    store.veto(words, "asked", now)

    assert [kept.group.name for kept in store.groups()] == ["Readers"]
    store.regroup("chamber", now)
    assert [kept.group.name for kept in store.groups()] == ["Readers"]
