"""When it is: a draft's words to aware times of one kind, in one zone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.errors import InvalidEventError, UnreadDateError
from aggregator.event import When
from aggregator.normalize.rhythms import read_schedule
from aggregator.reading.dates import Span, read_clock, read_iso, read_span
from aggregator.reading.zones import zone_name
from aggregator.source import Draft, Source

ASSUMED_LENGTH = timedelta(hours=1)
"""How long a timed event is taken to be when its source does not say; always marked as assumed."""

OVERNIGHT = time(6)
"""An end before its start is on the next morning when it is this early, and a mistake when it is not."""

FIRST_YEAR, LAST_YEAR = 1000, 9000
"""Years 1 and 9999 are placeholders, and arithmetic with zones runs over the calendar's ends there."""
LAST_MINUTE = time(23, 59)
DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times of an event, all of its own kind and zone."""

    start: When
    end: When | None
    zone: str
    is_end_assumed: bool = False
    previous: When | None = None
    rrule: tuple[str, ...] = ()
    r_dates: tuple[When, ...] = ()
    except_dates: tuple[When, ...] = ()
    doubts: tuple[str, ...] = ()


def read_times(draft: Draft, source: Source, venue_zone: str | None, *, now: datetime) -> Times:
    """The draft's times; raises InvalidEventError without a start, UnreadDateError for words that are no date."""
    if draft.schedule:
        draft = read_schedule(draft)
    here = ZoneInfo(zone_name(draft.time_zone) or source.time_zone or venue_zone or "UTC")
    today = now.astimezone(here).date()
    span = _read_start(draft, source, today)
    zone, doubts = _choose_zone(draft, source, span, venue_zone)
    start = _bounded(settle(span.start, zone), draft)
    end, is_assumed, end_doubts = _close(start, _read_end(draft, source, span, zone, today), zone)
    if not (draft.rrule or draft.r_dates):
        start, end = _as_whole_days(start, end)
    return Times(
        start=start,
        end=end,
        zone=zone,
        is_end_assumed=is_assumed and isinstance(start, datetime),
        previous=_settle_one(draft.previous_start_date, zone),
        rrule=draft.rrule,
        r_dates=_settle_all(draft.r_dates, zone),
        except_dates=_settle_all(draft.except_dates, zone),
        doubts=(*span.doubts, *doubts, *end_doubts),
    )


def _bounded(when: When, draft: Draft) -> When:
    if not FIRST_YEAR <= when.year < LAST_YEAR:
        raise InvalidEventError(f"“{draft.name}” starts in the year {when.year}")
    return when


def settle(when: datetime | date, zone: str) -> When:
    """In `zone`: an instant is shown there, a wall clock is one there (a time in a gap moves on, RFC 5545 3.3.5)."""
    if not isinstance(when, datetime):
        return when
    here = _zone(zone)
    if when.tzinfo is not None:
        return when.astimezone(here)
    return when.replace(tzinfo=here).astimezone(UTC).astimezone(here)


def _read_start(draft: Draft, source: Source, today: date) -> Span:
    told = draft.start_date or draft.date_text
    if not told or not told.strip():
        raise InvalidEventError(f"“{draft.name}” has no start")
    return _read(told, source, today)


def _read(told: str, source: Source, today: date) -> Span:
    plain = read_iso(told)
    if plain is not None:
        return Span(start=plain, end=None, zone=None, doubts=())
    return read_span(told, now=today, order=source.date_order)


def _choose_zone(draft: Draft, source: Source, span: Span, venue_zone: str | None) -> tuple[str, tuple[str, ...]]:
    """What the event says; for an instant the venue's, for a wall clock the source's before the venue's. A zone word
    such as PST never outweighs the source.
    """
    stated = zone_name(draft.time_zone)
    doubts = _doubt_zone(draft, stated, venue_zone, span.start)
    is_instant = isinstance(span.start, datetime) and span.start.tzinfo is not None
    known = (venue_zone, source.time_zone) if is_instant else (source.time_zone, zone_name(span.zone), venue_zone)
    for zone in (stated, *known, _zone_of_offset(span.start)):
        if zone:
            return zone, doubts
    return "UTC", (*doubts, "no time zone is known; UTC was taken") if isinstance(span.start, datetime) else doubts


def _doubt_zone(draft: Draft, stated: str | None, venue_zone: str | None, start: datetime | date) -> tuple[str, ...]:
    """A zone that nobody knows, or in which the clock is another than where the event is (a platform's default)."""
    if draft.time_zone and not stated:
        return (f"unknown time zone “{draft.time_zone}”",)
    if stated and venue_zone and isinstance(start, datetime):
        clock = start.replace(tzinfo=None)
        if clock.replace(tzinfo=ZoneInfo(stated)).utcoffset() != clock.replace(tzinfo=ZoneInfo(venue_zone)).utcoffset():
            return (f"told in the zone {stated}, but it is in {venue_zone}",)
    return ()


def _zone_of_offset(when: datetime | date) -> str | None:
    offset = when.utcoffset() if isinstance(when, datetime) else None
    if offset is None:
        return None
    hours, rest = divmod(round(offset.total_seconds()), 3600)
    return f"Etc/GMT{-hours:+d}" if hours and not rest and -14 <= -hours <= 12 else None


def _read_end(draft: Draft, source: Source, span: Span, zone: str, today: date) -> When | None:
    start = settle(span.start, zone)
    if draft.end_date and draft.end_date.strip():
        return _read_stated_end(draft.end_date, start, source, zone, today)
    if draft.duration:
        return _add(start, draft.duration)
    return settle(span.end, zone) if span.end is not None else None


def _read_stated_end(told: str, start: When, source: Source, zone: str, today: date) -> When | None:
    """A whole date, or a clock time on the day of the start; none in a year that is a placeholder."""
    try:
        end = _read(told, source, today).start
        return settle(end, zone) if FIRST_YEAR <= end.year < LAST_YEAR else None
    except UnreadDateError:
        if not isinstance(start, datetime):
            return None
    try:
        clock, _ = read_clock(told)
    except UnreadDateError:
        return None
    return settle(datetime.combine(start.date(), clock), zone)


def _add(start: When, duration: str) -> When | None:
    match = DURATION.fullmatch(duration.strip().upper().lstrip("+"))
    if not match or not any(match.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if isinstance(start, datetime):
        return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    return start + max(timedelta(), length - timedelta(days=1))


def _close(start: When, end: When | None, zone: str) -> tuple[When | None, bool, tuple[str, ...]]:
    """An end of the start's kind, at or after it; assumed for a timed event that has none."""
    end = _of_kind(start, end, zone)
    if isinstance(start, datetime):
        if isinstance(end, datetime) and _is_before(end, start) and _is_early_on(start.date(), end):
            end = settle(end.replace(tzinfo=None) + timedelta(days=1), zone)
        if isinstance(end, datetime) and not _is_before(end, start):
            return end, False, ()
        doubts = () if end is None else ("the stated end is before the start",)
        return (start.astimezone(UTC) + ASSUMED_LENGTH).astimezone(start.tzinfo), True, doubts
    if end is not None and end < start:
        return None, False, ("the stated end is before the start",)
    return end, False, ()


def _is_before(end: datetime, start: datetime) -> bool:
    """As instants: in the repeated hour of autumn the wall clock runs backwards."""
    return end.astimezone(UTC) < start.astimezone(UTC)


def _is_early_on(day: date, end: datetime) -> bool:
    return end.date() == day and end.time() <= OVERNIGHT


def _of_kind(start: When, end: When | None, zone: str) -> When | None:
    """A timed end of an all-day event is its day; the last day of a timed event ends with that day."""
    if end is None:
        return None
    if not isinstance(start, datetime):
        return end.date() if isinstance(end, datetime) else end
    if isinstance(end, datetime):
        return end
    return None if end == start.date() else settle(datetime.combine(end, LAST_MINUTE), zone)


def _as_whole_days(start: When, end: When | None) -> tuple[When, When | None]:
    """From midnight to midnight, or to a minute before, is a way to write all day."""
    if not (isinstance(start, datetime) and isinstance(end, datetime)) or start.time() != time():
        return start, end
    if end.time().replace(second=0, microsecond=0) == LAST_MINUTE:
        return start.date(), end.date()
    if end.time() == time() and end.date() > start.date():
        return start.date(), end.date() - timedelta(days=1)
    return start, end


def _settle_one(told: str | None, zone: str) -> When | None:
    when = read_iso(told) if told else None
    return settle(when, zone) if when is not None else None


def _settle_all(told: Iterable[str], zone: str) -> tuple[When, ...]:
    return tuple(when for when in (_settle_one(text, zone) for text in told) if when is not None)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
