"""Organisers and tags by names that are written alike."""

import sqlite3
from collections.abc import Iterator

import pytest

from aggregator.store.alike import labels_alike

LABELS = ("o:elm valley chamber", "o:elmwood library", "o:river hikers", "s:elm_valley", "t:coffee", "t:elm valley")


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE labels (label TEXT, event INTEGER, PRIMARY KEY (label, event)) WITHOUT ROWID")
    made.executemany("INSERT INTO labels VALUES (?, ?)", [(label, event) for label in LABELS for event in range(300)])
    yield made
    made.close()


@pytest.mark.parametrize(
    ("kind", "name", "alike"),
    [
        ("o", "Elm Vally Chamber", ["elm valley chamber"]),
        ("o", "ELM VALLEY CHAMBER", ["elm valley chamber"]),
        ("o", "Rover Hikers", ["river hikers"]),
        ("t", "River Hikers", []),
        ("t", "coffe", ["coffee"]),
        ("t", "zebra", []),
        ("t", "%", []),
    ],
)
def test_a_mistyped_name_finds_those_of_its_kind_that_are_written_alike(
    connection: sqlite3.Connection, kind: str, name: str, alike: list[str]
) -> None:
    assert labels_alike(connection, kind, name) == alike


def test_each_label_is_sought_once_whatever_bears_it(connection: sqlite3.Connection) -> None:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(count, 1)
    labels_alike(connection, "o", "Elm Vally Chamber")
    connection.set_progress_handler(None, 0)

    assert steps < 300
