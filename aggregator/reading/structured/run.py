"""A page that tells a series as one event: from its first date to the end of its last."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from aggregator.draft import Draft
from aggregator.reading.dates.iso import read_iso

RUN = timedelta(days=5)
"""What lasts so long is a run of dates and no meeting."""


def without_series_end(draft: Draft) -> Draft:
    """The first date of a timed run: it ends by the clock of the stated end, where that is later than its start.

    From midnight on, whole days are told: an exhibition may well last for months.
    """
    if not draft.start_date or not draft.end_date or draft.start_date[:10] == draft.end_date[:10]:
        return draft
    start, end = read_iso(draft.start_date), read_iso(draft.end_date)
    if draft.rrule or draft.schedule or not isinstance(start, datetime) or not isinstance(end, datetime):
        return draft
    if start.time() == time() or end.replace(tzinfo=None) - start.replace(tzinfo=None) < RUN:
        return draft
    has_own_end = end.time() > start.time() and (end.tzinfo is None) == (start.tzinfo is None)
    first_end = datetime.combine(start, end.time(), start.tzinfo).isoformat() if has_own_end else None
    return replace(draft, end_date=first_end, doubts=(*draft.doubts, "the stated end is that of the series"))
