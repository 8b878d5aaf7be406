"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('data_version', 1), ('events', 0)")
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("homepage", sa.Text),
        sa.Column("organizer", sa.Text),
        sa.Column("time_zone", sa.Text),
        sa.Column("config_hash", sa.LargeBinary, nullable=False),
        sa.Column("in_catalogue", sa.Boolean, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("every", sa.Integer, sa.CheckConstraint("every > 0"), nullable=False),
        sa.Column("next_due_at", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("lease_token", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("last_full_fetch_at", sa.BigInteger),
        sa.Column("last_complete_at", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("sources_by_due", "sources", ["next_due_at"])
    op.create_table(
        "pages",
        sa.Column("source", sa.Text, sa.ForeignKey("sources.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("request", sa.Text, primary_key=True),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        sa.Column("reading", sa.LargeBinary, nullable=False),
        sa.Column("parser", sa.Text, nullable=False),
        sa.Column("fetched_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, sa.ForeignKey("sources.name", ondelete="CASCADE"), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("bytes_read", sa.BigInteger, nullable=False),
        sa.Column("not_modified", sa.Boolean, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("kept", sa.Integer, nullable=False),
        sa.Column("new", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("unseen", sa.Integer, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sa.Column("cancelled", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("runs_by_source", "runs", ["source", "id"])
    op.create_table(
        "candidates",
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("is_complete", sa.Boolean, nullable=False),
        sa.Column("seen", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("event", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("organizer", sa.Text),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        sa.Column("expanded_to", sa.BigInteger),
        sa.Column("json", sa.LargeBinary, nullable=False),
        sa.Column("vevent", sa.LargeBinary, nullable=False),
    )
    op.create_index("events_by_first_seen", "events", [sa.text("first_seen DESC"), "event"])
    op.create_index("events_by_changed_at", "events", ["changed_at"])
    op.create_index("events_by_expanded_to", "events", ["expanded_to"])
    op.create_table(
        "listings",
        sa.Column("source", sa.Text, sa.ForeignKey("sources.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("uid", sa.Text, primary_key=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("events.event"), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("unseen_runs", sa.Integer, nullable=False, server_default="0"),
        sa.Column("unseen_since", sa.BigInteger),
        sa.Column("withdrawn_at", sa.BigInteger),
    )
    op.create_index("listings_by_event", "listings", ["event"])
    op.create_table(
        "occurrences",
        sa.Column("event", sa.Integer, sa.ForeignKey("events.event", ondelete="CASCADE"), primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True),
        sa.Column("end", sa.BigInteger, nullable=False),
        sa.Column("span", sa.Integer, nullable=False),
        sa.Column("occurrence", sa.BigInteger, nullable=False),
        sa.Column("start_text", sa.Text, nullable=False),
        sa.Column("end_text", sa.Text),
        sa.Column("all_day", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("occurrences_by_end", "occurrences", ["end"])
    op.create_table(
        "cells",
        sa.Column("cell", sa.BigInteger, primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True),
        sa.Column("event", sa.Integer, primary_key=True),
        sa.Column("end", sa.BigInteger, nullable=False),
        sa.Column("x", sa.Double),
        sa.Column("y", sa.Double),
        sa.Column("z", sa.Double),
        sa.Column("flags", sa.Integer, nullable=False),
        sa.Column("clock", sa.Integer),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cell_counts",
        sa.Column("cell", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("dates", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "labels",
        sa.Column("label", sa.Text, primary_key=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("events.event", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("labels_by_event", "labels", ["event"])
    op.create_table(
        "texts",
        sa.Column(
            "event",
            sa.Integer,
            sa.ForeignKey("events.event", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("organizer", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
    )
    op.create_table(
        "geocodes",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        sa.Column("precision", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE words USING fts5(name, description, organizer, place,"
            " content='texts', content_rowid='event', tokenize='unicode61 remove_diacritics 2')"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE words")
    for table in (
        *("geocodes", "texts", "labels", "cell_counts", "cells", "occurrences", "listings", "events"),
        *("candidates", "runs", "pages", "sources", "counters"),
    ):
        op.drop_table(table)
