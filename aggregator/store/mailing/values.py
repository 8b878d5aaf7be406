"""Who gets a letter, and what became of each letter: the values that the mailing keeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Whether a subscription gets letters: only a confirmed one does."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    SUSPENDED = "suspended"


class Purpose(StrEnum):
    """What a link in a letter is for."""

    CONFIRM = "confirm"
    LETTER = "letter"


class Stage(StrEnum):
    """How far a letter got.

    `dotted` is written just before the dot that ends a letter: from then on until the server's answer nobody can say
    whether it was taken (RFC 1047). A sender that dies there leaves `unknown`, which a person resolves.
    """

    PENDING = "pending"
    SENDING = "sending"
    DOTTED = "dotted"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    EMPTY = "empty"


OPEN = "stage IN ('pending', 'sending', 'dotted', 'unknown')"
"""SQL of letters that are not over; who looks for some says so in these words, by which SQLite knows the index."""

CONFIRMATION = "confirm"
"""The period of the letter that asks whether the subscription is wanted; all others are ISO weeks."""

LATELY = timedelta(days=30)
"""The letters of so long are told of when somebody asks how they fare."""

BOUNCED = "bounced"
"""The reason of a letter whose address the server refused for good."""


Told = tuple[datetime, str]
"""When a letter was composed, and what it told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for. `query` is the canonical search; `weekday` is Monday 0 to Sunday 6 and `hour` the clock's
    in `zone`; `most` is how many lines a letter may have.
    """

    address: str
    query: str
    weekday: int
    hour: int
    zone: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What was agreed to: the words that were shown, when, and by which way in."""

    words: str
    at: datetime
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A wish and what became of it. `confirmed_at` is when its owner said yes, `next_due_at` when a letter is due."""

    number: int
    wish: Wish
    state: State
    consent: Consent
    confirmed_at: datetime | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One letter to one subscriber. `message_key` is the left part of its Message-ID, the same at each attempt."""

    subscription: Subscription
    period: str
    due_at: datetime
    attempts: int
    message_key: str

    @property
    def name(self) -> str:
        """How a person and the log call it: never by an address."""
        return f"{self.subscription.number}/{self.period}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How an attempt at a letter ended: its stage from now on, why, and when it is tried again, if it is."""

    delivery: Delivery
    stage: Stage
    reason: str | None = None
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A letter of which nobody can say whether it arrived; `since` then."""

    name: str
    since: datetime
