"""An editor's corrections of single fields, and events that are hidden; and what is said of wheelchairs in answers."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TOLD = sa.text("SELECT event, json FROM events")
_ANSWERED = sa.text("UPDATE events SET json = :json WHERE event = :event")
_NOT_SAID: dict[str, Any] = {"wheelchairAccessible": None, "accessibilityEvidence": []}


def upgrade() -> None:
    op.add_column("events", sa.Column("withheld", sa.Boolean, nullable=False, server_default="0"))
    op.create_table(
        "corrections",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("patch", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("corrections_by_listing", "corrections", ["source", "uid"])
    op.create_table(
        "hides",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("uid", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    connection = op.get_bind()
    answered = list(_complete(connection.execute(_TOLD)))
    if answered:
        connection.execute(_ANSWERED, answered)


def _complete(rows: Any) -> Iterator[dict[str, Any]]:
    """Answers have got two more members of a place; what is rendered begins after the opening brace."""
    for event, told in rows:
        members = json.loads(b"{" + told)
        if members["location"] is not None:
            members["location"] |= _NOT_SAID
            text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
            yield {"event": event, "json": text[1:].encode("utf-8", "replace")}
