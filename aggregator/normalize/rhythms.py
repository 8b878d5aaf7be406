"""A schedule in words ("2nd & 4th Thursday 07:00-08:30") to a start, an end and rules."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from aggregator.reading.dates.iso import read_iso
from aggregator.reading.rhythm import FIRST_DAY, Rhythm, read_rhythm, start_of
from aggregator.source import Draft


def read_schedule(draft: Draft) -> Draft:
    """The draft with its schedule read; `start_date`, if it has one, is the day since when it holds."""
    told = read_iso(draft.start_date) if draft.start_date else None
    stated = told.date() if isinstance(told, datetime) else told
    rhythm = read_rhythm(draft.schedule or "", since=stated)
    day = start_of(rhythm, stated or FIRST_DAY)
    return replace(
        draft,
        schedule=None,
        start_date=_at(day, rhythm.start or (told.time() if isinstance(told, datetime) else None)),
        end_date=draft.end_date or _end(day, rhythm),
        rrule=rhythm.rrules,
        doubts=(*draft.doubts, *rhythm.doubts),
    )


def _at(day: date, clock: time | None) -> str:
    return datetime.combine(day, clock).isoformat() if clock is not None else day.isoformat()


def _end(day: date, rhythm: Rhythm) -> str | None:
    if rhythm.end is None:
        return None
    is_next_day = rhythm.start is not None and rhythm.end <= rhythm.start
    return _at(day + timedelta(days=is_next_day), rhythm.end)
