"""What is answered, for the OpenAPI document only: the answers themselves are made of stored bytes."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from aggregator.event import Authority, EventAttendanceMode, EventStatus, Kind, Precision, Visitors


class Told(BaseModel):
    """Names in camelCase; every member is always there, and null means that nobody knows."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", json_schema_serialization_defaults_required=True
    )


class AddressJson(Told):
    """schema.org/PostalAddress."""

    street_address: str | None = Field(description="Number and street.")
    address_locality: str | None = Field(description="The town.")
    address_region: str | None = Field(description="The short form where there is one: CA, ON.")
    postal_code: str | None = Field(description="As its country writes it.")
    address_country: str | None = Field(description="ISO 3166-1 alpha-2.")


class GeoJson(Told):
    """schema.org/GeoCoordinates, WGS 84."""

    latitude: float = Field(description="Degrees north.")
    longitude: float = Field(description="Degrees east.")


class StatementJson(Told):
    """What a source says, word for word."""

    source: str = Field(description="The source, by the name that `/v1/sources` gives.")
    quote: str = Field(description="As it stands there.")


class LocationJson(Told):
    """schema.org/Place."""

    name: str | None = Field(description="The venue's.")
    address: AddressJson | None = Field(description="schema.org/PostalAddress.")
    geo: GeoJson | None = Field(description="The point, in WGS 84; `placePrecision` says what it is.")
    wheelchair_accessible: bool | None = Field(description="Null where nobody says, or where sources disagree.")
    accessibility_evidence: list[StatementJson] = Field(description="What was said of wheelchairs, and by whom.")


class OrganizerJson(Told):
    """schema.org/Organization."""

    name: str = Field(description="An organisation's, never a person's address.")
    url: str | None = Field(description="Its own site.")


class OfferJson(Told):
    """schema.org/Offer; 0 is free, null is not known, highPrice only where a range is told."""

    price: float | None = Field(description="The lowest; 0 is free.")
    high_price: float | None = Field(description="The highest, only where a range is told.")
    price_currency: str | None = Field(description="ISO 4217.")
    description: str | None = Field(description="The price in the page's own words.")


class EvidenceJson(Told):
    """The words that a term was read from."""

    about: str = Field(description="The name of the term.")
    quote: str = Field(description="As it stands on the page, or in the organisation's rules.")
    authority: Authority = Field(
        description="This `page`, the `organization` by a rule for all its groups, or the `editor` of this Hobnob."
    )


class VisitorTermsJson(Told):
    """What a stranger may expect; null is not known, and nothing is told without evidence."""

    visitors: Visitors = Field(
        description="Anybody may come (`open`), and should say so before (`rsvp`), or is brought by a member "
        "(`guest_of_member`), or may not (`members_only`); `unknown` where the page is silent or contradicts itself."
    )
    visits_allowed: int | None = Field(description="How often one may come before joining.")
    guest_fee: float | None = Field(description="What a stranger pays; 0 is free.")
    member_fee: float | None = Field(description="What a member pays; 0 is free.")
    one_seat_per_profession: bool | None = Field(description="Whether a second of one's trade is turned away.")
    newcomers_expected: bool | None = Field(description="True where first-timers are spoken to; never false.")
    evidence: list[EvidenceJson] = Field(description="For each term, where it stands.")


class MeetingLineJson(Told):
    """One reason why it is good for meeting people, or is not."""

    about: str = Field(description="In a few words: time to mix, coffee or food together, a formal meeting.")
    speaks_for: bool = Field(description="Whether it speaks for it or against it.")
    quote: str = Field(description="The sentence that says so; the rules are open, and nothing is added up.")


class ScheduleJson(Told):
    """The rule of a series: RFC 5545's, and schema.org/Schedule's words."""

    rrule: list[str] = Field(description="As RFC 5545 writes it.")
    except_date: list[str] = Field(description="Dates on which it does not take place.")
    schedule_timezone: str = Field(description="The zone of its clock, an IANA name.")


def _require_nothing(schema: dict[str, Any]) -> None:
    schema.pop("required", None)


class DateJson(Told):
    """One date of an event."""

    start_date: str = Field(description="RFC 3339 with the venue's offset; a date alone is all day.")
    end_date: str | None = Field(description="The same; of an all-day event its last day.")


class EventMembers(Told):
    """schema.org/Event, on one of its dates. All members are there but `nextDates`, unless `fields` leaves some out."""

    model_config = ConfigDict(json_schema_extra=_require_nothing)

    start_date: str = Field(description="RFC 3339 with the venue's offset; a date alone is all day.")
    end_date: str | None = Field(description="The same; of an all-day event its last day.")
    distance: int | None = Field(description="Metres from the place that was asked for.")
    distance_text: str | None = Field(description="The same in the caller's units.")
    next_dates: list[DateJson] = Field(
        default_factory=list,
        description="Only with `collapse=series`: up to four further dates of the same series or group, in the window "
        "or after it, that are not cancelled.",
    )
    id: str = Field(description="Opaque and permanent.")
    source: str = Field(description="The source that tells of it, by the name that `/v1/sources` gives.")
    identifier: str = Field(description="What its source calls it.")
    name: str = Field(description="Its title, in the source's own words.")
    time_zone: str = Field(description="The venue's, an IANA name.")
    virtual_location: str | None = Field(description="The address at which one takes part online.")
    organizer: OrganizerJson | None = Field(description="Who invites.")
    url: str | None = Field(description="Its own page, at its organiser's.")
    description: str | None = Field(description="Plain text; paragraphs end with a line feed.")
    image: str | None = Field(description="The address of a picture, which is its organiser's.")
    keywords: list[str] = Field(description="The source's own words; `tag` asks for them.")
    event_status: EventStatus = Field(
        description="What the organiser says: it takes place (`EventScheduled`), is called off (`EventCancelled`), is "
        "put off to a date that nobody knows yet (`EventPostponed`), has a new date (`EventRescheduled`), or is now "
        "online (`EventMovedOnline`)."
    )
    previous_start_date: str | None = Field(description="When it was to begin, before it was moved.")
    event_attendance_mode: EventAttendanceMode | None = Field(
        description="How one takes part: in person (`Offline…`), online, or either (`Mixed…`)."
    )
    is_accessible_for_free: bool | None = Field(description="Whether anybody may come without paying; never guessed.")
    offers: list[OfferJson] = Field(description="Prices; one of 0 is free.")
    visitor_terms: VisitorTermsJson | None = Field(
        description="May a stranger turn up, how often, for how much; null when the page says nothing of it."
    )
    meeting_people: list[MeetingLineJson] = Field(
        description="Why it is good for meeting people, or is not, each with its sentence."
    )
    super_event: str | None = Field(
        description="The `identifier` of the series that it is a date of, where it is told by itself."
    )
    same_as: list[str] = Field(description="Other pages of the same event.")
    doubts: list[str] = Field(description="What could not be read for certain.")
    location: LocationJson | None = Field(description="Where it is: the venue's name, its address, and a point.")
    place_precision: Precision = Field(
        description="What the point in `location.geo` is: the door (`rooftop`), a place on its street (`street`), the "
        "middle of its postcode, town or region, or not known (`none`)."
    )
    all_day: bool = Field(description="It has dates and no clock times.")
    end_date_source: Literal["stated", "assumed"] | None = Field(
        description="Whether its source states the end, or an hour was assumed; null when there is none."
    )
    event_schedule: ScheduleJson | None = Field(description="The rule, when it is one date of a series.")
    kind: Kind = Field(
        description="Who invites: a `chamber` of commerce, a `volunteer` group, a `networking` group, a `civic` body "
        "such as a city or library, or any `other`."
    )
    withdrawn: bool = Field(description="Its source no longer shows it; nobody said that it is cancelled.")
    merged_into: str | None = Field(description="The id of the event that tells it now, with what others say of it.")
    first_seen: str = Field(description="When we first saw it.")
    changed_at: str = Field(description="When what is told of it last changed.")


class EventJson(EventMembers):
    """One event with its next dates, 200 at most; at the top the first of them, or the last of all."""

    occurrences: list[DateJson] = Field(description="Its dates, in order.")


class PlaceJson(Told):
    """Where we understood the place to be."""

    name: str = Field(description="The town's, or the point that was given.")
    region: str | None = Field(description="The short form: CA, ON.")
    country: str | None = Field(description="ISO 3166-1 alpha-2.")
    latitude: float = Field(description="Degrees north.")
    longitude: float = Field(description="Degrees east.")
    precision: Precision = Field(description="What the point is, as `placePrecision`.")
    time_zone: str | None = Field(description="An IANA name.")


class WindowJson(Told):
    """The stretch of time that was understood: half-open, with the offsets of `timeZone`."""

    start: str = Field(description="Events that have not ended by then.")
    end: str = Field(description="Events that begin before then.")
    time_zone: str = Field(description="Whose midnight ends a day: the place's; UTC where no place is asked for.")


class EventPage(Told):
    """What was found, and how the question was understood."""

    items: list[EventMembers] = Field(description="The events of this page, one for each date.")
    total: int | None = Field(description="Only with `include=total`.")
    total_is_exact: bool | None = Field(description="False: there are more than `total`.")
    next: str | None = Field(description="The `cursor` of the page after; null on the last.")
    query: dict[str, Any] = Field(
        description="The question in its canonical form, with defaults: it can be asked again."
    )
    window: WindowJson = Field(description="The stretch of time that was understood.")
    resolved_place: PlaceJson | None = Field(description="Where the place was understood to be.")
    unplaced: int | None = Field(description="Events that match but for their place, which nobody knows.")
    as_of: str = Field(description="When the data stood as they are told here, to the minute.")
    stale_sources: list[str] = Field(description="Sources that have told nothing for long.")
    hints: list[str] = Field(description="When nothing was found: what would have found something.")


class Health(Told):
    """`live` or `ready`."""

    status: str


def of_json(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The answer when all is well, and that the caller may have it already."""
    told: dict[int | str, dict[str, Any]] = {200: {"model": model}}
    return told if model is Health else {**told, 304: {"description": "Not changed since the ETag that was sent"}}
