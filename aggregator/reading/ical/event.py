"""One VEVENT: its times in one zone, and the draft it makes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from aggregator.draft import Draft
from aggregator.reading.ical import fields
from aggregator.reading.ical.lines import Component, Line
from aggregator.reading.ical.times import read_duration, read_moment
from aggregator.reading.ical.zones import Zones, find_zone
from aggregator.reading.zones import fixed_zone, zone_name

Moment = datetime | date
A_DAY = timedelta(days=1)

_SPLIT_BY_TZID = re.compile(r"(.*?):\s*(\d{4}-?\d\d-?\d\d.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vevent:
    """A VEVENT with its times read: dates, or aware in `zone`, or (where no zone is known) as they are.

    `end` is as written: the day after for an all-day event. `is_later_too` is RANGE=THISANDFUTURE;
    `zone_words` is a TZID that nothing explains.
    """

    component: Component
    zone: ZoneInfo | None
    start: Moment | None
    end: Moment | None = None
    recurrence: Moment | None = None
    is_later_too: bool = False
    sequence: int = -1
    zone_words: str | None = None
    doubts: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta | None:
        """On the wall clock, since that is what a series repeats; None where the event does not say."""
        return self.end - self.start if self.end is not None and self.start is not None else None


def read_vevent(component: Component, zones: Zones) -> Vevent:
    """The times of a VEVENT. DTEND or DURATION of another kind than DTSTART, or before it, is no end."""
    line = component.line("DTSTART") or ("", "")
    start = read_line(line, zones)
    zone = _choose_zone(start, zones, is_series="RRULE" in component.lines or "RDATE" in component.lines)
    start = place_in(start, zone)
    recurrence, is_later_too = None, False
    if identity := component.line("RECURRENCE-ID"):
        recurrence = read_line(identity, zones)
        is_later_too = fields.parameter(identity[0], "RANGE").upper() == "THISANDFUTURE"
    tzid = _unnamed_zone(line)
    return Vevent(
        component=component,
        zone=zone,
        start=start,
        end=_read_end(component, start, zones, zone) if start is not None else None,
        recurrence=place_in(recurrence, zone if start is not None else zones.default),
        is_later_too=is_later_too,
        sequence=_read_sequence(component),
        zone_words=tzid if zone is None else None,
        doubts=(f"time zone “{tzid}” was taken for {zone.key}",) if tzid and zone is not None else (),
    )


def read_line(line: Line, zones: Zones) -> Moment | None:
    """The time of a property: aware where its TZID is known, naive where it floats."""
    parameters, value = line
    moment = read_moment(value)
    if moment is None and (match := _SPLIT_BY_TZID.fullmatch(f"{parameters}:{value}")):
        # TZID=(UTC-05:00) Eastern Time (US & Canada), which needed quotes
        parameters = match[1]
        moment = read_moment(match[2])
    if not parameters or not isinstance(moment, datetime):
        return moment
    if "VALUE=DATE" in parameters and moment.time() == datetime.min.time() and "DATE-TIME" not in parameters:
        return moment.date()
    if moment.tzinfo is None and "TZID" in parameters:
        return datetime.combine(moment, moment.time(), zones.zone(fields.parameter(parameters, "TZID"), moment))
    return moment


def read_lines(component: Component, name: str, zones: Zones) -> Iterator[tuple[Moment, Moment | timedelta | None]]:
    """The times of EXDATE and RDATE, many in a value; with the end or length of a PERIOD."""
    for parameters, value in component.lines.get(name, ()):
        for word in value.split(","):
            first, slash, last = word.strip().partition("/")
            moment = read_line((parameters, first), zones)
            if moment is not None:
                yield moment, (_read_period_end((parameters, last), zones) if slash else None)


def _read_period_end(line: Line, zones: Zones) -> Moment | timedelta | None:
    if not line[1].startswith("P"):
        return read_line(line, zones)
    length = read_duration(line[1])
    return timedelta(days=length[0]) + length[1] if length else None


AnyMoment = TypeVar("AnyMoment", datetime, Moment, Moment | None)


def place_in(moment: AnyMoment, zone: ZoneInfo | None) -> AnyMoment:
    """In a zone: an instant is shown there, a wall clock is one there."""
    if zone is None or not isinstance(moment, datetime) or moment.tzinfo is zone:
        return moment
    return datetime.combine(moment, moment.time(), zone) if moment.tzinfo is None else moment.astimezone(zone)


def _choose_zone(start: Moment | None, zones: Zones, *, is_series: bool) -> ZoneInfo | None:
    """The zone a VEVENT lives in. A series told in UTC repeats there, unless the calendar shows itself in a zone."""
    zone = start.tzinfo if isinstance(start, datetime) else None
    if isinstance(zone, ZoneInfo):
        return zone
    if zone is None or not isinstance(start, datetime):
        return zones.default
    if zone is UTC:
        return zones.default or (ZoneInfo("UTC") if is_series else None)
    return find_zone(fixed_zone(start.utcoffset() or timedelta()) or "") if is_series else None


def _unnamed_zone(line: Line) -> str | None:
    """A TZID that is no name of a zone, shortened."""
    tzid = fields.parameter(line[0], "TZID")[:100] if "TZID" in line[0] else ""
    return tzid if tzid and not zone_name(tzid) else None


def _read_end(component: Component, start: Moment, zones: Zones, zone: ZoneInfo | None) -> Moment | None:
    if line := component.line("DTEND"):
        end = place_in(read_line(line, zones), zone)
        if end is not None:
            return _of_kind(end, start)
    length = read_duration(component.value("DURATION"))
    if length is None:
        return None
    days, rest = length
    if not isinstance(start, datetime):
        return start + timedelta(days=days) + rest
    end = start + timedelta(days=days)
    return (end.astimezone(UTC) + rest).astimezone(start.tzinfo) if start.tzinfo else end + rest


def _of_kind(end: Moment, start: Moment) -> Moment | None:
    """An end of the start's kind; one at the start tells nothing."""
    if isinstance(start, datetime) and not isinstance(end, datetime):
        end = datetime.combine(end, datetime.min.time(), start.tzinfo)
    elif isinstance(end, datetime) and not isinstance(start, datetime):
        end = end.date() if end.time() == datetime.min.time() else end.date() + A_DAY
    if isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) != (end.tzinfo is None):
        return None
    return end if end != start else None


def _read_sequence(component: Component) -> int:
    value = component.value("SEQUENCE")
    return int(value) if value.isdecimal() and len(value) < 12 else -1


def write_moment(moment: Moment, zone: ZoneInfo | None) -> str:
    """ISO 8601: a wall clock where the zone says the rest; with the offset for another zone, or the second 01:30."""
    if isinstance(moment, datetime) and zone is not None and moment.tzinfo is zone and not moment.fold:
        return moment.isoformat()[:19]
    return moment.isoformat()


def write_identity(moment: Moment) -> str:
    """What a RECURRENCE-ID adds to an identifier: the instant in UTC, the floating time, or the date."""
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if moment.tzinfo else f"{moment:%Y%m%dT%H%M%S}"


class Repeats(NamedTuple):
    """The part of a draft that makes it a series."""

    rrule: tuple[str, ...] = ()
    r_dates: tuple[str, ...] = ()
    except_dates: tuple[str, ...] = ()


ONCE = Repeats()


def make_draft(event: Vevent, calendar: Component, repeats: Repeats = ONCE, date_of: str | None = None) -> Draft:
    """The draft of a VEVENT; `date_of` tells apart a date or a later part of the series that has its UID."""
    component, zone = event.component, event.zone
    start, end = event.start, event.end
    uid = component.value("UID") or None
    geo = fields.read_coordinates(component)
    if end is not None and not isinstance(end, datetime):
        end -= A_DAY
    return Draft(
        identifier=f"{uid}/{date_of}" if uid and date_of else uid,
        super_event=uid if date_of else None,
        name=fields.read_prose(component, "SUMMARY"),
        start_date=write_moment(start, zone) if start is not None else component.value("DTSTART") or None,
        end_date=write_moment(end, zone) if end is not None else None,
        time_zone=zone.key if zone is not None else event.zone_words,
        rrule=repeats.rrule,
        r_dates=repeats.r_dates,
        except_dates=repeats.except_dates,
        event_status=fields.read_status(component, calendar),
        location_text=fields.read_prose(component, "LOCATION"),
        latitude=geo[0] if geo else None,
        longitude=geo[1] if geo else None,
        virtual_location=fields.read_virtual_location(component),
        organizer=fields.read_organizer(component),
        url=fields.read_address(component),
        description=fields.read_description(component),
        image=fields.read_picture(component),
        keywords=fields.read_keywords(component),
        price=fields.read_prose(component, "X-COST"),
        doubts=(*event.doubts, "EXRULE was left out") if "EXRULE" in component.lines else event.doubts,
    )
