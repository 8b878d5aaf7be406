"""What a page calls a status or a way to attend, in schema.org's words."""

import re

from aggregator.event import EventAttendanceMode, EventStatus

_WHY = r"(?:\s?[-–—:,.!]|\s(?:due|because|owing|until|till|by|today|tonight|again)\b)[^()\[\]{}]{0,80}"
_WHAT = (
    r"(?:(?:this |today's |tonight's )?(?:event|class|meeting|program|session)s? )?(?:is |are |has been |have been )?"
)


def _in_name(word: str) -> re.Pattern[str]:
    """The word as an announcement: set apart by a mark, by brackets or by capitals; "Cancelled Plans" is a name."""
    capitals = word.upper()
    return re.compile(
        rf"^\W{{0,4}}(?i:{_WHAT}{word})(?:\s?[:!*)\]}}|~/–—]|\s-|-\s|\s(?i:due to|until)\b|\W{{0,3}}$)"
        rf"|^\W{{0,4}}(?:EVENT |CLASS |MEETING )?{capitals}\b(?!-)"
        rf"|[(\[{{*<~]\s?(?i:{_WHAT}{word}(?:{_WHY})?)\s?[)\]}}*>~]"
        rf"|(?:\s[-–—|/]\s?|[–—:!,|]\s?|-\s)(?i:{_WHAT}{word}(?:{_WHY})?)[\s.!*)\]~]{{0,3}}$"
        rf"|(?<!\bNOT)(?<!\bNEVER)(?<!\bBE)\s{capitals}(?:\s(?i:due to)\b.{{0,80}})?[\s.!*)\]~]{{0,3}}$"
    )


CANCELLED_NAME = _in_name("cancell?ed")
POSTPONED_NAME = _in_name("postponed")

NEGATED = re.compile(r"\b(?:not|never|un|non)[\s_-]{0,2}(?:been )?(?:cancel|postpone|reschedule)", re.IGNORECASE)
STATUSES = (
    ("cancel", EventStatus.CANCELLED),
    ("postpone", EventStatus.POSTPONED),
    ("reschedule", EventStatus.RESCHEDULED),
    ("movedonline", EventStatus.MOVED_ONLINE),
)
MODES = (
    ("mixed", EventAttendanceMode.MIXED),
    ("hybrid", EventAttendanceMode.MIXED),
    ("offline", EventAttendanceMode.OFFLINE),
    ("in_person", EventAttendanceMode.OFFLINE),
    ("online", EventAttendanceMode.ONLINE),
    ("virtual", EventAttendanceMode.ONLINE),
)


def read_status(words: str | None, name: str) -> EventStatus:
    """The status a page states, else what the event's name says of it ("CANCELLED: Mixer")."""
    told = NEGATED.sub("", words or "").casefold().replace(" ", "")
    stated = next((status for word, status in STATUSES if word in told), EventStatus.SCHEDULED)
    if stated is not EventStatus.SCHEDULED:
        return stated
    if CANCELLED_NAME.search(name):
        return EventStatus.CANCELLED
    return EventStatus.POSTPONED if POSTPONED_NAME.search(name) else EventStatus.SCHEDULED


def read_attendance(words: str | None) -> EventAttendanceMode | None:
    """The mode a page states, by name or IRI; None when it states none that is known."""
    told = (words or "").casefold().replace(" ", "_").replace("-", "_")
    return next((mode for word, mode in MODES if word in told), None)
