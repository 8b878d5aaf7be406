"""What of a listing is compared, read once: name, day, rhythm, links, organiser, venue, point."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from aggregator.event import Event, GeoCoordinates, Place, Precision
from aggregator.match.links import deep_page, event_link
from aggregator.match.told import Key, Told
from aggregator.match.words import Title, is_slip, read_title, words_of
from aggregator.reading.text import fold

FINE = frozenset({Precision.ROOFTOP, Precision.STREET})
"""Points that are those of a venue."""

_LEGAL = frozenset({"inc", "llc", "ltd", "corp", "co"})
_ROOM = re.compile(r"\b([a-z]{2,7})\.? +#?([a-z]?\d+[a-z]?|[a-z])\b")
_ROOMS = ("room", "rm", "suite", "ste", "hall", "studio", "floor", "table", "field", "court")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BOUNDS = ("COUNT=", "UNTIL=", "WKST=", "DTSTART", "EXDATE")
_HOUSE_NUMBER = re.compile(r"\d+[a-z]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """`day` is local; `minute` counts from the epoch, for a series from midnight, and is None for a date alone.

    `tickets` are pages of one event on a ticketing platform, `pages` are other pages deep in a site. `geo` is None
    where it is unknown; `near` is where to look for it then. `known` are words that the place and organiser bring in.
    """

    told: Told
    key: Key
    title: Title
    day: int
    minute: int | None
    rhythm: str | None
    tickets: frozenset[str]
    pages: frozenset[str]
    organiser: frozenset[str]
    venue: frozenset[str]
    room: str | None
    street: frozenset[str]
    town: frozenset[str]
    known: frozenset[str]
    geo: GeoCoordinates | None
    near: GeoCoordinates | None
    is_fine: bool


def read_traits(told: Told) -> Traits:
    """What is compared of it."""
    event, place = told.event, told.event.location
    title, rhythm = read_title(event.name), _rhythm(event)
    links = _links(event)
    organiser = frozenset(words_of(fold(event.organizer.name))) - _LEGAL if event.organizer else frozenset()
    venue, street, town = (
        _words(place.name),
        _words(place.address.street_address),
        _words(place.address.address_locality),
    )
    return Traits(
        told=told,
        key=told.key,
        title=title,
        day=event.start_date.toordinal(),
        minute=_minute(event, is_series=rhythm is not None),
        rhythm=rhythm,
        tickets=frozenset(filter(None, map(event_link, links))),
        pages=frozenset(filter(None, map(deep_page, links))),
        organiser=organiser,
        venue=venue,
        room=_room(event),
        street=_numbered(street),
        town=town,
        known=organiser | venue | town,
        geo=place.geo,
        near=place.geo or told.home,
        is_fine=_is_fine(place),
    )


def dated(series: Traits, date: Told) -> Traits:
    """What is compared of one date of a series; all but the time is the series'."""
    event = date.event
    return replace(
        series,
        told=date,
        key=date.key,
        day=event.start_date.toordinal(),
        minute=_minute(event, is_series=False),
        rhythm=None,
    )


def _is_fine(place: Place) -> bool:
    return place.geo is not None and place.precision in FINE


def _words(text: str | None) -> frozenset[str]:
    return frozenset(words_of(fold(text))) if text else frozenset()


def _numbered(street: frozenset[str]) -> frozenset[str]:
    """A street without a house number says little of where on it."""
    return street if any(map(_HOUSE_NUMBER.fullmatch, street)) else frozenset()


def _links(event: Event) -> Iterable[str]:
    return [link for link in (event.url, event.virtual_location, *event.same_as) if link]


def _minute(event: Event, *, is_series: bool) -> int | None:
    start = event.start_date
    if not isinstance(start, datetime):
        return None
    return start.hour * 60 + start.minute if is_series else int(start.timestamp()) // 60


def _room(event: Event) -> str | None:
    """“b” of “Library, Room B”, in the venue's name or at the end of the event's."""
    for text in (event.location.name, event.name):
        for word, room in _ROOM.findall(fold(text)) if text else ():
            if _is_room(word):
                return str(room)
    return None


@lru_cache(maxsize=10_000)
def _is_room(word: str) -> bool:
    return word in _ROOMS or any(is_slip(word, known) for known in _ROOMS)


def _rhythm(event: Event) -> str | None:
    """The rule without its bounds, so that it is one whichever date it is told from; None for a single date."""
    if not event.is_series:
        return None
    if event.r_dates or len(event.rrule) > 1:
        return f"{sorted(event.rrule)} from {event.start_date.toordinal()}"
    parts = {part.strip() for part in event.rrule[0].upper().removeprefix("RRULE:").split(";")}
    parts = {part for part in parts if part and not part.startswith(_BOUNDS) and part != "INTERVAL=1"}
    return ";".join(sorted(parts | _implied(event, parts)))


def _implied(event: Event, parts: set[str]) -> set[str]:
    """What a rule takes from its start: the weekday, the day of the month, and which week of every second."""
    start, told = event.start_date, {part.partition("=")[0] for part in parts}
    implied = set()
    if "FREQ=WEEKLY" in parts and "BYDAY" not in told:
        implied.add(f"BYDAY={_WEEKDAYS[start.weekday()]}")
    if "FREQ=MONTHLY" in parts and not told & {"BYDAY", "BYMONTHDAY"}:
        implied.add(f"BYMONTHDAY={start.day}")
    if "FREQ=YEARLY" in parts:
        implied.add(f"FROM={start.month}-{start.day}")
    if "INTERVAL" in told:
        implied.add(f"PHASE={_phase(event, parts)}")
    return implied


def _phase(event: Event, parts: set[str]) -> str:
    told = next(part.removeprefix("INTERVAL=") for part in parts if part.startswith("INTERVAL="))
    steps = max(1, int(told)) if told.isdecimal() else 1
    start = event.start_date
    if "FREQ=WEEKLY" in parts:
        return str((start.toordinal() - 1) // 7 % steps)
    return str((start.year * 12 + start.month) % steps) if "FREQ=MONTHLY" in parts else str(start.toordinal())
