"""The schema, on SQLite and on PostgreSQL. Instants are integers: microseconds since 1970, UTC."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
)

from aggregator.store.columns import Instant, Number, Text, event_column, source_column

metadata = MetaData()

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("homepage", Text),
    Column("organizer", Text),
    Column("time_zone", Text),
    Column("config_hash", LargeBinary, nullable=False),
    Column("in_catalogue", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("every", Integer, CheckConstraint("every > 0"), nullable=False),
    Column("next_due_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("lease_token", BigInteger, nullable=False, server_default="0"),
    Column("last_full_fetch_at", Instant),
    Column("last_complete_at", Instant),
    Column("paused_until", Instant),
    Column("told_down", Boolean, nullable=False, server_default="0"),
    Column("settled_as", Text),
    Column("settled_until", Instant),
    Index("sources_by_due", "next_due_at"),
    sqlite_with_rowid=False,
)

pages = Table(
    "pages",
    metadata,
    source_column(primary_key=True),
    Column("request", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", LargeBinary, nullable=False),
    Column("reading", LargeBinary, nullable=False),
    Column("parser", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    source_column(),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("bytes_read", BigInteger, nullable=False),
    Column("not_modified", Boolean, nullable=False),
    Column("found", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unseen", Integer, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Column("rejected", Text, nullable=False),
    Column("failure", Text),
    Column("fills", Text),
    Column("expected", Integer),
    Index("runs_by_source", "source", "id"),
    sqlite_autoincrement=True,
)

candidates = Table(
    "candidates",
    metadata,
    Column("run", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("is_complete", Boolean, nullable=False),
    Column("seen", LargeBinary, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("event", Number, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("source", Text, ForeignKey("sources.name"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("organizer", Text),
    Column("sequence", Integer, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("expanded_to", Instant),
    Column("json", LargeBinary, nullable=False),
    Column("vevent", LargeBinary, nullable=False),
    Column("merged_into", Text),
    Column("members", Text),
    Column("withheld", Boolean, nullable=False, server_default="0"),
    Column("series", Text),
    Column("rhythm", Text),
    Index("events_by_changed_at", "changed_at"),
    Index("events_by_expanded_to", "expanded_to"),
    Index("events_by_merged_into", "merged_into"),
    Index("events_by_series", "series"),
)
Index("events_by_first_seen", events.c.first_seen.desc(), events.c.event)
"""What we tell. `event` numbers rise with `id`; `expanded_to` is up to where the dates of a series are known. What
another event tells too is `merged_into` that one, by id, whose `members` are JSON of all listings it tells, and of the
event that they make together. What the operator hid is `withheld`: nothing leads to it. `series` is the id of the
regular group that it is a date of, or of the series where there is no group, and `rhythm` how often that meets."""

match_words = Table(
    "match_words",
    metadata,
    Column("one_source", Text, primary_key=True),
    Column("one_uid", Text, primary_key=True),
    Column("other_source", Text, primary_key=True),
    Column("other_uid", Text, primary_key=True),
    Column("say", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
)
"""A person's word on two listings, in order: whether they tell the same."""

listings = Table(
    "listings",
    metadata,
    source_column(primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("event", Number, ForeignKey("events.event"), nullable=False),
    Column("told", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("unseen_runs", Integer, nullable=False, server_default="0"),
    Column("unseen_since", Instant),
    Column("withdrawn_at", Instant),
    Index("listings_by_event", "event"),
)
"""What one source says. `told` is its Event as JSON."""

occurrences = Table(
    "occurrences",
    metadata,
    event_column(primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("end", BigInteger, nullable=False),
    Column("span", Number, nullable=False),
    Column("occurrence", BigInteger, nullable=False),
    Column("start_text", Text, nullable=False),
    Column("end_text", Text),
    Column("all_day", Boolean, nullable=False),
    Index("occurrences_by_end", "end"),
    sqlite_with_rowid=False,
)
"""The dates of events, in UTC epoch seconds; an event has one date at one start.

`occurrence` is 0 for an event's only date, so that it stays the same one when it moves; for one of a series, its start.
"""

cells = Table(
    "cells",
    metadata,
    Column("cell", BigInteger, primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("event", Number, primary_key=True),
    Column("end", BigInteger, nullable=False),
    Column("x", Double),
    Column("y", Double),
    Column("z", Double),
    Column("flags", Number, nullable=False),
    Column("clock", Integer),
    sqlite_with_rowid=False,
)
"""The search index (grid.py, flags.py): a row of each date in each cell that holds it. `clock` is the local minute."""

cell_counts = Table(
    "cell_counts",
    metadata,
    Column("cell", BigInteger, primary_key=True, autoincrement=False),
    Column("dates", BigInteger, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("label", Text, primary_key=True),
    event_column(primary_key=True),
    Index("labels_by_event", "event"),
    sqlite_with_rowid=False,
)
"""What an event can be chosen by: `o:` and a folded organiser, `s:` and a source, `t:` and a folded tag."""

texts = Table(
    "texts",
    metadata,
    event_column(primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("organizer", Text, nullable=False),
    Column("place", Text, nullable=False),
)
"""What is searched for words; on SQLite the index over it is the FTS5 table `words`."""

changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("change", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("reason", Text),
    Index("changes_by_time", "at"),
    sqlite_autoincrement=True,
)
"""What changed for people, in the order in which it was written; `fields` is JSON of what differs."""

groups = Table(
    "groups",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("told", Text, nullable=False),
    Index("groups_by_source", "source"),
)
"""Regular groups, each of one source, as JSON; there are few enough to be looked through."""

vetoes = Table(
    "vetoes",
    metadata,
    Column("words", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
)
"""Organisers, sources or hosts, folded, that are told by nobody; `reason` is for people."""

widgets = Table(
    "widgets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("title", Text),
    Column("pins", Text, nullable=False),
    Column("picks", Text, nullable=False),
    Column("blocked", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
"""What sites show of us, saved by name; `query`, `pins`, `picks` and `blocked` are JSON."""

geocodes = Table(
    "geocodes",
    metadata,
    Column("address", Text, primary_key=True),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("precision", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
)
"""Answers of a remote geocoder; precision `none` is an address that it does not know."""
