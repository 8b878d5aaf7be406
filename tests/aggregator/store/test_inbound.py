"""A town out of one store and into another: it tells the same, vetoes hold, and nothing newer is lost."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from aggregator.correct import Field, Patch
from aggregator.errors import StaleLeaseError, StoreError
from aggregator.event import Event, EventStatus, Kind, Organization, Statement
from aggregator.query import EventQuery
from aggregator.reconcile import Changes
from aggregator.run import Run
from aggregator.source import Source
from aggregator.store.archive import KeptListing, KeptSource, KeptVeto
from aggregator.store.archived_words import KeptCorrection, KeptHide
from aggregator.store.correcting import Correction
from aggregator.store.matching import Standing
from aggregator.store.store import Store
from aggregator.suggest import Subject, Suggestion

LATER = timedelta(days=1)
DERIVED = ("listings", "events", "occurrences", "cells", "cell_counts", "labels", "texts", "sources", "vetoes")


@dataclass(frozen=True)
class Kept:
    """A town in memory."""

    of_vetoes: tuple[KeptVeto, ...]
    of_sources: tuple[KeptSource, ...]
    of_listings: tuple[KeptListing, ...]
    of_corrections: tuple[KeptCorrection, ...] = ()
    of_hides: tuple[KeptHide, ...] = ()

    def vetoes(self) -> tuple[KeptVeto, ...]:
        return self.of_vetoes

    def sources(self) -> tuple[KeptSource, ...]:
        return self.of_sources

    def corrections(self) -> tuple[KeptCorrection, ...]:
        return self.of_corrections

    def hides(self) -> tuple[KeptHide, ...]:
        return self.of_hides

    def listings(self) -> tuple[KeptListing, ...]:
        return self.of_listings


def keep(store: Store) -> Kept:
    with store.snapshot() as town:
        words = tuple(town.corrections()), tuple(town.hides())
        return Kept(tuple(town.vetoes()), tuple(town.sources()), tuple(town.listings()), *words)


def names(store: Store) -> set[str]:
    return {one.event.name for status in store.sources() for one in store.stored_listings(status.name).values()}


def ids(store: Store) -> dict[str, str]:
    return {one.event.uid: one.id for one in keep(store).of_listings}


@pytest.fixture
def town(store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime) -> Store:
    """A chamber with a mixer, a series and a withdrawn event, and a library; one veto."""
    series = event("b", name="Weekly", rrule=("FREQ=WEEKLY;COUNT=5",))
    write(store, new=(event("a"), series, event("c", name="Gone"), event("d", name="Missed")), at=now - LATER)
    write(store, unseen=("c", "d"), withdrawn=("c",), changed=(event("a", name="Mixer in the park"),))
    write(store, name="library", new=(event("x", source="library", name="Reading"),))
    store.veto("Elm Café Club", "asked by jo@elm.example, 559-555-0100", now)
    return store


def test_a_new_store_tells_the_same_to_the_last_row(
    town: Store, new_store: Callable[[], Store], now: datetime, rows: Any
) -> None:
    other = new_store()
    taken = other.take_in(keep(town), now)

    assert (taken.new, taken.sources, taken.vetoes, taken.changed, taken.left) == (5, 2, 1, 0, ())
    assert keep(other) == keep(town)
    for table in set(DERIVED) - {"sources", "vetoes", "listings"}:
        assert sorted(rows(other, table), key=repr) == sorted(rows(town, table), key=repr), table
    for name in ("chamber", "library"):
        assert other.stored_listings(name) == town.stored_listings(name)


async def _find(store: Store, query: EventQuery) -> list[tuple[str, bytes, bytes]]:
    return [(hit.id, hit.json, hit.vevent) async for hit in store.stream(query)]


@pytest.mark.anyio
async def test_search_feeds_and_permanent_ids_work_after_an_import(
    town: Store, new_store: Callable[[], Store], now: datetime
) -> None:
    other = new_store()
    other.take_in(keep(town), now)
    query = EventQuery(start=now, end=now + timedelta(days=60))

    assert await _find(other, query) == await _find(town, query)
    assert len(await _find(town, query)) > 5
    for event_id in ids(town).values():
        assert await other.event(event_id, now=now) == await town.event(event_id, now=now)


def test_a_second_import_changes_nothing(town: Store, new_store: Callable[[], Store], now: datetime, rows: Any) -> None:
    other = new_store()
    other.take_in(keep(town), now)
    version, before = other.data_version(), [rows(other, table) for table in DERIVED]

    taken = other.take_in(keep(town), now + LATER)

    assert not taken
    assert (other.data_version(), [rows(other, table) for table in DERIVED]) == (version, before)


def test_new_events_get_ids_that_nobody_had(
    town: Store, new_store: Callable[[], Store], event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    other = new_store()
    other.take_in(keep(town), now)

    write(other, new=(event("new"),))

    known = ids(other)
    assert known.pop("new") > max(known.values())


def test_ids_survive_a_merge_into_a_store_that_has_the_same_numbers(
    town: Store, new_store: Callable[[], Store], event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    other = new_store()
    write(other, name="hikers", new=(event("h1", source="hikers"), event("h2", source="hikers")))
    own = ids(other)

    other.take_in(keep(town), now)

    assert ids(other) == own | ids(town)


def test_an_id_that_another_event_bears_is_not_given_twice(
    town: Store, new_store: Callable[[], Store], now: datetime
) -> None:
    kept = keep(town)
    twins = tuple(replace(one, id=kept.of_listings[0].id) for one in kept.of_listings)
    other = new_store()

    other.take_in(replace(kept, of_listings=twins), now)

    assert len(set(ids(other).values())) == len(twins)


def test_the_archives_vetoes_hold_and_take_away_what_the_store_told(
    town: Store, new_store: Callable[[], Store], event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    other = new_store()
    write(other, name="hikers", new=(event("h", source="hikers", organizer=Organization(name="ELM CAFE CLUB")),))

    taken = other.take_in(keep(town), now)

    assert (taken.vetoes, taken.gone) == (1, 1)
    assert "h" not in ids(other)
    assert "elm cafe club" in other.vetoes()


@pytest.mark.parametrize("words", ["library", "Reading Friends", "reading.example"])
def test_the_stores_own_vetoes_hold_so_that_nothing_vetoed_comes_back(
    store: Store,
    new_store: Callable[[], Store],
    event: Callable[..., Event],
    write: Callable[..., int],
    now: datetime,
    words: str,
) -> None:
    organizer = Organization(name="Reading Friends", url="https://www.reading.example/")
    write(store, name="library", new=(event("x", source="library", organizer=organizer),))
    other = new_store()
    other.veto(words, "asked by letter", now)

    taken = other.take_in(keep(store), now)

    assert (taken.new, taken.vetoed, ids(other)) == (0, 1, {})
    other.lift_veto(words)
    assert other.take_in(keep(store), now).new == 1


def test_a_veto_that_is_known_keeps_its_own_reason(town: Store, new_store: Callable[[], Store], now: datetime) -> None:
    other = new_store()
    other.veto("elm cafe club", "our own reason", now)

    assert other.take_in(keep(town), now).vetoes == 0
    assert other.vetoes() == {"elm cafe club": "our own reason"}


def test_no_address_of_a_person_is_in_what_a_store_gives(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    organizer = Organization(name="Jo jo@elm.example")
    write(store, new=(event("a", description="Call 559-555-0100", name="Mail jo@elm.example", organizer=organizer),))
    store.veto("elm", "jo@elm.example asked, 559-555-0100", now)

    told = repr(keep(store))

    assert "jo@" not in told
    assert "555-0100" not in told


def test_a_purged_source_comes_back_from_an_archive_since_that_is_what_a_backup_is_for(
    town: Store, now: datetime
) -> None:
    kept = keep(town)
    town.purge("chamber", now)

    assert town.take_in(kept, now).new == 4
    assert keep(town).of_listings[0].id == kept.of_listings[0].id


def test_a_source_that_was_collected_here_later_is_left_and_named(
    town: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    kept = keep(town)
    write(town, changed=(event("a", name="Newer"),), at=now + LATER)
    town.purge("library", now)

    taken = town.take_in(kept, now + 2 * LATER)

    assert (taken.left, taken.new, taken.changed) == (("chamber",), 1, 0)
    assert "Newer" in names(town)


def test_what_the_archive_knows_later_replaces_and_keeps_the_id_of_here(
    town: Store, new_store: Callable[[], Store], event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    other = new_store()
    other.take_in(keep(town), now)
    own = ids(other)
    cancelled = event("a", name="Mixer in the park", event_status=EventStatus.CANCELLED)
    write(town, changed=(cancelled,), seen_again=("d",), new=(event("e"),), at=now + LATER)

    taken = other.take_in(keep(town), now + 2 * LATER)

    told = other.stored_listings("chamber")
    assert (taken.left, taken.new) == ((), 1)
    assert told["a"].event == cancelled
    assert told["d"].unseen_runs == 0
    assert {uid: its for uid, its in ids(other).items() if uid in own} == own
    changed = {one.event.uid: one for one in keep(other).of_listings}
    assert (changed["a"].sequence, changed["a"].changed_at) == (2, now + 2 * LATER)
    assert not other.take_in(keep(town), now + 3 * LATER)


def test_an_import_that_fails_changes_nothing(
    town: Store, new_store: Callable[[], Store], now: datetime, rows: Any
) -> None:
    kept = keep(town)
    other = new_store()

    with pytest.raises(StoreError):
        other.take_in(replace(kept, of_sources=kept.of_sources[:1]), now)

    assert all(rows(other, table) == [] for table in DERIVED)


def test_a_source_that_was_switched_off_stays_so_and_a_new_one_is_due(
    town: Store, new_store: Callable[[], Store], now: datetime
) -> None:
    town.enable("library", enabled=False)
    other = new_store()
    other.take_in(keep(town), now)

    assert {one.name: one.enabled for one in other.sources()} == {"chamber": True, "library": False}
    assert {lease.source for lease in other.due(now, limit=9, owner="test", ttl=LATER)} == {"chamber"}


def test_a_run_that_began_before_an_import_is_late_and_one_beside_an_import_of_nothing_new_is_not(
    town: Store, new_store: Callable[[], Store], lease: Any, run: Callable[..., Run], now: datetime
) -> None:
    other, kept = new_store(), keep(town)
    held = lease(other)

    other.take_in(kept, now)
    with pytest.raises(StaleLeaseError):
        other.apply(Changes(), run(), lease=held, now=now)

    held = lease(other)
    other.take_in(kept, now)
    assert other.apply(Changes(), run(), lease=held, now=now)


changes = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(-40, 300), st.booleans()), max_size=12)


@bounded(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes, vetoed=st.booleans())
def test_whatever_a_store_holds_it_tells_the_same_after_an_import(
    new_store: Callable[[], Store],
    event: Callable[..., Event],
    write: Callable[..., int],
    now: datetime,
    changes: list[tuple[str, int, bool]],
    vetoed: bool,
) -> None:
    store, other = new_store(), new_store()
    for run, (uid, days, is_series) in enumerate(changes):
        told = event(uid, days, rrule=("FREQ=DAILY;COUNT=3",) if is_series else ())
        known = store.stored_listings("chamber") if store.sources() else {}
        verb = "changed" if uid in known else "new"
        write(store, at=now + run * timedelta(hours=1), unseen=tuple(sorted(known.keys() - {uid})), **{verb: (told,)})
    if vetoed:
        store.veto("chamber", "asked", now)

    other.take_in(keep(store), now + timedelta(hours=99))

    assert keep(other) == keep(store)
    assert other.vetoes() == store.vetoes()
    assert [one.name for one in other.sources()] == [one.name for one in store.sources()]


def test_what_is_said_of_wheelchairs_goes_into_changes_and_from_store_to_store(
    store: Store, new_store: Callable[[], Store], event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    plain, said = event("a"), Statement(source="chamber", quote="Step-free access.")
    told = replace(plain.location, wheelchair_accessible=True, accessibility_evidence=(said,))
    write(store, new=(plain,))
    write(store, changed=(replace(plain, location=told),))
    other = new_store()
    other.take_in(keep(store), now)

    difference = store.news(0, 9)[-1].fields["location"]
    assert (difference["before"]["wheelchairAccessible"], difference["after"]["wheelchairAccessible"]) == (None, True)
    assert difference["after"]["accessibilityEvidence"] == [{"source": "chamber", "quote": "Step-free access."}]
    assert other.stored_listings("chamber")["a"].event.location == told


def test_an_editors_words_go_along_without_the_editors_name_and_hold_where_they_come_to(
    town: Store, new_store: Callable[[], Store], now: datetime, write: Callable[..., int], event: Callable[..., Event]
) -> None:
    known = new_store()
    write(known, new=(event("a"), event("b")), at=now - 2 * LATER)
    correction = Correction(field=Field.NAME, value="x", patch=Patch(name="Picnic"), why="jo@elm.example rang", by="Jo")
    town.correct(ids(town)["a"], correction, now)
    town.hide(ids(town)["d"], "spam", "Jo", now)

    for other in (new_store(), known):
        taken = other.take_in(keep(town), now)
        again = other.take_in(keep(town), now)

        assert (taken.corrections, again.corrections) == (2, 0)
        assert [(one.by, one.why) for one in other.overrides()] == [("an archive", "rang")]
        assert [one.uid for one in other.hides()] == ["d"]
        told = {
            row[0]: row[1:]
            for row in other._look_up(lambda link: link.execute("SELECT id, json, withheld FROM events").fetchall())
        }
        assert b'"name":"Picnic"' in told[ids(other)["a"]][0]
        assert told[ids(other)["d"]][1] == 1


def test_what_other_stores_made_of_suggestions_neither_stands_in_the_way_nor_is_taken_for_ones_own(
    new_store: Callable[[], Store], source: Callable[..., Source], event: Callable[..., Event], now: datetime
) -> None:
    one, other, own = new_store(), new_store(), source("suggested", Kind.OTHER)

    def accept(store: Store, name: str) -> None:
        number = store.add_suggestion(Suggestion(subject=Subject.EVENT, told={"name": name}), now)
        told = event(f"suggestion-{number}", source="suggested", name=name)
        store.accept_suggested(number, told, own, now)

    accept(one, "Swap")
    other.take_in(keep(one), now)
    accept(other, "Picnic")
    accept(one, "Choir")
    other.take_in(keep(one), now + LATER)

    assert names(other) == {"Swap", "Picnic", "Choir"}


def test_what_an_archive_says_anew_stands_as_it_did_among_others_until_the_next_matching(
    new_store: Callable[[], Store], write: Callable[..., int], event: Callable[..., Event], now: datetime
) -> None:
    one, other = new_store(), new_store()
    equals = {"chamber": Standing(), "library": Standing(role="aggregator"), "paper": Standing(role="aggregator")}
    for store in (one, other):
        write(store, new=(event("a", name="Harvest Gala"), event("s", name="Chess", rrule=("FREQ=WEEKLY;COUNT=3",))))
        copies = (event("x", source="library", name="Harvest Gala"), event("c", 9, source="library", name="Chess"))
        write(store, name="library", new=copies)
        store.match(equals, now)
    other.hide(ids(other)["a"], "spam", "Ed", now)
    write(other, name="paper", new=(event("p", source="paper", name="Harvest Gala"),))
    other.match(equals, now)
    before, last = shown(other), other.news_bounds()[1]
    write(
        one, name="paper", new=(event("p", source="paper", name="Harvest Gala", description="Music."),), at=now + LATER
    )
    chess = replace(one.stored_listings("chamber")["s"].event, description="Bring a board.")
    write(one, changed=(chess,), seen_again=("s",), at=now + LATER)

    other.take_in(keep(one), now + 2 * LATER)

    assert before == ["2026-06-03", "2026-06-10", "2026-06-17"]
    assert shown(other) == before
    assert [news.name for news in other.news(last, 9)] == ["Chess"]


def shown(store: Store) -> list[str]:
    """The day of each date that is told."""
    sql = (
        "SELECT o.start_text FROM occurrences o JOIN events e ON e.event = o.event WHERE merged_into IS NULL ORDER BY 1"
    )
    return [day[:10] for (day,) in store._look_up(lambda link: link.execute(sql).fetchall())]
