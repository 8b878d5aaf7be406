"""What TZID and VTIMEZONE mean: an IANA zone, one that behaves like it, or the offset of the day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.errors import RuleRefusedError
from aggregator.reading.ical.lines import Component
from aggregator.reading.ical.rule import last_wall, read_rule, walk
from aggregator.reading.ical.times import read_moment, read_offset
from aggregator.reading.zones import fixed_zone, zone_name

LIKELY = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"),
    *("America/Anchorage", "Pacific/Honolulu", "America/Halifax", "America/St_Johns", "Europe/London"),
    *("Europe/Berlin", "Europe/Helsinki", "Europe/Moscow", "Europe/Istanbul", "Asia/Jerusalem", "Africa/Cairo"),
    *("America/Sao_Paulo", "America/Santiago", "Asia/Kolkata", "Asia/Tokyo", "Asia/Shanghai"),
    *("Australia/Sydney", "Australia/Adelaide", "Australia/Brisbane", "Australia/Perth", "Pacific/Auckland"),
)
"""Zones that an invented VTIMEZONE is compared with, in this order; each stands for all that behave like it."""

A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Observance:
    """A STANDARD or DAYLIGHT part: from `start` on (a wall clock of `before`), and each time its rule says, `after`."""

    start: datetime
    before: timedelta
    after: timedelta
    rule: str
    dates: tuple[datetime, ...]

    def onset(self, wall: datetime) -> datetime | None:
        """The last time at or before `wall` that it began. A rule that is not yearly is not followed: it is a bomb."""
        onsets = [moment for moment in (self.start, *self.dates) if moment <= wall]
        if self.rule and onsets:
            onsets += self._repeated(wall)
        return max(onsets, default=None)

    def _repeated(self, wall: datetime) -> list[datetime]:
        try:
            rule = read_rule(self.rule)
        except RuleRefusedError:
            return []
        if rule.frequency != "YEARLY" or rule.count is not None or rule.weeks or rule.year_days:
            return []
        last = wall if rule.until is None else min(wall, last_wall(rule.until, timezone(self.before)))
        return list(walk(rule, self.start, max(self.start, last - A_YEAR), last + timedelta(seconds=1)))


Meaning = ZoneInfo | tuple[Observance, ...] | None
"""A zone; or what a VTIMEZONE says, where that is like no zone; or nothing."""


class Zones:
    """The zones of one calendar: `default` is that of floating times (X-WR-TIMEZONE), None where it does not say."""

    def __init__(self, calendar: Component) -> None:
        self.default = find_zone(calendar.value("X-WR-TIMEZONE"))
        self._described = {part.value("TZID"): part for part in calendar.named("VTIMEZONE")}
        self._found: dict[str, Meaning] = {}

    def zone(self, tzid: str, wall: datetime) -> tzinfo | None:
        """What a TZID means for this wall clock; None where nothing in the file or the world tells."""
        found = self._found.get(tzid)
        if found is None:
            found = self._found[tzid] = self._find(tzid, wall.year)
        return found if found is None or isinstance(found, tzinfo) else timezone(offset_at(found, wall))

    def _find(self, tzid: str, year: int) -> Meaning:
        """By its name, else by its description, else by the only one the calendar describes besides UTC."""
        if named := find_zone(tzid):
            return named
        described = self._described.get(tzid) or self._described.get(tzid.replace(",", "\\,"))
        others = [name for name in self._described if name.upper() != "UTC"]
        if described is None and len(others) == 1:
            return find_zone(others[0]) or self._find(others[0], year)
        if described is not None and (named := find_zone(described.value("X-LIC-LOCATION"))):
            return named
        observances = read_observances(described) if described else ()
        return (find_alike(observances, year) or observances) if observances else None


def find_zone(words: str) -> ZoneInfo | None:
    """The zone that the words name."""
    name = zone_name(words)
    return ZoneInfo(name) if name else None


def read_observances(described: Component) -> tuple[Observance, ...]:
    """The parts of a VTIMEZONE; one that cannot be read is left out."""
    observances = []
    for part in described.parts:
        start = _read_start(part.value("DTSTART"))
        before, after = read_offset(part.value("TZOFFSETFROM")), read_offset(part.value("TZOFFSETTO"))
        if after is None:
            continue
        dates = (read_moment(value) for _, values in part.lines.get("RDATE", ()) for value in values.split(","))
        observances.append(
            Observance(
                start=start,
                before=after if before is None else before,
                after=after,
                rule=part.value("RRULE"),
                dates=tuple(moment.replace(tzinfo=None) for moment in dates if isinstance(moment, datetime)),
            )
        )
    return tuple(observances)


def _read_start(text: str) -> datetime:
    """Since 1800 where it is before that (Windows writes 1601) or not read; only the clock matters then."""
    moment = read_moment(text) or read_moment(f"1800{text[4:]}")
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else datetime(1800, 1, 1)  # noqa: DTZ001


@lru_cache(maxsize=4096)
def offset_at(observances: tuple[Observance, ...], wall: datetime) -> timedelta:
    """The offset from UTC that a VTIMEZONE gives a wall clock (RFC 5545 3.6.5)."""
    onsets = [(onset, each.after) for each in observances if (onset := each.onset(wall)) is not None]
    return max(onsets)[1] if onsets else min(observances, key=lambda each: each.start).before


@lru_cache(maxsize=256)
def find_alike(observances: tuple[Observance, ...], year: int) -> ZoneInfo | None:
    """The zone that keeps the same offsets all year, so that a series in an invented zone keeps its clock."""
    offsets = tuple(offset_at(observances, wall) for wall in _weeks(year))
    if len(set(offsets)) == 1:
        return find_zone(fixed_zone(offsets[0]) or "")
    return next((ZoneInfo(name) for name in LIKELY if _offsets(name, year) == offsets), None)


def _weeks(year: int) -> list[datetime]:
    first = datetime.combine(date(year, 1, 1), datetime.min.time()) + timedelta(hours=12)
    return [first + timedelta(weeks=week) for week in range(53)]


@lru_cache(maxsize=256)
def _offsets(name: str, year: int) -> tuple[timedelta | None, ...]:
    zone = ZoneInfo(name)
    return tuple(wall.replace(tzinfo=zone).utcoffset() for wall in _weeks(year))
