"""The schema: one in the migrations and in tables.py, made once however many begin together."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import aggregator.store.mailing.tables  # noqa: F401 - its tables belong to the schema
from aggregator.errors import StoreError
from aggregator.store import open_reader, open_store
from aggregator.store.engine import REVISION, connect_writing, ensure_schema, file_of
from aggregator.store.flags import REGULAR, SOCIABLE
from aggregator.store.mailing import open_mailing
from aggregator.store.migrate import configuration, migrate
from aggregator.store.people import metadata

OPEN = "import sys; from aggregator.store import open_store; open_store(sys.argv[1]).close()"
READ = """
import sys
from aggregator.store import open_reader
open_reader(sys.argv[1]).close()
assert not {"alembic", "sqlalchemy"} & set(sys.modules), "the reading side needs neither"
"""
ROOT = Path(__file__).parents[3]


def test_the_newest_revision_is_the_one_that_is_looked_for() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == REVISION


def test_the_migrations_make_the_tables_that_the_code_knows(template: Path) -> None:
    engine = connect_writing(template)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": lambda _, name, *__: not str(name).startswith("words")}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_processes_that_begin_together_make_one_store(tmp_path: Path) -> None:
    path = tmp_path / "new" / "hobnob.db"

    running = [subprocess.Popen([sys.executable, "-c", OPEN, str(path)], cwd=ROOT) for _ in range(4)]

    assert [process.wait(timeout=60) for process in running] == [0, 0, 0, 0]
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_store_is_made_after_another_that_makes_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "hobnob.db"
    asked = []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def pause(seconds: float) -> None:
            asked.append(seconds)
            other.execute("COMMIT")

        monkeypatch.setattr("aggregator.store.engine.time.sleep", pause)
        ensure_schema(path)

        assert len(asked) == 1
        assert other.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def test_a_reader_imports_neither_alembic_nor_sqlalchemy(template: Path) -> None:
    subprocess.run([sys.executable, "-c", READ, str(template)], cwd=ROOT, check=True, timeout=60)


def test_migrating_twice_is_migrating_once(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(template.read_bytes())
    migrate(path)
    with open_store(str(path)) as store:
        assert store.data_version() == 1


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear reader, this is not a database. " * 100)

    with pytest.raises(StoreError, match=r"letter\.db"):
        open_reader(str(path))


def test_a_store_of_a_newer_hobnob_is_refused(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(template.read_bytes())
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(StoreError, match="9999"):
        open_store(str(path))


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("hobnob.db", "hobnob.db"),
        ("/var/lib/hobnob.db", "/var/lib/hobnob.db"),
        ("sqlite:hobnob.db", "hobnob.db"),
        ("sqlite:///hobnob.db", "hobnob.db"),
        ("sqlite:////var/lib/hobnob.db", "/var/lib/hobnob.db"),
        ("sqlite:///my%20events.db", "my events.db"),
    ],
)
def test_a_file_and_an_address_mean_the_same(address: str, path: str) -> None:
    assert file_of(address) == Path(path)


@pytest.mark.parametrize("address", ["postgresql://localhost/hobnob", "sqlite://", "sqlite:///:memory:"])
def test_an_address_without_a_file_is_refused(address: str) -> None:
    with pytest.raises(StoreError):
        file_of(address)


def test_answers_that_were_made_before_get_what_is_said_of_wheelchairs(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    migrate(path, "0006")
    told = '"name":"Mixer","location":{"name":"Elm Hall"},"kind":"chamber"}'
    nowhere = '"name":"Talk","location":null,"kind":"chamber"}'
    with sqlite3.connect(path) as connection:
        source = ("chamber", "chamber", "ics", "https://a.example", b"", 1, 1, 3600, 0)
        names = "name, kind, platform, url, config_hash, in_catalogue, enabled, every, next_due_at"
        connection.execute(f"INSERT INTO sources ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", source)  # noqa: S608
        for number, text in enumerate((told, nowhere), 1):
            row = (number, f"id{number}", "chamber", "chamber", 0, 0, 0, 0, text.encode(), b"")
            columns = "event, id, source, kind, sequence, first_seen, changed_at, withdrawn, json, vevent"
            connection.execute(f"INSERT INTO events ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
    connection.close()

    migrate(path)

    with sqlite3.connect(path) as connection:
        after = [(text.decode(), hidden) for text, hidden in connection.execute("SELECT json, withheld FROM events")]
    connection.close()
    said = '"location":{"name":"Elm Hall","wheelchairAccessible":null,"accessibilityEvidence":[]}'
    assert after == [(told.replace('"location":{"name":"Elm Hall"}', said), 0), (nowhere, 0)]


def test_series_that_were_stored_before_are_known_as_regular(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    migrate(path, "0008")
    told = {
        "once": '{"source": "a", "uid": "once", "name": "Once", "start_date": "2026-06-02", "time_zone": "UTC"}',
        "weekly": '{"source": "a", "uid": "weekly", "name": "Weekly", "start_date": "2026-06-02", "time_zone": "UTC",'
        ' "rrule": ["FREQ=WEEKLY"], "meeting_people": [{"about": "a", "speaks_for": false, "quote": "b"}]}',
    }
    with sqlite3.connect(path) as old:
        old.execute(
            "INSERT INTO sources (name, kind, platform, url, config_hash, in_catalogue, enabled, every, next_due_at)"
            " VALUES ('a', 'other', 'ics', 'https://a.example/', '', 1, 1, 60, 0)"
        )
        for number, (uid, text) in enumerate(told.items(), 1):
            old.execute(
                "INSERT INTO events (event, id, source, kind, sequence, first_seen, changed_at, withdrawn, json,"
                " vevent) VALUES (?, ?, 'a', 'other', 0, 0, 0, 0, X'226C6F636174696F6E223A6E756C6C7D', X'')",
                (number, uid),
            )
            old.execute(
                "INSERT INTO listings (source, uid, event, told, content_hash, first_seen, last_seen)"
                " VALUES ('a', ?, ?, ?, '', 0, 0)",
                (uid, number, text),
            )
            old.execute("INSERT INTO cells (cell, start, event, end, flags) VALUES (0, 9, ?, 9, 1)", (number,))
    old.close()

    migrate(path)

    with sqlite3.connect(path) as new:
        belongs = new.execute("SELECT id, series, rhythm FROM events ORDER BY event").fetchall()
        sql = f"SELECT c.flags & {REGULAR} <> 0, {SOCIABLE} FROM cells AS c ORDER BY c.event"  # noqa: S608 - ours
        lines = new.execute(sql).fetchall()
    new.close()
    assert belongs == [("once", None, None), ("weekly", "weekly", "weekly")]
    assert lines == [(0, 0), (1, -1)]


def test_what_letters_told_before_is_told_again_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    migrate(path, "0016")
    with sqlite3.connect(path) as old:
        for number, sent in enumerate(("[1]", "[1]", None), 1):
            old.execute(
                "INSERT INTO subscriptions (number, address, query, weekday, hour, zone, most, state, consent_words,"
                " consent_at, consent_channel) VALUES (?, 'a@mail.example', '', 0, 7, 'UTC', 9, 'stopped', '', 0, '')",
                (number,),
            )
            old.execute(
                "INSERT INTO deliveries (subscription, period, stage, due_at, next_attempt_at, message_key, changed_at,"
                " sent) VALUES (?, '2026-W41', 'sent', 0, 0, '', 0, ?)",
                (number, sent),
            )
    old.close()

    migrate(path)

    with open_mailing(str(path)) as mailing:
        told = mailing.sent_before([1, 2, 3])
    with sqlite3.connect(path) as new:
        kept = new.execute("SELECT text FROM tellings").fetchall()
    new.close()
    assert {number: [text for _, text in one] for number, one in told.items()} == {1: ["[1]"], 2: ["[1]"]}
    assert kept == [("[1]",)]
