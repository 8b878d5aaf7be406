"""The mailing's part of the schema: the only tables that hold an address of a person."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, text

from aggregator.store.columns import Instant, Text
from aggregator.store.mailing.values import OPEN
from aggregator.store.tables import metadata

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("address", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("zone", Text, nullable=False),
    Column("most", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("consent_words", Text, nullable=False),
    Column("consent_at", Instant, nullable=False),
    Column("consent_channel", Text, nullable=False),
    Column("confirmed_at", Instant),
    Column("next_due_at", Instant),
    Index("subscriptions_by_due", "next_due_at"),
    Index("subscriptions_by_address", "address"),
    sqlite_autoincrement=True,
)


def _subscription(**options: Any) -> Column[int]:
    key = ForeignKey("subscriptions.number", ondelete="CASCADE")
    return Column("subscription", Integer, key, nullable=False, **options)


letter_tokens = Table(
    "letter_tokens",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    _subscription(),
    Column("purpose", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("letter_tokens_by_subscription", "subscription"),
    sqlite_with_rowid=False,
)
"""Hashes of what the links in letters end in: whoever reads the store can make none of these links."""

deliveries = Table(
    "deliveries",
    metadata,
    _subscription(primary_key=True, autoincrement=False),
    Column("period", Text, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("message_key", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("reason", Text),
    Column("boot", Text),
    Column("told", LargeBinary),
    Index(
        "deliveries_by_stage",
        *("stage", "next_attempt_at", "subscription"),
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
)
"""The ledger: a letter for each subscription and period, once. `boot` names the run of the machine in which it was
claimed, `told` what it told in `tellings`."""

tellings = Table(
    "tellings", metadata, Column("hash", LargeBinary, primary_key=True), Column("text", Text, nullable=False)
)
"""JSON of what letters told: most subscribers of a town are told the same, and a small row moves no other."""

subscription_requests = Table(
    "subscription_requests",
    metadata,
    Column("at", Instant, nullable=False, primary_key=True),
    Column("address_hash", LargeBinary, nullable=False, primary_key=True),
    Column("sender_hash", LargeBinary, nullable=False, primary_key=True),
)
"""Who asked lately, to be counted against the limits: kept for a week, and only as salted hashes."""

salts = Table("salts", metadata, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False))
