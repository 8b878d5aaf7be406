"""Which series or regular group an event is a date of, and what speaks for meeting people, in the index."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from aggregator.codec import read_event
from aggregator.group.rhythm import how_often
from aggregator.store.flags import lines_flag, rhythm_flag

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TOLD = sa.text("""
SELECT e.event, l.told FROM events e JOIN listings l ON l.event = e.event
WHERE l.told LIKE '%"meeting_people"%' OR l.told LIKE '%"rrule"%' OR l.told LIKE '%"r_dates"%'
""")
_FLAGGED = sa.text("""
UPDATE cells SET flags = flags | (SELECT bits FROM flagged WHERE flagged.event = cells.event)
WHERE event IN (SELECT event FROM flagged)
""")


def upgrade() -> None:
    for name in ("series", "rhythm"):
        op.add_column("events", sa.Column(name, sa.Text))
    op.create_index("events_by_merged_into", "events", ["merged_into"])
    op.create_index("events_by_series", "events", ["series"])
    connection = op.get_bind()
    found = list(_read(connection.execute(_TOLD)))
    if not found:
        return
    connection.execute(
        sa.text("UPDATE events SET series = iif(:rhythm IS NULL, NULL, id), rhythm = :rhythm WHERE event = :event"),
        found,
    )
    connection.execute(sa.text("CREATE TEMPORARY TABLE flagged (event INTEGER PRIMARY KEY, bits INTEGER NOT NULL)"))
    connection.execute(sa.text("INSERT INTO flagged VALUES (:event, :bits)"), found)
    connection.execute(_FLAGGED)
    connection.execute(sa.text("DROP TABLE flagged"))


def _read(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        event = read_event(row.told)
        rhythm = how_often(event.rrule) if event.is_series else None
        yield {"event": row.event, "rhythm": rhythm, "bits": rhythm_flag(rhythm) | lines_flag(event)}
