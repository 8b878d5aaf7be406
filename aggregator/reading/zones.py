"""What a page calls a time zone, to its IANA name."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

NAMES = {
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
    "zulu": "UTC",
    "tzone://microsoft/utc": "UTC",
    "coordinated universal time": "UTC",
    "greenwich mean time": "UTC",
    "eastern": "America/New_York",
    "et": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "us/eastern": "America/New_York",
    "central": "America/Chicago",
    "ct": "America/Chicago",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "us/central": "America/Chicago",
    "mountain": "America/Denver",
    "mt": "America/Denver",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "us/mountain": "America/Denver",
    "arizona": "America/Phoenix",
    "us/arizona": "America/Phoenix",
    "pacific": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "us/pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "akst": "America/Anchorage",
    "akdt": "America/Anchorage",
    "us/alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "hst": "Pacific/Honolulu",
    "us/hawaii": "Pacific/Honolulu",
    "atlantic": "America/Halifax",
    "ast": "America/Halifax",
    "adt": "America/Halifax",
    "newfoundland": "America/St_Johns",
    "saskatchewan": "America/Regina",
    "indiana (east)": "America/Indiana/Indianapolis",
    "central america": "America/Guatemala",
    "bst": "Europe/London",
    "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney",
    "acst": "Australia/Adelaide",
    "acdt": "Australia/Adelaide",
    "awst": "Australia/Perth",
    "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland",
}
"""In lower case; the words of North America first, since `CST` is also China's."""

ODD_OFFSETS = {
    -570: "Pacific/Marquesas",
    210: "Asia/Tehran",
    270: "Asia/Kabul",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    390: "Asia/Yangon",
    570: "Australia/Darwin",
}
"""Minutes east of UTC that IANA has no Etc/GMT name for, where a zone keeps them all year."""

REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
NO_ZONES = {"factory", "localtime", "posixrules"}

_PREFIX = re.compile(r"\((?:UTC|GMT)\s*([+-]\s*\d{1,2}:?\d{0,2})?\)\s*(.*)", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])\s*(\d{1,2}):?(\d\d)?", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\((?:us ?(?:&|and) ?canada|us|canada)\)")
_SHIFTS = re.compile(r"\b(?:daylight|standard|savings?|local) (?=time\b)")


@lru_cache(maxsize=2048)
def zone_name(words: str | None) -> str | None:
    """The IANA name; None when the words name no zone ("Customized Time Zone") or one that is not known.

    Reads IANA names in any case, with a path before them (`/mozilla.org/20050126_1/America/New_York`), Windows names
    and display names, offsets ("UTC-5" is Etc/GMT+5) and the words of North America ("PST", "Central Time").
    """
    text = " ".join((words or "").split()).strip("\"'")
    if not text or len(text) > 120:
        return None
    return next(filter(None, _readings(text)), None)


def _readings(text: str) -> Iterator[str | None]:
    lower = text.lower()
    yield NAMES.get(lower)
    yield _iana(lower)
    yield _windows().get(lower)
    if match := _PREFIX.fullmatch(text):
        offset, rest = match.groups()
        yield _displayed(rest, _minutes(offset) if offset else 0) if rest else None
        return
    yield NAMES.get(_BRACKETS.sub("", _SHIFTS.sub("", lower)).removesuffix(" time"))
    if (minutes := _minutes(text)) is not None:
        yield fixed_zone(timedelta(minutes=minutes))
    yield _displayed(text, None) if "," in text else None


def _iana(lower: str) -> str | None:
    """The name itself, or the last two or three steps of a path."""
    steps = lower.replace(" ", "_").strip("/").split("/")
    names = _iana_names()
    if len(steps) == 1:
        return names.get(steps[0])
    return names.get("/".join(steps[-3:])) or names.get("/".join(steps[-2:]))


@cache
def _iana_names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if name.lower() not in NO_ZONES}


@cache
def _windows() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415 - 60 ms, and seldom needed

    return {name.lower(): zone for name, zone in WINDOWS_TO_OLSON.items()}


def _displayed(words: str, minutes: int | None) -> str | None:
    """Windows' display names: a zone's words, or a list of cities of which one that keeps the offset is taken."""
    lower = words.lower().partition(";")[0]
    bare = _BRACKETS.sub("", lower).removesuffix(" time")
    if name := NAMES.get(lower) or NAMES.get(bare) or _windows().get(lower):
        return name
    cities = (_cities().get(city.strip()) for city in lower.split(","))
    return next((name for name in cities if name and (minutes is None or _keeps(name, minutes))), None)


@cache
def _cities() -> dict[str, str]:
    return {
        name.rpartition("/")[2].replace("_", " ").lower(): name
        for name in sorted(available_timezones())
        if name.partition("/")[0] in REGIONS
    }


def _keeps(name: str, minutes: int) -> bool:
    """Whether the zone's standard time (the smaller offset of a year) is so many minutes east of UTC."""
    zone = ZoneInfo(name)
    offsets = (datetime(2026, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7))
    return min(offsets) == timedelta(minutes=minutes)


def _minutes(text: str) -> int | None:
    match = _OFFSET.fullmatch(text.strip())
    if not match:
        return None
    sign, hours, minutes = match.groups()
    size = int(hours) * 60 + int(minutes or 0)
    return -size if sign == "-" else size


def fixed_zone(offset: timedelta) -> str | None:
    """The IANA name of a zone that always keeps this offset; whole hours are Etc/GMT, whose sign is turned round."""
    minutes, rest = divmod(round(offset.total_seconds()), 60)
    hours, odd = divmod(minutes, 60)
    if rest or odd:
        return None if rest else ODD_OFFSETS.get(minutes)
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}" if -12 <= hours <= 14 else None
