"""Search against an oracle that looks at every date of every event, for random stores and random questions."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from aggregator.event import (
    Event,
    EventAttendanceMode,
    EventStatus,
    GeoCoordinates,
    Kind,
    MeetingLine,
    Offer,
    Organization,
    Place,
    Precision,
    ends_at,
    starts_at,
)
from aggregator.group.group import Group, HowKnown
from aggregator.group.rhythm import Rhythm
from aggregator.place.sphere import metres_between
from aggregator.query import MAX_RADIUS, BoundingBox, Choice, Collapse, Cost, EventQuery, Every, Sort
from aggregator.recurrence import expand
from aggregator.store import Hit, KeptGroup
from aggregator.store.belonging import assign
from aggregator.store.bulk import writing
from aggregator.store.grouping import write_groups
from aggregator.store.matching import read_rows
from aggregator.store.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=8)
ZONES = ("America/Los_Angeles", "Europe/London", "Pacific/Auckland")
KINDS = {"chamber": Kind.CHAMBER, "church": Kind.VOLUNTEER, "town": Kind.CIVIC}
WORDS = ("coffee", "mixer", "breakfast", "hike", "café")
ORGANIZERS = ("Fresno Chamber", "Café Society", "Rotary")
TAGS = ("Networking", "outdoors")
PLACES = (
    *((36.7378, -119.7871), (36.7412, -119.7903), (36.8252, -119.7029), (36.3302, -119.2921), (34.0522, -118.2437)),
    *((-17.7134, 179.9712), (-17.6521, -179.9533), (89.2315, 12.4411), (89.1027, -170.3302), (51.5072, -0.1276)),
)
CENTERS = ((36.74, -119.79), (-17.68, 179.99), (89.6, 100.0), (51.5, -0.12), (0.0, 0.0))
RULES = {"FREQ=WEEKLY;COUNT=4": Every.WEEKLY, "FREQ=DAILY;COUNT=3": Every.OTHER}
SERIES = st.sampled_from(((), (), *((rule,) for rule in RULES)))
GROUPS = {"g1": ("FREQ=WEEKLY;BYDAY=TU", Every.WEEKLY), "g2": ("FREQ=MONTHLY;BYDAY=2TH", Every.MONTHLY)}
LINES = (
    MeetingLine(about="coffee", speaks_for=True, quote="Coffee."),
    MeetingLine(about="", speaks_for=False, quote=""),
)
ASKED_AT = LATER + timedelta(hours=6)


@st.composite
def events(draw: st.DrawFn, uid: str) -> Event:
    zone = draw(st.sampled_from(ZONES))
    minutes = draw(st.integers(-18 * 24 * 60, 25 * 24 * 60))
    start: datetime | date = (NOW + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    length = draw(st.sampled_from((None, 0, 1, 1, 2, 7, 30, 100, 500)))
    end: datetime | date | None = None if length is None else start + timedelta(hours=length)
    if draw(st.booleans()) and draw(st.booleans()):
        start = start.date()
        end = None if end is None else end.date()
    at = draw(st.sampled_from((*PLACES, None)))
    geo = at and GeoCoordinates(latitude=at[0], longitude=at[1])
    prices = draw(st.lists(st.sampled_from((None, Decimal(0), Decimal(15))), max_size=2))
    organizer = draw(st.sampled_from((*ORGANIZERS, None)))
    return Event(
        source=draw(st.sampled_from(tuple(KINDS))),
        uid=uid,
        name=" ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))),
        start_date=start,
        end_date=end,
        time_zone=zone,
        location=Place(geo=geo, precision=Precision.ROOFTOP if geo else Precision.NONE),
        virtual_location=draw(st.sampled_from((None, "https://video.example/1"))),
        organizer=organizer and Organization(name=organizer),
        keywords=tuple(draw(st.sets(st.sampled_from(TAGS)))),
        event_status=draw(st.sampled_from(EventStatus)),
        event_attendance_mode=draw(st.sampled_from((None, None, *EventAttendanceMode))),
        is_accessible_for_free=draw(st.sampled_from((None, None, True, False))),
        offers=tuple(Offer(price=price) for price in prices),
        meeting_people=tuple(draw(st.lists(st.sampled_from(LINES), max_size=3))),
        rrule=draw(SERIES),
    )


def choices(values: tuple[Any, ...]) -> st.SearchStrategy[Choice[Any]]:
    some = st.frozensets(st.sampled_from(values), max_size=2)
    nothing = st.just(frozenset[Any]())
    return st.builds(Choice, any_of=st.one_of(nothing, some), none_of=st.one_of(nothing, nothing, some))


def subsets(values: Any) -> st.SearchStrategy[frozenset[Any]]:
    return st.one_of(st.just(frozenset()), st.just(frozenset()), st.frozensets(st.sampled_from(values), max_size=4))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), strategy)


moments = st.integers(-20 * 24, 40 * 24).map(lambda hours: NOW + timedelta(hours=hours))
clocks = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
boxes = st.sampled_from(
    (
        BoundingBox(west=-120, south=36, east=-119, north=37),
        BoundingBox(west=179, south=-18, east=-179, north=-17),
        BoundingBox(west=-180, south=-90, east=180, north=90),
        BoundingBox(west=-150, south=-20, east=170, north=60),
        BoundingBox(west=10, south=80, east=20, north=90),
    )
)


@st.composite
def queries(draw: st.DrawFn) -> EventQuery:
    start = draw(moments)
    center = draw(st.one_of(st.none(), st.sampled_from(CENTERS)))
    return EventQuery(
        start=start,
        end=start + timedelta(hours=draw(st.integers(1, 24 * 40))),
        center=center and GeoCoordinates(latitude=center[0], longitude=center[1]),
        within=draw(st.sampled_from((1000.0, 5_000.0, 40_000.0, 200_000.0, MAX_RADIUS))) if center else None,
        nearest=draw(maybe(st.integers(1, 6))) if center else None,
        bbox=draw(maybe(boxes)),
        starts_after=draw(maybe(moments)),
        starts_before=draw(maybe(moments)),
        weekdays=draw(subsets(range(7))),
        time_from=draw(maybe(clocks)),
        time_to=draw(maybe(clocks)),
        kind=draw(choices(tuple(Kind))),
        org=draw(choices(("fresno chamber", "CAFE society", "Nobody"))),
        source=draw(choices(tuple(KINDS))),
        tag=draw(choices(("networking", "OUTDOORS"))),
        words=draw(maybe(st.sampled_from(("mixer", "cafe hike", '"coffee mixer"', "breakfast coffee", "rotary")))),
        attendance=draw(subsets(EventAttendanceMode)),
        cost=draw(subsets(Cost)),
        status=draw(subsets(EventStatus)),
        regular=draw(maybe(st.booleans())),
        rhythm=draw(subsets(Every)),
        confirmed_within=draw(maybe(st.sampled_from((timedelta(hours=1), timedelta(hours=3), timedelta(hours=8))))),
        asked_at=ASKED_AT,
        collapse=draw(st.sampled_from(Collapse)),
        updated_since=draw(maybe(st.sampled_from((NOW, NOW + timedelta(hours=1), LATER + timedelta(hours=1))))),
        sort=draw(st.sampled_from(Sort if center else (Sort.START, Sort.FIRST_SEEN, Sort.SOCIABLE))),
        limit=draw(st.integers(1, 7)),
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event in the store: its id, when it was first told, whether it is withdrawn, and its group."""

    event: Event
    id: str
    seen_at: datetime
    withdrawn: bool
    group: str | None

    @property
    def series(self) -> str | None:
        return self.group or (self.id if self.event.rrule else None)

    @property
    def rhythm(self) -> Every | None:
        return GROUPS[self.group][1] if self.group else RULES[self.event.rrule[0]] if self.event.rrule else None

    @property
    def confirmed_at(self) -> datetime:
        return LATER if self.withdrawn else LATER + timedelta(hours=4)

    @property
    def lines(self) -> int:
        return sum(1 if line.speaks_for else -1 for line in self.event.meeting_people)


def plain(text: str) -> str:
    return text.replace("é", "e").lower()


def allows(choice: Choice[Any], values: set[Any]) -> bool:
    return not (values & choice.none_of) and (not choice.any_of or bool(values & choice.any_of))


def cost(event: Event) -> Cost:
    if event.is_accessible_for_free is not None:
        return Cost.FREE if event.is_accessible_for_free else Cost.PAID
    prices = [offer.price for offer in event.offers]
    if any(price for price in prices):
        return Cost.PAID
    return Cost.FREE if prices and None not in prices else Cost.UNKNOWN


def attendance(event: Event) -> EventAttendanceMode:
    if event.event_attendance_mode:
        return event.event_attendance_mode
    only_virtual = event.virtual_location is not None and event.location.geo is None
    online = only_virtual or event.event_status is EventStatus.MOVED_ONLINE
    return EventAttendanceMode.ONLINE if online else EventAttendanceMode.OFFLINE


def has_words(event: Event, words: str) -> bool:
    organizer = event.organizer.name if event.organizer else ""
    fields = [f" {plain(text)} " for text in (event.name, organizer)]
    wanted = [words.strip('"')] if words.startswith('"') else words.split()
    return all(any(f" {word} " in field for field in fields) for word in wanted)


def in_box(box: BoundingBox, geo: GeoCoordinates) -> bool:
    if not box.south <= geo.latitude <= box.north:
        return False
    if box.west <= box.east:
        return box.west <= geo.longitude <= box.east
    return geo.longitude >= box.west or geo.longitude <= box.east


def in_place(query: EventQuery, event: Event) -> bool:
    geo = event.location.geo
    if query.center and (geo is None or metres_between(query.center, geo) > radius(query)):
        return False
    return query.bbox is None or (geo is not None and in_box(query.bbox, geo))


def radius(query: EventQuery) -> float:
    return MAX_RADIUS if query.nearest else query.within or MAX_RADIUS


def chosen(query: EventQuery, told: Told) -> bool:
    event = told.event
    changed_at = LATER + timedelta(hours=4) if told.withdrawn else told.seen_at
    if told.withdrawn and query.updated_since is None:
        return False
    return (
        (query.updated_since is None or changed_at >= query.updated_since)
        and allows(query.kind, {KINDS[event.source]})
        and allows(query.source, {event.source})
        and allows(folded(query.org), {plain(event.organizer.name)} if event.organizer else set())
        and allows(folded(query.tag), {plain(keyword) for keyword in event.keywords})
        and (query.words is None or has_words(event, query.words))
        and (not query.cost or cost(event) in query.cost)
        and (not query.attendance or attendance(event) in query.attendance)
        and (not query.status or event.event_status in query.status)
        and (query.regular is None or query.regular == (told.series is not None))
        and (not query.rhythm or told.rhythm in query.rhythm)
        and (query.confirmed_within is None or told.confirmed_at >= ASKED_AT - query.confirmed_within)
    )


def folded(choice: Choice[str]) -> Choice[str]:
    return Choice(any_of=frozenset(map(plain, choice.any_of)), none_of=frozenset(map(plain, choice.none_of)))


def at_right_time(query: EventQuery, start: datetime, end: datetime, local: datetime | date) -> bool:
    if not (start < query.end and (start >= query.start or end > query.start)):
        return False
    if (query.starts_after and start < query.starts_after) or (query.starts_before and start >= query.starts_before):
        return False
    if query.weekdays and local.weekday() not in query.weekdays:
        return False
    return in_hours(query, local)


def in_hours(query: EventQuery, local: datetime | date) -> bool:
    if query.time_from is None and query.time_to is None:
        return True
    if not isinstance(local, datetime):
        return False
    clock = local.time().replace(second=0)
    after = query.time_from is None or clock >= query.time_from
    before = query.time_to in (None, time(0)) or clock < query.time_to
    passes_midnight = (
        query.time_from and query.time_to and query.time_to != time(0) and query.time_from >= query.time_to
    )
    return (after or before) if passes_midnight else (after and before)


def answer_by_looking_at_all(query: EventQuery, store: list[Told]) -> list[tuple[str, int]]:
    found = []
    for told in store:
        event = told.event
        if not (chosen(query, told) and in_place(query, event)):
            continue
        for date_ in expand(event, NOW - timedelta(days=30), NOW + timedelta(days=400)):
            start = starts_at(date_.start, event.time_zone)
            end = ends_at(date_.start, date_.end, event.time_zone)
            if at_right_time(query, start, end, date_.start):
                geo = event.location.geo
                distance = metres_between(query.center, geo) if query.center and geo else 0.0
                found.append((round(distance, 3), int(start.timestamp()), told))
    if query.collapse is Collapse.SERIES:
        found = once_for_each_series(found)
    if query.nearest:
        found = sorted(found, key=lambda hit: (hit[0], hit[1], hit[2].id))[: query.nearest]
    keys: dict[Sort, Callable[[Any], Any]] = {
        Sort.START: lambda hit: (hit[1], hit[2].id),
        Sort.DISTANCE: lambda hit: (hit[0], hit[1], hit[2].id),
        Sort.FIRST_SEEN: lambda hit: (-hit[2].seen_at.timestamp(), hit[2].id, hit[1]),
        Sort.SOCIABLE: lambda hit: (hit[1], -hit[2].lines, hit[2].id),
    }
    return [(told.id, start) for _, start, told in sorted(found, key=keys[query.sort])]


def once_for_each_series(found: list[tuple[float, int, Told]]) -> list[tuple[float, int, Told]]:
    first: dict[object, tuple[float, int, Told]] = {}
    for place, hit in enumerate(sorted(found, key=lambda hit: (hit[1], hit[2].id))):
        first.setdefault(hit[2].series or place, hit)
    return list(first.values())


async def all_pages(store: Store, query: EventQuery) -> list[Hit]:
    hits: list[Hit] = []
    while True:
        answer = await store.search(query)
        assert len(answer.hits) <= query.limit
        hits += answer.hits
        if answer.next is None:
            return hits
        assert len(answer.hits) == query.limit
        query = replace(query, cursor=answer.next)


def fill(
    store: Store, write: Callable[..., int], happenings: list[Event], groups: tuple[str | None, ...]
) -> list[Told]:
    """A third is told later, and of the first told each fourth is withdrawn. What is withdrawn is in no group."""
    early, late = happenings[len(happenings) // 3 :], happenings[: len(happenings) // 3]
    gone = {event.uid for event in early[::4]}
    for at, batch in ((NOW, early), (LATER, late)):
        for source, kind in KINDS.items():
            write(store, name=source, kind=kind, at=at, new=tuple(e for e in batch if e.source == source))
    for source in KINDS:
        uids = tuple(event.uid for event in early if event.source == source and event.uid in gone)
        write(store, name=source, at=LATER + timedelta(hours=4), unseen=uids, withdrawn=uids)
    of_group = {event.uid: group for event, group in zip(happenings, groups, strict=False) if event.uid not in gone}
    gather(store, happenings, of_group)
    ids = dict(
        store._look_up(lambda link: link.execute("SELECT uid, id FROM listings JOIN events USING (event)").fetchall())
    )
    return [
        Told(
            event=event,
            id=ids[event.uid],
            seen_at=NOW if event in early else LATER,
            withdrawn=event.uid in gone,
            group=of_group.get(event.uid),
        )
        for event in happenings
    ]


def gather(store: Store, happenings: list[Event], of_group: dict[str, str | None]) -> None:
    """Groups of the first source's name, whatever their listings are."""
    kept = [
        KeptGroup(
            group=Group(
                id=group,
                name=group,
                time_zone="UTC",
                rhythm=Rhythm(rrules=(rule,), since=NOW.date()),
                how_known=HowKnown.INFERRED,
                first_seen=NOW,
                last_seen=NOW,
                last_confirmed=NOW,
                listings=tuple((event.source, event.uid) for event in happenings if of_group.get(event.uid) == group),
            ),
            kind=Kind.CHAMBER,
            source="chamber",
        )
        for group, (rule, _) in GROUPS.items()
    ]
    store._write(write_groups, "chamber", [], kept)
    store._write(assign_all)


def assign_all(engine: Engine) -> None:
    with writing(engine) as connection:
        rows = read_rows(connection)
    assign(engine, rows)


STORES = st.integers(1, 25).flatmap(lambda count: st.tuples(*(events(f"uid-{n}") for n in range(count))))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    happenings=STORES,
    groups=st.tuples(*(st.sampled_from((None, None, *GROUPS)) for _ in range(25))),
    asked=st.lists(queries(), min_size=15, max_size=15),
)
def test_search_finds_what_looking_at_every_date_finds(
    new_store: Callable[[], Store],
    write: Callable[..., int],
    happenings: tuple[Event, ...],
    groups: tuple[str | None, ...],
    asked: list[EventQuery],
) -> None:
    store = new_store()
    told = fill(store, write, list(happenings), groups)
    for query in asked:
        hits = asyncio.run(all_pages(store, query))
        expected = answer_by_looking_at_all(query, told)
        assert [(hit.id, hit.start) for hit in hits] == expected
        assert asyncio.run(store.total(query)) == len(expected)
    store.close()
