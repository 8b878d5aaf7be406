"""The rhythm that a source states: an event's own rules."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.event import Event, Occurrence, When
from aggregator.group.customs import CALENDAR, is_holiday
from aggregator.group.infer import HORIZON, day_of
from aggregator.group.rhythm import OnHolidays, Rhythm, rule_days
from aggregator.reading.ical.rule import read_rule
from aggregator.reconcile import Listing
from aggregator.recurrence import expand

MOST_RULES = 2
"""Series that are told apart and make one group: a meeting on Tuesdays and one on Thursdays."""


def stated_rhythm(event: Event, *, calendar: str | None = CALENDAR) -> Rhythm:
    """The rhythm of an event with a rule; one that excepts a holiday is not expected on the others either."""
    excepted = tuple(sorted({_local_day(each, event) for each in event.except_dates}))
    skips = any(is_holiday(day, calendar) for day in excepted)
    return Rhythm(
        rrules=event.rrule,
        since=day_of(event.start_date),
        start=_clock(event.start_date),
        end=_clock(event.end_date) if event.end_date is not None and not event.end_date_assumed else None,
        calendar=calendar,
        on_holidays=OnHolidays.SKIPPED if skips else None,
        except_dates=excepted,
    )


def together(listings: Sequence[Listing]) -> Iterator[list[Listing]]:
    """Series of one group: the same rule told again, and two that are counted from no certain week, at one time."""
    parts: list[list[Listing]] = []
    for listing in listings:
        part = next((part for part in parts if _belongs(listing.event, [each.event for each in part])), None)
        if part is None:
            parts.append([listing])
        else:
            part.append(listing)
    yield from parts


def join_rhythms(rhythms: Sequence[Rhythm]) -> Rhythm:
    """One rhythm of several at the same time of day; it begins when the first does."""
    first = min(rhythms, key=lambda rhythm: rhythm.since)
    return Rhythm(
        rrules=tuple(dict.fromkeys(rule for rhythm in rhythms for rule in rhythm.rrules)),
        since=first.since,
        start=first.start,
        end=first.end,
        calendar=first.calendar,
        on_holidays=first.on_holidays,
        except_dates=tuple(sorted({day for rhythm in rhythms for day in rhythm.except_dates})),
    )


def dates_of(event: Event, now: datetime) -> list[Occurrence]:
    """The dates that it tells one by one: those of a rule are expected, and not told."""
    if not event.is_series:
        return [Occurrence(start=event.start_date, end=event.end_date)]
    if event.rrule:
        return [Occurrence(start=each, end=None) for each in event.r_dates]
    return expand(event, now - HORIZON, now + HORIZON)


def _belongs(event: Event, others: Sequence[Event]) -> bool:
    if any(_is_same_series(event, other) for other in others):
        return True
    told = {other.rrule for other in others}
    is_one_time = all(_clock(event.start_date) == _clock(other.start_date) for other in others)
    return len(told) < MOST_RULES and is_one_time and all(_is_uncounted(each) for each in (event, *others))


def _is_same_series(event: Event, other: Event) -> bool:
    """The same rule at the same time, told under another uid: a fortnight must be counted from the same week."""
    if (event.rrule, _clock(event.start_date)) != (other.rrule, _clock(other.start_date)):
        return False
    return (
        _is_uncounted(event) or _follows(event, day_of(other.start_date)) or _follows(other, day_of(event.start_date))
    )


def _is_uncounted(event: Event) -> bool:
    """Whether it is no matter when its rules begin: each names its days, and every week or month."""
    rules = [read_rule(text) for text in event.rrule]
    return all(rule.interval == 1 and rule.is_endless and (rule.days or rule.month_days) for rule in rules)


def _follows(event: Event, day: date) -> bool:
    return bool(rule_days(stated_rhythm(event), day, day + timedelta(days=1)))


def _local_day(when: When, event: Event) -> date:
    return when.astimezone(ZoneInfo(event.time_zone)).date() if isinstance(when, datetime) else when


def _clock(when: When | None) -> time | None:
    return when.time() if isinstance(when, datetime) else None
