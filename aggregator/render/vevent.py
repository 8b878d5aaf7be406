"""A VEVENT's lines that are the same for every date of an event (RFC 5545)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.event import Event, EventStatus, Kind, Place, Precision

_STATUS = {EventStatus.CANCELLED: "CANCELLED", EventStatus.POSTPONED: "TENTATIVE"}
_FOLD_AT = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the store knows of an event besides what its source says; `changed_at` is when `sequence` last grew."""

    id: str
    sequence: int
    first_seen: datetime
    changed_at: datetime
    kind: Kind
    withdrawn: bool


def vevent_lines(event: Event, telling: Telling) -> bytes:
    """From DTSTAMP to END:VEVENT, folded; BEGIN, UID, DTSTART and DTEND are each date's own."""
    return b"".join(fold_line(line) for line in _lines(event, telling))


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
    return "".join(c for c in text.translate(_ESCAPES) if c >= " " or c == "\t")


def utc_time(moment: datetime) -> str:
    """`20261008T190000Z`."""
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
    return "\n\n".join(part for part in (notice, event.description, event.virtual_location) if part)


def _where(place: Place) -> Iterator[str]:
    """A point only when it is the venue's own: calendars draw a pin on GEO, and a town's centre is nobody's door."""
    address = place.address
    parts = (place.name, address.street_address, address.address_locality, address.address_region, address.postal_code)
    if line := ", ".join(part for part in parts if part):
        yield f"LOCATION:{escape(line)}"
    if place.geo and place.precision in (Precision.ROOFTOP, Precision.STREET):
        yield f"GEO:{place.geo.latitude:.6f};{place.geo.longitude:.6f}"


def _uri(url: str) -> str:
    return "".join(c for c in url if c > " ")


def _parameter(text: str) -> str:
    """A quoted parameter value (RFC 6868: a quotation mark is ^', a caret is ^^)."""
    return "".join(c for c in text.replace("^", "^^").replace('"', "^'") if c >= " ")
