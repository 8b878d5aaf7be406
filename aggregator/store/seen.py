"""When events were last seen on the pages of their sources."""

import json
from collections.abc import Iterable
from datetime import datetime

from aggregator.store.instants import to_moment
from aggregator.store.link import Link

_SEEN = """
WITH asked(id, event, members) AS (
  SELECT e.id, e.event, e.members FROM json_each(?) AS a CROSS JOIN events AS e ON e.id = a.value
),
told(id, source, unseen_runs, last_seen) AS (
  SELECT asked.id, l.source, l.unseen_runs, l.last_seen FROM asked CROSS JOIN listings AS l ON l.event = asked.event
  UNION ALL
  SELECT asked.id, l.source, l.unseen_runs, l.last_seen
  FROM asked CROSS JOIN json_each(asked.members, '$.listings') AS m
  CROSS JOIN listings AS l ON l.source = json_extract(m.value, '$[0]') AND l.uid = json_extract(m.value, '$[1]')
)
SELECT told.id, max(CASE WHEN unseen_runs = 0 AND last_complete_at > last_seen THEN last_complete_at ELSE last_seen END)
FROM told JOIN sources ON sources.name = told.source GROUP BY told.id
"""
"""A complete run that found nothing changed is kept at the source alone, and saw all that is not marked unseen."""


def last_seen(connection: Link, event_ids: Iterable[str]) -> dict[str, datetime]:
    """By id, when any of the sources that tell the event last showed it; without those that are not known."""
    return {one: to_moment(at) for one, at in connection.execute(_SEEN, (json.dumps(list(event_ids)),))}
