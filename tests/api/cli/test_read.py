"""`hobnob read`: one page or feed from a file, one JSON object a line, and an honest exit code."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

DAILY = "RRULE:FREQ=DAILY"
HTML = """<html><body><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Event", "name": "Mixer", "startDate": "2030-01-05T18:00:00-08:00",
 "url": "/mixer", "location": {"@type": "Place", "name": "Elm Court", "address": "84 Sample Avenue, Visalia, CA 93291"}}
</script></body></html>"""


def lines_of(ran: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.split("\n")[:-1]]


def test_an_event_is_told_in_the_words_of_the_api(folder: Any, call: Any, calendar_of: Any) -> None:
    folder.write(
        "a.ics", calendar_of("Mixer", lines=("LOCATION:Elm Court\\, 84 Sample Avenue\\, Visalia\\, CA",)).decode()
    )

    (event,) = lines_of(call("read", "a.ics"))

    assert list(event)[:3] == ["name", "startDate", "endDate"]
    assert event["name"] == "Mixer"
    assert event["startDate"] == "2030-01-01T10:00:00-08:00"
    assert event["endDate"] == "2030-01-01T11:00:00-08:00"
    assert event["allDay"] is False
    assert event["timeZone"] == "America/Los_Angeles"
    assert event["identifier"] == "1@test"
    assert event["eventStatus"] == "EventScheduled"
    assert event["location"]["address"]["addressLocality"] == "Visalia"
    assert event["organizer"] is None
    assert not {"id", "uid", "source", "placePrecision", "kind", "withdrawn"} & set(event)


def test_every_word_is_one_that_the_api_has_too(folder: Any, call: Any, calendar_of: Any) -> None:
    from api.schema import EventMembers

    folder.write("a.ics", calendar_of("Mixer").decode())

    (event,) = lines_of(call("read", "a.ics"))

    assert set(event) <= {field.alias for field in EventMembers.model_fields.values()}


def test_standard_input_is_read_as_a_file_is(folder: Any, calendar_of: Any) -> None:
    ran = folder.run("read", "-", stdin=calendar_of("Mixer").decode())

    assert [event["name"] for event in lines_of(ran)] == ["Mixer"]


def test_output_is_utf_8_wherever_it_goes_and_a_line_is_an_event(folder: Any, calendar_of: Any) -> None:
    told = calendar_of("Café ☕", lines=("DESCRIPTION:one\\ntwo",)).decode()
    folder.write("a.ics", told)
    latin = folder.environment | {"PYTHONIOENCODING": "latin-1"}
    folder.environment.update(latin)

    ran = folder.run("read", "a.ics")

    assert ran.stdout.endswith("}\n")
    assert "Café ☕" in ran.stdout
    assert len(lines_of(ran)) == len(ran.stdout.splitlines()) == 1


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029", "\x1e", "\v", "\f"])
def test_what_other_programs_take_for_a_line_end_is_escaped(separator: str) -> None:
    from datetime import UTC, datetime

    from aggregator.event import Event, Occurrence
    from api.cli.read import as_line

    start = datetime(2030, 1, 1, tzinfo=UTC)
    event = Event(source="s", uid=f"a{separator}b", name="Mixer", start_date=start, time_zone="UTC")

    line = as_line(event, Occurrence(start=start, end=None)).decode()

    assert len(line.splitlines()) == 1
    assert json.loads(line)["identifier"] == f"a{separator}b"


@pytest.mark.parametrize(
    ("rule", "starts"),
    [
        (f"{DAILY};COUNT=3", 3),
        (f"{DAILY};UNTIL=20300104T235959Z", 4),
        ("RDATE;TZID=America/Los_Angeles:20300105T100000,20300107T100000", 3),
        (f"{DAILY};COUNT=900", 500),
        (DAILY, 1),
    ],
    ids=["count", "until", "added dates", "at most 500", "the first of an endless one"],
)
def test_without_a_window_a_rule_that_ends_is_told_date_by_date(
    folder: Any, call: Any, calendar_of: Any, rule: str, starts: int
) -> None:
    folder.write("a.ics", calendar_of("Mixer", lines=(rule,)).decode())

    assert len(lines_of(call("read", "a.ics"))) == starts


@pytest.mark.parametrize(
    ("window", "days"),
    [
        ("2030-01-02T00:00:00-08:00/2030-01-04T00:00:00-08:00", ["02", "03"]),
        ("2030-01-02T10:30:00-08:00/2030-01-03T10:00:00-08:00", ["02"]),
        ("2030-01-02T11:00:00-08:00/2030-01-03T10:00:01-08:00", ["03"]),
        ("2029-01-01/2029-12-31", []),
    ],
    ids=["two days", "it overlaps, and the end is not in it", "it is over when the window begins", "before all"],
)
def test_a_window_is_half_open_and_tells_what_overlaps_it(
    folder: Any, call: Any, calendar_of: Any, window: str, days: list[str]
) -> None:
    folder.write("a.ics", calendar_of("Mixer", lines=(DAILY,)).decode())

    told = lines_of(call("read", "a.ics", "--window", window))

    assert [event["startDate"][8:10] for event in told] == days


def test_a_window_tells_all_that_is_in_it(folder: Any, call: Any, calendar_of: Any) -> None:
    folder.write("a.ics", calendar_of("Mixer", lines=(DAILY,)).decode())

    assert len(lines_of(call("read", "a.ics", "--window", "2030-01-01/2032-01-01"))) == 730


def test_past_events_are_told_too(folder: Any, call: Any, calendar_of: Any) -> None:
    folder.write("a.ics", calendar_of("Mixer").decode().replace("203001", "200101"))

    (event,) = lines_of(call("read", "a.ics", "--now", "2030-01-01T00:00:00Z"))

    assert event["startDate"].startswith("2001-01-01")


def test_now_resolves_a_date_without_a_year(folder: Any, call: Any) -> None:
    folder.write("a.csv", "name,date\nMixer,October 8 7-9pm\n")

    told = [lines_of(call("read", "a.csv", "--now", f"{year}-09-01", "--time-zone", "UTC")) for year in (2030, 2031)]

    assert [event["startDate"] for (event,) in told] == ["2030-10-08T19:00:00+00:00", "2031-10-08T19:00:00+00:00"]


def test_the_zone_of_times_that_state_none_can_be_told(folder: Any, call: Any, calendar_of: Any) -> None:
    folder.write("a.ics", calendar_of("Mixer").decode().replace(";TZID=America/Los_Angeles", ""))

    (event,) = lines_of(call("read", "a.ics", "--time-zone", "Europe/Dublin"))

    assert (event["startDate"], event["timeZone"]) == ("2030-01-01T10:00:00+00:00", "Europe/Dublin")


@pytest.mark.parametrize(
    ("options", "url"), [((), None), (("--url", "https://chamber.example/events/"), "https://chamber.example/mixer")]
)
def test_links_are_whole_only_where_the_page_has_an_address(
    folder: Any, call: Any, options: tuple[str, ...], url: str | None
) -> None:
    folder.write("page.html", HTML)

    (event,) = lines_of(call("read", "page.html", *options))

    assert event["url"] == url


def test_a_format_can_be_named(folder: Any, call: Any) -> None:
    folder.write("page.html", HTML)

    assert [event["name"] for event in lines_of(call("read", "page.html", "--format", "jsonld"))] == ["Mixer"]


@pytest.mark.parametrize(
    "calendar",
    [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Events</title></channel></rss>',
    ],
    ids=["ics", "rss"],
)
def test_an_honestly_empty_calendar_is_no_line_and_no_failure(folder: Any, call: Any, calendar: str) -> None:
    folder.write("empty", calendar)

    ran = call("read", "empty")

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "page: is no calendar, feed or page with events that any reader knows"),
        (("--format", "ics"), "page: ics: "),
        (("--format", "icz"), "platform “icz” is not known; did you mean ics"),
        (("--window", "2030"), "write START/END, such as"),
        (("--window", "2030-02-01/2030-01-01"), "its end is not after its start"),
        (("--window", "2030-02-01/soon"), "is no ISO 8601 time"),
        (("--now", "today"), "is no ISO 8601 time"),
        (("--time-zone", "Mars"), "is no time zone; one is America/Los_Angeles"),
    ],
)
def test_what_is_no_calendar_and_what_makes_no_sense_is_one_line(
    folder: Any, call: Any, options: tuple[str, ...], told: str
) -> None:
    folder.write("page", "<!doctype html><html><body><p>Hello</p></body></html>")

    ran = call("read", "page", *options)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr
    assert ran.stderr.startswith("hobnob: ")
    assert ran.stderr.count("\n") == 1


def test_one_bad_event_costs_one_event_and_is_told_of(
    folder: Any, call: Any, calendar_of: Callable[..., bytes]
) -> None:
    folder.write("a.ics", calendar_of("Mixer", "Hike").decode().replace("20300102T100000", "soon"))

    ran = call("read", "a.ics")

    assert [event["name"] for event in lines_of(ran)] == ["Mixer"]
    assert ran.stderr.startswith("dropped “Hike”: ")
    assert ran.stderr.count("\n") == 1
