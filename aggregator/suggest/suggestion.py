"""Suggestion: what the public says is missing or wrong, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.event import Kind

SUGGESTED = "suggested"
"""The platform of the site's own sources, which tell what was suggested and accepted; no run takes anything back."""


def source_name(kind: Kind) -> str:
    """The site's own source for what is of this kind."""
    return SUGGESTED if kind is Kind.OTHER else f"{SUGGESTED}_{kind}"


SOURCES = tuple(map(source_name, Kind))


class Subject(StrEnum):
    """What is suggested."""

    EVENT = "event"
    GROUP = "group"
    FIX = "fix"


class Standing(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What somebody sent, without any person's address or number; `told` has the members of its subject."""

    subject: Subject
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSuggestion:
    """One that was kept. `reason` is why it was rejected."""

    number: int
    at: datetime
    standing: Standing
    suggestion: Suggestion
    reason: str | None = None
    settled_at: datetime | None = None
