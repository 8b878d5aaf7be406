"""iCalendar (RFC 5545): each VEVENT by itself, so that one bad event costs one event."""

from collections.abc import Iterator

from aggregator.draft import Draft
from aggregator.reading.ical.event import Vevent, read_vevent
from aggregator.reading.ical.lines import Component, read_calendars
from aggregator.reading.ical.series import draft_series
from aggregator.reading.ical.zones import Zones


def read_ical(body: bytes) -> Iterator[Draft]:
    """The events of every calendar in the body; ParseError where there is none, nothing for one without events.

    A date that a series tells otherwise (RECURRENCE-ID) is a draft of its own: its identifier is UID, `/` and that
    date in UTC, `super_event` is the UID, and the date is in the series' `except_dates`.
    """
    for calendar in read_calendars(body):
        yield from _read_calendar(calendar)


def ends_whole(body: bytes) -> bool:
    """Whether the body ends as a calendar does; if not, it was cut short, and no event may be taken as missing."""
    return b"END:VCALENDAR" in body.rstrip()[-64:].upper()


def _read_calendar(calendar: Component) -> Iterator[Draft]:
    zones = Zones(calendar)
    alone: list[list[Vevent]] = []
    by_uid: dict[str, list[Vevent]] = {}
    for component in calendar.named("VEVENT"):
        event = read_vevent(component, zones)
        uid = component.value("UID")
        if uid in by_uid:
            by_uid[uid].append(event)
        else:
            alone.append([event])
            if uid:
                by_uid[uid] = alone[-1]
    for events in alone:
        yield from draft_series(events, calendar, zones)
