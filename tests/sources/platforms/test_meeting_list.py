"""A town's regular groups in one file: CSV, TOML, and JSON in TSML's words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import InvalidEventError, ParseError
from aggregator.normalize import normalize
from aggregator.source import Draft, Page, Request
from sources.load import source_at
from sources.platforms import meeting_list

SAVED = Path(__file__).parent / "meeting_list"


def _page(name: str, body: bytes | None = None) -> Page:
    url = f"file:///inbox/{name}"
    body = (SAVED / name).read_bytes() if body is None else body
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def test_a_row_tells_a_group_with_its_rhythm() -> None:
    coffee = next(meeting_list.parse(_page("elm_valley.csv")))

    assert coffee == Draft(
        identifier="Contacts & Coffee, Elm Valley Contacts & Coffee, Elm Valley",
        name="Contacts & Coffee",
        start_date="2024-01-04T07:15:00",
        end_date="2024-01-04T08:15:00",
        rrule=("FREQ=WEEKLY;BYDAY=TH",),
        location_name="Corner Café",
        street_address="1 Main St",
        address_locality="Elm Valley",
        address_region="CA",
        organizer="Elm Valley Contacts & Coffee",
        url="https://coffee.example/",
        description="Bring cards.",
        keywords=("coffee", "networking"),
    )


def test_the_rhythm_of_every_kind_of_group_is_read() -> None:
    drafts = meeting_list.parse(_page("elm_valley.csv"))

    assert {
        draft.organizer: (draft.rrule[0], draft.start_date[11:16], (draft.end_date or "")[11:16])
        for draft in drafts
        if draft.start_date
    } == {
        "Elm Valley Contacts & Coffee": ("FREQ=WEEKLY;BYDAY=TH", "07:15", "08:15"),
        "LeTip": ("FREQ=WEEKLY;BYDAY=TU", "07:01", "08:31"),
        "Elm Valley Lions Club": ("FREQ=MONTHLY;BYDAY=2MO,4MO;BYMONTH=1,2,3,4,5,6,7,9,10,11,12", "18:30", ""),
        "1 Million Cups Elm Valley": ("FREQ=WEEKLY;BYDAY=WE;BYMONTH=1,2,3,4,5,9,10,11,12", "09:00", "10:00"),
        "BNI Elm Sunrise": ("FREQ=WEEKLY;BYDAY=FR", "06:45", "08:15"),
        "Rotary Club of Elm Valley": ("FREQ=MONTHLY;BYDAY=1TH,3TH", "12:00", "13:15"),
        "Elm Trails": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "09:00", "12:00"),
    }


def test_a_group_that_nobody_has_confirmed_for_months_is_doubted_and_a_fortnight_is_counted_from_since() -> None:
    drafts = {draft.organizer: draft for draft in meeting_list.parse(_page("elm_valley.csv"))}

    assert drafts["Elm Valley Lions Club"].doubts == ("not confirmed since 2026-01-15",)
    assert drafts["LeTip"].doubts == drafts["BNI Elm Sunrise"].doubts == ()
    assert drafts["Elm Trails"].start_date == "2026-09-05T09:00:00"


def test_a_link_to_join_is_told_and_what_is_of_persons_is_not() -> None:
    drafts = list(meeting_list.parse(_page("elm_valley.csv")))

    assert [draft.virtual_location for draft in drafts if draft.virtual_location] == ["https://video.example/cups"]
    assert "555-0100" not in str(drafts)


def test_tables_are_read_with_lists_and_holidays() -> None:
    lions, cups = meeting_list.parse(_page("elm_valley.toml"))

    assert (lions.start_date, lions.keywords) == ("2024-01-08T18:30:00", ("service", "dinner"))
    assert lions.rrule == ("FREQ=MONTHLY;BYDAY=2MO,4MO;BYMONTH=1,2,3,4,5,6,7,9,10,11,12",)
    assert "2026-10-12T18:30:00" in lions.except_dates
    assert (cups.rrule, cups.end_date) == (("FREQ=WEEKLY;BYDAY=WE",), "2024-01-03T10:00:00")
    assert (cups.latitude, cups.longitude, cups.time_zone) == ("36.7", "-119.8", "America/Los_Angeles")


def test_a_meeting_in_tsmls_words_is_read_without_its_contacts() -> None:
    birds, *others = meeting_list.parse(_page("tsml.json"))

    assert birds == Draft(
        identifier="11",
        name="Early Birds",
        start_date="2024-01-02T07:00:00",
        end_date="2024-01-02T08:30:00",
        time_zone="America/Los_Angeles",
        rrule=("FREQ=WEEKLY;BYDAY=TU",),
        location_name="Corner Café",
        location_text="1 Main St, Elm Valley, CA 93000, USA",
        latitude="36.7",
        longitude="-119.8",
        wheelchair_accessible=True,
        accessibility="X",
        organizer="Early Birds Referral Group",
        url="https://town.example/meetings/early-birds",
        keywords=("networking",),
    )
    assert "Doe" not in str(others)


def test_days_of_tsml_are_counted_from_sunday() -> None:
    _, walkers, founders = meeting_list.parse(_page("tsml.json"))

    assert walkers.rrule == ("FREQ=WEEKLY;BYDAY=SU,SA",)
    assert (walkers.latitude, walkers.event_attendance_mode) == (None, "in_person")
    assert founders.rrule == ("FREQ=WEEKLY;BYDAY=WE",)
    assert (founders.virtual_location, founders.event_attendance_mode) == ("https://video.example/founders", "online")


def test_meetings_may_stand_in_an_object_and_a_meeting_that_sleeps_is_not_told() -> None:
    body = b'{"meetings": ' + (SAVED / "tsml.json").read_bytes() + b"}"

    assert [draft.name for draft in meeting_list.parse(_page("tsml.json", body))] == [
        "Early Birds",
        "Sunday Walkers",
        "Founders Online",
    ]


@pytest.mark.parametrize(
    ("name", "body", "spoilt"),
    [
        (
            "a.csv",
            b"name,day,time\nA,Monday,7am\nB,every other Monday,7am\nC,Friday,7am\n",
            "a.csv line 3: recurring “B”: “every other Monday 7am”: it does not say from which day to count",
        ),
        (
            "a.csv",
            b"name,day,time\nA,Monday,7am\n\nB,Monday,7am,x\nC,Friday,7am\n",
            "a.csv line 4: more cells than columns",
        ),
        (
            "a.csv",
            b"name,day,time,verified\nA,Monday,7am,\nB,Monday,7am,soon\nC,Friday,7am,\n",
            "a.csv line 3: “soon”: “soon” is not understood",
        ),
        (
            "a.toml",
            b'[[meeting]]\nname="A"\nday="Monday"\n[[meeting]]\nname="B"\nstrat=1\n[[meeting]]\nname="C"\nday="Friday"\n',
            "a.toml line 4: “strat” is not known; known are identifier, name,",
        ),
        (
            "a.json",
            b'[{"name":"A","day":1,"time":"07:00"},{"name":"B","day":null},{"name":"C","day":"5","time":"07:00"}]',
            "a.json meeting 2: recurring “B”: a name and a rule are needed",
        ),
    ],
)
def test_what_spoils_a_meeting_costs_that_meeting_and_is_named_with_its_line(
    name: str, body: bytes, spoilt: str
) -> None:
    first, second, third = meeting_list.parse(_page(name, body))

    assert [(draft.name, draft.rrule) for draft in (first, third)] == [
        ("A", ("FREQ=WEEKLY;BYDAY=MO",)),
        ("C", ("FREQ=WEEKLY;BYDAY=FR",)),
    ]
    assert (second.name, second.start_date) == ("B", None)
    assert second.doubts[0].startswith(spoilt)
    with pytest.raises(InvalidEventError):
        normalize(second, source_at("https://town.example/a.csv", "meeting_list"), now=_page(name, b"").fetched_at)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.csv", b"name,day,time\nA,sometimes,7am\n", "a.csv line 2: recurring “A”: “sometimes 7am”"),
        ("a.csv", b"name,day,tme\nA,Monday,7am\n", "a.csv line 1: “tme” is not known; known are "),
        ("a.csv", b"name,time\nA,7am\n", "a.csv line 1: no name or no rule"),
        ("a.csv", b"<!DOCTYPE html>\n<html></html>\n", "a.csv line 1: “<!DOCTYPE html>” is not known"),
        ("a.csv", b"name,day\n" + b"x" * 200_000 + b",Monday\n", "a.csv line 2: "),
        ("a.toml", b'[[meeting]]\nname = "A\n', "a.toml: .*line 2"),
        ("a.json", b'[{"name": "A"', "a.json: "),
        ("a.json", b"[{" + b"[" * 100_000, "a.json: "),
        ("a.json", b'{"events": []}', "a.json: JSON, but no list of meetings"),
        ("a.json", b'[{"name": "A"}, 3]', "a.json: JSON, but no list of meetings"),
    ],
)
def test_what_spoils_a_file_is_named_with_its_line(name: str, body: bytes, told: str) -> None:
    assert meeting_list.recognise(_page(name, body)) is None
    with pytest.raises(ParseError, match=told):
        list(meeting_list.parse(_page(name, body)))


@pytest.mark.parametrize(("name", "body"), [("a.csv", b"name,day,time\n\n,,\n"), ("a.json", b"[]")])
def test_a_list_without_meetings_tells_none(name: str, body: bytes) -> None:
    assert list(meeting_list.parse(_page(name, body))) == []


@pytest.mark.parametrize("name", ["elm_valley.csv", "elm_valley.toml", "tsml.json"])
def test_a_list_is_recognised(name: str) -> None:
    assert meeting_list.recognise(_page(name)) == "a list of regular meetings"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"name,day,time\nMixer,2026-10-13,7am\n",
        b"name,start\nMixer,2026-10-13\n",
        b"<html></html>",
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        b'[{"name": "Mixer", "start": "2026-10-13T07:00"}]',
        b'[[event]]\nname = "Mixer"\nstart = 2026-10-13\n',
        b'[[recurring]]\nname = "Mixer"\nrule = "Mondays 7am"\n',
    ],
)
def test_dates_and_other_files_are_no_list_of_regular_meetings(body: bytes) -> None:
    assert meeting_list.recognise(_page("a", body)) is None


def test_json_ends_with_its_mark_and_rows_where_they_end() -> None:
    whole = (SAVED / "tsml.json").read_bytes()

    assert meeting_list.ends_whole(whole)
    assert not meeting_list.ends_whole(whole.rstrip()[:-5])
    assert meeting_list.ends_whole((SAVED / "elm_valley.toml").read_bytes())
    assert meeting_list.ends_whole(b"name,day\nA,Monday\n")
