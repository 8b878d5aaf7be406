"""Whether a group still meets, and its next dates."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.event import When, starts_at
from aggregator.group.group import Certainty, Group, HowKnown, Meeting, State
from aggregator.group.infer import day_of
from aggregator.group.rhythm import Rhythm, certain_days, days, rule_days

QUIET_AFTER = 2
"""Meetings that were due, and of which nothing was told."""

RETIRED_AFTER = 6
RETIRED_TIME = timedelta(days=90)
"""A group is retired when both are missed: six meetings of a weekly group are a summer."""

NEXT = 4
AHEAD = timedelta(days=550)
"""How far ahead dates are looked for: a group that meets four times a year has a pause too."""

SAME_MEETING = timedelta(days=3)
"""A date that is told so near an expected one is that one, moved."""

A_DAY = timedelta(days=1)


def state_of(group: Group, *, now: datetime, last_read: datetime | None) -> State:
    """As of what was read: nothing is missed that was due after its source was last read, or None when it never was."""
    known_until = min(now, last_read) if last_read is not None else group.last_confirmed
    today = _local_day(known_until, group.time_zone)
    if any(starts_at(each.start, group.time_zone) > now for each in group.dates):
        return State.ACTIVE
    since = _last_sign(group, today)
    missed = len(certain_days(group.rhythm, since + A_DAY, today))
    if missed >= RETIRED_AFTER and today - since >= RETIRED_TIME:
        return State.RETIRED
    if missed >= QUIET_AFTER:
        return State.QUIET
    return State.RETIRED if _has_ended(group.rhythm, _local_day(now, group.time_zone)) else State.ACTIVE


def next_meetings(group: Group, *, now: datetime) -> tuple[Meeting, ...]:
    """The next four at most, ascending; an expected date is not told where a source tells dates around it."""
    announced = [each.start for each in group.dates if starts_at(each.start, group.time_zone) > now]
    told = [Meeting(start=start, certainty=Certainty.ANNOUNCED) for start in announced]
    expected = [
        Meeting(start=start, certainty=Certainty.EXPECTED)
        for start in _expected(group, now)
        if not _is_told(start, announced)
    ]
    meetings = sorted([*told, *expected], key=lambda meeting: starts_at(meeting.start, group.time_zone))
    return tuple(meetings[:NEXT])


def _expected(group: Group, now: datetime) -> Iterator[When]:
    """Those after the last announced one that follows the rhythm."""
    today = _local_day(now, group.time_zone)
    known = [day_of(each.start) for each in group.dates]
    first = max((day + A_DAY for day in known if day >= today and _follows(group.rhythm, day)), default=today)
    for day in days(group.rhythm, first, today + AHEAD):
        start = _at(day, group.rhythm.start, group.time_zone)
        if starts_at(start, group.time_zone) > now:
            yield start


def _is_told(start: When, announced: list[When]) -> bool:
    return any(abs(day_of(start) - day_of(each)) <= SAME_MEETING for each in announced)


def _follows(rhythm: Rhythm, day: date) -> bool:
    return bool(rule_days(rhythm, day, day + A_DAY))


def _last_sign(group: Group, today: date) -> date:
    """The last day on which it met as far as is known, or on which a source said that it meets."""
    met = [day_of(each.start) for each in group.dates if day_of(each.start) <= today]
    said = [] if group.how_known is HowKnown.INFERRED else [_local_day(group.last_confirmed, group.time_zone)]
    return max([*met, *said], default=_local_day(group.first_seen, group.time_zone))


def _has_ended(rhythm: Rhythm, today: date) -> bool:
    return rhythm.is_over and not rule_days(rhythm, today, today + AHEAD)


def _at(day: date, clock: time | None, zone: str) -> When:
    return day if clock is None else datetime.combine(day, clock, ZoneInfo(zone))


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
