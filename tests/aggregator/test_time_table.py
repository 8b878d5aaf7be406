"""One table of times: clocks that change, whole days, floating times, and zones that meet.

Each row is read as iCalendar, normalised for a source in Los Angeles, and expanded. Starts are as they are told:
with the offset of that day in the event's zone, or as a date.
"""

from datetime import UTC, datetime

import pytest

from aggregator.event import Kind
from aggregator.normalize import normalize
from aggregator.reading.ical import read_ical
from aggregator.recurrence import expand
from aggregator.source import Request, Source

SOURCE = Source(
    name="elmvalley",
    kind=Kind.CHAMBER,
    platform="ics",
    request=Request(url="https://elmvalley.example/events.ics"),
    parse=lambda page: read_ical(page.body),
    time_zone="America/Los_Angeles",
)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DECADE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)

LA = "DTSTART;TZID=America/Los_Angeles:"
NY = "DTSTART;TZID=America/New_York:"
BERLIN = "DTSTART;TZID=Europe/Berlin:"
CUSTOM = """BEGIN:VTIMEZONE
TZID:{}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
ODD = """BEGIN:VTIMEZONE
TZID:Odd
BEGIN:STANDARD
DTSTART:20260101T000000
TZOFFSETFROM:+0012
TZOFFSETTO:+0020
END:STANDARD
END:VTIMEZONE
"""

TABLE = {
    # the clock of a series stays, whatever the clocks of its zone do
    "spring": (
        f"{LA}20260306T180000\nRRULE:FREQ=DAILY;COUNT=3",
        "03-06T18:00-08:00 03-07T18:00-08:00 03-08T18:00-07:00",
    ),
    "autumn": (f"{LA}20261031T180000\nRRULE:FREQ=DAILY;COUNT=2", "10-31T18:00-07:00 11-01T18:00-08:00"),
    "weekly over spring": (f"{LA}20260303T073000\nRRULE:FREQ=WEEKLY;COUNT=2", "03-03T07:30-08:00 03-10T07:30-07:00"),
    "Europe": (f"{BERLIN}20261024T100000\nRRULE:FREQ=DAILY;COUNT=2", "10-24T10:00+02:00 10-25T10:00+01:00"),
    "south": (
        "DTSTART;TZID=Australia/Sydney:20261003T090000\nRRULE:FREQ=DAILY;COUNT=2",
        "10-03T09:00+10:00 10-04T09:00+11:00",
    ),
    "half an hour": (
        "DTSTART;TZID=Australia/Lord_Howe:20261003T090000\nRRULE:FREQ=DAILY;COUNT=2",
        "10-03T09:00+10:30 10-04T09:00+11:00",
    ),
    "no change": (
        "DTSTART;TZID=America/Phoenix:20260307T180000\nRRULE:FREQ=DAILY;COUNT=2",
        "03-07T18:00-07:00 03-08T18:00-07:00",
    ),
    "until in UTC": (
        f"{LA}20260306T180000\nRRULE:FREQ=DAILY;UNTIL=20260309T010000Z",
        "03-06T18:00-08:00 03-07T18:00-08:00 03-08T18:00-07:00",
    ),
    "until just before": (
        f"{LA}20260306T180000\nRRULE:FREQ=DAILY;UNTIL=20260309T005959Z",
        "03-06T18:00-08:00 03-07T18:00-08:00",
    ),
    "until a day": (f"{LA}20260306T180000\nRRULE:FREQ=DAILY;UNTIL=20260307", "03-06T18:00-08:00 03-07T18:00-08:00"),
    # a clock time that a day leaves out is an hour later, one that it has twice is the first
    "gap": (f"{LA}20260308T023000", "03-08T03:30-07:00"),
    "gap in a series": (
        f"{LA}20260307T023000\nRRULE:FREQ=DAILY;COUNT=3",
        "03-07T02:30-08:00 03-08T03:30-07:00 03-09T02:30-07:00",
    ),
    "gap at midnight": ("DTSTART;TZID=Africa/Cairo:20260424T001500", "04-24T01:15+03:00"),
    "fold": (f"{LA}20261101T013000", "11-01T01:30-07:00"),
    "fold in a series": (
        f"{LA}20261031T013000\nRRULE:FREQ=DAILY;COUNT=3",
        "10-31T01:30-07:00 11-01T01:30-07:00 11-02T01:30-08:00",
    ),
    "second of the fold": ("DTSTART:20261101T093000Z", "11-01T01:30-08:00"),
    "gap taken out": (
        f"{LA}20260307T023000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=America/Los_Angeles:20260308T023000",
        "03-07T02:30-08:00 03-09T02:30-07:00",
    ),
    # UTC
    "UTC": ("DTSTART:20260701T190000Z", "07-01T12:00-07:00"),
    "UTC the evening before": ("DTSTART:20260702T030000Z", "07-01T20:00-07:00"),
    "UTC series": ("DTSTART:20260307T190000Z\nRRULE:FREQ=DAILY;COUNT=2", "03-07T11:00-08:00 03-08T12:00-07:00"),
    "UTC shown in a zone": ("DTSTART:20260701T190000Z", "07-01T15:00-04:00", "X-WR-TIMEZONE:America/New_York\n"),
    "UTC series shown in a zone": (
        "DTSTART:20260307T153000Z\nRRULE:FREQ=DAILY;COUNT=2",
        "03-07T07:30-08:00 03-08T07:30-07:00",
        "X-WR-TIMEZONE:America/Los_Angeles\n",
    ),
    "an offset": ("DTSTART:20260701T190000+0200", "07-01T10:00-07:00"),
    # floating
    "floating": ("DTSTART:20260701T190000", "07-01T19:00-07:00"),
    "floating in the calendar's zone": (
        "DTSTART:20260701T190000",
        "07-01T19:00+02:00",
        "X-WR-TIMEZONE:Europe/Berlin\n",
    ),
    "floating series": (
        "DTSTART:20260306T180000\nRRULE:FREQ=DAILY;COUNT=3",
        "03-06T18:00-08:00 03-07T18:00-08:00 03-08T18:00-07:00",
    ),
    "no seconds": ("DTSTART:20260701T1900", "07-01T19:00-07:00"),
    "extended": ("DTSTART:2026-07-01T19:00:00", "07-01T19:00-07:00"),
    # whole days
    "a day": ("DTSTART;VALUE=DATE:20260308", "03-08"),
    "a day without VALUE": ("DTSTART:20260308", "03-08"),
    "a day in a zone": ("DTSTART;VALUE=DATE;TZID=Pacific/Auckland:20260308", "03-08"),
    "days": ("DTSTART;VALUE=DATE:20260306\nDTEND;VALUE=DATE:20260309\nRRULE:FREQ=WEEKLY;COUNT=2", "03-06 03-13"),
    "a 29 February": ("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY;COUNT=2", "02-29 02-29"),
    "the last of a month": ("DTSTART;VALUE=DATE:20260131\nRRULE:FREQ=MONTHLY;COUNT=3", "01-31 03-31 05-31"),
    "a day taken out by a time": (
        "DTSTART;VALUE=DATE:20260306\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260307T000000",
        "03-06 03-08",
    ),
    "days until a time": ("DTSTART;VALUE=DATE:20260306\nRRULE:FREQ=DAILY;UNTIL=20260308T000000Z", "03-06 03-07 03-08"),
    # names of zones
    "Windows": ("DTSTART;TZID=Eastern Standard Time:20260701T190000", "07-01T19:00-04:00"),
    "a displayed name": ('DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20260115T190000', "01-15T19:00-05:00"),
    "a displayed name without quotes": (
        "DTSTART;TZID=(UTC-05:00) Eastern Time (US & Canada):20260701T190000",
        "07-01T19:00-04:00",
    ),
    "a path": ("DTSTART;TZID=/mozilla.org/20050126_1/America/New_York:20260701T190000", "07-01T19:00-04:00"),
    "described": (
        "DTSTART;TZID=Customized Time Zone:20261024T100000\nRRULE:FREQ=DAILY;COUNT=2",
        "10-24T10:00+02:00 10-25T10:00+01:00",
        CUSTOM.format("Customized Time Zone"),
    ),
    "not described, but another is": (
        "DTSTART;TZID=Customized Time Zone 1:20260701T100000",
        "07-01T10:00+02:00",
        CUSTOM.format("Here"),
    ),
    "described, like no zone": ("DTSTART;TZID=Odd:20260701T100000", "07-01T02:40-07:00", ODD),
    "unknown": ("DTSTART;TZID=Mars/Olympus:20260701T190000", "07-01T19:00-07:00"),
    # zones that meet
    "taken out in UTC": (
        f"{NY}20260306T180000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260308T220000Z",
        "03-06T18:00-05:00 03-07T18:00-05:00",
    ),
    "taken out elsewhere": (
        f"{NY}20260306T180000\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE;TZID=America/Los_Angeles:20260307T150000",
        "03-06T18:00-05:00",
    ),
    "added elsewhere": (
        f"{NY}20260306T180000\nRDATE;TZID=Europe/Berlin:20260310T000000",
        "03-06T18:00-05:00 03-09T19:00-04:00",
    ),
    "ends elsewhere": (f"{NY}20260306T180000\nDTEND;TZID=America/Los_Angeles:20260306T170000", "03-06T18:00-05:00"),
}


def told(lines: str, head: str = "") -> list[tuple[str, str]]:
    body = f"BEGIN:VCALENDAR\n{head}BEGIN:VEVENT\nUID:1\nSUMMARY:Mixer\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    events = [normalize(draft, SOURCE, now=NOW) for draft in read_ical(body.encode())]
    found = [date for event in events for date in expand(event, *DECADE)]
    return [(date.start.isoformat(), date.end.isoformat() if date.end else "") for date in found]


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_an_event_starts_when_its_calendar_says(row: tuple[str, ...]) -> None:
    lines, expected, *head = row
    assert [start[5:].replace(":00-", "-").replace(":00+", "+") for start, _ in told(lines, *head)] == expected.split()


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ("DTSTART;VALUE=DATE:20260306\nDTEND;VALUE=DATE:20260309", "2026-03-08"),
        ("DTSTART;VALUE=DATE:20260306\nDTEND;VALUE=DATE:20260306", ""),
        ("DTSTART;VALUE=DATE:20260306\nDURATION:P2D", "2026-03-07"),
        ("DTSTART;VALUE=DATE:20260306\nDURATION:P1W", "2026-03-12"),
        (f"{LA}20260306T180000\nDTEND;TZID=America/Los_Angeles:20260306T200000", "2026-03-06T20:00:00-08:00"),
        (f"{LA}20260306T180000\nDURATION:PT90M", "2026-03-06T19:30:00-08:00"),
        (f"{LA}20260306T180000\nDURATION:P1H", "2026-03-06T19:00:00-08:00"),
        (f"{LA}20260306T180000\nDURATION:P15M", "2026-03-06T18:15:00-08:00"),
        (f"{LA}20260307T180000\nDURATION:P1D", "2026-03-08T18:00:00-07:00"),
        (f"{LA}20260307T180000\nDURATION:PT24H", "2026-03-08T19:00:00-07:00"),
        (f"{LA}20260306T180000\nDURATION:-PT1H", "2026-03-06T19:00:00-08:00"),
        (f"{LA}20260306T180000\nDURATION:soon", "2026-03-06T19:00:00-08:00"),
        (f"{LA}20260306T180000\nDTEND:", "2026-03-06T19:00:00-08:00"),
        (f"{LA}20260306T180000\nDTEND;TZID=America/Los_Angeles:20260305T180000", "2026-03-06T19:00:00-08:00"),
        (f"{LA}20260306T220000\nDTEND;TZID=America/Los_Angeles:20260306T010000", "2026-03-07T01:00:00-08:00"),
        (f"{NY}20260306T180000\nDTEND;TZID=America/Los_Angeles:20260306T170000", "2026-03-06T20:00:00-05:00"),
        (f"{LA}20260306T000000\nDTEND;TZID=America/Los_Angeles:20260307T000000", "2026-03-06"),
        ("DTSTART;VALUE=DATE:20260724\nDTEND:20260817T000000Z", "2026-08-16"),
    ],
)
def test_an_event_ends_when_its_calendar_says(lines: str, end: str) -> None:
    assert [found for _, found in told(lines)] == [end]


def test_a_series_ends_at_the_same_clock_time_on_either_side_of_a_change() -> None:
    lines = f"{LA}20260306T180000\nDTEND;TZID=America/Los_Angeles:20260308T120000\nRRULE:FREQ=WEEKLY;COUNT=2"
    ends = [end for _, end in told(lines)]
    assert ends == ["2026-03-08T12:00:00-07:00", "2026-03-15T12:00:00-07:00"]


def test_a_zone_that_was_guessed_is_doubted() -> None:
    body = CUSTOM.format("Here") + "BEGIN:VEVENT\nUID:1\nSUMMARY:Mixer\nDTSTART;TZID=Here:20260701T100000\nEND:VEVENT\n"
    (draft,) = read_ical(f"BEGIN:VCALENDAR\n{body}END:VCALENDAR\n".encode())
    assert draft.doubts == ("time zone “Here” was taken for Europe/Berlin",)
