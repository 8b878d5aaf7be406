"""Recurrence rules as text, and the days they fall on; reading and walking them is `ical_rule`'s."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from aggregator.reading.ical.rule import WEEKDAYS, Rule, last_wall, walk


def write_rule(rule: Rule) -> str:
    """The value of an RRULE property, without clock times, weeks and days of the year."""
    until = rule.until
    parts = {
        "FREQ": rule.frequency,
        "INTERVAL": "" if rule.interval == 1 else str(rule.interval),
        "BYDAY": ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in rule.days),
        "BYMONTHDAY": ",".join(map(str, rule.month_days)),
        "BYMONTH": ",".join(map(str, rule.months)),
        "BYSETPOS": ",".join(map(str, rule.positions)),
        "COUNT": str(rule.count or ""),
        "UNTIL": ""
        if until is None
        else f"{until:%Y%m%dT%H%M%SZ}"
        if isinstance(until, datetime)
        else f"{until:%Y%m%d}",
        "WKST": WEEKDAYS[rule.week_start] if rule.week_start else "",
    }
    return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def days_of(rule: Rule, anchor: date, since: date, length: timedelta) -> Iterator[date]:
    """Its days from `since` on for that length, counted from the anchor."""
    before = datetime.combine(since + length, time())
    if rule.until is not None:
        before = min(before, last_wall(rule.until, None) + timedelta(seconds=1))
    for moment in walk(rule, datetime.combine(anchor, time()), datetime.combine(since, time()), before):
        yield moment.date()
