"""An answer of the API as a person reads it: by day, on the clock of the place, two lines an event."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from aggregator.event import Visitors
from api.cli.words import plain, tell_clock, tell_day
from api.parameters import MAX_LIMIT
from api.words import visitors_of

WIDEST = 110
"""Columns; on a wider line the eye loses its way."""

NOTHING = "Nothing was found, near or far; `hobnob sources` shows what was collected."
A_DAY = timedelta(days=1)

MARKS = {
    "EventCancelled": "CANCELLED",
    "EventPostponed": "POSTPONED",
    "EventRescheduled": "RESCHEDULED",
    "EventMovedOnline": "MOVED ONLINE",
}
VISITORS = {
    Visitors.OPEN: "welcome",
    Visitors.RSVP: "register",
    Visitors.GUEST_OF_MEMBER: "as guest",
    Visitors.MEMBERS_ONLY: "members",
}
"""Whether a stranger may come, in eight letters."""

Told = dict[str, Any]


def print_timetable(answer: Told, console: Console) -> None:
    """Every event of the page, and what would have found more."""
    console.width = min(console.width, WIDEST)
    now = datetime.fromisoformat(answer["asOf"])
    country = (answer["resolvedPlace"] or {}).get("country")
    for heading, events in groupby(answer["items"], key=lambda event: _heading(event, now, country)):
        console.print(f"\n{heading}", style="bold cyan", highlight=False)
        console.print(_table(events, country))
    if not answer["items"]:
        console.print("Nothing was found." if answer["hints"] else NOTHING)
    for hint in answer["hints"]:
        console.print(plain(hint), highlight=False, markup=False)
    if answer["next"]:
        console.print(f"\nThese are the first {len(answer['items'])}; --limit {MAX_LIMIT} shows more.", highlight=False)


def _heading(event: Told, now: datetime, country: str | None) -> str:
    start = _moment(event["startDate"])
    zone = start.tzinfo if isinstance(start, datetime) else ZoneInfo(event["timeZone"])
    return tell_day(_day(start), now.astimezone(zone).date(), _country(event, country))


def _table(events: Iterator[Told], country: str | None) -> Table:
    """Of one day. Widths depend on the console alone, so that those of all days stand under each other."""
    table = Table(box=None, pad_edge=False, show_header=False, expand=True, padding=(0, 2, 0, 0))
    table.add_column(width=11)
    table.add_column(ratio=5, overflow="fold")
    table.add_column(ratio=4, overflow="fold")
    table.add_column(width=6, justify="right")
    table.add_column(width=8)
    for event in events:
        when = _when(event, _country(event, country))
        table.add_row(when, _what(event), _where(event), event["distanceText"] or "", _cost(event))
    return table


def _when(event: Told, country: str | None) -> Text:
    """Its start, and under it its end."""
    start, end = _moment(event["startDate"]), event["endDate"] and _moment(event["endDate"])
    first = tell_clock(start, country) if isinstance(start, datetime) else "all day"
    if not end or end == start:
        return Text(first)
    last = f"{end:%a} {end.day}"
    if isinstance(start, datetime) and isinstance(end, datetime) and end - start < A_DAY:
        last = tell_clock(end, country)
    return Text.assemble(first, (f"\nto {last}", "dim"))


def _what(event: Told) -> Text:
    """Its name, which is a link where a terminal knows links, and under it who invites."""
    name, mark = plain(event["name"]), "NO LONGER SHOWN" if event["withdrawn"] else MARKS.get(event["eventStatus"], "")
    said = "" if not mark or name.upper().startswith(mark) else f"{mark}: "
    organizer = event["organizer"]
    return Text.assemble(
        (said, "bold red"),
        (name, Style(bold=True, color="red" if mark else None, link=event["url"])),
        (f"\n{plain(organizer['name'])}" if organizer else "", "dim"),
    )


def _where(event: Told) -> Text:
    """The venue, and under it its town."""
    place = event["location"] or {}
    address = place.get("address") or {}
    parts = (place.get("name") or address.get("streetAddress"), address.get("addressLocality"))
    told = [plain(part) for part in parts if part] or (["online"] if event["virtualLocation"] else [])
    return Text("\n").join(Text(part, "dim" if number else "") for number, part in enumerate(told))


def _cost(event: Told) -> Text:
    """What is known of the price, and under it whether a stranger may come."""
    cost = {True: "free", False: "paid", None: "not said"}[event["isAccessibleForFree"]]
    visitors = VISITORS.get(visitors_of(event))
    return Text.assemble(cost, (f"\n{visitors}" if visitors else "", "dim"))


def _country(event: Told, asked: str | None) -> str | None:
    """The venue's own, else that of the place that was asked for."""
    return ((event["location"] or {}).get("address") or {}).get("addressCountry") or asked


def _moment(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
