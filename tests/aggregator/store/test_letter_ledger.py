"""The ledger of letters on both databases: a letter is settled with the mark of the next, or by itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert

from aggregator.store.mailing import Settled, Stage, State, open_mailing
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
        assert [len(mailing.sent_before(one.subscription.number)) for one in (joe, ann, eve)] == [1, 0, 0]
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
