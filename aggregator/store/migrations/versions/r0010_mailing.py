"""The weekly letter: subscriptions, hashed tokens of their links, the ledger of letters, and limits."""

from secrets import token_bytes
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _subscription(**options: Any) -> sa.Column[int]:
    key = sa.ForeignKey("subscriptions.number", ondelete="CASCADE")
    return sa.Column("subscription", sa.Integer, key, nullable=False, **options)


def upgrade() -> None:
    _subscriptions()
    op.create_table(
        "letter_tokens",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        _subscription(),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("letter_tokens_by_subscription", "letter_tokens", ["subscription"])
    _deliveries()
    op.create_table(
        "subscription_requests",
        sa.Column("at", sa.BigInteger, primary_key=True),
        sa.Column("address_hash", sa.LargeBinary, primary_key=True),
        sa.Column("sender_hash", sa.LargeBinary, primary_key=True),
    )
    salts = op.create_table(
        "salts", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.LargeBinary, nullable=False)
    )
    op.bulk_insert(salts, [{"name": "requests", "value": token_bytes(16)}])


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("consent_words", sa.Text, nullable=False),
        sa.Column("consent_at", sa.BigInteger, nullable=False),
        sa.Column("consent_channel", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger),
        sa.Column("next_due_at", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("subscriptions_by_due", "subscriptions", ["next_due_at"])
    op.create_index("subscriptions_by_address", "subscriptions", ["address"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        _subscription(primary_key=True, autoincrement=False),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("message_key", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("sent", sa.Text),
        sa.Column("boot", sa.Text),
    )
    op.create_index("deliveries_by_stage", "deliveries", ["stage", "next_attempt_at"])
