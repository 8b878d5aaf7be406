"""CSV and TOML files that a person drops in a folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import file

SAVED = Path(__file__).parent / "file"


def _page(name: str, body: bytes | None = None) -> Page:
    url = f"file:///inbox/{name}"
    body = (SAVED / name).read_bytes() if body is None else body
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def test_a_row_is_read_by_the_names_people_give_columns() -> None:
    coffee, two_lines, _ = file.parse(_page("events.csv"))

    assert coffee == Draft(
        name="Founders Coffee",
        date_text="10/13/2026 8:00 AM - 9:00 AM",
        location_name="Elm Hall",
        street_address="12 Oak St",
        address_locality="Elm Valley",
        address_region="CA",
        postal_code="93000",
        price="Free",
        keywords=("coffee", "networking"),
        url="https://elm.example/1",
    )
    assert (two_lines.name, two_lines.start_date) == ("Two\nlines", "2026-10-14")


def test_a_row_without_a_start_says_which_line_it_is() -> None:
    undated = list(file.parse(_page("events.csv")))[-1]

    assert (undated.name, undated.doubts) == ("No date", ("events.csv line 6",))


def test_a_table_is_read_with_its_dates_and_tables_within() -> None:
    work, birds = file.parse(_page("events.toml"))

    assert work == Draft(
        name="Trail work",
        start_date="2026-10-10T09:00:00",
        end_date="2026-10-10T12:00:00",
        keywords=("volunteer", "outdoors"),
        is_accessible_for_free=True,
        location_name="Elm Trailhead",
        street_address="5 Lake Rd",
        address_locality="Elm Valley",
        address_region="CA",
        latitude="36.71",
        organizer="Elm Trails",
        organizer_url="https://trails.example/",
    )
    assert (birds.schedule, birds.rrule) == ("every Tuesday 07:00-08:30", ("FREQ=WEEKLY;BYDAY=TU,TH",))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"name;start\nMixer;2026-10-13\n", "Mixer"),
        (b"name\tstartDate\nMixer\t2026-10-13\n", "Mixer"),
        (b"\xef\xbb\xbfEvent Name,START_DATE\r\nCaf\xe9,2026-10-13\r\n", "Café"),
    ],
)
def test_spreadsheets_of_any_country_are_read(body: bytes, name: str) -> None:
    (draft,) = file.parse(_page("a.csv", body))

    assert (draft.name, draft.start_date) == (name, "2026-10-13")


def test_times_on_different_days_stay_with_their_days() -> None:
    body = b"name,start,start time,end,end time\nCamp,2026-10-13,18:00,2026-10-15,09:00\n"

    (draft,) = file.parse(_page("a.csv", body))

    assert (draft.start_date, draft.end_date) == ("2026-10-13 18:00", "2026-10-15 09:00")


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.csv", b"name,strat\nMixer,2026\n", "a.csv line 1: .strat. is not known"),
        ("a.csv", b"city,zip\nVisalia,93291\n", "a.csv line 1: no column"),
        ("a.csv", b"", "a.csv line 1: no column"),
        ("a.csv", b"name,start\n" + b"x" * 200_000 + b",2026\n", "a.csv line 2: "),
        ("a.toml", b'[[event]]\nname = "A\n', r"a.toml: .*line 2"),
        ("a.toml", b"event = 3\n", r"a.toml: events are \[\[event\]\] tables"),
        ("a.toml", b"a = " + b"[" * 100_000, "a.toml: "),
    ],
)  # fmt: skip
def test_what_spoils_a_file_is_named_with_its_line(name: str, body: bytes, told: str) -> None:
    with pytest.raises(ParseError, match=told):
        list(file.parse(_page(name, body)))


@pytest.mark.parametrize(
    ("name", "body", "spoilt", "told"),
    [
        ("a.csv", b"name,start\nA,2026-10-13\nB,y,z\nC,2026-10-15\n", "B", "a.csv line 3: 3 cells, but 2 columns"),
        ("a.csv", b"name,start\nA,2026-10-13\n\nB,13th of never\nC,2026-10-15\n", "B", "a.csv line 4"),
        (
            "a.csv",
            b"name,start,free\nA,2026-10-13,\nB,2026-10-13,perhaps\nC,2026-10-15,\n",
            "B",
            "a.csv line 3: free is yes or no, not “perhaps”",
        ),
        (
            "a.toml",
            b'[[event]]\nname="A"\nstart=2026-10-13\n[[event]]\nstrat=1\n[[event]]\nname="C"\nstart=2026-10-15\n',
            None,
            "a.toml line 4: “strat” is not known; known are ",
        ),
    ],
)
def test_what_spoils_a_row_costs_that_row_and_is_named_with_its_line(
    name: str, body: bytes, spoilt: str | None, told: str
) -> None:
    first, second, third = file.parse(_page(name, body))

    assert [(draft.name, draft.start_date, draft.doubts) for draft in (first, third)] == [
        ("A", "2026-10-13", ()),
        ("C", "2026-10-15", ()),
    ]
    assert second.name == spoilt
    assert second.doubts[0].startswith(told)


def test_days_in_the_order_of_another_country_are_no_mistake() -> None:
    (draft,) = file.parse(_page("a.csv", b"name,start\nA,25/12/2026\n"))

    assert (draft.start_date, draft.doubts) == ("25/12/2026", ())


def test_a_calendar_ends_with_its_mark_and_rows_where_they_end() -> None:
    calendar = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

    assert file.ends_whole(calendar)
    assert not file.ends_whole(calendar[:-8])
    assert file.ends_whole(b"name,start\nA,2026-10-13\n")
    assert file.ends_whole(b"")


def test_a_calendar_is_read_as_one() -> None:
    body = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Mixer\nDTSTART:20261004T090000\nEND:VEVENT\nEND:VCALENDAR\n"

    assert [draft.name for draft in file.parse(_page("a.ics", body))] == ["Mixer"]


def test_files_are_recognised_by_name_and_tables() -> None:
    assert file.recognise(_page("events.csv"))
    assert file.recognise(_page("events.toml"))
    assert file.recognise(_page("pyproject.toml", b"[project]\n")) is None
    assert file.recognise(_page("events.html", b"<html>")) is None


def test_rules_in_a_file_are_read_as_regular_meetings() -> None:
    body = b"""
        [[recurring]]
        name = "early_birds"
        rule = "every Tuesday 07:00-08:30"

        [[event]]
        name = "Open day"
        start = 2026-10-10
    """
    once, regular = file.parse(_page("group.toml", body))

    assert (once.name, once.start_date) == ("Open day", "2026-10-10")
    assert (regular.name, regular.rrule) == ("early_birds", ("FREQ=WEEKLY;BYDAY=TU",))


def test_a_table_of_another_name_is_refused_and_an_empty_file_is_not() -> None:
    with pytest.raises(ParseError, match=r"\[\[event\]\]"):
        list(file.parse(_page("a.toml", b"[[evnt]]\nname = 'Mixer'\n")))

    assert list(file.parse(_page("a.toml", b""))) == []


@pytest.mark.parametrize(("told", "expected"), [("yes", True), ("no", False), ("", None)])
def test_a_cell_says_whether_a_wheelchair_gets_in(told: str, expected: bool | None) -> None:
    (draft,) = file.parse(_page("a.csv", f"name,start date,wheelchair\nPotluck,2026-10-08,{told}\n".encode()))

    assert draft.wheelchair_accessible is expected
