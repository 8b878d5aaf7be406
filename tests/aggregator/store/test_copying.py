"""A store that moves from one database to the other, and back."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.correct import Field, Patch
from aggregator.errors import StoreError
from aggregator.event import Event
from aggregator.query import EventQuery
from aggregator.store import open_store
from aggregator.store.copying import copy_store, sums_of
from aggregator.store.correcting import Correction
from aggregator.store.mailing import Consent, Wish, open_mailing
from aggregator.store.store import Store


@pytest.fixture
def target(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> str:
    """An empty store on the other database."""
    if database == "postgresql":
        return str(tmp_path / "copy.db")
    make: Callable[[], str] = request.getfixturevalue("new_database")
    return make()


@pytest.fixture
def full(store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime) -> Store:
    """Something of each kind: events, series, changes, a correction, a subscriber."""
    write(store, new=tuple(event(f"e{n}", name=f"Cafè {n}", description="Bring a friend’s.") for n in range(2100)))
    write(store, name="library", new=(event("s", source="library", rrule=("FREQ=WEEKLY",)),))
    (hit, *_) = asyncio.run(store.search(EventQuery(start=now, end=now + timedelta(days=9)))).hits
    told = {"field": Field.NAME, "value": "Gala", "patch": Patch(name="Gala"), "why": "it rang", "by": "an editor"}
    store.correct(str(hit.id), Correction(**told), now)
    wish = Wish(address="a@elm.example", query="near=Fresno", weekday=6, hour=7, zone="UTC", most=9)
    consent = Consent(words="Yes", at=now, channel="page")
    with open_mailing(store._address) as mailing:
        mailing.ask(wish, consent, mailbox="a@elm.example", sender="1", now=now)
    return store


def test_a_copy_holds_the_same_rows_and_finds_the_same(full: Store, target: str, now: datetime) -> None:
    query = EventQuery(start=now, end=now + timedelta(days=40), words='"cafe 1"')
    reported: list[tuple[str, int]] = []

    sent = copy_store(full._address, target, lambda *told: reported.append(told))

    assert sums_of(target) == sent == sums_of(full._address)
    assert sent["events"].rows == sum(rows for table, rows in reported if table == "events") == 2101
    assert sent["subscriptions"].rows == sent["corrections"].rows == 1
    with open_store(target) as copied:
        assert asyncio.run(copied.search(query)).hits == asyncio.run(full.search(query)).hits != ()


def test_a_copy_goes_on_where_the_origin_stood(
    full: Store, target: str, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    copy_store(full._address, target)

    with open_store(target) as copied:
        runs = [write(store, new=(event("later"),), at=now) for store in (full, copied)]
        assert runs[0] == runs[1]
        assert full.news_bounds() == copied.news_bounds()


def test_nothing_is_copied_over_what_is_there(
    full: Store, target: str, event: Callable[..., Event], write: Callable[..., int]
) -> None:
    with open_store(target) as other:
        write(other, new=(event("own"),))
    before = sums_of(target)

    with pytest.raises(StoreError, match="not empty"):
        copy_store(full._address, target)

    assert sums_of(target) == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_arrives_otherwise_is_told(full: Store, target: str) -> None:
    open_store(target).close()
    with closing(sqlite3.connect(target, isolation_level=None)) as other:
        other.execute("CREATE TRIGGER spoil AFTER INSERT ON texts BEGIN UPDATE texts SET place = 'spoilt'; END")

    with pytest.raises(StoreError, match="texts: what arrived is not what was sent"):
        copy_store(full._address, target)
