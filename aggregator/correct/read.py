"""What an editor types, or the public suggests, for a field -> Patch; pure."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import TypeVar
from zoneinfo import ZoneInfo

from aggregator.correct.override import Field, Patch
from aggregator.errors import QueryError, UnreadDateError
from aggregator.event import Event, EventStatus, Organization, Place, Visitors, When
from aggregator.normalize import DESCRIPTION_LENGTH, NAME_LENGTH
from aggregator.normalize.price import is_free, read_offers
from aggregator.place.address import parse_place
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.locate import locate_place
from aggregator.reading.text import clean_line, clean_text, without_contacts
from aggregator.reading.url import clean_url
from aggregator.source import Draft

_ALIASES = {"start": Field.START_DATE, "end": Field.END_DATE, "place": Field.LOCATION, "status": Field.EVENT_STATUS}
_ALIASES |= {"wheelchair": Field.WHEELCHAIR_ACCESSIBLE, "cost": Field.PRICE, "organiser": Field.ORGANIZER}
_BY_NAME = {field.lower(): field for field in Field} | _ALIASES
_FLAGS = {"yes": True, "true": True, "no": False, "false": False, "unknown": None, "": None}
_STATUSES = {status.removeprefix("Event").lower(): status for status in EventStatus}

T = TypeVar("T")
Read = Callable[[str, Event, Gazetteer], Patch]


def read_field(name: str) -> Field:
    """By its name in the API, in any case and with or without underscores; QueryError names the nearest."""
    plain = name.replace("_", "").replace("-", "").lower()
    if plain not in _BY_NAME:
        near = [_BY_NAME[found].value for found in get_close_matches(plain, _BY_NAME, n=2)]
        raise QueryError("field", name[:40], f"is none of {', '.join(Field)}", near)
    return _BY_NAME[plain]


def read_patch(field: Field, value: str, event: Event, gazetteer: Gazetteer) -> Patch:
    """The text as this event would have it; an empty one says that nobody knows. QueryError says what is wrong."""
    try:
        return _READERS[field](value.strip(), event, gazetteer)
    except (ValueError, UnreadDateError) as error:
        raise QueryError(field.value, value[:80], str(error)) from error


def _read_name(value: str, _: Event, __: Gazetteer) -> Patch:
    name = without_contacts(clean_line(value))
    if not name or len(name) > NAME_LENGTH:
        raise ValueError(f"a name has 1 to {NAME_LENGTH} characters")
    return Patch(name=name)


def _read_description(value: str, _: Event, __: Gazetteer) -> Patch:
    text = without_contacts(clean_text(value))
    if len(text) > DESCRIPTION_LENGTH:
        raise ValueError(f"a description has at most {DESCRIPTION_LENGTH:,} characters")
    return Patch(description=text or None)


def _read_start(value: str, event: Event, _: Gazetteer) -> Patch:
    _refuse_series(event)
    if not value:
        raise ValueError("an event needs a start")
    return Patch(start_date=_read_when(value, event))


def _read_end(value: str, event: Event, _: Gazetteer) -> Patch:
    _refuse_series(event)
    end = _read_when(value, event) if value else None
    if end is not None and isinstance(end, datetime) != isinstance(event.start_date, datetime):
        raise ValueError("start and end are both days, or both have a time")
    if end is not None and end < event.start_date:
        raise ValueError(f"is before its start, {event.start_date.isoformat()}")
    return Patch(end_date=end)


def _refuse_series(event: Event) -> None:
    if event.is_series:
        raise ValueError("is of a series, whose rule is its source's: correct its dates there")


def _read_when(value: str, event: Event) -> When:
    """On the clock of the event's zone, unless an offset is given; a day alone is all day."""
    try:
        when = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("is no time such as 2026-10-08T18:30, and no day such as 2026-10-08") from error
    if not 1971 <= when.year < 2200:
        raise ValueError("is in no year that is told here")
    if not isinstance(when, datetime):
        return when
    return when if when.tzinfo else when.replace(tzinfo=ZoneInfo(event.time_zone))


def _read_location(value: str, event: Event, gazetteer: Gazetteer) -> Patch:
    """A place in one line, which has to be found: what is not would vanish from every search by place."""
    told = parse_place(clean_text(without_contacts(value)))
    if not value:
        return Patch(location=Place())
    address = event.location.address
    home = Place(address=address, geo=event.location.geo, precision=event.location.precision)
    place, _ = locate_place(told, home, gazetteer)
    if place.geo is None:
        raise ValueError("is not found; a place is “Grange Hall, 12 Oak St, Visalia, CA 93291”")
    return Patch(location=place)


def _read_organizer(value: str, _: Event, __: Gazetteer) -> Patch:
    name = without_contacts(clean_line(value))[:NAME_LENGTH]
    return Patch(organizer=Organization(name=name) if name else None)


def _read_url(value: str) -> str | None:
    url = clean_url(value)
    if value and url is None:
        raise ValueError("is no address such as https://chamber.example.org/mixer")
    return url


def _read_price(value: str, event: Event, _: Gazetteer) -> Patch:
    draft = Draft(price=without_contacts(clean_line(value))[:NAME_LENGTH] or None)
    offers = read_offers(draft, event.location.address.address_country)
    return Patch(offers=offers, is_accessible_for_free=is_free(draft))


def _read_status(value: str, _: Event, __: Gazetteer) -> Patch:
    return Patch(event_status=_choose(value.lower().replace("_", "").removeprefix("event"), _STATUSES))


def _read_visitors(value: str, _: Event, __: Gazetteer) -> Patch:
    return Patch(visitors=_choose(value.lower() or Visitors.UNKNOWN, {one.value: one for one in Visitors}))


def _choose(value: str, choices: Mapping[str, T]) -> T:
    if value not in choices:
        raise ValueError(f"is none of {', '.join(filter(None, choices))}")
    return choices[value]


_READERS: Mapping[Field, Read] = {
    Field.NAME: _read_name,
    Field.DESCRIPTION: _read_description,
    Field.START_DATE: _read_start,
    Field.END_DATE: _read_end,
    Field.LOCATION: _read_location,
    Field.WHEELCHAIR_ACCESSIBLE: lambda value, *_: Patch(wheelchair_accessible=_choose(value.lower(), _FLAGS)),
    Field.VIRTUAL_LOCATION: lambda value, *_: Patch(virtual_location=_read_url(value)),
    Field.ORGANIZER: _read_organizer,
    Field.URL: lambda value, *_: Patch(url=_read_url(value)),
    Field.IMAGE: lambda value, *_: Patch(image=_read_url(value)),
    Field.PRICE: _read_price,
    Field.EVENT_STATUS: _read_status,
    Field.VISITORS: _read_visitors,
}
