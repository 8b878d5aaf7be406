"""iCalendar, parsed and expanded, against icalendar + recurring-ical-events, which must find the same dates.

    python benchmarks/reading_ical.py [FOLDER_WITH_ICS_FILES]

Without a folder it writes its own calendars of about 12 kB. Exits 1 below BAR times, or where the dates differ.
"""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import icalendar
import recurring_ical_events

from aggregator.event import Event, Kind
from aggregator.normalize import normalize
from aggregator.reading.ical import read_ical
from aggregator.recurrence import expand
from aggregator.source import Request, Source

BAR = 5.0
ROUNDS = 5
NOW = datetime(2026, 11, 1, tzinfo=UTC)
WINDOW = NOW, NOW + timedelta(days=400)
ZONES = ("America/Los_Angeles", "America/Chicago", "America/New_York")
SOURCE = Source(
    name="bench",
    kind=Kind.CHAMBER,
    platform="ics",
    request=Request(url="https://elmvalley.example/events.ics"),
    parse=lambda page: read_ical(page.body),
)


def main() -> int:
    bodies = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.ics"))] if sys.argv[1:] else own_bodies()
    drafts = [list(read_ical(body)) for body in bodies]
    events = [[normalize(draft, SOURCE, now=NOW) for draft in told] for told in drafts]
    parsing, _ = measure(lambda: [list(read_ical(body)) for body in bodies])
    expanding, ours = measure(lambda: [our_dates(told) for told in events])
    normalizing, _ = measure(lambda: [[normalize(draft, SOURCE, now=NOW) for draft in told] for told in drafts])
    libraries, theirs = measure(lambda: [library_dates(body) for body in bodies])
    ratio = libraries / (parsing + expanding)
    kilobytes, dates = sum(map(len, bodies)) / len(bodies) / 1000, sum(map(len, ours)) / len(bodies)
    parse, expansion, other, rest = (1000 * each / len(bodies) for each in (parsing, expanding, libraries, normalizing))
    print(f"iCalendar: {len(bodies)} files of {kilobytes:.1f} kB and {dates:.0f} dates, in ms a file")
    print(f"  parse {parse:.2f} + expand {expansion:.2f}; the libraries {other:.2f}: {ratio:.1f} times")
    print(f"  normalize, which they do not do: {rest:.2f}")
    differing = [index for index, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]]
    if differing:
        print(f"FAILED: other dates than the libraries in files {differing[:5]}")
    if ratio < BAR:
        print(f"FAILED: {ratio:.1f} times is under {BAR:.0f}")
    return 1 if differing or ratio < BAR else 0


T = TypeVar("T")


def measure(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of processor time of the best round, and what the work gave."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        found = work()
        best = min(best, time.process_time() - began)
    return best, found


def our_dates(events: list[Event]) -> list[datetime]:
    return sorted(date.start for event in events for date in expand(event, *WINDOW))


def library_dates(body: bytes) -> list[datetime]:
    return sorted(
        event.start for event in recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(*WINDOW)
    )


def own_bodies() -> list[bytes]:
    """Forty calendars: series and single events in three zones, with descriptions, as chambers publish them."""
    return [own_body(number) for number in range(40)]


def own_body(number: int) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//elmvalley.example//EN", "X-WR-CALNAME:Events"]
    for index in range(14):
        lines += own_event(number, index)
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def own_event(number: int, index: int) -> Iterator[str]:
    zone = ZONES[(number + index) % 3]
    day = datetime(2026, 11, 2 + index, 8 + index % 12, 30, tzinfo=UTC)
    yield from ("BEGIN:VEVENT", f"UID:{number}-{index}@elmvalley.example", "DTSTAMP:20261101T000000Z")
    yield f"DTSTART;TZID={zone}:{day:%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID={zone}:{day + timedelta(hours=1):%Y%m%dT%H%M%S}"
    yield f"SUMMARY:Networking breakfast {index}\\, open to all"
    text = (
        "Meet your neighbours over coffee\\, bring cards\\; visitors are welcome.\\nNo charge\\, park behind it. " * 4
    )
    yield "\r\n ".join(f"DESCRIPTION:{text}"[at : at + 72] for at in range(0, len(text) + 12, 72))
    yield f"LOCATION:Memorial Hall\\, {index} Main St\\, Elm Valley\\, CA 93291"
    yield from (f"URL:https://elmvalley.example/events/{number}/{index}", "GEO:36.33;-119.29")
    if index % 2:
        yield f"RRULE:FREQ=WEEKLY;COUNT={6 + index}"
        yield f"EXDATE;TZID={zone}:{day + timedelta(days=14):%Y%m%dT%H%M%S}"
    yield "END:VEVENT"


if __name__ == "__main__":
    sys.exit(main())
