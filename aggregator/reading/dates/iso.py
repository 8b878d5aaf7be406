"""Dates and times as ISO 8601 writes them, and as programs that nearly do."""

import re
from datetime import date, datetime, timedelta

MAX_LENGTH = 40

_LOOSE = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)[Tt ]\s?"
    r"(?P<hour>\d{1,2}):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?(?:[.,]\d{1,9})?"
    r"\s?(?:(?P<utc>[Zz]|UTC|GMT)|(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?)?(?: UTC)?",
    re.ASCII,
)


def read_iso(text: str) -> datetime | date | None:
    """A date, or a datetime that is aware when an offset is written; None when the text is not ISO 8601.

    Read besides the standard: a space for the T, a space before the offset, hours of one digit, 24:00, `UTC`.
    """
    length = len(text)
    if length == 22 and text[10] == " " and text[16] == "-":
        return None  # "2026-09-01 18:00-20:00" ends at eight; no programme writes an offset so
    try:
        if length == 10 and text[4] == "-" == text[7]:
            return date.fromisoformat(text)
        if length > 15 and text[4] == "-" == text[7] and text[10] in "T ":
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return _read_loosely(text.strip()) if length >= 8 else None


def _read_loosely(text: str) -> datetime | date | None:
    if len(text) > MAX_LENGTH or not text.isascii():
        return None
    try:
        if len(text) == 8 and text.isdigit():
            return date.fromisoformat(text)
        if len(text) == 10 and text[4] == "-" == text[7]:
            return date.fromisoformat(text)
        words = _LOOSE.fullmatch(text)
        return _moment(words) if words else None
    except ValueError:
        return None


def _moment(words: re.Match[str]) -> datetime:
    hour = words["hour"].zfill(2)
    clock = f"{'00' if hour == '24' else hour}:{words['minute']}:{words['second'] or '00'}"
    if hour == "24" and clock != "00:00:00":
        raise ValueError(words[0])
    offset = f"{words['sign']}{words['hours'].zfill(2)}:{words['minutes'] or '00'}" if words["sign"] else ""
    zone = "+00:00" if words["utc"] else offset
    moment = datetime.fromisoformat(f"{words['year']}-{words['month']}-{words['day']}T{clock}{zone}")
    return moment + timedelta(days=1) if hour == "24" else moment
