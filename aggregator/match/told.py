"""Told, Evidence, Verdict, Word: what is compared, what speaks for and against, and what was decided."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from aggregator.event import Event, GeoCoordinates
from aggregator.match.gist import Gist, gist_of
from aggregator.sift import Role

Key = tuple[str, str]
"""A listing's identity: its source and the source's own uid."""

STRONG = -4.0
"""Evidence of so few points keeps two listings apart whatever a third one says of both."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One listing as it is compared: what is compared of its event, whose word it is, where its source is at home (no
    place of its own). Most listings are like no other, and their events are never read.

    One date of a series, which its source tells by a rule, is compared as if it were listed: `date_of` is the series.
    """

    gist: Gist
    read: Callable[[], Event] = field(repr=False, compare=False)
    role: Role = "organiser"
    trust: int = 50
    home: GeoCoordinates | None = None
    date_of: Key | None = None

    @classmethod
    def of(
        cls, event: Event, *, role: Role = "organiser", trust: int = 50, home: GeoCoordinates | None = None
    ) -> "Told":
        """Of an event that was read."""
        return cls(gist=gist_of(event), read=lambda: event, role=role, trust=trust, home=home)

    @cached_property
    def event(self) -> Event:
        """The whole of it."""
        return self.read()

    @property
    def key(self) -> Key:
        """What it is known by among all that are compared."""
        return self.gist.source, self.gist.uid

    @property
    def listing(self) -> Key:
        """Where it stands: the listing itself, or the series that it is a date of."""
        return self.date_of or self.key


class Band(StrEnum):
    """What follows from a score: linked by itself, asked of a person, left alone."""

    LINK = "link"
    ASK = "ask"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was compared, its points (above 0 for, below 0 against), and why in words."""

    about: str
    points: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was concluded of two listings; `score` is the sum of the evidence's points."""

    band: Band
    score: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def forbids(self) -> bool:
        """Whether the two may not come together by way of a third one either."""
        return any(one.points <= STRONG for one in self.evidence)


class Say(StrEnum):
    """What a person decided of two listings."""

    SAME = "same"
    NOT_SAME = "not same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A person's word on two listings. It wins over every score; of two on one pair the later counts."""

    one: Key
    other: Key
    say: Say
    said_at: datetime

    @property
    def pair(self) -> tuple[Key, Key]:
        """The two, in order."""
        return (self.one, self.other) if self.one <= self.other else (self.other, self.one)
