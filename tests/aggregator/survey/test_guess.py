"""What a row says beside platform and address."""

from datetime import UTC, datetime

import pytest

from aggregator.event import Event, Kind, Organization, Place, PostalAddress
from aggregator.place.gazetteer import Gazetteer
from aggregator.survey.guess import guess, is_alike, is_shared

PAGE = "<html><head><title>{title}</title></head><body>{body}</body></html>"


def event(town: str | None = None, organizer: str | None = None) -> Event:
    address = PostalAddress(address_locality=town, address_region="CA", address_country="US")
    return Event(
        source="elm",
        uid="1",
        name="Mixer",
        start_date=datetime(2026, 12, 1, 18, tzinfo=UTC),
        time_zone="UTC",
        location=Place(address=address) if town else Place(),
        organizer=Organization(name=organizer) if organizer else None,
    )


@pytest.mark.parametrize(
    ("title", "organizer"),
    [
        ("Events | Elm Valley Chamber of Commerce", "Elm Valley Chamber of Commerce"),
        ("Elm Valley Chamber of Commerce - Calendar", "Elm Valley Chamber of Commerce"),
        ("Upcoming Events", "Named by events"),
        ("", "Named by events"),
    ],
)
def test_the_organiser_is_the_site_or_whom_its_events_name(title: str, organizer: str) -> None:
    found = guess(
        PAGE.format(title=title, body=""),
        "https://elm.example/",
        "ics",
        [event(organizer="Named by events")],
        Gazetteer.open(),
    )

    assert found.organizer == organizer


@pytest.mark.parametrize(
    ("title", "platform", "kind"),
    [
        ("Oak Valley Chamber", "ics", Kind.CHAMBER),
        ("Oak Downtown Merchants", "html", Kind.CHAMBER),
        ("Second Helping Food Bank", "ics", Kind.VOLUNTEER),
        ("Rotary Club of Oak", "ics", Kind.NETWORKING),
        ("Oak Public Library", "html", Kind.CIVIC),
        ("Oak", "growthzone", Kind.CHAMBER),
        ("Oak", "mobilize", Kind.VOLUNTEER),
        ("Oak", "ics", Kind.OTHER),
    ],
)
def test_the_kind_is_told_by_the_name_and_else_by_the_platform(title: str, platform: str, kind: Kind) -> None:
    assert guess(PAGE.format(title=title, body=""), "https://oak.example/", platform, [], Gazetteer.open()).kind is kind


def test_the_town_is_the_one_of_most_events_and_gives_the_time_zone() -> None:
    events = [event("Visalia"), event("Tulare"), event("Visalia"), event()]

    found = guess(PAGE.format(title="", body="Reno, NV 89501"), "https://oak.example/", "ics", events, Gazetteer.open())

    assert (found.location.address_locality, found.location.address_region) == ("Visalia", "CA")
    assert found.time_zone == "America/Los_Angeles"


def test_without_events_the_town_is_the_one_at_the_foot_of_the_page() -> None:
    page = PAGE.format(title="", body="<footer>12 Main St<br>Reno, NV 89501</footer>")

    found = guess(page, "https://oak.example/", "ics", [], Gazetteer.open())

    assert found.location.address_locality == "Reno"


def test_a_name_is_made_of_the_host_and_is_free() -> None:
    names = [
        guess("", "https://www.oak-valley.example/events", "ics", [], Gazetteer.open(), taken).name
        for taken in ((), ("oak_valley_example",))
    ]

    assert names == ["oak_valley_example", "oak_valley_example_2"]


def test_on_a_host_of_many_the_address_names_the_group() -> None:
    found = guess("", "https://www.meetup.com/oak-hikers/events/ical/", "meetup", [], Gazetteer.open())

    assert found.name == "meetup_com_oak_hikers"
    assert is_shared("www.meetup.com")
    assert not is_shared("www.mymeetup.example")


def test_the_same_organisation_is_known_under_small_differences() -> None:
    assert is_alike("The Elm Valley Chamber", "ELM VALLEY CHAMBER, Inc.")
    assert not is_alike("Elm Valley Chamber", "Oak Valley Chamber")
    assert not is_alike(None, None)
