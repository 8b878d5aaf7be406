"""What goes for good: a source as if it had never been, and what an organiser does not want told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from aggregator.event import Event, Organization
from aggregator.store.store import Store

DERIVED = ("listings", "events", "occurrences", "cells", "cell_counts", "labels", "texts")


@pytest.fixture
def two(store: Store, event: Callable[..., Event], write: Callable[..., int]) -> Store:
    """A chamber with two events and a library with one, which the chamber's organiser holds there."""
    write(
        store,
        new=(event("a"), event("b", organizer=Organization(name="Elm Café Club"), url="https://www.elm.example/b")),
    )
    write(store, name="library", new=(event("c", source="library", organizer=Organization(name="ELM CAFE CLUB")),))
    return store


def left(store: Store) -> set[str]:
    return {uid for status in store.sources() for uid in store.stored_listings(status.name)}


def test_a_purge_leaves_no_row_of_a_source_and_all_of_others(
    two: Store,
    new_store: Callable[[], Store],
    event: Callable[..., Event],
    write: Callable[..., int],
    rows: Any,
    now: datetime,
) -> None:
    version = two.data_version()

    assert two.purge("library", now) == 1

    alone = new_store()
    write(alone, new=tuple(one.event for one in two.stored_listings("chamber").values()))
    assert [status.name for status in two.sources()] == ["chamber"]
    assert two.data_version() != version
    for table in DERIVED:
        assert len(rows(two, table)) == len(rows(alone, table)), table
    assert {run[1] for run in rows(two, "runs")} == {"chamber"}


def test_some_of_what_a_source_told_can_be_taken_away(two: Store, now: datetime) -> None:
    assert two.purge("chamber", now, ["b", "not there"]) == 1

    assert left(two) == {"a", "c"}


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("Elm Cafe Club", {"b", "c"}),
        ("library", {"c"}),
        ("elm.example", {"b"}),
        ("www.elm.example", {"b"}),
        ("Elm Cafe", set()),
    ],
)
def test_a_veto_takes_away_what_bears_exactly_that_name_whoever_tells_it(
    two: Store, now: datetime, words: str, gone: set[str]
) -> None:
    assert two.veto(words, "asked by letter", now) == len(gone)

    assert left(two) == {"a", "b", "c"} - gone


def test_a_veto_is_listed_with_its_reason_replaced_by_a_newer_one_and_lifted_once(two: Store, now: datetime) -> None:
    two.veto("Elm Café Club", "asked by letter", now)
    two.veto("ELM CAFÉ CLUB", "asked again", now)

    assert two.vetoes() == {"elm cafe club": "asked again"}
    assert (two.lift_veto("elm café club"), two.lift_veto("elm café club")) == (True, False)
    assert two.vetoes() == {}


def test_that_a_source_is_down_is_news_once_and_that_it_is_back_too(two: Store) -> None:
    said = [two.note_down("chamber", is_down=is_down) for is_down in (False, True, True, False, False)]

    assert said == [False, True, False, True, False]
