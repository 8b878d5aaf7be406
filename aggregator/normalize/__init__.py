"""Draft -> Event: clean text, aware times, uid. Pure."""

from dataclasses import fields, replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from math import isfinite
from operator import attrgetter

from aggregator.errors import InvalidEventError
from aggregator.event import (
    Event,
    EventAttendanceMode,
    GeoCoordinates,
    Organization,
    Place,
    PostalAddress,
    Statement,
)
from aggregator.normalize.price import is_free, read_offers
from aggregator.normalize.times import Times, read_times
from aggregator.normalize.words import read_attendance, read_status
from aggregator.place.address import is_online, parse_place
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.pins import is_default_pin, is_point
from aggregator.place.timezone import zone_at
from aggregator.reading.access import read_access
from aggregator.reading.keep import LONGEST, keep_answers
from aggregator.reading.meeting import read_lines
from aggregator.reading.redcross import tags
from aggregator.reading.text import clean_line, clean_text, without_contacts
from aggregator.reading.url import clean_url
from aggregator.reading.visitors import read_terms, shorten
from aggregator.recurrence import vet
from aggregator.source import Draft, Source

NAME_LENGTH = 300
DESCRIPTION_LENGTH = 8_000
KEYWORDS = 20
_ADDRESS = tuple(field.name for field in fields(PostalAddress))
_ADDRESS_OF = attrgetter(*_ADDRESS)
_PLACE_WORDS = attrgetter("location_text", "location_name", "latitude", "longitude", *_ADDRESS)
NO_NAMES = frozenset({"", "none", "null", "nan", "undefined", "untitled", "(no title)", "(untitled)"})


def normalize(draft: Draft, source: Source, *, now: datetime, gazetteer: Gazetteer | None = None) -> Event:
    """The event that a draft of this source tells; `now` resolves dates without a year, `gazetteer` the zone of a town.

    Raises InvalidEventError without a name or a start, UnreadDateError for words that are no date, and
    RuleRefusedError for a rule that is not to be expanded.
    """
    name = _read_name(draft)
    place = _read_place(draft)
    times = read_times(draft, source, _zone_of(place, source.location, gazetteer), now=now)
    url = clean_url(draft.url, source.request.url)
    virtual = _read_virtual(draft)
    event = Event(
        source=source.name,
        uid=_identify(draft, url, source, name, times),
        name=name,
        start_date=times.start,
        end_date=times.end,
        end_date_assumed=times.is_end_assumed,
        time_zone=times.zone,
        location=place,
        virtual_location=virtual,
        organizer=_read_organizer(draft, source),
        url=url,
        description=_shorten(without_contacts(clean_text(draft.description or "")), DESCRIPTION_LENGTH) or None,
        image=clean_url(draft.image, source.request.url),
        keywords=_read_keywords(draft, name),
        event_status=read_status(draft.event_status, name),
        previous_start_date=times.previous,
        event_attendance_mode=_attendance(draft, place, virtual),
        is_accessible_for_free=is_free(draft),
        offers=read_offers(draft, source.location.address.address_country),
        rrule=times.rrule,
        r_dates=times.r_dates,
        except_dates=times.except_dates,
        super_event=draft.super_event,
        same_as=tuple(dict.fromkeys(u for u in map(clean_url, draft.same_as) if u and u != url)),
        doubts=(*draft.doubts, *times.doubts),
    )
    vet(event)
    return _with_visitors(_with_access(event, draft), draft.price)


def _with_access(event: Event, draft: Draft) -> Event:
    """With what a platform or the event's own words say of wheelchairs; online there is no door."""
    if event.event_attendance_mode is EventAttendanceMode.ONLINE:
        return event
    is_accessible, quotes = read_access(_line(draft.accessibility), event.location.name, event.description)
    if draft.wheelchair_accessible is not None:
        is_accessible, quotes = draft.wheelchair_accessible, (shorten(_line(draft.accessibility) or "said by a mark"),)
    if not quotes:
        return event
    said = tuple(Statement(source=event.source, quote=quote) for quote in quotes)
    place = replace(event.location, wheelchair_accessible=is_accessible, accessibility_evidence=said)
    return replace(event, location=place)


def _with_visitors(event: Event, price: str | None) -> Event:
    """With what its words say of visitors, and of meeting people."""
    organizer = event.organizer.name if event.organizer else None
    terms = read_terms((event.name, _line(price), event.description), organizer)
    lines = read_lines((event.name, event.description))
    return replace(event, visitor_terms=terms, meeting_people=lines) if terms.evidence or lines else event


def _read_name(draft: Draft) -> str:
    name = _line(draft.name) or ""
    if name.casefold() in NO_NAMES:
        raise InvalidEventError(f"{draft.identifier or draft.url or 'an event'}: has no name")
    return name


def _identify(draft: Draft, url: str | None, source: Source, name: str, times: Times) -> str:
    """The source's own identifier, else the event's own page, else a hash of what it is, when and where."""
    own = clean_line(draft.identifier or "")[:500]
    if own:
        return own
    if url and url.rstrip("/") != source.request.url.rstrip("/"):
        return f"{url} {times.start.isoformat()}" if draft.super_event else url
    told = "\n".join((name, times.start.isoformat(), draft.location_name or draft.location_text or ""))
    return blake2b(told.encode(), digest_size=12).hexdigest()


def _read_place(draft: Draft) -> Place:
    return _to_place(*(words and words[:LONGEST] for words in _PLACE_WORDS(draft)))


@lru_cache(maxsize=4096)
def _to_place(text: str | None, name: str | None, latitude: str | None, longitude: str | None, *address: str) -> Place:
    """Kept, since an organiser's events are at few places. `address` is what is told of PostalAddress's fields."""
    line = parse_place(clean_text(text or ""))
    told = (_line(words) for words in address)
    read = zip(_ADDRESS, told, _ADDRESS_OF(line.address), strict=True)
    name = _line(name)
    return Place(
        name=line.name if name is None or _is_online(name) else name,
        address=PostalAddress(**{field: words or otherwise for field, words, otherwise in read}),
        geo=_read_geo(latitude, longitude) or line.geo,
    )


def _read_geo(latitude: str | None, longitude: str | None) -> GeoCoordinates | None:
    """As told, even where they cannot be: `locate` knows what swapped coordinates look like."""
    try:
        point = GeoCoordinates(latitude=float(latitude or ""), longitude=float(longitude or ""))
    except ValueError:
        return None
    return point if isfinite(point.latitude + point.longitude) else None


def _zone_of(place: Place, default: Place, gazetteer: Gazetteer | None) -> str | None:
    """The zone at the venue's own point, else of its town, else of the source's town."""
    if place.geo and is_point(place.geo) and not is_default_pin(place.geo):
        return _zone_at(place.geo)
    towns = [each.address for each in (place, default) if each.address.address_locality] if gazetteer else []
    for address in towns:
        spot = gazetteer and gazetteer.town(
            address.address_locality or "", address.address_region, address.address_country
        )
        if spot:
            return spot.time_zone
    return _zone_at(default.geo) if default.geo else None


_zone_at = lru_cache(maxsize=4096)(zone_at)
_is_online = keep_answers(is_online)


def _read_virtual(draft: Draft) -> str | None:
    told = draft.location_text if _is_online(draft.location_text or "") else None
    return clean_url(draft.virtual_location) or clean_url(told)


def _attendance(draft: Draft, place: Place, virtual: str | None) -> EventAttendanceMode | None:
    stated = read_attendance(draft.event_attendance_mode)
    if stated:
        return stated
    is_somewhere = bool(place.name or place.geo or place.address != PostalAddress())
    is_virtual = bool(virtual) or any(_is_online(t) for t in (draft.location_text, draft.location_name) if t)
    if is_virtual:
        return EventAttendanceMode.MIXED if is_somewhere else EventAttendanceMode.ONLINE
    return None


def _read_organizer(draft: Draft, source: Source) -> Organization | None:
    own = _line(draft.organizer)
    if own:
        return Organization(name=own, url=clean_url(draft.organizer_url, source.request.url))
    return Organization(name=source.organizer, url=clean_url(source.homepage)) if source.organizer else None


def _read_keywords(draft: Draft, name: str) -> tuple[str, ...]:
    """Its own, and those by which events of the Red Cross are found in anybody's calendar."""
    told = *draft.keywords, *tags(name, draft.description or "")
    words = (clean_line(part)[:60] for keyword in told for part in keyword.split(","))
    return tuple(dict.fromkeys(word for word in words if word))[:KEYWORDS]


def _line(text: str | None) -> str | None:
    return _clean_name(text) if text else None


@keep_answers
def _clean_name(text: str) -> str | None:
    return _shorten(without_contacts(clean_line(text)), NAME_LENGTH) or None


def _shorten(text: str, length: int) -> str:
    """At most `length` characters, cut at a word, with an ellipsis where something is missing."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[length // 2 :] else cut}…"
