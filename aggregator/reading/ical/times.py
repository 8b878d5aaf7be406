"""Times and durations of iCalendar, as written and as many write them."""

import re
from datetime import date, datetime, timedelta, timezone

YEARS = range(1800, 2500)
"""Outside of these a time is not read: it is a slip, and near the ends of the calendar zones overflow."""
MAX_DAYS = 10_000
"""A longer duration is a slip."""

_MOMENT = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T ](?:(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?)?\s*",
    re.IGNORECASE,
)
_DURATION = re.compile(r"\+?(?:(\d+)W)?(?:(\d+)D)?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def read_moment(text: str) -> datetime | date | None:
    """A date, a naive or an aware time; None for what is neither, or outside of YEARS.

    Reads the basic form and the extended one, without seconds, with an offset, `20260901T` and 24:00.
    """
    try:
        if len(text) == 8:
            moment: datetime | date = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        elif len(text) in {15, 16} and text[8] == "T":
            moment = datetime.fromisoformat(text)
        else:
            return _read_slowly(text)
    except ValueError:
        return _read_slowly(text)
    return moment if moment.year in YEARS else None


def _read_slowly(text: str) -> datetime | date | None:
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        found = date(int(year), int(month), int(day))
        if found.year not in YEARS or hour is None:
            return found if found.year in YEARS else None
        midnight = datetime(found.year, found.month, found.day, tzinfo=_offset(zone))
        clock = timedelta(hours=int(hour), minutes=int(minute), seconds=min(59, int(second or 0)))
    except ValueError:
        return None
    return midnight + clock if clock <= timedelta(days=1) and int(minute) < 60 else None


def _offset(zone: str | None) -> timezone | None:
    if zone is None:
        return None
    offset = read_offset(zone)
    return timezone(offset) if offset is not None else None


def read_offset(text: str) -> timedelta | None:
    """`Z`, `-0500`, `+05:30`, `+013000`; None for what is no offset under a day."""
    if text in {"Z", "z"}:
        return timedelta(0)
    digits = text[1:].replace(":", "")
    if text[:1] not in {"+", "-"} or not digits.isdecimal() or len(digits) not in {2, 4, 6}:
        return None
    hours, minutes, seconds = (int(digits[at : at + 2] or 0) for at in (0, 2, 4))
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if size >= timedelta(days=1):
        return None
    return -size if text[0] == "-" else size


def read_duration(text: str) -> tuple[int, timedelta] | None:
    """Days, which are of the calendar, and the rest, which is exact; None for a negative, endless or unreadable one.

    A missing `T` is read in (`P1H`): no duration of iCalendar has months, so `P15M` is 15 minutes.
    """
    match = _DURATION.fullmatch(text.strip().upper().replace("P", "", 1).replace("T", "", 1))
    if not match or not any(match.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int((group or "0")[:9]) for group in match.groups())
    days, rest = weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return (days, rest) if days + rest.days < MAX_DAYS else None
