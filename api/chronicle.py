"""What is answered of sources, runs, changes and groups, for the OpenAPI document only."""

from typing import Any

from pydantic import Field

from aggregator.event import Kind
from aggregator.run import Outcome
from aggregator.store import Change
from api.schema import EventMembers, LocationJson, OrganizerJson, PlaceJson, Told, VisitorTermsJson


class RejectionJson(Told):
    """One event that was not taken, and why."""

    name: str
    reason: str


class RunJson(Told):
    """One run of one source."""

    source: str
    started_at: str
    finished_at: str
    outcome: Outcome
    reason: str
    requests: int
    bytes_read: int
    not_modified: bool
    found: int
    kept: int
    new: int
    changed: int
    unseen: int
    withdrawn: int
    cancelled: int
    rejected: list[RejectionJson]
    failure: str | None
    fills: dict[str, float]
    expected: int | None
    id: int | None


class HealthJson(Told):
    """In words; `since` is when it began, `median` how many events are usual."""

    state: str
    reason: str
    advice: str
    since: str | None
    median: float | None


class SourceJson(Told):
    """One source, and how it is doing; `every` is in seconds."""

    name: str
    kind: Kind
    platform: str
    homepage: str | None
    organizer: str | None
    time_zone: str | None
    in_catalogue: bool
    enabled: bool
    every: float
    next_due_at: str
    failures: int
    last_full_fetch_at: str | None
    last_complete_at: str | None
    events: int
    first_run_at: str | None
    last_run: RunJson | None
    last_accepted: RunJson | None
    paused_until: str | None
    health: HealthJson
    is_stale: bool


class SourcePage(Told):
    """All sources."""

    items: list[SourceJson]
    next: None
    as_of: str


class RunPage(Told):
    """Runs, newest first."""

    items: list[RunJson]
    next: None
    as_of: str


class DifferenceJson(Told):
    """A member of the event, as it was and as it is."""

    before: Any
    after: Any


class ChangeJson(Told):
    """One change of one event."""

    cursor: str = Field(description="`since` this, what comes after it is told.")
    at: str = Field(description="When it was written down.")
    change: Change = Field(
        description="`new`; `changed`, `cancelled` or `returned`, with what differs; `withdrawn`: its source no longer "
        "shows it; `removed`: taken away as if it had never been."
    )
    id: str = Field(description="The event's.")
    source: str = Field(description="The source's name.")
    name: str = Field(description="The event's, as it is told now.")
    fields: dict[str, DifferenceJson] = Field(description="By member: its value before and after.")
    reason: str | None = Field(description="Why, in words.")


class ChangePage(Told):
    """Changes, in the order in which they were written down."""

    items: list[ChangeJson]
    next: str = Field(description="Ask for changes `since` this: now if there are more, else later.")
    has_more: bool = Field(description="Whether there are more already.")
    as_of: str


class FilterJson(Told):
    """One filter of the question."""

    filter: str = Field(description="Its name: time, place, or a parameter's.")
    asked: dict[str, Any] = Field(description="The parameters that ask for it, or the window.")
    passes: bool = Field(description="Whether some date of the event passes it.")


class ListingJson(Told):
    """What one source says of the event."""

    source: str = Field(description="The source's name.")
    identifier: str = Field(description="The source's own.")
    withdrawn: bool = Field(description="Whether the source no longer shows it.")


class PairJson(Told):
    """Two listings that are one happening."""

    one: ListingJson
    other: ListingJson
    evidence: list[str] = Field(description="What speaks for it and against it, in words.")


class CorrectionJson(Told):
    """An editor's word on a field, which stands in the place of what its sources say."""

    field: str = Field(description="The field, by its name in an event.")
    value: str = Field(description="What the editor typed.")
    why: str
    since: str
    until: str | None = Field(description="When it ends by itself.")


class ToldApartJson(Told):
    """A date of a series that an event of its own tells."""

    start_date: str
    id: str = Field(description="That event's.")


class WhyJson(Told):
    """Why an event is in an answer, or is not."""

    id: str
    name: str
    is_in: bool
    because: str = Field(description="In words.")
    filters: list[FilterJson]
    merged_into: str | None = Field(description="The id of the event that tells it now.")
    listings: list[ListingJson]
    origins: dict[str, ListingJson] = Field(
        description="By field: the listing whose word it is, or the source `editor`; none where one tells."
    )
    corrections: list[CorrectionJson] = Field(description="What an editor has corrected.")
    evidence: list[PairJson] = Field(description="Why its listings are taken for one happening.")
    told_apart: list[ToldApartJson] = Field(description="Dates of the series that other events tell.")
    query: dict[str, Any]
    window: dict[str, Any]


class RhythmJson(Told):
    """On which days, at what time, in which months, and what becomes of it on holidays."""

    rrules: list[str] = Field(description="As RFC 5545 writes them; all of them hold.")
    since: str = Field(description="A day on which it meets, from which intervals are counted.")
    start: str | None = Field(description="The clock time at which it begins, where it is.")
    end: str | None
    pauses: list[int] = Field(description="Months without a meeting.")
    calendar: str | None = Field(description="Whose holidays count.")
    on_holidays: str | None = Field(description="`skipped`, `shifted` or `kept`; null when none was seen.")
    shift: int = Field(description="By how many days it is shifted then.")
    except_dates: list[str] = Field(description="Days on which a source says that it does not meet.")
    words: str = Field(description="The same for people.")
    every: str = Field(description="weekly, fortnightly, monthly or other.")


class MeetingJson(Told):
    """One of its next dates."""

    start_date: str
    certainty: str = Field(description="`announced` by a source, or `expected` by the rhythm alone.")


class GroupJson(Told):
    """What meets regularly."""

    id: str
    name: str
    kind: Kind
    organizer: OrganizerJson | None
    location: LocationJson | None
    place_precision: str
    distance: float | None = Field(description="Metres from the place that was asked for.")
    distance_text: str | None
    time_zone: str
    rhythm: RhythmJson
    how_known: str = Field(description="`stated` by a source, `inferred` from dates, or `both`.")
    counted: int = Field(description="How many dates follow it.")
    confidence: float = Field(description="0 to 1; `reasons` say why.")
    reasons: list[str]
    state: str = Field(description="`active`, `quiet` when it missed meetings, `retired` after a long silence.")
    meetings: list[MeetingJson] = Field(description="The next four.")
    visitor_terms: VisitorTermsJson | None
    url: str | None
    description: str | None
    keywords: list[str]
    sources: list[str]
    first_seen: str
    last_seen: str
    last_confirmed: str = Field(description="When a source last said its rhythm, or told a date that follows it.")


class GroupPage(Told):
    """Groups, in order of their next meeting."""

    items: list[GroupJson]
    next: str | None = Field(description="Ask for the page `after` this.")
    query: dict[str, Any]
    resolved_place: PlaceJson | None
    as_of: str


class PlannedJson(EventMembers):
    """An event of a plan."""

    because: list[str] = Field(description="Why it was chosen, in words.")


class PlanPage(Told):
    """Events that fit together, in order of start."""

    items: list[PlannedJson]
    spent: float = Field(description="What they cost a stranger, as far as prices are said.")
    prices_unknown: int = Field(description="Of how many nobody says the price.")
    query: dict[str, Any]
    window: dict[str, Any]
    resolved_place: PlaceJson | None
    as_of: str
