"""Columns that several tables have, and instants as both databases keep them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, Integer, TypeDecorator
from sqlalchemy import Text as PlainText

from aggregator.store.instants import to_moment_or_none, to_number

Text = PlainText().with_variant(PlainText(collation="C"), "postgresql")
"""Compared and ordered by code points on both databases, whatever language PostgreSQL was set up for."""

Number = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both databases: SQLite's own INTEGER is, and only that can be a key that it numbers by itself."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as an integer, so that both databases order and round it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else to_number(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return to_moment_or_none(value)


def source_column(**options: Any) -> Column[str]:
    """The name of a source, with which the row goes."""
    return Column("source", Text, ForeignKey("sources.name", ondelete="CASCADE"), nullable=False, **options)


def event_column(**options: Any) -> Column[int]:
    """The number of an event, with which the row goes."""
    return Column("event", Number, ForeignKey("events.event", ondelete="CASCADE"), nullable=False, **options)
