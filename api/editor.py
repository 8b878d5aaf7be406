"""What the operator may say of events, beside sources (api.operator), and what is answered."""

from typing import Any, Protocol

from pydantic import Field

from aggregator.suggest import Standing, Subject
from api.schema import Told

Answer = dict[str, Any]


class Editor(Protocol):
    """Each call blocks, does it at once and returns what to tell, or raises a HobnobError."""

    def corrections(self) -> list[Answer]:
        """All that hold or held, in the order in which they were made."""
        ...

    def correct(
        self, event: str, field: str, value: str, why: str, by: str | None = None, until: str | None = None
    ) -> Answer:
        """Put a value in the place of what the sources say of a field of an event."""
        ...

    def undo(self, number: str) -> Answer:
        """Take a correction back."""
        ...

    def hides(self) -> list[Answer]:
        """What is hidden, a listing each."""
        ...

    def hide(self, event: str, why: str, by: str | None = None) -> Answer:
        """Tell nobody of an event, whatever sources say of it."""
        ...

    def unhide(self, event: str) -> Answer:
        """Tell of it again."""
        ...

    def questions(self) -> list[Answer]:
        """Pairs of listings that may be one happening, side by side."""
        ...

    def count_questions(self) -> int:
        """How many there were at most ten minutes ago: to compare all listings of a large town takes seconds."""
        ...

    def join(self, one: str, other: str) -> Answer:
        """Say that two listings, each `SOURCE/IDENTIFIER`, tell the same."""
        ...

    def split(self, one: str, other: str) -> Answer:
        """Say that they do not."""
        ...

    def suggestions(self) -> list[Answer]:
        """What the public suggested, those that wait first."""
        ...

    def accept_suggestion(self, number: str, kind: str | None = None) -> Answer:
        """Tell a suggested event or group, of this kind, or correct what is to be fixed."""
        ...

    def reject_suggestion(self, number: str, why: str) -> Answer:
        """Do not; the reason is kept."""
        ...


class AdminCorrection(Told):
    """A correction; `event` is the id of what it is told in, null when that is gone."""

    number: int
    event: str | None
    source: str
    identifier: str
    field: str = Field(description="The field, by its name in an event.")
    value: str = Field(description="What was typed.")
    why: str
    by: str
    since: str
    until: str | None


class Corrections(Told):
    """All corrections."""

    items: list[AdminCorrection]


class AdminHide(Told):
    """A hidden listing; `event` is the id by which it was hidden, `name` what its source calls it."""

    event: str
    source: str
    identifier: str
    name: str | None
    why: str
    by: str
    since: str


class Hides(Told):
    """All that is hidden."""

    items: list[AdminHide]


class AdminListing(Told):
    """A listing as it is compared: `key` is how it is named in `join` and `split`, `event` its members."""

    key: str
    start_date: str
    end_date: str | None
    event: dict[str, Any]


class AdminEvidence(Told):
    """What was compared; points above 0 speak for one happening, those below against it."""

    about: str
    points: float
    why: str


class Question(Told):
    """Two listings that may be one happening; `score` is the sum of the points."""

    one: AdminListing
    other: AdminListing
    score: float
    evidence: list[AdminEvidence]


class Questions(Told):
    """All that may be decided."""

    items: list[Question]


class AdminSuggestion(Told):
    """What somebody sent; `told` has the members of its type."""

    number: int
    at: str
    type: Subject
    told: dict[str, str]
    standing: Standing
    reason: str | None = Field(description="Why it was rejected.")
    settled_at: str | None


class Suggestions(Told):
    """All that was suggested."""

    items: list[AdminSuggestion]
