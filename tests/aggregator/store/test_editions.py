"""Letters that an editor published are kept by name, newest first, until they are withdrawn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import StoreError
from aggregator.store import KeptEdition
from aggregator.store.store import Store

OCTOBER = datetime(2026, 10, 7, 18, 30, tzinfo=UTC)
FIRST = KeptEdition(
    name="week-41",
    letter='{"title": "Events near Visalia – aquí"}',
    note="Good morning!\n\nSee you.",
    search_url="https://hobnob.example/?near=Visalia%2C+CA",
    published_at=OCTOBER,
)
LATER = replace(FIRST, name="week-42", published_at=OCTOBER + timedelta(days=7))
AT_ONCE = replace(FIRST, name="week-41-fresno")


def test_a_letter_comes_back_as_it_was_published_and_the_newest_comes_first(store: Store) -> None:
    for edition in (LATER, FIRST, AT_ONCE):
        store.publish(edition)

    assert store.edition("week-41") == FIRST
    assert store.edition("nosuch") is None
    assert store.editions(9) == (LATER, AT_ONCE, FIRST)


def test_pages_of_letters_hold_each_once(store: Store) -> None:
    for edition in (FIRST, AT_ONCE, LATER):
        store.publish(edition)

    assert store.editions(2) == (LATER, AT_ONCE)
    assert store.editions(2, "week-41-fresno") == (FIRST,)
    assert store.editions(2, "week-41") == store.editions(2, "nosuch") == ()


def test_a_name_that_is_taken_is_refused_and_free_again_once_it_is_withdrawn(store: Store) -> None:
    store.publish(FIRST)
    other = replace(FIRST, note="Another.")

    with pytest.raises(StoreError, match="week-41: published already"):
        store.publish(other)
    assert store.edition("week-41") == FIRST

    assert (store.withdraw_edition("week-41"), store.withdraw_edition("week-41")) == (True, False)
    store.publish(other)
    assert store.editions(9) == (other,)


def test_publishing_and_withdrawing_make_kept_answers_old(store: Store) -> None:
    versions = [store.data_version()]
    store.publish(FIRST)
    versions.append(store.data_version())
    store.withdraw_edition("week-41")
    versions.append(store.data_version())

    assert versions == sorted(set(versions))
