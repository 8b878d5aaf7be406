"""Regular groups as iCalendar: an event with its rule for each, on the clock of its place (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

from aggregator.event import Place, Precision, When
from aggregator.group.rhythm import Rhythm, days, rule_days
from aggregator.group.words import words_of
from aggregator.reading.ical.rule import read_rule
from aggregator.render.visitors import visitor_line
from aggregator.store import KeptGroup
from api.feeds.feed import Channel
from api.feeds.ics import ICS

AHEAD = timedelta(days=400)
"""How far ahead days are named on which it does not meet."""
A_YEAR = timedelta(days=366)
"""Before the first meeting: from there on zones are defined, so that its clock is."""


def write_groups(channel: Channel, groups: Iterable[KeptGroup], now: datetime) -> bytes:
    """A calendar with an event a rule; days that are skipped are taken out, with the definitions of their zones."""
    calendar = icalendar.Calendar()
    for kept in groups:
        for number, rule in enumerate(kept.group.rhythm.rrules, 1):
            calendar.add_component(_event(kept, rule, number, channel.site, now))
    first = min((one.DTSTART for one in calendar.events), key=_day_of, default=now)
    calendar.add_missing_timezones(first_date=_day_of(first) - A_YEAR)
    parts = (part.to_ical() for part in calendar.subcomponents)
    return b"".join([ICS.head(channel), *parts, ICS.tail(channel)])


def _event(kept: KeptGroup, rule: str, number: int, site: str, now: datetime) -> icalendar.Event:
    group, start, end = kept.group, kept.group.rhythm.start, kept.group.rhythm.end
    coming = _rule_days(group.rhythm, (rule,), now)
    # A rule that counts its dates counts them from the first.
    first = group.rhythm.since if read_rule(rule).count else next(iter(coming), group.rhythm.since)
    event = icalendar.Event()
    event.add("uid", f"{group.id}-{number}@hobnob")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", group.name)
    event.add("dtstart", _at(first, start, group.time_zone))
    if start and end:
        event.add("dtend", _at(first if end > start else first + timedelta(days=1), end, group.time_zone))
    event.add("rrule", icalendar.vRecur.from_ical(rule))
    for name, moved in _exceptions(group.rhythm, coming, number, now).items():
        event.add(name, [_at(day, start, group.time_zone) for day in moved])
    told = (words_of(group.rhythm), visitor_line(kept.terms.visitors), f"{site}/v1/groups/{group.id}")
    event.add("description", "\n".join(filter(None, told)))
    _add_place(event, group.place)
    if kept.url:
        event.add("url", kept.url)
    return event


def _exceptions(rhythm: Rhythm, coming: list[date], number: int, now: datetime) -> dict[str, list[date]]:
    """Days of the rule on which it does not meet, and with the first rule the days to which others are moved."""
    met = set(days(rhythm, now.date(), now.date() + AHEAD))
    off = [day for day in coming if day not in met]
    moved = sorted(met.difference(_rule_days(rhythm, rhythm.rrules, now))) if number == 1 else []
    return {name: told for name, told in (("exdate", off), ("rdate", moved)) if told}


def _rule_days(rhythm: Rhythm, rules: tuple[str, ...], now: datetime) -> list[date]:
    alone = Rhythm(rrules=rules, since=rhythm.since, start=rhythm.start, end=rhythm.end)
    return rule_days(alone, now.date(), now.date() + AHEAD)


def _add_place(event: icalendar.Event, place: Place) -> None:
    """The point only when it is the venue's own, as events have it."""
    if where := ", ".join(filter(None, (place.name, place.address.street_address, place.address.address_locality))):
        event.add("location", where)
    if place.geo and place.precision in (Precision.ROOFTOP, Precision.STREET):
        event.add("geo", (place.geo.latitude, place.geo.longitude))


def _day_of(moment: When) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _at(day: date, clock: time | None, zone: str) -> When:
    return day if clock is None else datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
