"""EventQuery: what can be asked, in one place; and what the words of time mean."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from aggregator.event import EventAttendanceMode, EventStatus, GeoCoordinates, Kind, Visitors

METRES_PER_MILE = 1609.344
MAX_RADIUS = 500_000.0
"""Metres; a wider circle is refused, and `nearest` grows to this."""

T = TypeVar("T")


class Words(StrEnum):
    """The words of `when`."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    TONIGHT = "tonight"
    WEEKEND = "weekend"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    NEXT_7_DAYS = "next_7_days"
    NEXT_30_DAYS = "next_30_days"
    THIS_MONTH = "this_month"


class Cost(StrEnum):
    """What is known of the price; free is never guessed from silence."""

    FREE = "free"
    PAID = "paid"
    UNKNOWN = "unknown"


class Every(StrEnum):
    """How often a group meets, in one word."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    OTHER = "other"


class Sort(StrEnum):
    """The order of answers; ties always by id. SOCIABLE is START but for its ties: of dates that start together, first
    the one that most lines on meeting people speak for, less those that speak against it.
    """

    START = "start"
    DISTANCE = "distance"
    FIRST_SEEN = "-first_seen"
    SOCIABLE = "sociable"


class Collapse(StrEnum):
    """Whether a series or a regular group is told date by date, or once, at the first of its dates that matches."""

    NONE = "none"
    SERIES = "series"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Generic[T]):
    """Any of `any_of` (all, when empty), and none of `none_of`."""

    any_of: frozenset[T] = frozenset()
    none_of: frozenset[T] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.any_of or self.none_of)

    def __contains__(self, value: T) -> bool:
        return (not self.any_of or value in self.any_of) and value not in self.none_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundingBox:
    """Degrees in GeoJSON's order; `west` greater than `east` crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """A question. Different filters must all hold.

    `start` (inclusive) and `end` (exclusive) are instants that an occurrence overlaps; `when` are the words that they
    were asked by: later pages keep the window of the first one, and tomorrow's all-day dates, which begin before
    tonight is over, are not tonight's. `within` is metres from
    `center`; `nearest` asks for that many and lets the radius grow to MAX_RADIUS; weekdays are Monday 0 to Sunday 6
    and `time_from` (inclusive), `time_to` (exclusive) clock times, both where the event is. `regular` asks for dates of
    a series or a regular group, or for all others, and `rhythm` for how often it meets. What no source has shown for
    `confirmed_within` before `asked_at` (without it, before `start`) is left out. `cursor` is the opaque text of the
    page before. `cancelled_since` finds those too that were cancelled, then taken off by their source, and have changed
    then or later. `ids` names events; one that another event tells stands for that one.
    """

    start: datetime
    end: datetime
    when: Words | None = None
    center: GeoCoordinates | None = None
    within: float | None = None
    nearest: int | None = None
    bbox: BoundingBox | None = None
    starts_after: datetime | None = None
    starts_before: datetime | None = None
    weekdays: frozenset[int] = frozenset()
    time_from: time | None = None
    time_to: time | None = None
    kind: Choice[Kind] = field(default_factory=Choice)
    org: Choice[str] = field(default_factory=Choice)
    source: Choice[str] = field(default_factory=Choice)
    tag: Choice[str] = field(default_factory=Choice)
    words: str | None = None
    attendance: frozenset[EventAttendanceMode] = frozenset()
    cost: frozenset[Cost] = frozenset()
    visitors: frozenset[Visitors] = frozenset()
    newcomer: bool | None = None
    max_price: int | None = None
    status: frozenset[EventStatus] = frozenset()
    regular: bool | None = None
    rhythm: frozenset[Every] = frozenset()
    confirmed_within: timedelta | None = None
    asked_at: datetime | None = None
    updated_since: datetime | None = None
    cancelled_since: datetime | None = None
    collapse: Collapse = Collapse.NONE
    ids: frozenset[str] = frozenset()
    sort: Sort = Sort.START
    limit: int = 50
    cursor: str | None = None


def bounds(words: Words, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open stretch of time that the words mean at `now` in `zone`; both ends are aware, in `zone`."""
    local = now.astimezone(zone)

    def at(days: int, hour: int = 0) -> datetime:
        return datetime.combine(local.date() + timedelta(days=days), time(hour), tzinfo=zone)

    monday = 7 - local.weekday()
    tonight = (at(0, 17), at(1, 4)) if local.hour >= 4 else (local, at(0, 4))
    start, end = {
        Words.TODAY: (local, at(1)),
        Words.TOMORROW: (at(1), at(2)),
        Words.TONIGHT: tonight,
        Words.WEEKEND: (at(monday - 3, 17), at(monday)),
        Words.THIS_WEEK: (local, at(monday)),
        Words.NEXT_WEEK: (at(monday), at(monday + 7)),
        Words.NEXT_7_DAYS: (local, at(8)),
        Words.NEXT_30_DAYS: (local, at(31)),
        Words.THIS_MONTH: (
            local,
            at((local.replace(day=1) + timedelta(days=32)).replace(day=1).toordinal() - local.toordinal()),
        ),
    }[words]
    return max(start, local), end
