"""An event's JSON and VEVENT, and one date of them."""

import json
import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import (
    Event,
    EventStatus,
    GeoCoordinates,
    Kind,
    Offer,
    Organization,
    Place,
    PostalAddress,
    Precision,
)
from aggregator.render import EVENT_MEMBERS, occurrence_json, occurrence_vevent, render
from aggregator.render.cost import cost_line
from aggregator.render.dated import distance_text
from aggregator.render.privacy import CLEANED
from aggregator.render.vevent import escape, fold_line

PACIFIC = ZoneInfo("America/Los_Angeles")
MIXER = Event(
    source="elmvalley",
    uid="mixer-1",
    name="Good Morning Mixer; coffee, cake",
    start_date=datetime(2026, 10, 8, 7, tzinfo=PACIFIC),
    end_date=datetime(2026, 10, 8, 8, 30, tzinfo=PACIFIC),
    time_zone="America/Los_Angeles",
    location=Place(
        name="Elm Valley Hall",
        address=PostalAddress(street_address="1 Main St", address_locality="Visalia", address_region="CA"),
        geo=GeoCoordinates(latitude=36.33, longitude=-119.29),
        precision=Precision.STREET,
    ),
    organizer=Organization(name='The "Elm" Chamber', url="https://elm.example/"),
    url="https://elm.example/mixer",
    description="Bring cards.\nMeet people.",
    keywords=("coffee", "a,b"),
    offers=(Offer(price=Decimal("10.00"), price_currency="USD"),),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    id: str = "0abc"
    occurrence: int = 0
    start_text: str = "2026-10-08T07:00:00-07:00"
    end_text: str | None = "2026-10-08T08:30:00-07:00"
    start: int = 1791468000
    end: int = 1791473400
    is_all_day: bool = False
    distance: float | None = 4321.5
    next_dates: tuple[tuple[str, str | None], ...] | None = None
    json: bytes = b""
    vevent: bytes = b""


def row_of(event: Event, *, withdrawn: bool = False, **dated: Any) -> Row:
    rendered = render(
        event,
        id="0abc",
        sequence=2,
        first_seen=datetime(2026, 9, 1, tzinfo=UTC),
        changed_at=datetime(2026, 9, 2, tzinfo=UTC),
        kind=Kind.CHAMBER,
        withdrawn=withdrawn,
    )
    return Row(json=rendered.json, vevent=rendered.vevent, **dated)


def told(event: Event, **dated: Any) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(occurrence_json(row_of(event, **dated)))
    return members


def component(row: Row) -> Any:
    calendar = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + occurrence_vevent(row) + b"END:VCALENDAR\r\n"
    return icalendar.Calendar.from_ical(calendar).walk("VEVENT")[0]


def test_json_has_schema_orgs_words_in_camel_case_and_every_member_always() -> None:
    full, bare = told(MIXER), told(Event(source="s", uid="u", name="n", start_date=date(2026, 1, 1), time_zone="UTC"))

    assert tuple(full) == tuple(bare) == tuple(name for name in EVENT_MEMBERS if name != "nextDates")
    assert full["location"]["address"]["addressLocality"] == "Visalia"
    assert full["location"]["geo"] == {"latitude": 36.33, "longitude": -119.29}
    assert full["organizer"] == {"name": 'The "Elm" Chamber', "url": "https://elm.example/"}
    assert full["offers"][0]["price"] == 10
    assert (full["endDateSource"], full["placePrecision"], full["allDay"]) == ("stated", "street", False)
    assert (bare["location"], bare["isAccessibleForFree"], bare["endDateSource"]) == (None, None, None)
    assert (bare["keywords"], bare["allDay"]) == ([], True)


def test_a_series_that_is_told_once_has_its_next_dates_in_the_zone_that_is_asked_for() -> None:
    row = replace(row_of(MIXER), next_dates=(("2026-10-15T07:00:00-07:00", None), ("2026-10-22", "2026-10-23")))

    shown = json.loads(occurrence_json(row, zone=ZoneInfo("UTC")))

    assert tuple(shown) == EVENT_MEMBERS
    assert shown["nextDates"] == [
        {"startDate": "2026-10-15T14:00:00+00:00", "endDate": None},
        {"startDate": "2026-10-22", "endDate": "2026-10-23"},
    ]


def test_a_series_tells_its_rule_and_what_is_left_out_of_it() -> None:
    event = replace(MIXER, rrule=("FREQ=WEEKLY",), except_dates=(datetime(2026, 10, 15, 7, tzinfo=PACIFIC),))

    schedule = told(event)["eventSchedule"]

    assert schedule["rrule"] == ["FREQ=WEEKLY"]
    assert schedule["exceptDate"] == ["2026-10-15T07:00:00-07:00"]
    assert told(MIXER)["eventSchedule"] is None


def test_no_form_tells_a_persons_address_or_number() -> None:
    words = "Ask joe@elm.example or call (559) 555-0142."
    event = replace(
        MIXER,
        name=f"Mixer. {words}",
        description=words,
        organizer=Organization(name=f"Chamber {words}", url="https://elm.example/?to=joe@elm.example"),
        location=replace(MIXER.location, name=words),
        keywords=(words, "coffee"),
        url="https://elm.example/mixer?id=5595550142",
    )

    row = row_of(event)

    for form in (row.json, row.vevent.replace(b"\r\n ", b"")):
        assert b"joe@elm.example" not in form
        assert b"555-0142" not in form
    assert told(event)["url"] == event.url


def test_every_text_of_a_page_is_looked_through() -> None:
    texts = {field.name for field in fields(Event) if re.search(r"\bstr\b|Place|Organization|Offer", str(field.type))}

    assert texts - set(CLEANED) == {"source", "uid", "time_zone", "rrule", "super_event"}


@pytest.mark.parametrize(
    "secret", ["joe@elm.example", "joe [at] elm [dot] example", "(559) 555-0142", "tel:559.555.0142"]
)
@pytest.mark.parametrize("withdrawn", [False, True])
def test_wherever_a_page_says_an_address_or_number_no_byte_tells_it(secret: str, withdrawn: bool) -> None:
    words = f"Ask {secret} now"
    address = PostalAddress(**{field.name: words for field in fields(PostalAddress)})
    event = replace(
        MIXER,
        name=words,
        description=f"First line.\n{words}",
        organizer=Organization(name=words, url=f"https://elm.example/{secret}" if "@" in secret else None),
        location=replace(MIXER.location, name=words, address=address),
        virtual_location="https://zoom.example/?to=joe%40elm.example",
        image="https://elm.example/joe@elm.example.png",
        keywords=(words, secret),
        offers=(Offer(price=Decimal(1), description=words),),
        same_as=("https://joe@elm.example/",),
        doubts=(words,),
    )

    row = row_of(event, withdrawn=withdrawn)

    everything = (row.json + row.vevent.replace(b"\r\n ", b"")).decode()
    assert "Ask" in everything
    for part in (secret, "joe", "555-0142", "555.0142"):
        assert part not in everything


def test_what_holds_no_address_and_no_number_is_told_word_for_word() -> None:
    words = "Doors at 7:30, 2026-10-08; order no. 5595550142 at 1200 Main St, 93291-1234, seats 100"

    members = told(replace(MIXER, name=words, description=words, keywords=(words,)))

    assert (members["name"], members["description"], members["keywords"]) == (words, words, [words])


@given(st.text("ab ,;\\\n\t\x07é☕", max_size=120))
def test_a_text_value_is_escaped_so_that_it_can_be_read_back(text: str) -> None:
    kept = "".join(c for c in text if c >= " " or c in "\n\t")

    escaped = escape(text)

    assert re.sub(r"\\(.)", lambda sign: "\n" if sign[1] == "n" else sign[1], escaped) == kept
    assert not re.search(r"\n|(?<!\\)(?:\\\\)*[,;]", escaped)


@pytest.mark.parametrize(
    ("status", "withdrawn", "words"),
    [
        (EventStatus.SCHEDULED, False, "CONFIRMED"),
        (EventStatus.CANCELLED, False, "CANCELLED"),
        (EventStatus.CANCELLED, True, "CANCELLED"),
        (EventStatus.POSTPONED, False, "TENTATIVE"),
        (EventStatus.SCHEDULED, True, "TENTATIVE"),
    ],
)
def test_cancelled_and_withdrawn_are_told_apart(status: EventStatus, withdrawn: bool, words: str) -> None:
    row = row_of(replace(MIXER, event_status=status), withdrawn=withdrawn)

    event, members = component(row), json.loads(occurrence_json(row))

    assert event["STATUS"] == words
    assert ("X-HOBNOB-WITHDRAWN" in event) is withdrawn
    assert (members["eventStatus"], members["withdrawn"]) == (status, withdrawn)


def test_a_vevent_is_read_back_as_it_was() -> None:
    event = component(row_of(MIXER, occurrence=1791468000))

    assert event["SUMMARY"] == MIXER.name
    assert event["DESCRIPTION"] == f"Cost: $10\n\n{MIXER.description}"
    assert event["LOCATION"] == "Elm Valley Hall, 1 Main St, Visalia, CA"
    assert event.start == MIXER.start_date
    assert event.end == MIXER.end_date
    assert event["UID"] == "0abc-1791468000@hobnob"
    assert event["SEQUENCE"] == 2
    assert event["ORGANIZER"] == "invalid:nomail"
    assert event["GEO"].to_ical() == "36.33;-119.29"
    assert [str(word) for word in event["CATEGORIES"].cats] == ["chamber", "coffee", "a,b"]


@pytest.mark.parametrize(
    ("offer", "is_free", "line"),
    [
        (Offer(price=Decimal(15), price_currency="USD"), False, "Cost: $15"),
        (Offer(price=Decimal("7.5"), high_price=Decimal(25), price_currency="GBP"), False, "Cost: £7.50–25"),
        (Offer(price=Decimal(15), price_currency="CAD"), False, "Cost: 15 CAD"),
        (Offer(price=Decimal(15)), False, "Cost: 15"),
        (Offer(price=Decimal(15), description="$15 members, $25 guests"), False, "Cost: $15 members, $25 guests"),
        (Offer(price=Decimal(0), high_price=Decimal(5), price_currency="USD"), None, "Cost: $0–5"),
        (Offer(price=Decimal(0)), True, "Free"),
        (Offer(), True, "Free"),
        (Offer(), None, None),
    ],
)
def test_a_cost_is_one_line_in_the_pages_own_words(offer: Offer, is_free: bool | None, line: str | None) -> None:
    assert cost_line((offer,), is_free) == line


@pytest.mark.parametrize(("is_free", "line"), [(True, "Free"), (False, None), (None, None)])
def test_no_offer_costs_nothing_only_when_it_is_said(is_free: bool | None, line: str | None) -> None:
    assert cost_line((), is_free) == line


def test_the_middle_of_a_town_is_no_pin_on_a_map() -> None:
    vague = replace(MIXER, location=replace(MIXER.location, precision=Precision.TOWN))

    assert "GEO" not in component(row_of(vague))
    assert told(vague)["placePrecision"] == "town"


def test_all_day_ends_on_its_last_day_in_json_and_the_day_after_in_a_calendar() -> None:
    row = row_of(
        replace(MIXER, start_date=date(2026, 10, 8), end_date=date(2026, 10, 9)),
        start_text="2026-10-08", end_text="2026-10-09", is_all_day=True,
    )  # fmt: skip

    assert json.loads(occurrence_json(row))["endDate"] == "2026-10-09"
    assert component(row).start == date(2026, 10, 8)
    assert component(row).end == date(2026, 10, 10)


def test_an_unknown_end_is_null_and_not_in_the_calendar() -> None:
    row = row_of(replace(MIXER, end_date=None), end_text=None, end=1791468000)

    assert json.loads(occurrence_json(row))["endDate"] is None
    assert "DTEND" not in component(row)


def test_times_are_written_in_the_zone_that_is_asked_for() -> None:
    row = row_of(MIXER)

    assert json.loads(occurrence_json(row))["startDate"] == "2026-10-08T07:00:00-07:00"
    assert json.loads(occurrence_json(row, "mi", ZoneInfo("Asia/Tokyo")))["startDate"] == "2026-10-08T23:00:00+09:00"


@pytest.mark.parametrize(
    ("metres", "units", "words"),
    [(0, "mi", "0.0 mi"), (4321.5, "mi", "2.7 mi"), (4321.5, "km", "4.3 km"), (16093, "mi", "10 mi")],
)  # fmt: skip
def test_distances_are_short(metres: float, units: Any, words: str) -> None:
    assert distance_text(metres, units) == words


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=400))
def test_folding_keeps_every_character_whole_and_every_line_short(text: str) -> None:
    folded = fold_line(f"SUMMARY:{text}")

    lines = folded.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines)
    assert folded.replace(b"\r\n ", b"").decode() == f"SUMMARY:{text}\r\n"


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_a_page_says_comes_back_as_one_valid_object_and_component(name: str, description: str) -> None:
    row = row_of(replace(MIXER, name=f"x{name}", description=description))

    assert json.loads(occurrence_json(row))["id"] == "0abc"
    assert component(row)["SUMMARY"].startswith("x")


def test_what_is_nothing_but_an_address_is_not_known() -> None:
    event = replace(MIXER, name="joe@elm.example", description="joe@elm.example", keywords=("joe@elm.example", "tea"))

    members = told(event)

    assert (members["name"], members["description"], members["keywords"]) == ("Event", None, ["tea"])
