"""A series told in UTC is shown on the clock of its place: each of its dates is an instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice

from aggregator.draft import Draft
from aggregator.errors import RuleRefusedError
from aggregator.reading.ical.rule import last_wall, read_rule, walk

MOST = 400
"""Dates that a series may be told by."""

FARTHEST = timedelta(days=366 * 10)


def without_utc(draft: Draft) -> Draft:
    """The draft of a series in UTC, or of one of its dates, told by its instants.

    It repeats in UTC (RFC 5545 3.3.10), so that on another clock its rule would name other days and hours. A series
    without an end, or a very long one, is left to be shown in UTC.
    """
    if draft.time_zone != "UTC" or not draft.start_date or "T" not in draft.start_date:
        return draft
    start = datetime.fromisoformat(draft.start_date)
    every = [_find_dates(text, start) for text in draft.rrule]
    found = [dates for dates in every if dates is not None]
    if len(found) < len(every):
        return draft
    return replace(
        draft,
        start_date=_instant(draft.start_date),
        end_date=_instant(draft.end_date) if draft.end_date else None,
        time_zone=None,
        rrule=(),
        r_dates=tuple(sorted({*map(_instant, draft.r_dates), *chain.from_iterable(found)})),
        except_dates=tuple(map(_instant, draft.except_dates)),
    )


def _find_dates(text: str, start: datetime) -> list[str] | None:
    """All that the rule names; None where there are none, too many, or too far ones, or the rule is not walked."""
    try:
        rule = read_rule(text)
    except RuleRefusedError:
        return None
    last = last_wall(rule.until, UTC) if rule.until is not None else start + FARTHEST
    if rule.is_endless or rule.weeks or rule.year_days or last > start + FARTHEST:
        return None
    dates = list(islice(walk(rule, start, start, last + timedelta(seconds=1)), MOST + 1))
    is_all = 0 < len(dates) <= MOST and (rule.count is None or rule.until is not None or len(dates) == rule.count)
    return [_instant(date.isoformat()) for date in dates] if is_all else None


def _instant(wall: str) -> str:
    """A date alone, which means the whole of it, stays one."""
    return f"{wall}Z" if "T" in wall and wall[19:] == "" else wall
