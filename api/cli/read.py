"""`hobnob read`: one saved page or feed, told as JSON lines; no network and no store."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.recurrence import expand, first, is_endless

from aggregator.errors import HobnobError, InvalidEventError, ParseError, QueryError, RuleRefusedError, UnreadDateError
from aggregator.event import Event, Occurrence, When
from aggregator.normalize import normalize
from aggregator.source import Page, Request, Source
from sources.detect import detect
from sources.load import source_at

MOST_DATES = 500
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A draft that did not become an event, and why."""

    name: str
    reason: str


def print_events(
    file: str, *, url: str | None, time_zone: str | None, now: str | None, window: str | None, platform: str
) -> int:
    """Print what the file tells; 2 when it is no calendar at all."""
    body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    moment = _read_moment("now", now) if now else datetime.now(UTC)
    span = _read_window(window) if window else None
    try:
        for told in read_events(body, url=url or "", time_zone=time_zone, now=moment, platform=platform):
            if isinstance(told, Event):
                for occurrence in dates_of(told, span):
                    sys.stdout.write(as_line(told, occurrence))
    except HobnobError as error:
        sys.stderr.write(f"hobnob: {file}: {error}\n")
        return 2
    return 0


def read_events(
    body: bytes, *, url: str, time_zone: str | None, now: datetime, platform: str = "auto"
) -> Iterator[Event | Dropped]:
    """Every event of a page and every draft that is none; ParseError when nothing reads the page."""
    page = Page(request=Request(url=url), url=url, body=body, fetched_at=now)
    options = {"time_zone": time_zone} if time_zone else {}
    source, drafts = _parse(page, platform, options)
    for draft in drafts:
        try:
            yield normalize(draft, source, now=now)
        except (InvalidEventError, UnreadDateError, RuleRefusedError) as error:
            yield Dropped(name=draft.name or draft.identifier or "", reason=str(error))


def dates_of(event: Event, window: Window | None) -> list[Occurrence]:
    """The dates in the window; without one, those of a finite rule, and the first of an endless one."""
    if window:
        return expand(event, *window, limit=MOST_DATES)
    if is_endless(event):
        return [first(event)]
    return expand(event, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), limit=MOST_DATES)


def as_line(event: Event, occurrence: Occurrence) -> str:
    """One JSON object and a line feed; other line separators are escaped, so a line is always an event."""
    text = json.dumps(_told(event, occurrence), ensure_ascii=False)
    for separator in ("\x85", "\u2028", "\u2029"):
        text = text.replace(separator, f"\\u{ord(separator):04x}")
    return f"{text}\n"


def _parse(page: Page, platform: str, options: dict[str, Any]) -> tuple[Source, list[Any]]:
    """By the platform that is named, else by the first whose marks the page bears and that can read it."""
    names = [platform] if platform != "auto" else [candidate.platform for candidate in detect(page)]
    refusals = []
    for name in names:
        source = source_at(page.url or "https://page.invalid/", name, **options)
        try:
            return source, list(source.parse(page))
        except ParseError as error:
            refusals.append(f"{name}: {error}")
    raise ParseError("; ".join(refusals) or "this is no calendar, feed or page with events that any reader knows")


def _told(event: Event, occurrence: Occurrence) -> dict[str, Any]:
    place, address = event.location, event.location.address
    return {
        "name": event.name,
        "startDate": _iso(occurrence.start),
        "endDate": _iso(occurrence.end),
        "allDay": event.is_all_day,
        "timeZone": event.time_zone,
        "location": {
            "name": place.name,
            "address": {
                "streetAddress": address.street_address,
                "addressLocality": address.address_locality,
                "addressRegion": address.address_region,
                "postalCode": address.postal_code,
                "addressCountry": address.address_country,
            },
            "geo": {"latitude": place.geo.latitude, "longitude": place.geo.longitude} if place.geo else None,
        },
        "url": event.url,
        "eventStatus": event.event_status,
        "eventAttendanceMode": event.event_attendance_mode,
        "identifier": event.uid,
        "organizer": {"name": event.organizer.name, "url": event.organizer.url} if event.organizer else None,
        "description": event.description,
        "keywords": list(event.keywords),
        "isAccessibleForFree": event.is_accessible_for_free,
        "superEvent": event.super_event,
        "doubts": list(event.doubts),
    }


def _iso(when: When | None) -> str | None:
    return when.isoformat() if when is not None else None


def _read_window(text: str) -> Window:
    start, _, end = text.partition("/")
    return _read_moment("window", start), _read_moment("window", end)


def _read_moment(option: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QueryError(option, text, "is no ISO 8601 time such as 2026-06-01T00:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
