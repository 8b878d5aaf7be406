"""Run: what one run of one source did, and its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

REJECTED = "a person rejected it"
"""How the reason of a run ends that was held back and then judged."""


class Outcome(StrEnum):
    """How a run ended. Only an accepted run may change what is told; only a complete one may miss an event."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """One draft that did not become an event: what it was called, why not, and its identity as far as it has one."""

    name: str
    reason: str
    uid: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run. `reason` is a sentence for a person; counts are of listings; `bytes_read` is of bodies on the wire.

    `failure` is the name of the error that ended it, with the status of an HTTP one ("StatusError 404"). `fills` tells
    for each field which share of the kept events has it. `expected` is how many the catalogue says there should be at
    least: 0 out of season, None where it does not say.
    """

    source: str
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    reason: str
    requests: int = 0
    bytes_read: int = 0
    not_modified: bool = False
    found: int = 0
    kept: int = 0
    new: int = 0
    changed: int = 0
    unseen: int = 0
    withdrawn: int = 0
    cancelled: int = 0
    rejected: tuple[Rejection, ...] = ()
    failure: str | None = None
    fills: Mapping[str, float] = field(default_factory=dict)
    expected: int | None = None
    id: int | None = None
