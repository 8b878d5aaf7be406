"""A choice in words: when, where and how far, whether one may turn up, what it costs, and where to add it; pure."""

from datetime import datetime

from aggregator.render.cost import cost_line
from aggregator.render.visitors import visitor_line
from api.digest.choose import Choice, Heading
from api.digest.happening import OFF, Happening, Sent
from api.digest.letter import Line
from api.words import mark, offers_of, place_of, tell_clock, tell_when, tell_where, visitors_of

VISITORS_UNKNOWN = "Nobody says whether visitors may come: ask before you go"
COST_UNKNOWN = "Cost: not said"


def write_line(choice: Choice, site: str, country: str | None) -> Line:
    """`site` is what links begin with; `country` is for places that have none."""
    if not choice.dates:
        return _of_gone(choice.before, site, country)
    first = choice.dates[0]
    if choice.heading is Heading.REGULARS:
        return _folded(choice.dates, site, country)
    members, is_off = first.members, first.status in OFF
    organizer = members["organizer"]
    return Line(
        name=f"{mark(members)}{members['name']}",
        url=_url(first, site),
        calendar_url=None if is_off else _calendar_url(first, site),
        when=tell_when(members, country),
        where=tell_where(members),
        visitors=None if is_off else visitor_line(visitors_of(members)) or VISITORS_UNKNOWN,
        cost=None if is_off else cost_line(offers_of(members), members["isAccessibleForFree"]) or COST_UNKNOWN,
        organizer=organizer and organizer["name"],
        rhythm=first.rhythm,
        note=_note(choice.before, first, country) if choice.before else None,
        is_off=is_off,
    )


def _of_gone(sent: Sent | None, site: str, country: str | None) -> Line:
    """A date that is no longer told at all."""
    assert sent is not None  # noqa: S101 - a choice has a date, or was told before
    return Line(
        name=f"No longer listed: {sent.name}",
        url=f"{site}/events/{sent.id}",
        calendar_url=None,
        when=_tell_start(sent.start_text, country),
        where=sent.where,
        note="Its organiser no longer shows this date: ask before you go.",
        is_off=True,
    )


def _folded(dates: tuple[Happening, ...], site: str, country: str | None) -> Line:
    """`Tue 13 Oct, 7:00 pm; Thu 15 Oct, 7:00 pm`."""
    first = dates[0]
    return Line(
        name=first.members["name"],
        url=_url(first, site),
        calendar_url=_calendar_url(first, site),
        when="; ".join(_tell_start(one.members["startDate"], _country(one, country)) for one in dates),
        where=tell_where(first.members),
        rhythm=first.rhythm,
    )


def _note(sent: Sent, one: Happening, country: str | None) -> str | None:
    """What was told before, where that is no longer so."""
    country = _country(one, country)
    was = [
        _tell_start(sent.start_text, country) if sent.start_text != one.members["startDate"] else "",
        (sent.where or "without a place") if sent.where != place_of(one.members) else "",
        "off" if sent.status in OFF and one.status not in OFF else "",
    ]
    told = ", ".join(filter(None, was))
    return f"Was: {told}" if told else None


def _country(one: Happening, otherwise: str | None) -> str | None:
    address = (one.members["location"] or {}).get("address") or {}
    return address.get("addressCountry") or otherwise


def _tell_start(text: str, country: str | None) -> str:
    """`Tue 13 Oct, 7:00 pm`, or the day alone of what lasts all day."""
    start = datetime.fromisoformat(text)
    day = f"{start:%a} {start.day} {start:%b}"
    return day if len(text) == len("2026-10-13") else f"{day}, {tell_clock(start, country)}"


def _url(one: Happening, site: str) -> str:
    return str(one.members["url"] or f"{site}/events/{one.id}")


def _calendar_url(one: Happening, site: str) -> str:
    return f"{site}/v1/events/{one.id}.ics" + (f"?occurrence={one.occurrence}" if one.occurrence else "")
