"""A VEVENT's lines that are the same for every date of an event (RFC 5545)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from aggregator.event import Event, EventStatus, Kind, Place, Precision
from aggregator.render.cost import cost_line
from aggregator.render.visitors import visitor_line

_STATUS = {EventStatus.CANCELLED: "CANCELLED", EventStatus.POSTPONED: "TENTATIVE"}
_FOLD_AT = 75
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f]")
_NOT_IN_A_URI = re.compile(r"[\x00-\x20]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the store knows of an event besides what its source says; `changed_at` is when `sequence` last grew."""

    id: str
    sequence: int
    first_seen: datetime
    changed_at: datetime
    kind: Kind
    withdrawn: bool
    merged_into: str | None = None


def vevent_lines(event: Event, telling: Telling) -> bytes:
    """From DTSTAMP to END:VEVENT, folded; BEGIN, UID, DTSTART and DTEND are each date's own."""
    return b"".join(map(fold_line, _lines(event, telling)))


def fold_line(line: str) -> bytes:
    """The line in UTF-8 with its CRLF, no more than 75 octets each, and never cut inside a character (3.1)."""
    octets = line.encode("utf-8", "replace")
    if len(octets) <= _FOLD_AT:
        return octets + b"\r\n"
    parts, start, room = [], 0, _FOLD_AT
    while len(octets) - start > room:
        stop = start + room
        while octets[stop] & 0xC0 == 0x80:
            stop -= 1
        parts.append(octets[start:stop])
        start, room = stop, _FOLD_AT - 1
    return b"\r\n ".join([*parts, octets[start:]]) + b"\r\n"


def escape(text: str) -> str:
    """A TEXT value (3.3.11), without the control characters that it may not hold."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return text if text.isprintable() else _CONTROLS.sub("", text)


@lru_cache(maxsize=4096)
def utc_time(moment: datetime) -> str:
    """`20261008T190000Z`; the events of a run have theirs in common."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}".zfill(16)


def _lines(event: Event, telling: Telling) -> Iterator[str]:
    yield f"DTSTAMP:{utc_time(telling.changed_at)}"
    yield f"LAST-MODIFIED:{utc_time(telling.changed_at)}"
    yield f"CREATED:{utc_time(telling.first_seen)}"
    yield f"SEQUENCE:{telling.sequence}"
    yield f"SUMMARY:{escape(event.name)}"
    yield f"STATUS:{_status(event, telling)}"
    yield from _where(event.location)
    if description := _description(event, telling):
        yield f"DESCRIPTION:{escape(description)}"
    if event.url:
        yield f"URL:{_uri(event.url)}"
    if event.organizer:
        yield f'ORGANIZER;CN="{_parameter(event.organizer.name)}":invalid:nomail'
    yield f"CATEGORIES:{','.join(escape(word) for word in (telling.kind.value, *event.keywords))}"
    if telling.withdrawn:
        yield "X-HOBNOB-WITHDRAWN:TRUE"
    yield "END:VEVENT"


def _status(event: Event, telling: Telling) -> str:
    """Cancelled is only what the organiser says; what the source no longer shows is tentative."""
    usual = "TENTATIVE" if telling.withdrawn else "CONFIRMED"
    return _STATUS.get(event.event_status, usual)


def _description(event: Event, telling: Telling) -> str:
    notice = "No longer shown by its source: check before you go." if telling.withdrawn else None
    cost = cost_line(event.offers, event.is_accessible_for_free)
    visitors = visitor_line(event.visitor_terms.visitors)
    return "\n\n".join(part for part in (notice, cost, visitors, event.description, event.virtual_location) if part)


@lru_cache(maxsize=4096)
def _where(place: Place) -> tuple[str, ...]:
    """A point only when it is the venue's own: calendars draw a pin on GEO, and a town's centre is nobody's door."""
    address = place.address
    parts = (place.name, address.street_address, address.address_locality, address.address_region, address.postal_code)
    line = ", ".join(part for part in parts if part)
    lines = (f"LOCATION:{escape(line)}",) if line else ()
    if place.geo and place.precision in (Precision.ROOFTOP, Precision.STREET):
        return (*lines, f"GEO:{place.geo.latitude:.6f};{place.geo.longitude:.6f}")
    return lines


def _uri(url: str) -> str:
    return _NOT_IN_A_URI.sub("", url)


def _parameter(text: str) -> str:
    """A quoted parameter value (RFC 6868: a quotation mark is ^', a caret is ^^)."""
    return _CONTROLS.sub("", text.replace("^", "^^").replace('"', "^'")).replace("\t", "")
