"""One happening told once; and every event rendered anew, since answers have got more members."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from aggregator.codec import read_event
from aggregator.event import Kind
from aggregator.render import render
from aggregator.store.instants import to_moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TOLD = sa.text("""
SELECT e.event, e.id, e.sequence, e.first_seen, e.changed_at, e.kind, e.withdrawn, l.told
FROM events e JOIN listings l ON l.event = e.event
""")
_RENDERED = sa.text("UPDATE events SET json = :json, vevent = :vevent WHERE event = :event")


def upgrade() -> None:
    op.add_column("events", sa.Column("merged_into", sa.Text))
    op.add_column("events", sa.Column("members", sa.Text))
    op.create_table(
        "match_words",
        sa.Column("one_source", sa.Text, primary_key=True),
        sa.Column("one_uid", sa.Text, primary_key=True),
        sa.Column("other_source", sa.Text, primary_key=True),
        sa.Column("other_uid", sa.Text, primary_key=True),
        sa.Column("say", sa.Text, nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
    )
    connection = op.get_bind()
    rendered = list(_render(connection.execute(_TOLD)))
    if rendered:
        connection.execute(_RENDERED, rendered)


def _render(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        told = render(
            read_event(row.told),
            id=row.id,
            sequence=row.sequence,
            first_seen=to_moment(row.first_seen),
            changed_at=to_moment(row.changed_at),
            kind=Kind(row.kind),
            withdrawn=bool(row.withdrawn),
        )
        yield {"event": row.event, "json": told.json, "vevent": told.vevent}
