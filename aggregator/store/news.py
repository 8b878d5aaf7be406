"""Reads what has changed, in the order in which it was written; without SQLAlchemy."""

import json
from datetime import datetime

from aggregator.store.instants import to_moment, to_number
from aggregator.store.kept import Change, News
from aggregator.store.link import Link

_NEWS = """
SELECT number, at, change, id, source, name, fields, reason FROM changes WHERE number > ? ORDER BY number LIMIT ?
"""
_BEFORE = "SELECT coalesce(max(number), 0) FROM changes WHERE at < ?"
_BOUNDS = """
SELECT coalesce((SELECT min(number) FROM changes), value + 1), value FROM counters WHERE name = 'changes'
"""


def read_news(connection: Link, after: int, limit: int) -> tuple[News, ...]:
    """The first changes after that number."""
    return tuple(
        News(
            number=number,
            at=to_moment(at),
            change=Change(change),
            id=event_id,
            source=source,
            name=name,
            fields=json.loads(fields),
            reason=reason,
        )
        for number, at, change, event_id, source, name, fields, reason in connection.execute(_NEWS, (after, limit))
    )


def last_before(connection: Link, moment: datetime) -> int:
    """The number of the last change before then; 0 when there is none that is still kept."""
    (number,) = connection.execute(_BEFORE, (to_number(moment),)).fetchone()
    return int(number)


def bounds(connection: Link) -> tuple[int, int]:
    """The number of the first change that is still kept, and of the last there ever was."""
    first, last = connection.execute(_BOUNDS).fetchone()
    return int(first), int(last)
