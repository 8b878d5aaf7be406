"""What the store keeps beside events: leases, pages, candidates, and how sources are doing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from aggregator.event import Event, Kind, VisitorTerms
from aggregator.group.group import Group
from aggregator.run import Run


class Change(StrEnum):
    """What happened to an event, for those who were told of it."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    REMOVED = "removed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One change of one event; numbers rise. `fields` tells of each member that differs its value before and after."""

    number: int
    at: datetime
    change: Change
    id: str
    source: str
    name: str
    fields: Mapping[str, Mapping[str, Any]]
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide:
    """A listing that is told nobody; `event` is the id by which it was hidden, with others that tell the same."""

    source: str
    uid: str
    event: str
    why: str
    by: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A letter in which an organiser was asked whether a source is still right, known by the hash of its token."""

    token_hash: str
    source: str
    asked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptGroup:
    """A regular group of a source, with what its newest listing says beside."""

    group: Group
    kind: Kind
    source: str
    url: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    terms: VisitorTerms = field(default_factory=VisitorTerms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to write what a source says. A later lease of the source has a higher `token` and ends this one."""

    source: str
    owner: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a source's pages tell is what is kept of it: the same pages, read the way that `reading_as` names, change
    nothing before `until`.
    """

    reading_as: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """The last answer to one request of a source: its validators, and what the `parser` of that version read in it.

    `request` is any text that is the same for the same request; `reading` is the parsing child's JSON.
    """

    request: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes
    reading: bytes
    parser: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a quarantined run saw, kept until somebody accepts or rejects it; its numbers are in the run's reason."""

    seen: tuple[Event, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    """What a site shows of us, by a name that stands in its page.

    `query` has the parameters of the search as they were written. Events are named by id: `pins` come first, and where
    there are `picks` nothing else is shown; what a source in `blocked` tells is never shown.
    """

    name: str
    query: Mapping[str, str]
    layout: str
    link: str
    title: str | None
    pins: tuple[str, ...]
    picks: tuple[str, ...]
    blocked: tuple[str, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEdition:
    """A letter of an editor, as everybody may read it. `letter` is JSON of what it tells, without its words around it;
    `note` has paragraphs between empty lines; `search_url` is where all events are.
    """

    name: str
    letter: str
    note: str
    search_url: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """How a source is doing. `events` are told now; what is said of runs is None before there is one."""

    name: str
    kind: Kind
    platform: str
    url: str
    homepage: str | None
    organizer: str | None
    time_zone: str | None
    in_catalogue: bool
    enabled: bool
    every: timedelta
    next_due_at: datetime
    failures: int
    last_full_fetch_at: datetime | None
    last_complete_at: datetime | None
    events: int
    first_run_at: datetime | None
    last_run: Run | None
    last_accepted: Run | None
    paused_until: datetime | None = None
