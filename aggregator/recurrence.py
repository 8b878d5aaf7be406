"""An event with a rule -> its occurrences in a window, on the wall clock of its zone."""

from collections.abc import Iterator
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from heapq import merge
from itertools import chain, groupby, islice, pairwise
from zoneinfo import ZoneInfo

from aggregator.errors import RuleRefusedError
from aggregator.event import Event, Occurrence, When
from aggregator.reading.ical.rule import Rule, last_wall, read_rule, walk, without_until

MAX_RULES = 4
MAX_DATES = 500
MAX_LENGTH = timedelta(days=366)
FIRST_YEAR = 1970
PATIENCE = timedelta(days=366 * 28)
"""How far a rule may look for its first date: a 29 February on a Monday comes back within 28 years."""

A_DAY = timedelta(days=1)
EARLIEST, LATEST = datetime(1700, 1, 1), datetime(2600, 1, 1)  # noqa: DTZ001 - on the wall


def vet(event: Event) -> None:
    """Raise RuleRefusedError, naming event and rule, for a series that would cost too much or never takes place."""
    if not event.is_series:
        return
    if why := _refusal(event):
        raise RuleRefusedError(f"{event.uid}: {why}")
    for text in event.rrule:
        try:
            rule = read_rule(text)
        except RuleRefusedError as error:
            raise RuleRefusedError(f"{event.uid}: {error}") from error
        if not _takes_place(rule, _wall(event.start_date)):
            raise RuleRefusedError(f"{event.uid}: {text}: never takes place")


def _refusal(event: Event) -> str | None:
    if len(event.rrule) > MAX_RULES:
        return f"{len(event.rrule)} rules, {MAX_RULES} at most"
    if len(event.r_dates) > MAX_DATES:
        return f"{len(event.r_dates)} added dates, {MAX_DATES} at most"
    if event.start_date.year < FIRST_YEAR:
        return f"a series that began in {event.start_date.year}"
    if (length := _length(event)) is not None and length > MAX_LENGTH:
        return f"{length.days} days long, {MAX_LENGTH.days} at most"
    return None


def _takes_place(rule: Rule, start: datetime) -> bool:
    if rule.weeks or rule.year_days or not (rule.months or rule.month_days or rule.positions or rule.days):
        return True
    return next(walk(rule, start, start, start + PATIENCE), None) is not None


def is_endless(event: Event) -> bool:
    """Whether a rule of it has neither COUNT nor UNTIL."""
    return any(read_rule(text).is_endless for text in event.rrule)


def first(event: Event) -> Occurrence:
    """The earliest date that takes place; RuleRefusedError where there is none."""
    found = next(_occurrences(event, None, None), None)
    if found is None:
        raise RuleRefusedError(f"{event.uid}: no date of it takes place")
    return found


def expand(event: Event, start: datetime, end: datetime, limit: int = 500) -> list[Occurrence]:
    """The first `limit` dates that overlap [start, end), ascending.

    An occurrence without an end is a point. A clock time that a day leaves out is an hour later, one that it has
    twice is the first (RFC 5545 3.3.5); a day of an all-day event begins and ends at midnight in the event's zone.
    """
    return list(islice(_occurrences(event, start, end), limit))


def _occurrences(event: Event, start: datetime | None, end: datetime | None) -> Iterator[Occurrence]:
    """Those that overlap the window, or all up to PATIENCE from the first."""
    zone = ZoneInfo(event.time_zone)
    if not event.is_series:
        single = Occurrence(start=event.start_date, end=event.end_date)
        return iter((single,) if start is None or end is None or _overlaps(single, zone, start, end) else ())
    dates = _days(event, zone, start, end) if event.is_all_day else _times(event, zone, start, end)
    if start is None or end is None:
        return (date for _, date in dates)
    inner, outer = _clock(start, zone) + A_DAY, _clock(end, zone) - A_DAY  # where no change of clocks matters
    return (date for wall, date in dates if inner <= wall < outer or _overlaps(date, zone, start, end))


def _overlaps(date: Occurrence, zone: tzinfo, start: datetime, end: datetime) -> bool:
    begins, ends = date.start, date.end
    if not isinstance(begins, datetime):
        last = begins if ends is None else ends
        return _midnight(begins, zone) < end and _midnight(last + A_DAY, zone) > start
    if not isinstance(ends, datetime) or ends == begins:
        return start <= begins < end
    return begins < end and ends > start


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _days(
    event: Event, zone: tzinfo, start: datetime | None, end: datetime | None
) -> Iterator[tuple[datetime, Occurrence]]:
    length = _length(event)
    excluded = {_wall(each).date() for each in event.except_dates}
    for wall in _walls(event, zone, start, end):
        day = wall.date()
        if day not in excluded:
            yield wall, Occurrence(start=day, end=None if length is None else day + length)


def _times(
    event: Event, zone: tzinfo, start: datetime | None, end: datetime | None
) -> Iterator[tuple[datetime, Occurrence]]:
    length = _length(event)
    excluded = {_wall(each.astimezone(zone)) for each in event.except_dates if isinstance(each, datetime)}
    days = {each for each in event.except_dates if not isinstance(each, datetime)}
    for wall in _walls(event, zone, start, end):
        begins, told = datetime.combine(wall, wall.time(), zone), wall  # five times as fast as replace(tzinfo=zone)
        if (wall.month, wall.day) in _change_days(zone, wall.year):  # a time that the day leaves out moves on
            begins = begins.astimezone(UTC).astimezone(zone)
            told = _wall(begins)
        if told not in excluded and not (days and wall.date() in days):
            yield wall, Occurrence(start=begins, end=None if length is None else begins + length)


@lru_cache(maxsize=1024)
def _change_days(zone: tzinfo, year: int) -> frozenset[tuple[int, int]]:
    """The (month, day) on which the clocks of a zone are put forward or back."""
    midnights = [datetime(year, 1, 1, tzinfo=zone) + timedelta(days=day) for day in range(367)]
    changed = (today for today, next_day in pairwise(midnights) if today.utcoffset() != next_day.utcoffset())
    return frozenset((day.month, day.day) for day in changed)


def _walls(event: Event, zone: tzinfo, start: datetime | None, end: datetime | None) -> Iterator[datetime]:
    """The clock times that rules, added dates and the first date name around the window: ascending, each once."""
    first_one = _wall(event.start_date)
    since, before = first_one, first_one + PATIENCE
    if start is not None and end is not None:
        since = max(first_one, _clock(start, zone) - (_length(event) or timedelta()) - A_DAY)
        before = _clock(end, zone) + A_DAY
    rules = [(text, read_rule(text)) for text in event.rrule]
    until_zone = None if event.is_all_day else zone  # the days of an all-day event are those that UNTIL writes
    added = {_on_wall(each, first_one, zone) for each in event.r_dates}
    if not rules or not all(rule.until and last_wall(rule.until, until_zone) < first_one for _, rule in rules):
        added.add(first_one)
    fixed = sorted(wall for wall in added if since <= wall < before)
    followed = [_follow(text, rule, first_one, (since, before), until_zone) for text, rule in rules]
    if len(followed) == 1 and fixed in ([], [first_one]):
        return chain(fixed, (wall for wall in followed[0] if wall != first_one))
    return (wall for wall, _ in groupby(merge(fixed, *followed)))


def _follow(
    text: str, rule: Rule, first_one: datetime, window: tuple[datetime, datetime], zone: tzinfo | None
) -> Iterator[datetime]:
    since, before = window
    if rule.until is not None:
        before = min(before, last_wall(rule.until, zone) + timedelta(seconds=1))
    if rule.weeks or rule.year_days:
        return iter(_follow_hard(text, first_one, since, before))
    return walk(rule, first_one, since, before)


def _follow_hard(text: str, first_one: datetime, since: datetime, before: datetime) -> list[datetime]:
    """BYWEEKNO and BYYEARDAY, which hardly any calendar has, by the library."""
    import icalendar  # noqa: PLC0415 - 70 ms, and seldom needed
    from recurring_ical_events import of  # noqa: PLC0415

    if before <= since:
        return []
    component = icalendar.Event()
    component.add("dtstart", first_one)
    component.add("rrule", icalendar.vRecur.from_ical(without_until(text)))
    calendar = icalendar.Calendar()
    calendar.add_component(component)
    return sorted(each.start for each in of(calendar).between(since, before) if each.start >= since)


def _length(event: Event) -> timedelta | None:
    """What is added to each start: whole days, or time on the wall clock, which a series repeats."""
    begins, ends = event.start_date, event.end_date
    if ends is None:
        return None
    length = _wall(ends) - _wall(begins)
    if length <= timedelta() and isinstance(begins, datetime) and isinstance(ends, datetime):
        return ends.astimezone(UTC) - begins.astimezone(UTC)  # it began in the first 01:30 and ended in the second
    return length


def _clock(moment: datetime, zone: tzinfo) -> datetime:
    """On the wall, and within the years that dates are read in, so that a day more or less is no overflow."""
    naive = moment.astimezone(zone).replace(tzinfo=None) if 1 < moment.year < MAXYEAR else moment.replace(tzinfo=None)
    return min(max(naive, EARLIEST), LATEST)


def _wall(when: When) -> datetime:
    return datetime.combine(when, when.time() if isinstance(when, datetime) else time())


def _on_wall(when: When, first_one: datetime, zone: tzinfo) -> datetime:
    """An added date on the clock of the series; a date alone is at the time of the others."""
    if isinstance(when, datetime):
        return when.astimezone(zone).replace(tzinfo=None)
    return datetime.combine(when, first_one.time())
