"""A regular group as iCalendar: one event with its rule, on the clock of its place (RFC 5545)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

from aggregator.event import When
from aggregator.group.rhythm import Rhythm, days, rule_days
from aggregator.group.words import words_of
from aggregator.render.visitors import visitor_line
from aggregator.store import KeptGroup

AHEAD = timedelta(days=400)
"""How far ahead days are named on which it does not meet."""


def write_group(kept: KeptGroup, site: str, now: datetime) -> bytes:
    """A calendar with an event a rule; days that are skipped are taken out, with the zone's own definition."""
    group = kept.group
    calendar = icalendar.Calendar()
    for name, value in (("prodid", "-//Hobnob//Hobnob//EN"), ("version", "2.0"), ("x-wr-calname", group.name)):
        calendar.add(name, value)
    for number, rule in enumerate(group.rhythm.rrules, 1):
        calendar.add_component(_event(kept, rule, number, site, now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(kept: KeptGroup, rule: str, number: int, site: str, now: datetime) -> icalendar.Event:
    group = kept.group
    one = Rhythm(rrules=(rule,), since=group.rhythm.since, start=group.rhythm.start, end=group.rhythm.end)
    coming = rule_days(one, now.date(), now.date() + AHEAD)
    first = next(iter(coming), group.rhythm.since)
    event = icalendar.Event()
    event.add("uid", f"{group.id}-{number}@hobnob")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", group.name)
    event.add("dtstart", _at(first, one.start, group.time_zone))
    if one.start and one.end:
        last = first if one.end > one.start else first + timedelta(days=1)
        event.add("dtend", _at(last, one.end, group.time_zone))
    event.add("rrule", icalendar.vRecur.from_ical(rule))
    met = set(days(group.rhythm, now.date(), now.date() + AHEAD))
    if off := [_at(day, one.start, group.time_zone) for day in coming if day not in met]:
        event.add("exdate", off)
    told = (words_of(group.rhythm), visitor_line(kept.terms.visitors), f"{site}/v1/groups/{group.id}")
    event.add("description", "\n".join(filter(None, told)))
    place = group.place
    if where := ", ".join(filter(None, (place.name, place.address.street_address, place.address.address_locality))):
        event.add("location", where)
    if kept.url:
        event.add("url", kept.url)
    return event


def _at(day: date, clock: time | None, zone: str) -> When:
    return day if clock is None else datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
