"""`hobnob read`: one saved page or feed, told as JSON lines; no network and no store."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from aggregator.errors import CatalogError, HobnobError, ParseError, QueryError
from aggregator.event import Event, Occurrence
from aggregator.normalize import normalize
from aggregator.recurrence import expand, first, is_endless
from aggregator.render import event_members
from aggregator.render.words import told
from aggregator.run import Rejection
from aggregator.source import Draft, Page, Request, Source
from api.cli.words import plain
from api.values import read_zone
from sources.detect import detect
from sources.load import source_at

MOST_DATES = 500
"""Of a rule that ends, when no window is given."""

UNKNOWN_ADDRESS = "about:blank"
"""Of a page from standard input: links in it that are not whole lead nowhere."""

LINE_ENDS = str.maketrans({separator: f"\\u{ord(separator):04x}" for separator in "\x85\u2028\u2029"})
"""What other programs than JSON's own take for the end of a line."""

NOT_KNOWN_HERE = frozenset({"source", "placePrecision"})
"""Nobody has named a source, and nobody has looked a place up."""

SAVED = {"permission": "granted", "note": "a saved page: nothing is fetched", "fallbacks": []}

Window = tuple[datetime, datetime]


def print_events(
    file: str, *, url: str | None, time_zone: str | None, now: str | None, window: str | None, platform: str
) -> None:
    """Print what the file tells, and on standard error what it tells that is no event; ParseError names the file."""
    zone = _read_zone(time_zone) if time_zone else UTC
    moment = _read_moment("now", now, zone) if now else datetime.now(UTC)
    span = _read_window(window, zone) if window else None
    address = url or (UNKNOWN_ADDRESS if file == "-" else Path(file).absolute().as_uri())
    body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        for one in read_events(body, url=address, time_zone=time_zone, now=moment, platform=platform):
            for line in _tell(one, span):
                sys.stdout.buffer.write(line)
    except ParseError as error:
        raise ParseError(f"{file}: {str(error).replace(f'{address}: ', '')}") from error


def read_events(
    body: bytes, *, url: str, time_zone: str | None, now: datetime, platform: str = "auto"
) -> Iterator[Event | Rejection]:
    """Every event of a page and every draft that is none; ParseError when nothing reads the page."""
    page = Page(request=Request(url=url), url=url, body=body, fetched_at=now)
    source, drafts = _parse(page, platform, {"time_zone": time_zone} if time_zone else {})
    for draft in drafts:
        try:
            yield normalize(draft, source, now=now)
        except (HobnobError, ValueError, ArithmeticError, RecursionError) as error:
            yield Rejection(name=draft.name or draft.identifier or "", reason=str(error) or type(error).__name__)


def dates_of(event: Event, window: Window | None) -> list[Occurrence]:
    """The dates in the window; without one, those of a finite rule, and the first of an endless one."""
    if window:
        return expand(event, *window, limit=sys.maxsize)
    if is_endless(event):
        return [first(event)]
    return expand(event, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), limit=MOST_DATES)


def as_line(event: Event, occurrence: Occurrence) -> bytes:
    """One JSON object in UTF-8 and a line feed; other line ends are escaped, so a line is always an event."""
    head = {"name": event.name, "startDate": occurrence.start, "endDate": occurrence.end}
    members = {name: value for name, value in event_members(event).items() if name not in NOT_KNOWN_HERE}
    text = json.dumps({**head, **members}, ensure_ascii=False, default=told)
    return f"{text.translate(LINE_ENDS)}\n".encode("utf-8", "replace")


def _tell(one: Event | Rejection, span: Window | None) -> list[bytes]:
    """The lines of an event; what is none is told apart from them."""
    try:
        if isinstance(one, Event):
            return [as_line(one, occurrence) for occurrence in dates_of(one, span)]
    except HobnobError as error:
        one = Rejection(name=one.name, reason=str(error))
    sys.stderr.write(f"dropped “{plain(one.name)}”: {plain(one.reason)}\n")
    return []


def _parse(page: Page, platform: str, options: dict[str, Any]) -> tuple[Source, list[Draft]]:
    """By the platform that is named, else by the first whose marks the page bears and that can read it."""
    names = [platform] if platform != "auto" else [candidate.platform for candidate in detect(page)]
    refusals = []
    for name in names:
        try:
            source = source_at(page.url or UNKNOWN_ADDRESS, name, **SAVED, **options)
            return source, list(source.parse(page))
        except CatalogError as error:
            raise ParseError(str(error)) from error
        except ParseError as error:
            refusals.append(f"{name}: {error}")
    raise ParseError("; ".join(refusals) or "is no calendar, feed or page with events that any reader knows")


def _read_zone(text: str) -> tzinfo:
    try:
        return read_zone(text)
    except ValueError as error:
        raise QueryError("time-zone", text, "is no time zone; one is America/Los_Angeles") from error


def _read_window(text: str, zone: tzinfo) -> Window:
    start, slash, end = text.partition("/")
    if not slash:
        raise QueryError("window", text, "write START/END, such as 2026-06-01/2026-07-01")
    window = _read_moment("window", start, zone), _read_moment("window", end, zone)
    if window[1] <= window[0]:
        raise QueryError("window", text, "its end is not after its start")
    return window


def _read_moment(option: str, text: str, zone: tzinfo) -> datetime:
    """A time without an offset is one in `zone`; a date is its midnight."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QueryError(option, text, "is no ISO 8601 time such as 2026-06-01T00:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
