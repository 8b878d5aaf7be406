"""What a page calls a status or a way to attend, in schema.org's words."""

import re

from aggregator.event import EventAttendanceMode, EventStatus

CANCELLED_NAME = re.compile(
    r"^\W{0,4}(?:event |class |meeting )?cancell?ed\b(?! (?:flight|debt|stamp))"
    r"|\((?:event )?cancell?ed\)|[-–—:!] ?cancell?ed\W{0,3}$",
    re.IGNORECASE,
)
POSTPONED_NAME = re.compile(r"^\W{0,4}postponed\b|\(postponed\)|[-–—:!] ?postponed\W{0,3}$", re.IGNORECASE)

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
    told = (words or "").casefold().replace(" ", "")
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
