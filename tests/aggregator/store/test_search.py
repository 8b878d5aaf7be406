"""What the oracle does not look at: spans, hints, streams, unplaced events, hostile words, busy files."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

import pytest

from aggregator.errors import QueryError, StoreError
from aggregator.event import Event, EventAttendanceMode, GeoCoordinates, Place, Precision
from aggregator.query import BoundingBox, EventQuery, Sort
from aggregator.store import TOTAL_CAP, Answer, Hit
from aggregator.store.engine import connect_writing
from aggregator.store.store import Store
from aggregator.store.view import View

OAKHURST = Place(geo=GeoCoordinates(latitude=37.3280, longitude=-119.6493), precision=Precision.TOWN)


@pytest.fixture
def query(now: datetime, fresno: GeoCoordinates) -> EventQuery:
    return EventQuery(start=now, end=now + timedelta(days=30), center=fresno, within=20_000)


def search(store: Store, query: EventQuery) -> Answer:
    return asyncio.run(store.search(query))


def names(answer: Answer) -> list[bytes]:
    return [hit.json.split(b'"name":"', 1)[1].split(b'"')[0] for hit in answer.hits]


@pytest.mark.parametrize("hours", [1, 6, 7, 24, 47, 49, 300, 400, 2000])
def test_what_began_before_the_window_and_still_runs_is_found(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery, hours: int
) -> None:
    start = query.start + timedelta(minutes=30) - timedelta(hours=hours)
    write(store, new=(event("a", start_date=start, end_date=start + timedelta(hours=hours)),))
    after = replace(query, start=query.start + timedelta(minutes=30))

    assert len(search(store, query).hits) == 1
    assert search(store, after).hits == ()


def test_events_without_a_place_are_counted_on_the_first_page(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    online = EventAttendanceMode.ONLINE
    write(
        store,
        new=(
            *(event(f"here{number}") for number in range(3)),
            event("weekly", location=Place(), rrule=("FREQ=WEEKLY",)),
            event("hall", location=Place(name="Town hall")),
            event("video", location=Place(), event_attendance_mode=online),
            event("later", days=90, location=Place(name="Town hall")),
        ),
    )

    first = search(store, replace(query, limit=2))
    assert first.unplaced == 2
    assert search(store, replace(query, limit=2, cursor=first.next)).unplaced is None
    assert search(store, replace(query, words="weekly")).unplaced == 1
    everywhere = search(store, replace(query, center=None, within=None))
    assert everywhere.unplaced is None
    assert len(everywhere.hits) == 3 + 4 + 1 + 1


def test_an_empty_answer_says_what_is_further_away_and_later(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    write(store, new=(event("near", days=40), event("far", days=3, location=OAKHURST), event("farther", days=50)))

    hints = asyncio.run(store.nearest_hint(query))

    assert search(store, query).hits == ()
    assert hints.nearest is not None
    assert hints.nearest.distance == pytest.approx(66_800, abs=200)
    assert hints.next is not None
    assert hints.next.start_text.startswith("2026-07-11")


def test_there_is_no_hint_where_there_is_nothing(store: Store, query: EventQuery) -> None:
    assert asyncio.run(store.nearest_hint(query)) == (None, None)


def test_a_stream_gives_all_pages_up_to_its_limit(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    write(store, new=(event("daily", rrule=("FREQ=DAILY",)), event("twice", rrule=("FREQ=DAILY;COUNT=60",))))
    year = replace(query, end=query.start + timedelta(days=365))

    async def stream(limit: int) -> list[Hit]:
        return [hit async for hit in store.stream(year, limit)]

    every = asyncio.run(stream(10_000))
    assert len(every) == asyncio.run(store.total(year)) > 400
    assert asyncio.run(stream(250)) == every[:250]


def test_a_total_goes_no_further_than_its_cap(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    write(store, new=tuple(event(str(number), rrule=("FREQ=DAILY",)) for number in range(40)))

    assert asyncio.run(store.total(query)) == TOTAL_CAP + 1
    assert asyncio.run(store.total(replace(query, end=query.start + timedelta(days=10)))) == 40 * 8


def test_an_event_is_had_by_its_id_with_its_next_dates(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery, now: datetime
) -> None:
    write(store, new=(event("weekly", rrule=("FREQ=WEEKLY;COUNT=5",)),))
    first = search(store, query).hits[0]

    def dates(days: int) -> list[str]:
        return [
            hit.start_text[:10] for hit in asyncio.run(store.event(first.id, now=now + timedelta(days=days), limit=2))
        ]

    assert dates(0) == ["2026-06-03", "2026-06-10"]
    assert dates(20) == ["2026-06-24", "2026-07-01"]
    assert dates(200) == ["2026-07-01"]
    assert asyncio.run(store.event("nobody", now=now)) == ()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        *[
            (words, 0)
            for words in ("a AND", "-x", "name:mixer", "NEAR(a b)", "mixer OR x", "'; DROP TABLE", "mixer" * 99)
        ],
        *[(words, 1) for words in ("MIXER", "mixer)", "^mixer", "mixer*", '"mixer a', '"mixer a"', "mixer !! ...")],
    ],
)
def test_words_are_words_whatever_they_look_like(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery, words: str, found: int
) -> None:
    write(store, new=(event("a"),))

    assert len(search(store, replace(query, words=words)).hits) == found


@pytest.mark.parametrize("words", ["", " ", '"', "*", "!!! ...", "\x00", "\u0301"])
def test_what_holds_no_word_is_refused(store: Store, query: EventQuery, words: str) -> None:
    with pytest.raises(QueryError, match="no word"):
        search(store, replace(query, words=words))


def test_the_ninth_word_is_not_looked_for(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    write(store, new=(event("a", name="one two three four five six seven eight"),))

    assert search(store, replace(query, words="one two three four five six seven eight nine")).hits
    assert not search(store, replace(query, words="one two three four five six seven nine")).hits


def test_a_common_word_and_a_rare_one_find_the_same_as_apart(
    store: Store,
    event: Callable[..., Event],
    write: Callable[..., int],
    query: EventQuery,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(store, new=tuple(event(str(n), 1 + n % 20, name=f"Mixer {'rare' if n % 9 == 0 else ''}") for n in range(90)))
    answers = []
    for few, many in ((1000, 1000), (0, 1000), (0, 0)):
        monkeypatch.setattr("aggregator.store.plan.FEW", few)
        monkeypatch.setattr("aggregator.store.plan.MANY", many)
        answers.append([hit.id for hit in search(store, replace(query, words="rare mixer")).hits])

    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == 10


@pytest.mark.parametrize("limits", [(0, 10**9), (10**9, 10**9), (0, -1)])
@pytest.mark.parametrize("sort", [Sort.START, Sort.FIRST_SEEN])
def test_every_plan_gives_the_same_answer(
    store: Store,
    event: Callable[..., Event],
    write: Callable[..., int],
    query: EventQuery,
    monkeypatch: pytest.MonkeyPatch,
    limits: tuple[int, int],
    sort: Sort,
) -> None:
    places = [event("x").location, OAKHURST]
    write(
        store,
        new=tuple(event(str(n), 1 + n % 25, location=places[n % 2], rrule=("FREQ=WEEKLY;COUNT=2",)) for n in range(60)),
    )
    usual = [(hit.id, hit.start) for hit in search(store, replace(query, sort=sort, limit=200)).hits]

    monkeypatch.setattr("aggregator.store.plan.DENSE", limits[0])
    monkeypatch.setattr("aggregator.store.plan._WALKABLE", limits[1])

    assert [(hit.id, hit.start) for hit in search(store, replace(query, sort=sort, limit=200)).hits] == usual
    assert len(usual) > 30


@pytest.mark.parametrize("asked", [{"sort": Sort.DISTANCE}, {"nearest": 3}])
def test_the_nearest_need_a_place(store: Store, query: EventQuery, asked: dict[str, object]) -> None:
    with pytest.raises(QueryError, match="place"):
        search(store, replace(query, center=None, within=None, **asked))


def test_the_nearest_come_in_order_of_start_and_page_like_others(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    def at(north: float) -> Place:
        return Place(geo=GeoCoordinates(latitude=36.7378 + north, longitude=-119.7871), precision=Precision.STREET)

    write(store, new=tuple(event(str(number), 10 - number, location=at(number / 2)) for number in range(9)))
    nearest = replace(query, nearest=4, limit=3)

    first = search(store, nearest)
    second = search(store, replace(nearest, cursor=first.next))

    assert names(first) + names(second) == [b"Mixer 3", b"Mixer 2", b"Mixer 1", b"Mixer 0"]
    assert second.next is None
    assert names(search(store, replace(nearest, sort=Sort.DISTANCE))) == [b"Mixer 0", b"Mixer 1", b"Mixer 2"]


def test_a_box_over_the_antimeridian_holds_both_sides(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    for number, longitude in enumerate((179.9, -179.9, 170.0, 0.0)):
        geo = GeoCoordinates(latitude=-17.7, longitude=longitude)
        write(store, new=(event(str(number), location=Place(geo=geo, precision=Precision.TOWN)),))
    box = BoundingBox(west=179, south=-18, east=-179, north=-17)

    assert names(search(store, replace(query, center=None, within=None, bbox=box))) == [b"Mixer 0", b"Mixer 1"]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ((17, 0), None, ["17:00", "23:30"]),
        (None, (17, 0), ["00:30", "08:00"]),
        ((8, 0), (17, 0), ["08:00"]),
        ((17, 0), (0, 0), ["17:00", "23:30"]),
        ((22, 0), (5, 0), ["00:30", "23:30"]),
        ((9, 0), (9, 0), ["00:30", "08:00", "17:00", "23:30"]),
    ],
)
def test_hours_are_the_venue_s_and_may_pass_midnight(
    store: Store,
    event: Callable[..., Event],
    write: Callable[..., int],
    query: EventQuery,
    first: tuple[int, int] | None,
    last: tuple[int, int] | None,
    found: list[str],
) -> None:
    day = event("x").start_date
    assert isinstance(day, datetime)
    starts = [day.replace(hour=hour, minute=minute) for hour, minute in ((0, 30), (8, 0), (17, 0), (23, 30))]
    all_day = event("all", start_date=day.date(), end_date=None)
    write(store, new=(all_day, *(event(str(n), start_date=start, end_date=None) for n, start in enumerate(starts))))

    asked = replace(query, time_from=first and time(*first), time_to=last and time(*last))

    assert [hit.start_text[11:16] for hit in search(store, asked).hits] == found


def test_a_search_sees_one_state_of_the_store(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    write(store, new=(event("a"),))
    before = search(store, query)

    def count_twice(view: View) -> list[int]:
        first = view.connection.execute("SELECT count(*) FROM events").fetchone()
        write(store, new=(event("b"),))
        return [*first, *view.connection.execute("SELECT count(*) FROM events").fetchone()]

    assert asyncio.run(store._search(count_twice)) == [1, 1]

    assert (len(before.hits), before.data_version) == (1, 2)
    after = search(store, query)
    assert (len(after.hits), after.data_version) == (2, 3)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_locked_file_is_read_and_a_write_waits_then_fails(
    store: Store,
    event: Callable[..., Event],
    write: Callable[..., int],
    query: EventQuery,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(store, new=(event("a"),))
    monkeypatch.setattr("aggregator.store.writing.connect_writing", partial(connect_writing, timeout=0.05))
    with Store(store._address) as impatient, closing(sqlite3.connect(store._address, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(search(store, query).hits) == 1
        with pytest.raises(StoreError, match="locked"):
            impatient.roll_forward(query.start + timedelta(days=90))
        other.execute("ROLLBACK")
        assert impatient.roll_forward(query.start + timedelta(days=90)) == 1
