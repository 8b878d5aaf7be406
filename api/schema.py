"""What is answered, for the OpenAPI document only: the answers themselves are made of stored bytes."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from aggregator.event import EventAttendanceMode, EventStatus, Kind, Precision
from aggregator.run import Outcome


class Told(BaseModel):
    """Names in camelCase; every member is always there, and null means that nobody knows."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", json_schema_serialization_defaults_required=True
    )


class AddressJson(Told):
    """schema.org/PostalAddress."""

    street_address: str | None
    address_locality: str | None
    address_region: str | None = Field(description="The short form where there is one: CA, ON.")
    postal_code: str | None
    address_country: str | None = Field(description="ISO 3166-1 alpha-2.")


class GeoJson(Told):
    """schema.org/GeoCoordinates, WGS 84."""

    latitude: float
    longitude: float


class LocationJson(Told):
    """schema.org/Place."""

    name: str | None
    address: AddressJson | None
    geo: GeoJson | None


class OrganizerJson(Told):
    """schema.org/Organization."""

    name: str
    url: str | None


class OfferJson(Told):
    """schema.org/Offer; 0 is free, null is not known, highPrice only where a range is told."""

    price: float | None
    high_price: float | None
    price_currency: str | None
    description: str | None


class ScheduleJson(Told):
    """The rule of a series: RFC 5545's, and schema.org/Schedule's words."""

    rrule: list[str]
    except_date: list[str]
    schedule_timezone: str


def _require_nothing(schema: dict[str, Any]) -> None:
    schema.pop("required", None)


class EventMembers(Told):
    """schema.org/Event, on one of its dates. All members are there, unless `fields` leaves some out."""

    model_config = ConfigDict(json_schema_extra=_require_nothing)

    start_date: str = Field(description="RFC 3339 with the venue's offset; a date alone is all day.")
    end_date: str | None = Field(description="The same; of an all-day event its last day.")
    distance: int | None = Field(description="Metres from the place that was asked for.")
    distance_text: str | None = Field(description="The same in the caller's units.")
    id: str = Field(description="Opaque and permanent.")
    source: str
    identifier: str = Field(description="What its source calls it.")
    name: str
    time_zone: str = Field(description="The venue's, an IANA name.")
    virtual_location: str | None
    organizer: OrganizerJson | None
    url: str | None
    description: str | None
    image: str | None
    keywords: list[str]
    event_status: EventStatus
    previous_start_date: str | None
    event_attendance_mode: EventAttendanceMode | None
    is_accessible_for_free: bool | None
    offers: list[OfferJson]
    super_event: str | None = Field(description="The `identifier` of the series that it was taken out of.")
    same_as: list[str]
    doubts: list[str] = Field(description="What could not be read for certain.")
    location: LocationJson | None
    place_precision: Precision = Field(description="How well `location.geo` is known; a town's is only its middle.")
    all_day: bool
    end_date_source: Literal["stated", "assumed"] | None
    event_schedule: ScheduleJson | None
    kind: Kind
    withdrawn: bool = Field(description="Its source no longer shows it; nobody said that it is cancelled.")
    first_seen: str
    changed_at: str


class DateJson(Told):
    """One date of an event."""

    start_date: str
    end_date: str | None


class EventJson(EventMembers):
    """One event with its next dates, 200 at most; at the top the first of them, or the last of all."""

    occurrences: list[DateJson]


class PlaceJson(Told):
    """Where we understood the place to be."""

    name: str
    region: str | None
    country: str | None
    latitude: float
    longitude: float
    precision: Precision
    time_zone: str | None


class EventPage(Told):
    """A page of events."""

    items: list[EventMembers]
    total: int | None = Field(description="Only with `include=total`.")
    total_is_exact: bool | None = Field(description="False: there are more than `total`.")
    next: str | None = Field(description="The `cursor` of the page after; null on the last.")
    query: dict[str, Any] = Field(description="The question in its canonical form, with defaults and bounds.")
    resolved_place: PlaceJson | None
    unplaced: int | None = Field(description="Events that match but for their place, which nobody knows.")
    as_of: str
    stale_sources: list[str] = Field(description="Sources that have told nothing for long.")
    hints: list[str] = Field(description="When nothing was found: what would have found something.")


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
    id: int | None


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
    last_run: RunJson | None
    last_accepted: RunJson | None
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


class Health(Told):
    """`live` or `ready`."""

    status: str


def of_json(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The answer when all is well, and that the caller may have it already."""
    told: dict[int | str, dict[str, Any]] = {200: {"model": model}}
    return told if model is Health else {**told, 304: {"description": "Not changed since the ETag that was sent"}}
