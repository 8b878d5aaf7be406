"""`hobnob events`: the API's answer for a person, and its other formats as they are."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from api.cli.timetable import print_timetable
from api.cli.words import plain, tell_age, tell_clock, tell_day

NOW = datetime(2030, 1, 1, 20, tzinfo=UTC)
EVENT = {
    "startDate": "2030-01-02T18:00:00-08:00",
    "endDate": "2030-01-02T20:30:00-08:00",
    "distanceText": "1.2 mi",
    "name": "Mixer",
    "timeZone": "America/Los_Angeles",
    "virtualLocation": None,
    "organizer": {"name": "Chamber of Commerce", "url": None},
    "url": "https://chamber.example/1",
    "eventStatus": "EventScheduled",
    "isAccessibleForFree": None,
    "visitorTerms": None,
    "location": {"name": "Elm Court", "address": {"addressLocality": "Visalia", "addressCountry": "US"}},
    "withdrawn": False,
}


def shown(*events: dict[str, Any], width: int = 80, **members: Any) -> str:
    """What is printed of an answer, without the spaces at line ends."""
    place = {"name": "Visalia", "country": "US"}
    answer = {"items": events, "asOf": NOW.isoformat(), "resolvedPlace": place, "hints": [], "next": None, **members}
    console = Console(file=StringIO(), width=width)
    print_timetable(answer, console)
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    return "\n".join(line.rstrip() for line in lines)


def test_an_event_is_two_lines_under_its_day() -> None:
    assert shown(EVENT) == "\n".join(
        [
            "",
            "Tomorrow, Wednesday, January 2",
            "6:00 pm      Mixer                        Elm Court             1.2 mi  not said",
            "to 8:30 pm   Chamber of Commerce          Visalia",
        ]
    )


def test_whether_a_stranger_may_come_stands_under_the_price() -> None:
    last = shown(EVENT | {"visitorTerms": {"visitors": "rsvp"}}).splitlines()[-1]

    assert last == "to 8:30 pm   Chamber of Commerce          Visalia                       register"


def test_days_stand_under_each_other() -> None:
    later = EVENT | {"startDate": "2030-01-03T09:00:00-08:00", "endDate": None, "organizer": None, "location": None}

    lines = shown(EVENT, later).splitlines()

    assert lines[5] == "Thursday, January 3"
    assert lines[6].index("Mixer") == lines[2].index("Mixer")
    assert lines[6].index("1.2 mi") == lines[2].index("1.2 mi")


def test_days_and_clocks_are_those_of_the_country() -> None:
    place = {"name": "Trinity Hall", "address": {"addressLocality": "Dublin", "addressCountry": "IE"}}
    told = shown(EVENT | {"startDate": "2031-01-02T18:00:00+00:00", "endDate": None, "location": place})

    assert "Thursday 2 January 2031\n18:00 " in told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"startDate": "2030-01-01", "endDate": None}, "Today, Tuesday, January 1\nall day      Mixer"),
        ({"startDate": "2030-01-01", "endDate": "2030-01-03"}, "\nto Thu 3"),
        ({"endDate": "2030-01-03T01:00:00-08:00"}, "\nto 1:00 am"),
        ({"eventStatus": "EventCancelled"}, "CANCELLED: Mixer"),
        ({"eventStatus": "EventCancelled", "name": "Cancelled: Mixer"}, "   Cancelled: Mixer"),
        ({"eventStatus": "EventPostponed"}, "POSTPONED: Mixer"),
        ({"eventStatus": "EventMovedOnline"}, "MOVED ONLINE: Mixer"),
        ({"withdrawn": True}, "NO LONGER SHOWN: Mixer"),
        ({"isAccessibleForFree": True}, "free"),
        ({"isAccessibleForFree": False}, "paid"),
        ({"location": None, "virtualLocation": "https://meet.example/1"}, "   online "),
        ({"distanceText": None}, "Elm Court                     not said"),
        ({"name": "[red]Mixer[/]\x1b[2J"}, "[red]Mixer[/] [2J"),
    ],
)
def test_what_a_person_must_know_is_said(changed: dict[str, Any], told: str) -> None:
    assert told in shown(EVENT | changed)


def test_an_empty_answer_says_what_would_have_found_something() -> None:
    assert shown(hints=["The nearest match is 31 mi away."]) == "Nothing was found.\nThe nearest match is 31 mi away."
    assert shown().startswith("Nothing was found, near or far; `hobnob sources` ")


def test_a_page_that_goes_on_says_so() -> None:
    assert shown(EVENT, next="abc").endswith("\n\nThese are the first 1; --limit 200 shows more.")


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_an_age_is_told_in_few_words(ago: timedelta, told: str) -> None:
    assert tell_age(NOW - ago, NOW) == told


def test_noon_and_midnight_are_12_where_the_clock_has_12_hours() -> None:
    assert [tell_clock(datetime(2030, 1, 1, hour, 5, tzinfo=UTC), "US") for hour in (0, 12, 23)] == [
        "12:05 am",
        "12:05 pm",
        "11:05 pm",
    ]
    assert tell_clock(datetime(2030, 1, 1, 0, 5, tzinfo=UTC), "GB") == "00:05"


def test_a_day_of_another_year_has_its_year() -> None:
    assert tell_day(date(2031, 5, 4), date(2030, 1, 1), "US") == "Sunday, May 4, 2031"


def test_text_of_others_is_one_line_without_what_a_terminal_obeys() -> None:
    assert plain("a\x1b[2J\r\n\u202eb\tc") == "a [2J b c"


def test_other_formats_are_printed_as_the_api_answers_them(call: Any, empty_store: Path) -> None:
    beginnings = {"json": '{"items":', "ics": "BEGIN:VCALENDAR", "rss": "<?xml", "geojson": '{"type":', "csv": "id,"}
    for format_, beginning in beginnings.items():
        ran = call("events", "--format", format_, STORE=str(empty_store))

        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.removeprefix("\ufeff").casefold().startswith(beginning.casefold()), format_
        assert ran.stdout.endswith("\n")


def test_every_parameter_of_the_api_is_an_option(call: Any, empty_store: Path) -> None:
    words = ("--kind", "chamber", "--kind=volunteer", "--starts-after", "2030-01-01", "--format", "json")

    ran = call("events", *words, STORE=str(empty_store))

    query = json.loads(ran.stdout)["query"]
    assert query["kind"] in ("chamber,volunteer", ["chamber", "volunteer"])
    assert query["starts_after"].startswith("2030-01-01")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--near", "Fresmo"), "near=Fresmo: "),
        (("--near", "Springfield"), "did you mean Springfield, MO or "),
        (("--when", "someday"), "when=someday: not one of today, "),
        (("--kind",), "kind=: given without a value"),
        (("--knid", "chamber"), "knid=chamber: no such parameter; did you mean kind"),
        (("--fields", "name"), "fields=name: chooses members of JSON: add --format json"),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_line(
    call: Any, empty_store: Path, words: tuple[str, ...], told: str
) -> None:
    ran = call("events", *words, STORE=str(empty_store))

    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1
