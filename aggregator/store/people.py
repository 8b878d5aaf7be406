"""The tables of what people say and are asked: an editor, the public, an organiser; beside what sources say."""

from sqlalchemy import Column, Index, Integer, Table

from aggregator.store.columns import Instant, Text
from aggregator.store.tables import metadata

__all__ = ["confirmations", "corrections", "editions", "hides", "metadata", "questions", "suggestions"]

corrections = Table(
    "corrections",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("uid", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("patch", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Index("corrections_by_listing", "source", "uid"),
    sqlite_autoincrement=True,
)
"""An editor's word on a field of a listing, whether that is there or not; `patch` is JSON of what is to stand there."""

hides = Table(
    "hides",
    metadata,
    Column("source", Text, primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", Instant, nullable=False),
)
"""Listings that are told nobody; `event` is the id by which they were hidden, together with others of it."""

suggestions = Table(
    "suggestions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("subject", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("reason", Text),
    Column("settled_at", Instant),
    Index("suggestions_by_standing", "standing"),
    sqlite_autoincrement=True,
)
"""What the public suggested; `told` is JSON of texts. Nothing is kept of who sent it."""

confirmations = Table(
    "confirmations",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Index("confirmations_by_source", "source"),
)
"""Letters in which an organiser was asked whether a source is still right; the token itself is in the letter alone."""

editions = Table(
    "editions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("letter", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("search_url", Text, nullable=False),
    Column("published_at", Instant, nullable=False),
)
"""An editor's letters that are shown to everybody; `letter` is JSON, and has nothing of any subscriber."""

questions = Table(
    "questions",
    metadata,
    Column("one_source", Text, primary_key=True),
    Column("one_uid", Text, primary_key=True),
    Column("other_source", Text, primary_key=True),
    Column("other_uid", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
)
"""Pairs that a person may decide on, in the order in which the last matching found them; `verdict` is JSON."""
