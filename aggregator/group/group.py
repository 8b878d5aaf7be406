"""Group: what meets regularly, how that is known, and how sure it is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from aggregator.event import Occurrence, Organization, Place
from aggregator.group.rhythm import Rhythm


class HowKnown(StrEnum):
    """Whether a source says the rhythm, its dates show it, or both."""

    STATED = "stated"
    INFERRED = "inferred"
    BOTH = "both"


class State(StrEnum):
    """Whether it still meets, as far as is known."""

    ACTIVE = "active"
    QUIET = "quiet"
    RETIRED = "retired"


class Certainty(StrEnum):
    """Whether a source tells this date, or only the rhythm does."""

    ANNOUNCED = "announced"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A date to come; of an expected one `start` has the rhythm's clock, or is a date where no clock is known."""

    start: datetime | date
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What meets regularly.

    `id` stays the same when name, place and rhythm change, as long as earlier groups are told to `gather`. `dates` are
    all that were told, each once, ascending; `counted` is how many of them the rhythm was inferred from. `confidence`
    is 0 to 1, and `reasons` say why. `last_confirmed` is when a source last said the rhythm, or last told a date that
    follows it. `listings` are (source, uid) of what was read last.
    """

    id: str
    name: str
    time_zone: str
    rhythm: Rhythm
    how_known: HowKnown
    first_seen: datetime
    last_seen: datetime
    last_confirmed: datetime
    organizer: Organization | None = None
    place: Place = Place()
    counted: int = 0
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    dates: tuple[Occurrence, ...] = ()
    listings: tuple[tuple[str, str], ...] = ()
    state: State = State.ACTIVE
    meetings: tuple[Meeting, ...] = ()
