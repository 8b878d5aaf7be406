"""schema.org's eventSchedule as an iCalendar rule."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aggregator.reading.dates.iso import read_iso
from aggregator.reading.structured.values import Node, last_word, text, texts

_PERIOD = re.compile(r"P(\d{1,3})([DWMY])", re.ASCII)
_FREQUENCIES = {
    "D": "DAILY",
    "W": "WEEKLY",
    "M": "MONTHLY",
    "Y": "YEARLY",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "yearly": "YEARLY",
    "annually": "YEARLY",
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_OF_NAME = dict(
    zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), _DAYS, strict=True)
)
_ICAL_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a series takes place, by the names that Draft has for it. `words` are those that are no known frequency."""

    start: str | None
    end: str | None
    duration: str | None
    time_zone: str | None
    rrule: str | None
    words: str | None
    except_dates: tuple[str, ...]


def read_schedule(schedule: Node, event: Node) -> Schedule:
    """One Schedule; what it leaves out of start and times, the event says."""
    days = tuple(day for word in texts(schedule.get("byDay")) if (day := _day(word)))
    frequency = text(schedule, "repeatFrequency")
    rule = _rule(schedule, frequency, days)
    start = _moment(text(schedule, "startDate") or text(event, "startDate"), text(schedule, "startTime"))
    if rule and rule.startswith("FREQ=WEEKLY"):
        start = _first_on(start, days)
    end_time = text(schedule, "endTime")
    return Schedule(
        start=start,
        end=_moment(start[:10], end_time) if start and end_time else None,
        duration=text(schedule, "duration"),
        time_zone=text(schedule, "scheduleTimezone"),
        rrule=rule,
        words=None if rule else frequency,
        except_dates=tuple(texts(schedule.get("exceptDate"))),
    )


def _rule(schedule: Node, frequency: str | None, days: tuple[str, ...]) -> str | None:
    """The value of RRULE (RFC 5545, 3.3.10); None when the schedule does not repeat, or in words nobody knows."""
    period = _PERIOD.fullmatch((frequency or "").strip().upper())
    known = _FREQUENCIES.get(period[2] if period else (frequency or "").strip().lower())
    if frequency is None and days:
        known = "WEEKLY"
    if known is None:
        return None
    week = text(schedule, "byMonthWeek")
    if week and known == "MONTHLY":
        days = tuple(week + day for day in days)
    parts = {
        "FREQ": known,
        "INTERVAL": period[1] if period and period[1] != "1" else None,
        "BYDAY": ",".join(days),
        "BYMONTHDAY": ",".join(texts(schedule.get("byMonthDay"))),
        "BYMONTH": ",".join(texts(schedule.get("byMonth"))),
        "COUNT": text(schedule, "repeatCount"),
        "UNTIL": _until(text(schedule, "endDate")),
    }
    if parts["COUNT"]:
        parts["UNTIL"] = None
    return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def _day(word: str) -> str | None:
    name = last_word(word)
    ical = _ICAL_DAY.fullmatch(name.upper())
    return ical[0] if ical else _DAY_OF_NAME.get(name.lower())


def _until(last: str | None) -> str | None:
    """The last day, or the instant, in iCalendar's basic form."""
    moment = read_iso(last) if last else None
    if isinstance(moment, datetime):
        return moment.date().strftime("%Y%m%d")
    return moment.strftime("%Y%m%d") if moment else None


def _moment(day: str | None, time: str | None) -> str | None:
    """A day and a clock time as one; the day as it is when it has a time already, or there is none."""
    return f"{day}T{time.strip()}" if day and time and len(day) == len("2026-08-25") else day


def _first_on(start: str | None, days: tuple[str, ...]) -> str | None:
    """The start moved to the first of the weekdays: a schedule may begin on a day on which it does not take place."""
    moment = read_iso(start) if start else None
    if moment is None or start is None or not days:
        return start
    first: date = moment
    while _DAYS[first.weekday()] not in days and (first - moment).days < len(_DAYS):
        first += timedelta(days=1)
    return first.isoformat()
