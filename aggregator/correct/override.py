"""(event, overrides, now) -> event: the fields that an editor corrected, and nothing else; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from aggregator.event import (
    Authority,
    Event,
    EventStatus,
    Evidence,
    Offer,
    Organization,
    Place,
    Statement,
    Visitors,
    When,
)

EDITOR = "editor"
"""Whose word a corrected field is, where a source's name would stand."""


class Field(StrEnum):
    """What may be corrected, in the order in which it is applied; the words are those of the API."""

    NAME = "name"
    DESCRIPTION = "description"
    START_DATE = "startDate"
    END_DATE = "endDate"
    LOCATION = "location"
    WHEELCHAIR_ACCESSIBLE = "wheelchairAccessible"
    VIRTUAL_LOCATION = "virtualLocation"
    ORGANIZER = "organizer"
    URL = "url"
    IMAGE = "image"
    PRICE = "price"
    EVENT_STATUS = "eventStatus"
    VISITORS = "visitors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What is to stand in the event; only what `PATCHED` names for the override's field counts, None included."""

    name: str = ""
    description: str | None = None
    start_date: When | None = None
    end_date: When | None = None
    location: Place = Place()
    wheelchair_accessible: bool | None = None
    virtual_location: str | None = None
    organizer: Organization | None = None
    url: str | None = None
    image: str | None = None
    offers: tuple[Offer, ...] = ()
    is_accessible_for_free: bool | None = None
    event_status: EventStatus = EventStatus.SCHEDULED
    visitors: Visitors = Visitors.UNKNOWN


PATCHED: dict[Field, tuple[str, ...]] = {
    Field.NAME: ("name",),
    Field.DESCRIPTION: ("description",),
    Field.LOCATION: ("location",),
    Field.VIRTUAL_LOCATION: ("virtual_location",),
    Field.ORGANIZER: ("organizer",),
    Field.URL: ("url",),
    Field.IMAGE: ("image",),
    Field.PRICE: ("offers", "is_accessible_for_free"),
    Field.EVENT_STATUS: ("event_status",),
}
"""Fields of the event that are taken from the patch as they are; the others are put in their place by a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One field of one listing as an editor has it. `value` is what was typed, `until` None is for good.

    `number` rises: of two on one field the later one counts, and when it is undone or ends the earlier one again.
    """

    number: int
    source: str
    uid: str
    field: Field
    value: str
    patch: Patch
    why: str
    by: str
    since: datetime
    until: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The listing."""
        return self.source, self.uid

    @property
    def told_field(self) -> str:
        """The name under which `Merged.origins` tells whose word it is."""
        return _TOLD_FIELDS.get(self.field) or PATCHED[self.field][0]


_TOLD_FIELDS = {
    Field.START_DATE: "start_date",
    Field.END_DATE: "end_date",
    Field.WHEELCHAIR_ACCESSIBLE: "location.wheelchair_accessible",
    Field.VISITORS: "visitor_terms.visitors",
}


def in_force(overrides: Iterable[Override], now: datetime) -> tuple[Override, ...]:
    """Of each field the latest that has not ended, in the order of fields."""
    latest: dict[Field, Override] = {}
    for override in sorted(overrides, key=lambda one: one.number):
        if override.until is None or now < override.until:
            latest[override.field] = override
    return tuple(latest[field] for field in Field if field in latest)


def correct(event: Event, overrides: Iterable[Override], now: datetime) -> Event:
    """The event as the editor has it. To correct twice is to correct once; without overrides it is the event itself."""
    for override in in_force(overrides, now):
        event = _apply(event, override)
    return event


def _apply(event: Event, override: Override) -> Event:
    patch = override.patch
    match override.field:
        case Field.START_DATE:
            return _started(event, patch.start_date)
        case Field.END_DATE:
            return _ended(event, patch.end_date)
        case Field.WHEELCHAIR_ACCESSIBLE:
            return _opened(event, patch.wheelchair_accessible, override.why)
        case Field.VISITORS:
            return _let_in(event, patch.visitors, override.why)
    return replace(event, **{name: getattr(patch, name) for name in PATCHED[override.field]})


def _started(event: Event, start: When | None) -> Event:
    """It stays as long as it is. The rule of a series is not an editor's to move."""
    if start is None or event.is_series:
        return event
    start = _in_zone(start, event)
    end = event.end_date
    if end is not None:
        is_alike = isinstance(start, datetime) == isinstance(event.start_date, datetime)
        end = end + (start - event.start_date) if is_alike else None
    return replace(event, start_date=start, end_date=end, end_date_assumed=event.end_date_assumed and end is not None)


def _ended(event: Event, end: When | None) -> Event:
    """An end that is none, since the source moved its event or tells a series now, waits."""
    if event.is_series:
        return event
    if end is not None:
        end = _in_zone(end, event)
        is_alike = isinstance(end, datetime) == isinstance(event.start_date, datetime)
        if not is_alike or end < event.start_date:
            return event
    return replace(event, end_date=end, end_date_assumed=False)


def _in_zone(when: When, event: Event) -> When:
    return when.astimezone(ZoneInfo(event.time_zone)) if isinstance(when, datetime) else when


def _opened(event: Event, is_accessible: bool | None, why: str) -> Event:
    said = (Statement(source=EDITOR, quote=why),)
    place = replace(event.location, wheelchair_accessible=is_accessible, accessibility_evidence=said)
    return replace(event, location=place)


def _let_in(event: Event, visitors: Visitors, why: str) -> Event:
    terms = event.visitor_terms
    others = tuple(one for one in terms.evidence if one.about != "visitors")
    said = Evidence(about="visitors", quote=why, authority=Authority.EDITOR)
    return replace(event, visitor_terms=replace(terms, visitors=visitors, evidence=(said, *others)))
