"""The ledger of letters on both databases: a letter is settled with the mark of the next, or by itself."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from aggregator.errors import StoreError
from aggregator.store.engine import connect_writing
from aggregator.store.link import Link
from aggregator.store.mailing import Settled, Stage, State, open_mailing, reading
from aggregator.store.mailing.tables import subscriptions

NOW = datetime(2026, 10, 11, 14, tzinfo=UTC)
WEEK = timedelta(days=7)


def subscribe(engine: Engine, *names: str) -> None:
    agreed = {"consent_words": "yes", "consent_at": NOW, "consent_channel": "page", "confirmed_at": NOW}
    usual = {"query": "near=Visalia", "weekday": 6, "hour": 7, "zone": "UTC", "most": 25, "state": "confirmed"}
    with engine.begin() as connection:
        for name in names:
            row = {"address": f"{name}@mail.example", "next_due_at": NOW, **usual, **agreed}
            connection.execute(insert(subscriptions), row)


def test_a_letter_is_settled_with_the_mark_of_the_next_or_by_itself(new_address: Callable[[], str]) -> None:
    with open_mailing(new_address()) as mailing:
        mailing._write(subscribe, "joe", "ann", "eve")
        mailing.queue_due(NOW, lambda _: NOW + WEEK, lambda *_: "2026-W41")
        joe, ann, eve = mailing.claim(NOW, limit=5)
        usual = {"sent": "[]", "expires_at": NOW + WEEK, "now": NOW}
        taken = Settled(delivery=joe, stage=Stage.SENT)

        assert mailing.dot(joe, token=joe.message_key, **usual)  # type: ignore[arg-type]
        assert mailing.dot(ann, token=ann.message_key, before=taken, **usual)  # type: ignore[arg-type]
        assert mailing.stages(NOW) == {Stage.SENT: 1, Stage.DOTTED: 1, Stage.SENDING: 1}
        later = Settled(delivery=ann, stage=Stage.PENDING, reason="put off", next_attempt_at=NOW + timedelta(hours=1))
        mailing.settle(later, NOW)
        mailing.settle(Settled(delivery=eve, stage=Stage.FAILED, reason="bounced"), NOW)

        assert mailing.stages(NOW) == {Stage.SENT: 1, Stage.PENDING: 1, Stage.FAILED: 1}
        numbers = [one.subscription.number for one in (joe, ann, eve)]
        assert mailing.sent_before(numbers) == {numbers[0]: [(NOW, "[]")]}
        assert mailing.claim(NOW, limit=5) == ()
        (again,) = mailing.claim(NOW + timedelta(hours=1), limit=5)
        assert (again.name, again.attempts, again.message_key) == (ann.name, 2, ann.message_key)


def test_a_letter_that_was_stopped_gets_no_mark_and_the_one_before_is_settled(new_address: Callable[[], str]) -> None:
    with open_mailing(new_address()) as mailing:
        mailing._write(subscribe, "joe", "ann")
        mailing.queue_due(NOW, lambda _: NOW + WEEK, lambda *_: "2026-W41")
        joe, ann = mailing.claim(NOW, limit=5)
        usual = {"sent": "[]", "expires_at": NOW + WEEK, "now": NOW}
        mailing.dot(joe, token=joe.message_key, **usual)  # type: ignore[arg-type]
        mailing.stop(ann.subscription.number, NOW)

        taken = Settled(delivery=joe, stage=Stage.SENT)
        assert not mailing.dot(ann, token=ann.message_key, before=taken, **usual)  # type: ignore[arg-type]

        assert mailing.stages(NOW) == {Stage.SENT: 1, Stage.SKIPPED: 1}
        assert mailing.states() == {State.CONFIRMED: 1, State.UNSUBSCRIBED: 1}


def kept(link: Link) -> list[str]:
    return [text for (text,) in link.execute("SELECT text FROM tellings ORDER BY text")]


def test_what_letters_told_is_kept_once_and_only_as_long_as_one_of_them(new_address: Callable[[], str]) -> None:
    with open_mailing(new_address()) as mailing:
        mailing._write(subscribe, "joe", "ann", "eve")
        mailing.queue_due(NOW, lambda _: NOW + WEEK, lambda *_: "2026-W41")
        for one, sent in zip(mailing.claim(NOW, limit=5), ("[1]", "[1]", "[2]"), strict=True):
            assert mailing.dot(one, sent=sent, token=one.message_key, expires_at=NOW + 60 * WEEK, now=NOW)
            mailing.settle(Settled(delivery=one, stage=Stage.SENT), NOW)
        numbers = [one.number for name in ("joe", "ann", "eve") for one in mailing.of_address(f"{name}@mail.example")]

        assert [told for one in mailing.sent_before(numbers).values() for _, told in one] == ["[1]", "[1]", "[2]"]
        mailing.forget_old(NOW)
        assert mailing._read(kept) == ["[1]", "[2]"]
        mailing.erase("eve@mail.example")
        assert mailing._read(kept) == ["[1]"]
        mailing.forget_old(NOW + timedelta(days=401))
        assert mailing._read(kept) == []


def test_of_two_letters_to_one_subscriber_the_second_waits_until_the_first_has_gone(
    new_address: Callable[[], str],
) -> None:
    with open_mailing(new_address()) as mailing:
        mailing._write(subscribe, "joe", "ann")
        for week in ("2026-W41", "2026-W42"):
            mailing.queue_due(NOW, lambda _: NOW, lambda *_, week=week: week)

        first = mailing.claim(NOW, limit=5)
        for one in first:
            mailing.settle(Settled(delivery=one, stage=Stage.SENT), NOW)
        second = mailing.claim(NOW, limit=5)

        assert [{one.period for one in some} for some in (first, second)] == [{"2026-W41"}, {"2026-W42"}]
        assert [len(some) for some in (first, second)] == [2, 2]


@pytest.mark.parametrize("statement", [reading._WAITING, reading._UNKNOWN])
def test_letters_that_are_not_over_are_found_by_the_index(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "store.db"
    open_mailing(str(path)).close()

    with closing(sqlite3.connect(path)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", (0, 1)[: statement.count("?")]).fetchall()

    assert any("USING INDEX deliveries_by_stage (stage=?" in step[-1] for step in plan), plan


def test_what_waits_is_found_in_its_order_however_much_waits_and_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "letters.db"
    with open_mailing(str(path)), closing(sqlite3.connect(path)) as link:
        for statement, values in ((reading._WAITING, (0, 100)), (reading._DUE, (0, 100)), (reading._SENT, ("[1]",))):
            plan = [row[3] for row in link.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            tables = [step for step in plan if " d " in step or " s " in step]
            assert tables, plan
            assert all(step.startswith("SEARCH") for step in tables), plan
            assert statement is reading._SENT or not any("TEMP B-TREE" in step for step in plan), plan


def test_a_file_that_another_writes_is_told_and_the_next_letter_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.store.writing.connect_writing", partial(connect_writing, timeout=0.05))
    path = tmp_path / "letters.db"
    with open_mailing(str(path)) as mailing, closing(sqlite3.connect(path, isolation_level=None)) as other:
        mailing._write(subscribe, "joe")
        mailing.queue_due(NOW, lambda _: NOW + WEEK, lambda *_: "2026-W41")
        (joe,) = mailing.claim(NOW, limit=5)
        usual = {"sent": "[]", "token": "t", "expires_at": NOW + WEEK, "now": NOW}
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"letters\.db: not written: database is locked"):
            mailing.dot(joe, **usual)  # type: ignore[arg-type]
        other.execute("ROLLBACK")

        assert mailing.dot(joe, **usual)  # type: ignore[arg-type]
        assert mailing.stages(NOW) == {Stage.DOTTED: 1}
