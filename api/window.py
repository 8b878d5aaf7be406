"""From the parameters of time to the half-open stretch of time that is asked for; pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.errors import QueryError
from aggregator.query import bounds
from api.parameters import MAX_DAYS, Parameters

USUAL = timedelta(days=180)
LONGEST = timedelta(days=MAX_DAYS)


def choose_window(asked: Parameters, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both bounds aware: upcoming when no start is given, and 180 days when no end is."""
    _refuse_contradictions(asked)
    if asked.when:
        return bounds(asked.when, now, zone)
    start = _choose_start(asked, now, zone)
    end = _choose_end(asked, start, zone)
    last = "end" if asked.end else "starts_before"
    if end <= start:
        raise QueryError(last, end.isoformat(), f"not after {start.isoformat()}")
    if end - start > LONGEST + timedelta(days=1):
        raise QueryError(last, end.isoformat(), f"more than {MAX_DAYS} days after the start, {start.isoformat()}")
    return start, end


def instant(moment: datetime | date, zone: ZoneInfo) -> datetime:
    """A date is its midnight; what has no offset is told by the clocks of the zone."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _choose_start(asked: Parameters, now: datetime, zone: ZoneInfo) -> datetime:
    if asked.start:
        return instant(asked.start, zone)
    later = instant(asked.starts_after, zone) if asked.starts_after else now
    return max(now, later).astimezone(zone)


def _choose_end(asked: Parameters, start: datetime, zone: ZoneInfo) -> datetime:
    if asked.end:
        includes_day = timedelta(days=0 if isinstance(asked.end, datetime) else 1)
        return instant(asked.end + includes_day, zone)
    if asked.days and asked.start:
        return start + timedelta(days=asked.days)
    if asked.days:
        return datetime.combine(start.date() + timedelta(days=asked.days), time(), tzinfo=zone)
    return instant(asked.starts_before, zone) if asked.starts_before else start + USUAL


def _refuse_contradictions(asked: Parameters) -> None:
    given = [name for name in ("start", "end", "days") if getattr(asked, name) is not None]
    if asked.when and given:
        raise QueryError("when", asked.when.value, f"cannot be asked together with {given[0]}")
    if asked.days and asked.end:
        raise QueryError("days", str(asked.days), "cannot be asked together with end")
