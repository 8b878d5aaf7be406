"""Event -> rows of the store; pure. Rows are in the order of their tables' columns, times as plain numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from secrets import token_bytes
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from aggregator.event import Event, GeoCoordinates, Kind, Occurrence, When, ends_at, starts_at
from aggregator.group.rhythm import how_often
from aggregator.place.sphere import unit_vector
from aggregator.query import Every
from aggregator.reading.text import fold
from aggregator.render import Rendered, render
from aggregator.store.flags import flags_of, weekday_flag
from aggregator.store.grid import cells_of, in_span, span_of
from aggregator.store.instants import to_number, to_second

Row = tuple[object, ...]
CellKey = tuple[int, int, int]

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Base 32 without i, l, o, u, in the order of ASCII."""

ORGANIZER, SOURCE, TAG = "o:", "s:", "t:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An event as it is to stand in the store; `number` and `id` are its own for ever.

    `merged_into` is the id of the event that tells it, where another does; `members` is JSON of the listings that this
    one tells beside its own; `sources` are theirs. Nothing leads to one that is `withheld`. `series` and `rhythm` are
    those of the regular group that it is a date of.
    """

    event: Event
    kind: Kind
    number: int
    id: str
    sequence: int
    first_seen: datetime
    changed_at: datetime
    withdrawn: bool
    merged_into: str | None = None
    members: str | None = None
    sources: tuple[str, ...] = ()
    withheld: bool = False
    series: str | None = None
    rhythm: Every | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether only who asks for changes is told of it."""
        return self.withdrawn or self.merged_into is not None


def telling_of(row: Any, event: Event, kind: Kind) -> Telling:
    """As its row of `events` says, but for the words of others and whether it is withheld."""
    return Telling(
        event=event,
        kind=kind,
        number=row.event,
        id=row.id,
        sequence=row.sequence,
        first_seen=row.first_seen,
        changed_at=row.changed_at,
        withdrawn=row.withdrawn,
        merged_into=row.merged_into,
        series=row.series,
        rhythm=row.rhythm and Every(row.rhythm),
    )


def with_rhythm(telling: Telling) -> Telling:
    """A series is regular from the first; what is no longer one is so no longer. Groups are found later."""
    if telling.event.is_series == (telling.series is not None) or telling.series not in (None, telling.id):
        return telling
    is_series = telling.event.is_series
    return replace(
        telling,
        series=telling.id if is_series else None,
        rhythm=how_often(telling.event.rrule) if is_series else None,
    )


class Date(NamedTuple):
    """One occurrence in numbers; `weekday` (a flag) and `clock` (minute of the day, None: all day) are local."""

    start: int
    end: int
    span: int
    occurrence: int
    start_text: str
    end_text: str | None
    is_all_day: bool
    weekday: int
    clock: int | None


def new_id(number: int) -> str:
    """15 url-safe characters. They order as the numbers do, so that "by start, then id" is also the index's order;
    eight of them are random, so that nobody can guess another."""
    bits = number << 40 | int.from_bytes(token_bytes(5))
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(70, -1, -5))


def number_of(event_id: str) -> int:
    """The number that an id was made of; ValueError for what `new_id` never makes."""
    if len(event_id) != 15 or not set(event_id) <= set(_ALPHABET):
        raise ValueError(f"“{event_id}” is no id of an event")
    return reduce(lambda bits, letter: bits << 5 | _ALPHABET.index(letter), event_id, 0) >> 40


def dates_of(event: Event, occurrences: Iterable[Occurrence]) -> list[Date]:
    """The occurrences in numbers; of two at one start the first."""
    zone = ZoneInfo(event.time_zone)
    dates: dict[int, Date] = {}
    for occurrence in occurrences:
        date = _date(occurrence, zone, event.is_series)
        dates.setdefault(date.start, date)
    return list(dates.values())


def _date(occurrence: Occurrence, zone: ZoneInfo, of_series: bool) -> Date:
    start, end = occurrence.start, occurrence.end
    if isinstance(start, datetime):
        start = start.astimezone(zone)
        end = end.astimezone(zone) if isinstance(end, datetime) else None
        first, clock = to_second(start), start.hour * 60 + start.minute
        last = to_second(end) if end else first
    else:
        first, clock = to_second(starts_at(start, zone.key)), None
        last = to_second(ends_at(start, end, zone.key))
    last = max(first, last)
    return Date(
        start=first,
        end=last,
        span=span_of(first, last),
        occurrence=first if of_series else 0,
        start_text=_text(start),
        end_text=None if end is None else _text(end),
        is_all_day=clock is None,
        weekday=weekday_flag(start.weekday()),
        clock=clock,
    )


def _text(when: When) -> str:
    return when.isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()


def render_telling(telling: Telling) -> Rendered:
    """What answers show of it."""
    return render(
        telling.event,
        id=telling.id,
        sequence=telling.sequence,
        first_seen=telling.first_seen,
        changed_at=telling.changed_at,
        kind=telling.kind,
        withdrawn=telling.withdrawn,
        merged_into=telling.merged_into,
    )


def event_row(telling: Telling, expanded_to: datetime | None) -> Row:
    """The row of `events`; rendering is done here, once."""
    event, geo, rendered = telling.event, telling.event.location.geo, render_telling(telling)
    return (
        telling.number,
        telling.id,
        event.source,
        telling.kind.value,
        event.organizer.name if event.organizer else None,
        telling.sequence,
        to_number(telling.first_seen),
        to_number(telling.changed_at),
        telling.withdrawn,
        geo.latitude if geo else None,
        geo.longitude if geo else None,
        to_number(expanded_to) if expanded_to else None,
        rendered.json,
        rendered.vevent,
        telling.merged_into,
        telling.members,
        telling.withheld,
        telling.series,
        telling.rhythm,
    )


def text_row(number: int, event: Event) -> Row:
    """The row of `texts`."""
    place, address = event.location, event.location.address
    where = (place.name, address.street_address, address.address_locality, address.address_region, address.postal_code)
    organizer = event.organizer.name if event.organizer else ""
    return number, event.name, event.description or "", organizer, " ".join(filter(None, where))


def label_rows(telling: Telling) -> set[tuple[str, int]]:
    """The rows of `labels`."""
    event = telling.event
    organizers = [ORGANIZER + fold(event.organizer.name)] if event.organizer else []
    tags = (TAG + fold(keyword) for keyword in event.keywords)
    own = (SOURCE + source for source in telling.sources)
    return {(label, telling.number) for label in (SOURCE + event.source, *own, *organizers, *tags)}


def occurrence_rows(number: int, dates: Iterable[Date]) -> Iterator[Row]:
    """The rows of `occurrences`."""
    return ((number, *date[:7]) for date in dates)


def cell_rows(telling: Telling, dates: Iterable[Date]) -> Iterator[Row]:
    """The rows of `cells`."""
    number, event, geo = telling.number, telling.event, telling.event.location.geo
    flags = flags_of(event, telling.kind, withdrawn=telling.is_hidden, rhythm=telling.rhythm)
    vector = unit_vector(geo.latitude, geo.longitude) if geo else (None, None, None)
    cells = cells_of(geo)
    for date in dates:
        rest = date.start, number, date.end, *vector, flags | date.weekday, date.clock
        for cell in cells:
            yield in_span(cell, date.span), *rest


def cell_keys(number: int, geo: GeoCoordinates | None, start: int, span: int) -> Iterator[CellKey]:
    """The keys of the rows of `cells` that stand for one date."""
    return ((in_span(cell, span), start, number) for cell in cells_of(geo))
