"""An editor's word on single fields: what may be said, what it does, and what it leaves alone."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.correct import Field, Override, Patch, correct
from aggregator.correct.override import PATCHED
from aggregator.correct.read import read_field, read_patch
from aggregator.errors import QueryError
from aggregator.event import (
    Authority,
    Event,
    EventStatus,
    Evidence,
    Offer,
    Organization,
    Place,
    PostalAddress,
    Precision,
    Statement,
    Visitors,
    VisitorTerms,
)
from aggregator.place.gazetteer import Gazetteer

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
START = datetime(2026, 6, 9, 18, tzinfo=ZONE)
MIXER = Event(
    source="chamber",
    uid="1",
    name="Mixer",
    start_date=START,
    end_date=START + timedelta(hours=2),
    time_zone=ZONE.key,
    location=Place(name="Elm Hall", address=PostalAddress(address_locality="Fresno", address_country="US")),
    description="Coffee.",
)
TALK = replace(MIXER, start_date=date(2026, 6, 9), end_date=date(2026, 6, 10))
WEEKLY = replace(MIXER, rrule=("FREQ=WEEKLY",))


def an_override(field: Field, number: int = 1, until: datetime | None = None, **patch: Any) -> Override:
    return Override(
        number=number,
        source="chamber",
        uid="1",
        field=field,
        value="as typed",
        patch=Patch(**patch),
        why="the door says so",
        by="Ed",
        since=NOW,
        until=until,
    )


def corrected(event: Event, *overrides: Override, now: datetime = NOW) -> Event:
    return correct(event, overrides, now)


def changed(before: Event, after: Event) -> set[str]:
    return {field.name for field in fields(Event) if getattr(before, field.name) != getattr(after, field.name)}


@pytest.fixture(scope="module")
def typed(shared_gazetteer: Gazetteer) -> Any:
    """The event with a field as a person types it."""

    def apply(field: Field, value: str, event: Event = MIXER) -> Event:
        patch = read_patch(field, value, event, shared_gazetteer)
        return correct(event, [replace(an_override(field), patch=patch)], NOW)

    return apply


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Field.NAME, "Summer mixer", {"name": "Summer mixer"}),
        (Field.DESCRIPTION, "Tea.\nBring a friend.", {"description": "Tea.\nBring a friend."}),
        (Field.DESCRIPTION, "", {"description": None}),
        (Field.URL, "https://elm.example/1", {"url": "https://elm.example/1"}),
        (Field.IMAGE, "https://elm.example/1.jpg", {"image": "https://elm.example/1.jpg"}),
        (Field.VIRTUAL_LOCATION, "https://meet.example/1", {"virtual_location": "https://meet.example/1"}),
        (Field.ORGANIZER, "Elm Club", {"organizer": Organization(name="Elm Club")}),
        (Field.EVENT_STATUS, "cancelled", {"event_status": EventStatus.CANCELLED}),
        (Field.EVENT_STATUS, "EventPostponed", {"event_status": EventStatus.POSTPONED}),
        (
            Field.PRICE,
            "$15",
            {
                "offers": (Offer(price=Decimal(15), price_currency="USD"),),
                "is_accessible_for_free": False,
            },
        ),
        (Field.END_DATE, "2026-06-09T21:00", {"end_date": START + timedelta(hours=3)}),
        (Field.END_DATE, "", {"end_date": None}),
    ],
)
def test_a_field_is_as_it_was_typed_and_no_other_changes(
    typed: Any, field: Field, value: str, expected: dict[str, Any]
) -> None:
    event = typed(field, value)

    assert {name: getattr(event, name) for name in expected} == expected
    assert changed(MIXER, event) == expected.keys()


def test_an_event_that_begins_at_another_time_stays_as_long_as_it_is(typed: Any) -> None:
    event = typed(Field.START_DATE, "2026-06-10T17:30")

    assert (event.start_date, event.end_date) == (
        datetime(2026, 6, 10, 17, 30, tzinfo=ZONE),
        datetime(2026, 6, 10, 19, 30, tzinfo=ZONE),
    )
    assert typed(Field.START_DATE, "2026-07-01", TALK).end_date == date(2026, 7, 2)
    assert typed(Field.START_DATE, "2026-06-10").end_date is None


def test_a_place_is_found_and_the_old_points_are_gone(typed: Any) -> None:
    place = typed(Field.LOCATION, "Grange Hall, 12 Oak St, Visalia, CA 93291").location

    assert (place.name, place.address.address_locality, place.precision) == (
        "Grange Hall",
        "Visalia",
        Precision.POSTCODE,
    )
    assert abs(place.geo.latitude - 36.35) < 0.1


@pytest.mark.parametrize(("value", "expected"), [("yes", True), ("no", False), ("unknown", None)])
def test_whether_a_wheelchair_gets_in_is_said_by_the_editor(typed: Any, value: str, expected: bool | None) -> None:
    event = typed(Field.WHEELCHAIR_ACCESSIBLE, value)

    said = (Statement(source="editor", quote="the door says so"),)
    assert event.location == replace(MIXER.location, wheelchair_accessible=expected, accessibility_evidence=said)


def test_whether_visitors_may_come_is_said_by_the_editor_and_their_fee_stays(typed: Any) -> None:
    fee = Evidence(about="guest_fee", quote="Guests pay $5.")
    door = Evidence(about="visitors", quote="Members only.")
    terms = VisitorTerms(visitors=Visitors.MEMBERS_ONLY, guest_fee=Decimal(5), evidence=(door, fee))

    event = typed(Field.VISITORS, "open", replace(MIXER, visitor_terms=terms))

    said = Evidence(about="visitors", quote="the door says so", authority=Authority.EDITOR)
    assert event.visitor_terms == replace(terms, visitors=Visitors.OPEN, evidence=(said, fee))


@pytest.mark.parametrize(
    ("field", "value", "event"),
    [
        (Field.NAME, "", MIXER),
        (Field.NAME, "n" * 301, MIXER),
        (Field.START_DATE, "", MIXER),
        (Field.START_DATE, "next Tuesday", MIXER),
        (Field.START_DATE, "0001-01-01", MIXER),
        (Field.START_DATE, "2026-06-10T17:30", WEEKLY),
        (Field.END_DATE, "2026-06-08T17:30", MIXER),
        (Field.END_DATE, "2026-06-10", MIXER),
        (Field.END_DATE, "2026-06-10T17:30", WEEKLY),
        (Field.LOCATION, "Nowhere Hall, Qqqqzzz, XQ", replace(MIXER, location=Place())),
        (Field.URL, "javascript:alert(1)", MIXER),
        (Field.EVENT_STATUS, "maybe", MIXER),
        (Field.VISITORS, "all", MIXER),
        (Field.WHEELCHAIR_ACCESSIBLE, "partly", MIXER),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    shared_gazetteer: Gazetteer, field: Field, value: str, event: Event
) -> None:
    with pytest.raises(QueryError) as refused:
        read_patch(field, value, event, shared_gazetteer)

    assert refused.value.param == field.value


@pytest.mark.parametrize("name", ["startDate", "start_date", "STARTDATE", "start"])
def test_a_field_is_known_by_its_name_however_it_is_written(name: str) -> None:
    assert read_field(name) is Field.START_DATE


def test_a_field_that_may_not_be_corrected_is_refused_with_those_that_may() -> None:
    with pytest.raises(QueryError, match="is none of name, description, startDate"):
        read_field("uid")


def test_of_two_corrections_of_a_field_the_later_counts_until_it_ends() -> None:
    first = an_override(Field.NAME, 1, name="First")
    second = an_override(Field.NAME, 2, NOW + timedelta(days=1), name="Second")

    assert corrected(MIXER, second, first).name == "Second"
    assert corrected(MIXER, second, first, now=NOW + timedelta(days=1)).name == "First"
    assert corrected(MIXER, second, now=NOW + timedelta(days=1)) is MIXER


def test_an_end_waits_while_its_source_has_moved_the_event_beyond_it() -> None:
    end = an_override(Field.END_DATE, end_date=START + timedelta(hours=3))
    moved = replace(MIXER, start_date=START + timedelta(days=7), end_date=START + timedelta(days=7, hours=1))

    assert corrected(moved, end) == moved
    assert corrected(MIXER, end).end_date == START + timedelta(hours=3)


def test_a_series_keeps_its_own_dates() -> None:
    start = an_override(Field.START_DATE, start_date=START + timedelta(days=1))
    end = an_override(Field.END_DATE, 2, end_date=START + timedelta(days=1, hours=1))

    assert corrected(WEEKLY, start, end) == WEEKLY


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
WHENS = st.one_of(MOMENTS, st.dates(date(2026, 1, 1), date(2027, 1, 1)))
PATCHES = st.builds(
    Patch,
    name=st.text("abc", min_size=1, max_size=4),
    description=st.none() | st.text("abc"),
    start_date=WHENS,
    end_date=st.none() | WHENS,
    location=st.builds(Place, name=st.none() | st.text("abc", min_size=1)),
    wheelchair_accessible=st.none() | st.booleans(),
    organizer=st.none() | st.builds(Organization, name=st.text("abc", min_size=1)),
    event_status=st.sampled_from(EventStatus),
    visitors=st.sampled_from(Visitors),
)
OVERRIDES = st.lists(
    st.builds(
        Override,
        number=st.integers(1, 9),
        source=st.just("chamber"),
        uid=st.just("1"),
        field=st.sampled_from(Field),
        value=st.just(""),
        patch=PATCHES,
        why=st.sampled_from(["a", "b"]),
        by=st.just("Ed"),
        since=st.just(NOW),
        until=st.none() | st.sampled_from([NOW - timedelta(1), NOW, NOW + timedelta(1)]),
    ),
    max_size=6,
    unique_by=lambda one: one.number,
)


@given(event=st.sampled_from([MIXER, TALK, WEEKLY]), overrides=OVERRIDES)
def test_to_correct_twice_is_to_correct_once_and_none_is_nothing(event: Event, overrides: list[Override]) -> None:
    once = correct(event, overrides, NOW)

    assert correct(once, overrides, NOW) == once
    assert correct(event, [], NOW) is event
    assert correct(event, reversed(overrides), NOW) == once


@given(event=st.sampled_from([MIXER, TALK, WEEKLY]), overrides=OVERRIDES)
def test_only_corrected_fields_change(event: Event, overrides: list[Override]) -> None:
    touched = {name for one in overrides for name in PATCHED.get(one.field, ())} | {"end_date", "end_date_assumed"}
    touched |= {"start_date"} if any(one.field is Field.START_DATE for one in overrides) else set()
    touched |= {"location"} if any(one.field is Field.WHEELCHAIR_ACCESSIBLE for one in overrides) else set()
    touched |= {"visitor_terms"} if any(one.field is Field.VISITORS for one in overrides) else set()

    assert changed(event, correct(event, overrides, NOW)) <= touched
