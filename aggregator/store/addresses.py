"""Which events have a page of their own, for those who list them all; without SQLAlchemy."""

from typing import Final

from aggregator.store.link import Link

BLOCK: Final = 50_000
"""Numbers of events in a block: so many addresses a sitemap may hold at most (sitemaps.org)."""

_TOLD = "NOT withdrawn AND NOT withheld AND merged_into IS NULL"
_BLOCKS = f"SELECT event / {BLOCK}, max(changed_at) FROM events WHERE {_TOLD} GROUP BY 1 ORDER BY 1"  # noqa: S608
_PAGE = f"""
SELECT event, id, changed_at FROM events WHERE event > ? AND event < ? AND {_TOLD} ORDER BY event LIMIT ?
"""  # noqa: S608 - made of constants of ours

Told = tuple[int, str, int]
"""Number and id of an event, and when it last changed, in microseconds since 1970."""


def read_blocks(connection: Link) -> list[tuple[int, int]]:
    """Blocks in which an event is told, and when one of them last changed. An event never leaves its block."""
    return connection.execute(_BLOCKS).fetchall()


def read_block(connection: Link, block: int, after: int, limit: int) -> list[Told]:
    """The first events of a block whose numbers are over `after`."""
    first = block * BLOCK
    return connection.execute(_PAGE, (max(after, first - 1), first + BLOCK, limit)).fetchall()
