"""Which part of an address is the street, which the room, which the venue's name."""

import re
from collections.abc import Sequence

_NUMBER = r"(?:\d{1,6}(?:[-–/]\d{1,6})?[a-zA-Z]?|[NSEW]\d{1,5}[NSEW]?\d*)"
_STREET = (
    r"(?:st|street|ave?|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|ct|court|pl|place|pkwy|parkway|hwy|highway"
    r"|cir|circle|ter|terrace|sq|square|trl|trail|broadway|plaza|row|close|crescent|cres|walk|route|rte|expressway"
    r"|turnpike|pike|loop|alley|mall|quay|esplanade|parade|grove|gardens|hill|wharf|causeway|strasse|straße)"
)
_STARTS_WITH_NUMBER = re.compile(rf"{_NUMBER}\.?,?\s+\S*[^\W\d]", re.IGNORECASE)
_NAMED_STREET = re.compile(
    rf"(?:[^\W\d][\w.'’-]*\s+){{1,4}}{_STREET}\.?(?:\s+(?:[NSEW]{{1,2}}\.?|\d+[a-z]?))?", re.IGNORECASE
)
_BOX = re.compile(r"(?:p\.?\s?o\.?\s*)?box\s+\d+", re.IGNORECASE)
_ROOM = re.compile(
    r"(?:#|(?:suite|ste|apt|unit|room|rm|floor|fl|bldg|building|level|lower level|lot|hall|space|gate|door|shop)\b"
    r"|(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|ground|top|main)\s+(?:floor|fl|level)\b|[\w-]+\s+floor\b)",
    re.IGNORECASE,
)
_NUMBER_INSIDE = re.compile(rf"(?<=\s){_NUMBER}\s+(?:[\w.'’-]+\s+){{0,4}}?{_STREET}\b\.?", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"[^\W\d][^\d]*\s\d{1,3}\s?[a-z]?", re.IGNORECASE)
"""Most of Europe: "Fichtenstrasse 40"."""
_NUMBER_FIRST = frozenset({"US", "CA", "GB", "IE", "AU", "NZ", "FR"})
_WORD_BEFORE_STREET = re.compile(r"[\s,:(-]*(?:\b(?:at|in|on))?[\s,:(-]*$", re.IGNORECASE)
_LOST_LINE_END = re.compile(rf"(?<=\s)((?i:{_STREET})\.?)(?=[A-Z][a-z])")


def mend_line_ends(text: str) -> str:
    """ "1905 W 1st StGulf Shores": what was a line end between street and town is a comma again."""
    return _LOST_LINE_END.sub(r"\1, ", text) if any(c.isdigit() for c in text) else text


def is_street(part: str) -> bool:
    """Whether a part, all of it, tells a street: with a number, or ending in a word for one."""
    return any(found and not found[0] for found in (_at_number(part), _at_name_of_street(part)))


def is_room(part: str) -> bool:
    """Whether a part tells where in the building: "Suite 1400", "2nd Floor", "#306"."""
    return _ROOM.match(part) is not None


def holds_number(part: str) -> bool:
    """Whether there may be a street before the town in this part."""
    return any(c.isdigit() for c in part)


def split_town(part: str, after: str) -> tuple[str, str]:
    """A street and the town that follows it without a comma, by usaddress, which sees what comes `after` too; the
    town is "" when there is none.
    """
    import usaddress  # noqa: PLC0415 - 20 ms, and most addresses have commas

    try:
        tokens: Sequence[tuple[str, str]] = usaddress.parse(f"{part}, {after}")
    except (ValueError, UnicodeError):
        return part, ""
    town = " ".join(word for word, label in tokens if label == "PlaceName").strip(" ,")
    start = part.rfind(town)
    return (part[:start].rstrip(" ,"), town) if start > 0 and is_plausible(town) else (part, "")


def is_plausible(town: str) -> bool:
    """Towns have letters and at most five words, and no numbers."""
    return bool(town) and len(town.split()) <= 5 and not any(c.isdigit() for c in town)


def name_and_street(parts: Sequence[str], country: str | None) -> tuple[str | None, str | None]:
    """The venue's name is what stands before the street; rooms right after it belong to the street. Without a
    country, only a number makes a street; and one with a number is one sooner than "Arena Square".
    """
    ways = [_at_number]
    if country:
        ways += [_at_name_of_street] if country in _NUMBER_FIRST else [_at_last_number, _at_name_of_street]
    for split in ways:
        for place, part in enumerate(parts):
            found = split(part)
            if found:
                before = ", ".join(filter(None, (*parts[:place], _WORD_BEFORE_STREET.sub("", found[0]))))
                return before or None, ", ".join([found[1], *_rooms_after(parts[place + 1 :])])
    return ", ".join(parts) or None, None


def _at_number(part: str) -> tuple[str, str] | None:
    if (_STARTS_WITH_NUMBER.match(part) and not _ROOM.match(part)) or _BOX.match(part):
        return "", part
    inside = _NUMBER_INSIDE.search(part)
    return (part[: inside.start()], part[inside.start() :]) if inside else None


def _at_last_number(part: str) -> tuple[str, str] | None:
    return ("", part) if _LAST_NUMBER.fullmatch(part) and not _ROOM.match(part) else None


def _at_name_of_street(part: str) -> tuple[str, str] | None:
    return ("", part) if _NAMED_STREET.fullmatch(part) else None


def _rooms_after(parts: Sequence[str]) -> list[str]:
    rooms = []
    for part in parts:
        if not is_room(part):
            break
        rooms.append(part)
    return rooms
