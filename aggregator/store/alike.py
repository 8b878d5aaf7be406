"""Organisers and tags by names that are written alike, for who mistyped one."""

from difflib import get_close_matches

from aggregator.reading.text import fold
from aggregator.store.link import Link

_MOST = 500
"""Labels that are compared for each beginning: a few milliseconds."""

# Each step seeks the next label in the index, and so skips all events of the one before.
_LABELS = """
WITH RECURSIVE found(label) AS (
  SELECT min(label) FROM labels WHERE label >= :first AND label < :last
  UNION ALL
  SELECT (SELECT min(label) FROM labels AS l WHERE l.label > found.label AND l.label < :last) FROM found
  WHERE found.label IS NOT NULL
)
SELECT label FROM found WHERE label IS NOT NULL LIMIT :most
"""


def labels_alike(connection: Link, kind: str, name: str) -> list[str]:
    """Folded, the likest first, at most three, that begin alike, for first letters are seldom mistyped. Only the name
    itself where it is there.
    """
    wanted = fold(name)
    if connection.execute("SELECT 1 FROM labels WHERE label = ? LIMIT 1", (f"{kind}:{wanted}",)).fetchone():
        return [wanted]
    labels: dict[str, None] = {}
    for start in (f"{kind}:{wanted[:3]}", f"{kind}:{wanted[:1]}"):
        rows = connection.execute(_LABELS, {"first": start, "last": f"{start}\U0010ffff", "most": _MOST})
        labels |= dict.fromkeys(label.partition(":")[2] for (label,) in rows)
    return get_close_matches(wanted, labels, n=3)
