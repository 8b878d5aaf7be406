"""Content lines of RFC 5545: from bytes, however broken, to calendars and their components."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from aggregator.errors import ParseError
from aggregator.reading.text import decode

Line = tuple[str, str]
"""A property's parameters as written (without the first `;`) and its value as written."""

WANTED = frozenset(
    {
        *("UID", "RECURRENCE-ID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE"),
        *("SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "STATUS", "CATEGORIES", "ORGANIZER", "URL", "ATTACH", "IMAGE"),
        *("CONFERENCE", "METHOD", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-ALT-DESC", "X-COST", "X-LIC-LOCATION"),
        *("X-APPLE-STRUCTURED-LOCATION", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-WR-TIMEZONE"),
    }
)
KNOWN = WANTED | {
    *("ACTION", "ATTENDEE", "CALSCALE", "CLASS", "COLOR", "COMMENT", "COMPLETED", "CONTACT", "CREATED", "DTSTAMP"),
    *("DUE", "EXRULE", "FREEBUSY", "LAST-MODIFIED", "NAME", "PERCENT-COMPLETE", "PRIORITY", "PRODID", "RELATED-TO"),
    *("REFRESH-INTERVAL", "REPEAT", "REQUEST-STATUS", "RESOURCES", "SOURCE", "TRANSP", "TRIGGER", "TZNAME", "TZURL"),
    "VERSION",
}
PROSE = frozenset({"DESCRIPTION", "X-ALT-DESC", "SUMMARY", "LOCATION"})
"""What a line that is no property belongs to: text whose line ends were neither escaped nor folded."""

IS_PROSE = {name: name in PROSE for name in WANTED}

MAX_PROSE = 20_000
"""Characters after which unfolded lines are no longer joined: the joining is quadratic."""

_QUOTED = re.compile(r'([^:;"]*);?((?:[^":]|"[^"]*")*):(.*)', re.DOTALL)
_LOWER_NAMES = re.compile(r"^[a-z-]+(?=[;:])", re.MULTILINE)
_OPENING = re.compile(r"^(BEGIN|END):([a-z]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A VEVENT, a VTIMEZONE or one of its observances: its properties by name, in the order of the file."""

    name: str
    lines: dict[str, list[Line]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def line(self, name: str) -> Line | None:
        """The first property of that name."""
        found = self.lines.get(name)
        return found[0] if found else None

    def value(self, name: str) -> str:
        """The first value of that name, stripped; empty where there is none."""
        found = self.lines.get(name)
        return found[0][1].strip() if found else ""

    def named(self, name: str) -> Iterator["Component"]:
        """The parts of that name."""
        return (part for part in self.parts if part.name == name)


def read_calendars(body: bytes) -> list[Component]:
    """Every VCALENDAR with its VEVENTs and VTIMEZONEs; a VEVENT that the end of the file cuts short is left out.

    A VEVENT outside of any VCALENDAR gets one of its own. ParseError for what holds neither.
    """
    return _Reader().read(unfold(body))


def unfold(body: bytes) -> str:
    """Lines ended by LF and unfolded: on bytes, since a fold at 75 octets may cut a character in two (RFC 5545 3.1)."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body = decode(body, None).encode()
    lines = body.removeprefix(b"\xef\xbb\xbf").lstrip().splitlines()
    body = b"\n".join(_without_blanks(lines) if b"" in lines else lines).replace(b"\n ", b"")
    text = _decoded(body.replace(b"\n\t", b"") if b"\t" in body else body)
    if "BEGIN:V" not in text:
        text = _OPENING.sub(lambda match: match[0].upper(), _LOWER_NAMES.sub(lambda match: match[0].upper(), text))
    return text


def _without_blanks(lines: list[bytes]) -> list[bytes]:
    """Some write every fold with a blank line before it; only a BEGIN or END after a blank line is never a fold."""
    kept = []
    for before, line in zip((b"", *lines), lines, strict=False):
        if line:
            bare = line.lstrip()
            kept.append(bare if not before and bare.startswith((b"BEGIN:", b"END:")) else line)
    return kept


def _decoded(body: bytes) -> str:
    """UTF-8; else line by line, so that one line in windows-1252 does not spoil the others."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return "\n".join(decode(line, None) for line in body.split(b"\n"))


class _Reader:
    """Calendars so far, and what is open: a part of the last one, something within that part, and where lines go."""

    def __init__(self) -> None:
        self.calendars: list[Component] = []
        self.part: Component | None = None
        self.within: Component | None = None
        self.lines: dict[str, list[Line]] = {}
        self.prose: list[Line] | None = None

    def read(self, text: str) -> list[Component]:
        lines = self.lines
        for line in text.split("\n"):
            head, colon, value = line.partition(":")
            name, _, parameters = head.partition(";")
            is_prose = IS_PROSE.get(name)
            if is_prose is None or not colon:
                self._turn(line, name, value)
                lines = self.lines
                continue
            if '"' in parameters and (match := _QUOTED.fullmatch(line)):
                _, parameters, value = match.groups()
            if name in lines:
                lines[name].append((parameters, value))
            else:
                lines[name] = [(parameters, value)]
            self.prose = lines[name] if is_prose else None
        return self._finish()

    def _turn(self, line: str, name: str, value: str) -> None:
        """A line that is no wanted property."""
        if name in {"BEGIN", "END"}:
            self.prose = None
            (self._begin if name == "BEGIN" else self._end)(value.strip().upper())
            target = self.within or self.part or (self.calendars[-1] if self.calendars else None)
            self.lines = target.lines if target is not None else {}
        elif name.startswith("X-WR-TIMEZONE"):  # "X-WR-TIMEZONE;VALUE=TEXT;US/Mountain" is seen
            self.lines["X-WR-TIMEZONE"] = [("", line.rpartition(";")[2])]
        elif name in KNOWN or name.startswith("X-"):
            self.prose = None
        elif self.prose:
            self._continue(line, name)

    def _continue(self, line: str, name: str) -> None:
        """Text whose line end was neither escaped nor folded; only a description may have lines like "WHEN: noon"."""
        if ":" in line and name.isupper() and self.prose is not self.lines.get("DESCRIPTION"):
            return
        if self.prose and len(self.prose[-1][1]) < MAX_PROSE:
            parameters, value = self.prose[-1]
            self.prose[-1] = parameters, f"{value}\n{line}"

    def _begin(self, name: str) -> None:
        if name == "VCALENDAR":
            self.calendars.append(Component(name=name))
            self.part = self.within = None
        elif self.part is None or name in {"VEVENT", "VTIMEZONE"}:
            self._open(name)
        else:
            self.within = Component(name=name)
            if self.part.name == "VTIMEZONE":
                self.part.parts.append(self.within)

    def _open(self, name: str) -> None:
        self.part, self.within = Component(name=name), None
        if name in {"VEVENT", "VTIMEZONE"}:
            if not self.calendars:
                self.calendars.append(Component(name="VCALENDAR"))
            self.calendars[-1].parts.append(self.part)

    def _end(self, name: str) -> None:
        if self.within is not None and self.within.name == name:
            self.within = None
        elif name == "VCALENDAR" or (self.part is not None and self.part.name == name):
            self.part = self.within = None

    def _finish(self) -> list[Component]:
        if not self.calendars:
            raise ParseError("not a calendar: there is no BEGIN:VCALENDAR")
        if self.part is not None and self.part.name == "VEVENT":
            self.calendars[-1].parts.pop()
        return self.calendars
