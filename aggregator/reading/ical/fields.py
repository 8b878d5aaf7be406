"""The properties of a VEVENT that are no times: texts, places, people, pictures."""

import re
from functools import lru_cache

from aggregator.event import EventStatus
from aggregator.reading.ical.lines import Component

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PARAMETER = re.compile(r'(?:^|;)\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*"|[^;]*)')
_GEO = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*\\?[;,]\s*(-?\d+(?:\.\d+)?)\s*")
_APPLE_GEO = re.compile(r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)", re.IGNORECASE)
_PICTURE = re.compile(r"https?://[^\s?#]+\.(?:avif|gif|jpe?g|png|webp)(?:[?#]\S*)?", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_LEADING_LINK = re.compile(r"\s*(?:[^\n]{0,80}\bat:[ \t]*)?(https?://[^\s<>\"]+)[ \t]*(?:\n|\Z)", re.IGNORECASE)
_COMMA = re.compile(r"(?<!\\),")


def read_text(value: str) -> str:
    """TEXT without its escapes (RFC 5545 3.3.11); `\\n` that was escaped twice is a line end too."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(_unescape, value).replace("\\n", "\n")


def _unescape(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def parameter(parameters: str, name: str) -> str:
    """The value of a parameter, without quotes; empty where there is none."""
    return _parameter(parameters, name) if len(parameters) < 200 else _find_parameter(parameters, name)


def _find_parameter(parameters: str, name: str) -> str:
    return next((value.strip(' "') for key, value in _PARAMETER.findall(parameters) if key.upper() == name), "")


_parameter = lru_cache(maxsize=1024)(_find_parameter)
"""The same few parameters stand on most lines; long ones would only fill the memory."""


def read_prose(event: Component, name: str) -> str | None:
    """The first property of that name that says anything."""
    for _, value in event.lines.get(name, ()):
        if value and not value.isspace():
            return read_text(value)
    return None


def read_address(event: Component) -> str | None:
    """URL; where there is none, a link that is the first line of the description (Luma: “… information at: <link>”)."""
    if told := read_text(event.value("URL")):
        return told
    match = _LEADING_LINK.match(read_text(event.value("DESCRIPTION")[:500])) if "DESCRIPTION" in event.lines else None
    return match[1] if match else None


def read_description(event: Component) -> str | None:
    """DESCRIPTION, else the HTML of X-ALT-DESC."""
    return read_prose(event, "DESCRIPTION") or read_prose(event, "X-ALT-DESC")


def read_keywords(event: Component) -> tuple[str, ...]:
    """Every category of every CATEGORIES, once."""
    if "CATEGORIES" not in event.lines:
        return ()
    values = (value for _, value in event.lines["CATEGORIES"])
    words = (read_text(word).strip() for value in values for word in _COMMA.split(value))
    return tuple(dict.fromkeys(word for word in words if word))


def read_organizer(event: Component) -> str | None:
    """ORGANIZER's common name: never the address, which is a person's."""
    line = event.line("ORGANIZER")
    name = read_text(parameter(line[0], "CN")) if line else ""
    return name if name and "@" not in name else None


def read_coordinates(event: Component) -> tuple[str, str] | None:
    """GEO with `;`, `,` or an escaped `;` between; else what Apple writes of the place."""
    line = event.line("GEO")
    match = _GEO.fullmatch(line[1]) if line else None
    if match is None and (apple := event.line("X-APPLE-STRUCTURED-LOCATION")):
        match = _APPLE_GEO.search(":".join(apple))
    return (match[1], match[2]) if match else None


def read_picture(event: Component) -> str | None:
    """IMAGE, or an ATTACH that is a picture by its type or its name; an address, never bytes."""
    for parameters, value in (*event.lines.get("IMAGE", ()), *event.lines.get("ATTACH", ())):
        address: str = value.strip()
        is_picture = parameter(parameters, "FMTTYPE").lower().startswith("image/") or _PICTURE.fullmatch(address)
        if is_picture and _LINK.fullmatch(address):
            return address
    return None


def read_virtual_location(event: Component) -> str | None:
    """Where to join online: a conference, or a LOCATION that is nothing but an address."""
    for name in ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "LOCATION"):
        value = event.value(name)
        if "://" in value and _LINK.fullmatch(address := read_text(value)):
            return address
    return None


def read_status(event: Component, calendar: Component) -> str | None:
    """Cancelled where the event or the whole calendar (METHOD:CANCEL) says so; else nothing worth telling."""
    told = f"{event.value('STATUS')} {calendar.value('METHOD')}"
    return EventStatus.CANCELLED.value if "CANCEL" in told.upper() else None
