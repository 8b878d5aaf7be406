"""Event, Place, PostalAddress, GeoCoordinates, Organization, Offer: what is told, in schema.org's words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

When = datetime | date
"""An aware datetime, or a date alone, which means all day."""


def starts_at(when: When, zone: str) -> datetime:
    """The instant, in UTC, at which `when` begins: a date begins at midnight in `zone`."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(), tzinfo=ZoneInfo(zone))
    return when.astimezone(UTC)


def ends_at(start: When, end: When | None, zone: str) -> datetime:
    """The instant, in UTC, at which it is over: midnight after the last day, or its start when no end is known."""
    last = start if end is None else end
    return starts_at(last if isinstance(last, datetime) else last + timedelta(days=1), zone)


class Kind(StrEnum):
    """What sort of organisation tells of the event."""

    CHAMBER = "chamber"
    VOLUNTEER = "volunteer"
    NETWORKING = "networking"
    CIVIC = "civic"
    OTHER = "other"


class EventStatus(StrEnum):
    """schema.org/EventStatusType, without the IRI."""

    SCHEDULED = "EventScheduled"
    CANCELLED = "EventCancelled"
    POSTPONED = "EventPostponed"
    RESCHEDULED = "EventRescheduled"
    MOVED_ONLINE = "EventMovedOnline"


class EventAttendanceMode(StrEnum):
    """schema.org/EventAttendanceModeEnumeration, without the IRI."""

    OFFLINE = "OfflineEventAttendanceMode"
    ONLINE = "OnlineEventAttendanceMode"
    MIXED = "MixedEventAttendanceMode"


class Precision(StrEnum):
    """How well a point is known, best first. A town's centre is never shown as an address."""

    ROOFTOP = "rooftop"
    STREET = "street"
    POSTCODE = "postcode"
    TOWN = "town"
    REGION = "region"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """schema.org/PostalAddress; country is ISO 3166-1 alpha-2, region the short form where one exists (CA, ON)."""

    street_address: str | None = None
    address_locality: str | None = None
    address_region: str | None = None
    postal_code: str | None = None
    address_country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoCoordinates:
    """WGS 84 degrees: latitude -90..90, longitude -180..180."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a source says, word for word."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is; `precision` says how well `geo` is known (NONE: `geo` is None).

    `wheelchair_accessible` is None where nobody says, or where one sentence says yes and another no; the sentences are
    `accessibility_evidence`.
    """

    name: str | None = None
    address: PostalAddress = PostalAddress()
    geo: GeoCoordinates | None = None
    precision: Precision = Precision.NONE
    wheelchair_accessible: bool | None = None
    accessibility_evidence: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Who invites; a name, never a person's address."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A price; `high_price` only where the page gives a range. 0 is free, None is unknown."""

    price: Decimal | None = None
    high_price: Decimal | None = None
    price_currency: str | None = None
    description: str | None = None


class Visitors(StrEnum):
    """Whether somebody who belongs to no group may come; unknown unless there is evidence."""

    OPEN = "open"
    RSVP = "rsvp"
    GUEST_OF_MEMBER = "guest_of_member"
    MEMBERS_ONLY = "members_only"
    UNKNOWN = "unknown"


class Authority(StrEnum):
    """Who says so: this page, the organisation by a rule for all its groups, or the editor of this Hobnob."""

    PAGE = "page"
    ORGANIZATION = "organization"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that a term was read from; `about` is the name of the term."""

    about: str
    quote: str
    authority: Authority = Authority.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorTerms:
    """What a stranger may expect, each with its evidence. None is unknown; a fee of 0 is free.

    `visits_allowed` is how often one may come before joining; `one_seat_per_profession` whether a second of one's trade
    is turned away; `newcomers_expected` is only ever true or unknown.
    """

    visitors: Visitors = Visitors.UNKNOWN
    visits_allowed: int | None = None
    guest_fee: Decimal | None = None
    member_fee: Decimal | None = None
    one_seat_per_profession: bool | None = None
    newcomers_expected: bool | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One reason why an event is good for meeting people, or is not, with the words that say so."""

    about: str
    speaks_for: bool
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One listing's happening, normalised.

    `start_date` and `end_date` are of one kind: aware datetimes in `time_zone`, or dates. As dates, `end_date` is the
    last day (schema.org's way; iCalendar's DTEND is the day after). `end_date` None: the source does not say, and no
    length was assumed. A series has `rrule` or `r_dates`; `except_dates` are starts that do not take place, or are told
    by themselves: a single date that was taken out of a series is an event of its own, whose `super_event` is that
    series.
    """

    source: str
    uid: str
    name: str
    start_date: When
    time_zone: str
    end_date: When | None = None
    end_date_assumed: bool = False
    location: Place = Place()
    virtual_location: str | None = None
    organizer: Organization | None = None
    url: str | None = None
    description: str | None = None
    image: str | None = None
    keywords: tuple[str, ...] = ()
    event_status: EventStatus = EventStatus.SCHEDULED
    previous_start_date: When | None = None
    event_attendance_mode: EventAttendanceMode | None = None
    is_accessible_for_free: bool | None = None
    offers: tuple[Offer, ...] = ()
    visitor_terms: VisitorTerms = VisitorTerms()
    meeting_people: tuple[MeetingLine, ...] = ()
    rrule: tuple[str, ...] = ()
    r_dates: tuple[When, ...] = ()
    except_dates: tuple[When, ...] = ()
    super_event: str | None = None
    same_as: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_all_day(self) -> bool:
        """Whether the event is told by dates alone."""
        return not isinstance(self.start_date, datetime)

    @property
    def is_series(self) -> bool:
        """Whether one listing stands for several dates."""
        return bool(self.rrule or self.r_dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One date of an event; `start` and `end` are of the event's own kind, `end` by the event's own rule."""

    start: When
    end: When | None
