"""From a page's own words to an event."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.errors import InvalidEventError, RuleRefusedError, UnreadDateError
from aggregator.event import Event, EventAttendanceMode, EventStatus, Kind, Offer, Organization, Statement, starts_at
from aggregator.normalize import normalize
from aggregator.source import Draft, Page, Request, Source

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def parse_nothing(page: Page) -> list[Draft]:
    return [Draft(name=page.url)]


def a_source(**told: object) -> Source:
    known: dict[str, object] = {
        "name": "chamber",
        "kind": Kind.CHAMBER,
        "platform": "html",
        "request": Request(url="https://chamber.example/events/"),
        "parse": parse_nothing,
        "time_zone": "America/Los_Angeles",
    }
    return Source(**(known | told))  # type: ignore[arg-type]


def an_event(draft: Draft, **told: object) -> Event:
    return normalize(draft, a_source(**told), now=NOW)


def a_draft(**told: object) -> Draft:
    known: dict[str, object] = {"identifier": "1", "name": "Mixer", "start_date": "2026-10-08T17:30:00"}
    return Draft(**(known | told))  # type: ignore[arg-type]


def here(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOS_ANGELES)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-10-08T17:30:00", "2026-10-08T19:00:00", (here(2026, 10, 8, 17, 30), here(2026, 10, 8, 19))),
        ("2026-10-09T00:30:00Z", "2026-10-09T02:00:00Z", (here(2026, 10, 8, 17, 30), here(2026, 10, 8, 19))),
        ("2026-10-08", None, (date(2026, 10, 8), None)),
        ("2026-10-08", "2026-10-10", (date(2026, 10, 8), date(2026, 10, 10))),
        ("2026-10-08", "2026-10-07", (date(2026, 10, 8), None)),
        ("2026-10-08T00:00:00", "2026-10-08T23:59:59", (date(2026, 10, 8), date(2026, 10, 8))),
        ("2026-10-08T00:00:00", "2026-10-10T00:00:00", (date(2026, 10, 8), date(2026, 10, 9))),
        ("2026-10-08T22:00:00", "2026-10-08T01:00:00", (here(2026, 10, 8, 22), here(2026, 10, 9, 1))),
        ("8/25/2026 5:30:00 PM", "8/25/2026 6:30:00 PM", (here(2026, 8, 25, 17, 30), here(2026, 8, 25, 18, 30))),
        ("2026-10-08T17:30:00", "19:00", (here(2026, 10, 8, 17, 30), here(2026, 10, 8, 19))),
        ("2026-10-08", "2026-10-09T15:00:00", (date(2026, 10, 8), date(2026, 10, 9))),
    ],
)
def test_times_are_aware_and_of_one_kind(start: str, end: str | None, expected: tuple[object, object]) -> None:
    event = an_event(a_draft(start_date=start, end_date=end))

    assert (event.start_date, event.end_date) == expected
    assert not event.end_date_assumed
    assert event.time_zone == "America/Los_Angeles"


@pytest.mark.parametrize("end", [None, "2026-10-08T09:00:00"])
def test_an_end_that_is_not_told_is_assumed_and_marked(end: str | None) -> None:
    event = an_event(a_draft(end_date=end))

    assert event.end_date == here(2026, 10, 8, 18, 30)
    assert event.end_date_assumed


@pytest.mark.parametrize(
    ("duration", "length"),
    [("PT1H30M", timedelta(minutes=90)), ("P1D", timedelta(days=1)), ("PT45M", timedelta(minutes=45))],
)
def test_a_length_gives_the_end(duration: str, length: timedelta) -> None:
    event = an_event(a_draft(duration=duration))

    assert event.end_date == here(2026, 10, 8, 17, 30) + length


def test_a_clock_time_in_the_spring_gap_moves_on() -> None:
    event = an_event(a_draft(start_date="2027-03-14T02:30:00"))

    assert event.start_date.isoformat() == "2027-03-14T03:30:00-07:00"


def test_a_clock_time_in_the_autumn_fold_is_the_first() -> None:
    event = an_event(a_draft(start_date="2026-11-01T01:30:00"))

    assert event.start_date.isoformat() == "2026-11-01T01:30:00-07:00"


@pytest.mark.parametrize(
    ("draft_zone", "source_zone", "geo", "expected"),
    [
        ("America/Denver", "America/Los_Angeles", None, "America/Denver"),
        ("Mountain Standard Time", "America/Los_Angeles", None, "America/Denver"),
        ("Customized Time Zone", "America/Los_Angeles", None, "America/Los_Angeles"),
        (None, None, ("40.8324", "-115.7631"), "America/Los_Angeles"),
        (None, None, ("40.7500", "-114.0700"), "America/Denver"),
        (None, None, None, "UTC"),
    ],
)
def test_the_zone_is_the_events_then_the_sources_then_the_venues(
    draft_zone: str | None, source_zone: str | None, geo: tuple[str, str] | None, expected: str
) -> None:
    latitude, longitude = geo or (None, None)

    event = an_event(a_draft(time_zone=draft_zone, latitude=latitude, longitude=longitude), time_zone=source_zone)

    assert event.time_zone == expected


def test_an_unknown_zone_is_a_doubt() -> None:
    event = an_event(a_draft(time_zone="Customized Time Zone"))

    assert any("Customized Time Zone" in doubt for doubt in event.doubts)


def test_a_schedule_in_words_becomes_a_series() -> None:
    event = an_event(a_draft(start_date=None, schedule="2nd & 4th Thursday 07:00-08:30"))

    assert event.is_series
    assert isinstance(event.start_date, datetime)
    assert event.start_date.strftime("%a %H:%M") == "Thu 07:00"
    assert event.end_date == event.start_date + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (Draft(identifier="1", start_date="2026-10-08"), InvalidEventError),
        (Draft(identifier="1", name=" None ", start_date="2026-10-08"), InvalidEventError),
        (Draft(identifier="1", name="Mixer"), InvalidEventError),
        (Draft(identifier="1", name="Mixer", start_date="soon"), UnreadDateError),
        (
            Draft(identifier="1", name="Mixer", start_date="2026-10-08T07:00:00", rrule=("FREQ=SECONDLY",)),
            RuleRefusedError,
        ),
    ],
)
def test_what_is_no_event_is_refused_with_a_reason(draft: Draft, error: type[Exception]) -> None:
    with pytest.raises(error):
        an_event(draft)


def test_name_and_start_are_enough() -> None:
    event = an_event(Draft(name="Mixer", start_date="2026-10-08"))

    assert event.name == "Mixer"
    assert event.uid


@pytest.mark.parametrize(
    ("told", "name", "expected"),
    [
        (None, "Mixer", EventStatus.SCHEDULED),
        ("CANCELLED", "Mixer", EventStatus.CANCELLED),
        ("https://schema.org/EventCancelled", "Mixer", EventStatus.CANCELLED),
        ("EventPostponed", "Mixer", EventStatus.POSTPONED),
        ("EventMovedOnline", "Mixer", EventStatus.MOVED_ONLINE),
        ("TENTATIVE", "Mixer", EventStatus.SCHEDULED),
        (None, "CANCELLED: Mixer", EventStatus.CANCELLED),
        (None, "Mixer (Canceled)", EventStatus.CANCELLED),
        (None, "POSTPONED - Mixer", EventStatus.POSTPONED),
        (None, "How to deal with cancelled plans", EventStatus.SCHEDULED),
    ],
)
def test_a_status_is_what_the_organiser_says(told: str | None, name: str, expected: EventStatus) -> None:
    assert an_event(a_draft(event_status=told, name=name)).event_status is expected


@pytest.mark.parametrize(
    ("price", "is_free", "offers"),
    [
        (None, None, ()),
        ("Free", True, (Offer(price=Decimal(0), price_currency=None, description="Free"),)),
        ("0", True, (Offer(price=Decimal(0)),)),
        ("$15", False, (Offer(price=Decimal(15), price_currency="USD"),)),
        (
            "Free – $15",
            None,
            (Offer(price=Decimal(0), high_price=Decimal(15), price_currency="USD", description="Free – $15"),),
        ),
        (
            "$15 members, $25 guests",
            False,
            (
                Offer(
                    price=Decimal(15),
                    high_price=Decimal(25),
                    price_currency="USD",
                    description="$15 members, $25 guests",
                ),
            ),
        ),
        ("Free for members", None, ()),
        ("Guests pay their own meal", None, ()),
    ],
)
def test_free_means_free_and_silence_means_unknown(
    price: str | None, is_free: bool | None, offers: tuple[Offer, ...]
) -> None:
    event = an_event(a_draft(price=price))

    assert event.is_accessible_for_free is is_free
    assert event.offers == offers


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"event_attendance_mode": "https://schema.org/MixedEventAttendanceMode"}, EventAttendanceMode.MIXED),
        ({"location_text": "Zoom"}, EventAttendanceMode.ONLINE),
        ({"virtual_location": "https://zoom.example/1"}, EventAttendanceMode.ONLINE),
        ({"virtual_location": "https://zoom.example/1", "location_name": "Elm Hall"}, EventAttendanceMode.MIXED),
        ({"location_name": "Elm Hall"}, None),
    ],
)
def test_how_to_attend_is_known_only_when_told(told: dict[str, str], expected: EventAttendanceMode | None) -> None:
    assert an_event(a_draft(**told)).event_attendance_mode is expected


def test_texts_are_plain_and_hold_no_ones_address() -> None:
    event = an_event(
        a_draft(name="Coffee &amp; <b>Contacts</b>", description="<p>Write to pat@example.org</p><p>or come.</p>")
    )

    assert event.name == "Coffee & Contacts"
    assert "@" not in (event.description or "")
    assert (event.description or "").endswith("or come.")


def test_links_are_absolute_and_nothing_else() -> None:
    good = an_event(a_draft(url="mixer?utm_source=x", image="//cdn.example/a.png"))
    bad = an_event(a_draft(url="javascript:alert(1)"))

    assert good.url == "https://chamber.example/events/mixer"
    assert good.image == "https://cdn.example/a.png"
    assert bad.url is None


def test_the_source_organises_what_names_no_organiser() -> None:
    silent = an_event(a_draft(), organizer="Elm Chamber", homepage="https://elm.example/")
    telling = an_event(a_draft(organizer="Rotary"), organizer="Elm Chamber")

    assert silent.organizer == Organization(name="Elm Chamber", url="https://elm.example/")
    assert telling.organizer == Organization(name="Rotary")


def test_identity_is_the_sources_own_then_the_link_then_a_hash() -> None:
    own = an_event(a_draft(identifier="e.1", url="/mixer"))
    linked = an_event(a_draft(identifier=None, url="/mixer"))
    hashed = an_event(a_draft(identifier=None))
    listed = an_event(a_draft(identifier=None, url="https://chamber.example/events/"))

    assert own.uid == "e.1"
    assert linked.uid == "https://chamber.example/mixer"
    assert hashed.uid == listed.uid
    assert hashed.uid == an_event(a_draft(identifier=None, description="now with words")).uid
    assert hashed.uid != an_event(a_draft(identifier=None, name="Other")).uid


def test_a_long_text_is_cut_at_a_word_and_says_so() -> None:
    event = an_event(a_draft(name="word " * 100))

    assert len(event.name) <= 300
    assert event.name.endswith("word…")


@pytest.mark.parametrize(("start", "end"), [("9999-12-31", None), ("0001-01-01T00:00:00", None)])
def test_a_placeholder_year_is_no_start(start: str, end: str | None) -> None:
    with pytest.raises(InvalidEventError, match="in the year"):
        an_event(a_draft(start_date=start, end_date=end))


def test_a_placeholder_year_is_no_end() -> None:
    event = an_event(a_draft(start_date="2026-10-08", end_date="9999-12-31"))

    assert (event.start_date, event.end_date) == (date(2026, 10, 8), None)


def test_an_instant_is_shown_where_the_event_is() -> None:
    there = an_event(a_draft(start_date="2026-10-08T23:00:00Z", latitude="40.7590", longitude="-73.9845"))
    clock = an_event(a_draft(start_date="2026-10-08T19:00:00", latitude="40.7590", longitude="-73.9845"))

    assert there.start_date.isoformat() == "2026-10-08T19:00:00-04:00"
    assert clock.start_date.isoformat() == "2026-10-08T19:00:00-07:00"


def test_a_zone_that_is_not_the_venues_is_a_doubt() -> None:
    event = an_event(a_draft(time_zone="America/New_York", latitude="36.7378", longitude="-119.7871"))

    assert event.time_zone == "America/New_York"
    assert event.doubts == ("told in the zone America/New_York, but it is in America/Los_Angeles",)


def test_a_zone_word_never_outweighs_the_source() -> None:
    event = an_event(a_draft(start_date=None, date_text="October 8, 2026 7:00 PM EST"))

    assert event.start_date.isoformat() == "2026-10-08T19:00:00-07:00"


def test_today_is_the_sources_today() -> None:
    evening = datetime(2026, 6, 10, 2, tzinfo=UTC)

    event = normalize(a_draft(start_date="Jun 9 8pm"), a_source(), now=evening)

    assert event.start_date.isoformat() == "2026-06-09T20:00:00-07:00"


def test_an_end_in_the_repeated_hour_is_after_the_start() -> None:
    event = an_event(a_draft(start_date="2026-11-01T01:45:00-07:00", end_date="2026-11-01T01:15:00-08:00"))

    assert event.end_date is not None
    assert not event.end_date_assumed
    assert (starts_at(event.end_date, "UTC") - starts_at(event.start_date, "UTC")) == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"description": "Coffee. The hall is wheelchair accessible."}, (True, "The hall is wheelchair accessible.")),
        ({"description": "No wheelchair access."}, (False, "No wheelchair access.")),
        ({"wheelchair_accessible": True, "accessibility": "X"}, (True, "X")),
        ({"wheelchair_accessible": False, "accessibility": "NOT_ACCESSIBLE"}, (False, "NOT_ACCESSIBLE")),
    ],
)
def test_whether_a_wheelchair_gets_in_is_told_with_its_source_and_words(
    told: dict[str, Any], expected: tuple[bool, str]
) -> None:
    place = an_event(a_draft(**told)).location

    assert (place.wheelchair_accessible, place.accessibility_evidence) == (
        expected[0],
        (Statement(source="chamber", quote=expected[1]),),
    )


@pytest.mark.parametrize("told", [{}, {"event_attendance_mode": "online", "description": "Wheelchair accessible."}])
def test_where_nobody_speaks_of_wheelchairs_or_there_is_no_door_nothing_is_known(told: dict[str, Any]) -> None:
    place = an_event(a_draft(**told)).location

    assert (place.wheelchair_accessible, place.accessibility_evidence) == (None, ())
