"""What a survey is made of, and what it gives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from aggregator.event import Event, starts_at
from aggregator.run import Rejection
from aggregator.source import Page, Source
from aggregator.survey.guess import Guess


class Way(Protocol):
    """A platform, the address by which it reads the site, and what on the page speaks for it."""

    @property
    def platform(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def evidence(self) -> str: ...


class Induced(Protocol):
    """A recipe that was made from a page's repeated parts; it is believed when `is_confident`."""

    @property
    def recipe(self) -> Mapping[str, Any]: ...
    @property
    def is_confident(self) -> bool: ...
    @property
    def why(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What only `sources` knows, as its caller hands it in. `make` is called with address, platform and other keys."""

    detect: Callable[[Page], Iterable[Way]]
    make: Callable[..., Source]
    induce: Callable[[Page], Induced]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A source that is in a catalogue already."""

    name: str
    url: str
    organizer: str | None
    homepage: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One way that was tried: what was kept and dropped, what could not be read, or why nothing could.

    `needs_permission` when the platform's terms forbid programs: the site is then read in no other way either.
    """

    platform: str
    url: str
    evidence: str
    recipe: Mapping[str, Any] | None = None
    events: tuple[Event, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    gaps: tuple[str, ...] = ()
    failure: str | None = None
    needs_permission: bool = False

    def coming(self, now: datetime) -> tuple[Event, ...]:
        """Those that begin later, or repeat, in order of start."""
        ahead = [e for e in self.events if e.rrule or starts_at(e.start_date, e.time_zone) >= now]
        return tuple(sorted(ahead, key=lambda e: starts_at(e.start_date, e.time_zone)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`robots` says in words what robots.txt allows. `best` is the trial that is worth a row; None when none is.

    `similar` are names of sources there are already; `elsewhere` are links to places where its events are sold or
    listed, each with what to do about it. `stub` is a recipe to mend when nothing else could be found.
    """

    url: str
    robots: str
    trials: tuple[Trial, ...]
    best: Trial | None
    guess: Guess
    similar: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    stub: Mapping[str, Any] | None = None
    stub_why: str = ""
    is_empty: bool = False
    at: datetime
