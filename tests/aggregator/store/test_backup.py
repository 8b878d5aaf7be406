"""Backup and restore of a SQLite store: whole or not at all, beside a writer, and never under anybody's feet."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import StoreError
from aggregator.store import open_reader, open_store
from aggregator.store.backup import Backup, back_up, copy_sqlite, look_through, writer_of
from aggregator.store.copying import sums_of
from aggregator.store.engine import REVISION
from aggregator.store.migrate import migrate
from aggregator.store.restore import restore, restore_rows

WRITER = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None) as store:
    for number in range(1_000_000):
        store.execute("BEGIN IMMEDIATE")
        for half in "one", "other":
            told = (f"{number} {half}", "x" * 2000, 0)
            store.execute("INSERT INTO vetoes (words, reason, since) VALUES (?, ?, ?)", told)
        store.execute("COMMIT")
        if number == 0:
            print("writing", flush=True)
"""
"""A program of its own that writes two rows in each transaction, as fast as it can."""

OPENED = """
import sys
from aggregator.store import open_reader
with open_reader(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.read()
"""
"""As `hobnob serve` has it, before anybody asked."""


@contextmanager
def program(code: str, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Runs while the block lasts, which begins when it says something."""
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdout
        assert started.stdout.readline()
        try:
            yield started
        finally:
            started.kill()


def save(store: Path, file: Path, *, is_forced: bool = False) -> Backup:
    return back_up(file, partial(copy_sqlite, store), is_forced=is_forced)


def rows(path: Path, table: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608


@pytest.fixture
def full(template: Path, tmp_path: Path, write: Callable[..., int], event: Callable[..., Any]) -> Path:
    """A closed store with two events of one source."""
    path = Path(shutil.copy(template, tmp_path / "hobnob.db"))
    with open_store(str(path)) as opened:
        write(opened, new=[event("1"), event("2")])
    return path


def test_a_backup_says_what_is_in_it_and_is_readable_by_its_owner_only(full: Path, tmp_path: Path) -> None:
    made = save(full, tmp_path / "backup.db")

    assert made.counts == {"events": 2, "sources": 1, "runs": 1, "subscriptions": 0}
    assert made.revision == REVISION
    assert made.size == (tmp_path / "backup.db").stat().st_size > 0
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600
    assert rows(tmp_path / "backup.db", "listings") == rows(full, "listings")


def test_a_backup_is_one_file_and_leaves_nothing_beside_it(full: Path, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())

    save(full, tmp_path / "backup.db")

    assert set(tmp_path.iterdir()) == {*before, tmp_path / "backup.db"}


def test_twenty_backups_beside_a_writer_are_each_of_one_state(full: Path, tmp_path: Path) -> None:
    numbers = []
    with program(WRITER, full) as writer:
        for number in range(20):
            file = tmp_path / f"{number}.db"
            save(full, file)
            restore(file, tmp_path / f"{number}.restored.db", is_forced=False)
            words = [words for words, _, _ in rows(tmp_path / f"{number}.restored.db", "vetoes")]
            numbers.append(len(words))
            assert rows(file, "vetoes") == rows(tmp_path / f"{number}.restored.db", "vetoes")
            assert sorted(words) == sorted(f"{n} {half}" for n in range(len(words) // 2) for half in ("one", "other"))
        assert writer.poll() is None

    assert numbers == sorted(numbers)
    assert numbers[-1] > numbers[0]


def test_a_file_of_that_name_is_not_replaced_unless_forced(full: Path, tmp_path: Path) -> None:
    (tmp_path / "backup.db").write_text("mine")

    with pytest.raises(StoreError, match="is there already"):
        save(full, tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_text() == "mine"

    assert save(full, tmp_path / "backup.db", is_forced=True).counts["events"] == 2


def test_what_was_not_written_whole_never_bears_the_name(full: Path, tmp_path: Path) -> None:
    def write_half(to: Path) -> None:
        copy_sqlite(full, to)
        with to.open("r+b") as file:
            file.truncate(to.stat().st_size // 2)

    (tmp_path / "backup.db").write_text("the last one")
    before = set(tmp_path.iterdir())

    with pytest.raises(StoreError, match="damaged"):
        back_up(tmp_path / "backup.db", write_half, is_forced=True)

    assert (tmp_path / "backup.db").read_text() == "the last one"
    assert set(tmp_path.iterdir()) == before


def test_the_store_is_not_its_own_backup(full: Path) -> None:
    with pytest.raises(StoreError, match="is the store itself"):
        restore(full, full, is_forced=True)


def test_a_store_that_is_not_there_gives_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store here"):
        save(tmp_path / "hobnob.db", tmp_path / "backup.db")

    assert list(tmp_path.iterdir()) == []


def test_a_restored_store_tells_what_the_old_one_told(full: Path, tmp_path: Path) -> None:
    save(full, tmp_path / "backup.db")

    restored = restore(tmp_path / "backup.db", tmp_path / "new" / "hobnob.db", is_forced=False)

    assert restored.counts == {"events": 2, "sources": 1, "runs": 1, "subscriptions": 0}
    with open_reader(str(full)) as old, open_reader(str(tmp_path / "new" / "hobnob.db")) as new:
        assert new.stored_listings("chamber") == old.stored_listings("chamber")
        assert new.data_version() == old.data_version()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["hobnob.db"]


def test_a_store_that_holds_something_is_replaced_only_when_forced(
    full: Path, tmp_path: Path, template: Path, write: Callable[..., int], event: Callable[..., Any]
) -> None:
    save(full, tmp_path / "backup.db")
    other = Path(shutil.copy(template, tmp_path / "other.db"))
    with open_store(str(other)) as opened:
        write(opened, new=[event("3")])

    with pytest.raises(StoreError, match="holds something"):
        restore(tmp_path / "backup.db", other, is_forced=False)
    assert look_through(other).counts["events"] == 1

    assert restore(tmp_path / "backup.db", other, is_forced=True).counts["events"] == 2
    assert look_through(other).counts["events"] == 2
    assert not list(tmp_path.glob("*.replaced"))


def test_an_empty_store_gives_way(full: Path, tmp_path: Path, template: Path) -> None:
    save(full, tmp_path / "backup.db")
    empty = Path(shutil.copy(template, tmp_path / "empty.db"))

    assert restore(tmp_path / "backup.db", empty, is_forced=False).counts["events"] == 2


@pytest.mark.parametrize("code", [OPENED, WRITER], ids=["who reads", "who writes"])
def test_a_store_that_another_program_has_open_is_left_as_it_is(full: Path, tmp_path: Path, code: str) -> None:
    save(full, tmp_path / "backup.db")
    inode = full.stat().st_ino

    with program(code, full), pytest.raises(StoreError, match="another program has it open"):
        restore(tmp_path / "backup.db", full, is_forced=True)
    assert full.stat().st_ino == inode

    assert restore(tmp_path / "backup.db", full, is_forced=True).counts["events"] == 2


def test_a_damaged_store_is_replaced_when_forced_and_nobody_has_it_open(full: Path, tmp_path: Path) -> None:
    save(full, tmp_path / "backup.db")
    with program(OPENED, full):
        with full.open("r+b") as file:
            file.write(b"\0" * 4096)
        with pytest.raises(StoreError, match="another program has it open"):
            restore(tmp_path / "backup.db", full, is_forced=True)
    with pytest.raises(StoreError, match="is damaged"):
        restore(tmp_path / "backup.db", full, is_forced=False)

    assert restore(tmp_path / "backup.db", full, is_forced=True).counts["events"] == 2
    assert not list(tmp_path.glob("*.replaced"))


def test_what_a_lost_store_left_in_its_journal_does_not_come_back(full: Path, tmp_path: Path) -> None:
    save(full, tmp_path / "backup.db")
    with program(WRITER, full):
        shutil.copy(f"{full}-wal", tmp_path / "kept-wal")
    full.unlink()
    shutil.copy(tmp_path / "kept-wal", f"{full}-wal")

    restore(tmp_path / "backup.db", full, is_forced=False)

    assert rows(full, "vetoes") == []


def test_an_older_backup_is_brought_up_to_date_and_stays_as_it_is(tmp_path: Path) -> None:
    migrate(tmp_path / "old.db", "0003")
    made = save(tmp_path / "old.db", tmp_path / "backup.db")

    restored = restore(tmp_path / "backup.db", tmp_path / "hobnob.db", is_forced=False)

    assert made.revision == look_through(tmp_path / "backup.db").revision == "0003"
    assert "subscriptions" not in made.counts
    assert restored.revision == REVISION
    assert restored.counts == {"events": 0, "sources": 0, "runs": 0, "subscriptions": 0}


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.write_text("no database at all"), "no store of Hobnob"),
        (lambda path: path.write_bytes(b""), "no store of Hobnob"),
        (lambda path: path.unlink(), "no store of Hobnob"),
        (lambda path: change(path, "DROP TABLE alembic_version"), "no store of Hobnob"),
        (lambda path: change(path, "DELETE FROM alembic_version"), "no store of Hobnob"),
        (lambda path: change(path, "UPDATE alembic_version SET version_num = '9999'"), "newer version of Hobnob"),
        (lambda path: os.truncate(path, path.stat().st_size // 2), "damaged"),
    ],
    ids=["text", "nothing", "not there", "another program's", "no revision", "newer", "cut"],
)
def test_what_is_no_good_backup_is_refused_and_the_store_stays(
    full: Path, tmp_path: Path, spoil: Callable[[Path], object], why: str
) -> None:
    save(full, tmp_path / "backup.db")
    spoil(tmp_path / "backup.db")
    before = full.read_bytes()

    with pytest.raises(StoreError, match=why):
        restore(tmp_path / "backup.db", full, is_forced=True)

    assert full.read_bytes() == before


def test_a_store_of_postgresql_is_saved_in_the_same_form_and_put_back_into_an_empty_one(
    new_database: Callable[[], str], write: Callable[..., int], event: Callable[..., Any], tmp_path: Path
) -> None:
    origin, empty = new_database(), new_database()
    with open_store(origin) as store:
        write(store, new=[event("1"), event("2")])
    file = tmp_path / "backup.db"

    saved = back_up(file, writer_of(origin), is_forced=False)
    restored = restore_rows(file, empty)
    moved = restore(file, tmp_path / "hobnob.db", is_forced=False)

    assert saved.counts == restored.counts == moved.counts == {"events": 2, "sources": 1, "runs": 1, "subscriptions": 0}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sums_of(origin) == sums_of(empty) == sums_of(str(tmp_path / "hobnob.db"))
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.db"]
    with pytest.raises(StoreError, match="not empty"):
        restore_rows(file, empty)
