"""When an event was last seen by any source that tells it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from aggregator.event import Event
from aggregator.store.matching import Standing
from aggregator.store.store import Store


def id_of(store: Store, uid: str) -> str:
    sql = "SELECT id FROM events JOIN listings ON listings.event = events.event WHERE uid = ?"
    return str(store._look_up(lambda link: link.execute(sql, (uid,)).fetchone())[0])


def test_a_complete_run_sees_what_it_does_not_miss(
    store: Store, write: Callable[..., int], event: Callable[..., Event], now: datetime
) -> None:
    write(store, new=(event("a"), event("b")))
    later = now + timedelta(hours=6)
    write(store, unseen=("b",), at=later)
    here, gone = id_of(store, "a"), id_of(store, "b")

    assert store.last_seen([here, gone, "nosuch"]) == {here: later, gone: now}


def test_what_another_source_tells_too_was_seen_when_either_saw_it(
    store: Store, write: Callable[..., int], event: Callable[..., Event], now: datetime
) -> None:
    write(store, new=(event("a"),))
    later = now + timedelta(hours=6)
    write(store, name="library", new=(event("x", source="library", name="Mixer a"),), at=later)
    store.match({"chamber": Standing(), "library": Standing(role="aggregator")}, later)
    merged = {
        one: store.merged_into(one)
        for (one,) in store._look_up(lambda link: link.execute("SELECT id FROM events").fetchall())
    }
    (teller,) = (one for one, into in merged.items() if into is None)

    assert len(merged) == 2
    assert store.last_seen([teller]) == {teller: later}
