"""iCalendar (RFC 5545), with the refreshing hints that calendars know (RFC 7986 and its forerunners)."""

from collections.abc import Iterable

from aggregator.render import occurrence_vevent
from aggregator.render.vevent import escape, fold_line
from aggregator.store import Hit
from api.feeds.feed import Channel, Format

_BEGIN = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Hobnob//Hobnob//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)
_END = b"END:VCALENDAR\r\n"


def write_event(hits: Iterable[Hit]) -> bytes:
    """These dates alone, to be added to a calendar of one's own: nothing in it asks to be read again."""
    return b"".join([*map(fold_line, _BEGIN), *map(occurrence_vevent, hits), _END])


def _head(channel: Channel) -> bytes:
    lines = [
        *_BEGIN,
        f"NAME:{escape(channel.title)}",
        f"X-WR-CALNAME:{escape(channel.title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    if channel.notes:
        lines += [f"DESCRIPTION:{escape(channel.notes)}", f"X-WR-CALDESC:{escape(channel.notes)}"]
    return b"".join(map(fold_line, lines))


def _event(_: Channel, hit: Hit) -> bytes:
    return occurrence_vevent(hit)


def _tail(_: Channel) -> bytes:
    return _END


ICS = Format(
    suffix="ics",
    media_type="text/calendar; charset=utf-8",
    about="An iCalendar feed, for calendars to subscribe to.",
    head=_head,
    event=_event,
    tail=_tail,
    keeps_cancelled=True,
)
