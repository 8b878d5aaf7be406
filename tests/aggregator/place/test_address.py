"""A place told in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import GeoCoordinates, Place, PostalAddress
from aggregator.place.address import complete_address, is_online, parse_place


def _told(text: str) -> tuple[str | None, ...]:
    place = parse_place(text)
    address = place.address
    return (
        place.name,
        address.street_address,
        address.address_locality,
        address.address_region,
        address.postal_code,
        address.address_country,
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Elm Hall, 12 Oak St, Elm Valley, CA 93000, USA",
            ("Elm Hall", "12 Oak St", "Elm Valley", "CA", "93000", "US"),
        ),
        ("Elm Hall @ 12 Oak Street", ("Elm Hall", "12 Oak Street", None, None, None, None)),
        ("1905 W 1st St\nGulf Shores, AL 36547", (None, "1905 W 1st St", "Gulf Shores", "AL", "36547", "US")),
        ("1905 W 1st StGulf Shores, AL 36547", (None, "1905 W 1st St", "Gulf Shores", "AL", "36547", "US")),
        ("12 Oak St. #228 Elm Valley, IL 60640", (None, "12 Oak St. #228", "Elm Valley", "IL", "60640", "US")),
        ("Elm Hall - 12 Fifth Street Clovis, CA", ("Elm Hall", "12 Fifth Street", "Clovis", "CA", None, "US")),
        ("Elm Hall at 50 F St. NW, Washington, DC", ("Elm Hall", "50 F St. NW", "Washington", "DC", None, "US")),
        (
            "Elm Hall @ 1 Oak St, Portland, OR 97204, Portland, Oregon 97204 US",
            ("Elm Hall", "1 Oak St", "Portland", "OR", "97204", "US"),
        ),
        (
            "Elm Hall (12 E University Dr. #103A, Tempe, AZ 85281)",
            ("Elm Hall", "12 E University Dr. #103A", "Tempe", "AZ", "85281", "US"),
        ),
        (
            "Elm Hall, 12 Oak St, Suite 1400, Chicago, IL 60603",
            ("Elm Hall", "12 Oak St, Suite 1400", "Chicago", "IL", "60603", "US"),
        ),
        (
            "Elm Hall, 12 Oak Street, Chicago, Illinois Part 2 of 2: Regular Order",
            ("Elm Hall", "12 Oak Street", "Chicago", "IL", None, "US"),
        ),
        ("12 Oak St, New York 10001", (None, "12 Oak St", "New York", "NY", "10001", "US")),
        ("Elm Hall, 12 Oak St, Elm Valley", ("Elm Hall", "12 Oak St", "Elm Valley", None, None, None)),
        ("93291", (None, None, None, None, "93291", None)),
        (" 93291-1234\n", (None, None, None, None, "93291-1234", None)),
        ("K1P 5W1", (None, None, None, None, "K1P 5W1", "CA")),
        ("9329", ("9329", None, None, None, None, None)),
        ("Room 93291", ("Room 93291", None, None, None, None, None)),
        ("Elm Hall, 1 Elgin St, Ottawa, ON, K1P 5W1, CA", ("Elm Hall", "1 Elgin St", "Ottawa", "ON", "K1P 5W1", "CA")),
        ("100 Queen St W, Toronto, Ontario M5H 2N2", (None, "100 Queen St W", "Toronto", "ON", "M5H 2N2", "CA")),
        ("Elm Hall, 55 Oak Street, Leeds, LS2 3AW, UK", ("Elm Hall", "55 Oak Street", "Leeds", None, "LS2 3AW", "GB")),
        ("Elm Hall, Leeds LS2 3AW", ("Elm Hall", None, "Leeds", None, "LS2 3AW", "GB")),
        ("City Hall, Oak Street, Cork, T12 T997", ("City Hall", "Oak Street", "Cork", None, "T12 T997", "IE")),
        ("483 George St, Sydney NSW 2000", (None, "483 George St", "Sydney", "NSW", "2000", "AU")),
        ("1 Oak Street, Wellington 6011, New Zealand", (None, "1 Oak Street", "Wellington", "WGN", "6011", "NZ")),
        ("Elm Hall, 12459 Berlin, Deutschland", ("Elm Hall", None, "Berlin", None, "12459", "DE")),
        ("Stockholm, Sweden", (None, None, "Stockholm", None, None, "SE")),
        ("Visalia, CA", (None, None, "Visalia", "CA", None, "US")),
        ("Atlanta, Georgia", (None, None, "Atlanta", "GA", None, "US")),
        ("12 Oak St, San Francisco, 94108, CA", (None, "12 Oak St", "San Francisco", "CA", "94108", "US")),
        ("Elm Hall, Fichtenstr. 40, 40233 Köln, Germany", ("Elm Hall", "Fichtenstr. 40", "Köln", None, "40233", "DE")),
        (
            "Elm Hall, Vredenburgkade 11, Utrecht, 3511 WC, Netherlands",
            ("Elm Hall", "Vredenburgkade 11", "Utrecht", None, "3511 WC", "NL"),
        ),
        (
            "One Elm Plaza, Los Angeles, CA 90012, 3rd Floor, Board Room",
            (None, "One Elm Plaza", "Los Angeles", "CA", "90012", "US"),
        ),
        ("Urban Elm NE", ("Urban Elm NE", None, None, None, None, None)),
        ("Elm Hall, 100 Burnside NE", ("Elm Hall", "100 Burnside NE", None, None, None, None)),
        ("Elm Hall, Omaha, NE", ("Elm Hall", None, "Omaha", "NE", None, "US")),
        ("Omaha NE 68102", (None, None, "Omaha", "NE", "68102", "US")),
        ("Elm Wine Route; Oak Wine Route", ("Elm Wine Route, Oak Wine Route", None, None, None, None, None)),
        ("Dawson Street, Dublin 2, Ireland", (None, "Dawson Street", "Dublin 2", None, None, "IE")),
        ("Hotel California", ("Hotel California", None, None, None, None, None)),
        ("GAME ON", ("GAME ON", None, None, None, None, None)),
        ("Downtown Visalia", ("Downtown Visalia", None, None, None, None, None)),
        ("Room 12345", ("Room 12345", None, None, None, None, None)),
    ],
)
def test_a_line_is_taken_apart_where_it_is_sure(text: str, parts: tuple[str | None, ...]) -> None:
    assert _told(text) == parts


def test_coordinates_at_the_end_are_the_point() -> None:
    place = parse_place("Elm Farm, Visitor Barn, 38.801774, -77.007948")
    assert place.geo == GeoCoordinates(latitude=38.801774, longitude=-77.007948)
    assert place.name == "Elm Farm, Visitor Barn"


@pytest.mark.parametrize(
    "text", ["", "TBD", "TBA", "To be announced", "N/A", "Location TBD", "See description", "Various locations", " - "]
)
def test_words_that_tell_no_place_are_no_place(text: str) -> None:
    assert parse_place(text) == Place()
    assert not is_online(text)


@pytest.mark.parametrize(
    "text",
    [
        "Online",
        "Zoom",
        "ZOOM MEETING",
        "Virtual Event",
        "via Zoom",
        "Online via Microsoft Teams",
        "https://zoom.us/j/123456",
        "Zoom: https://zoom.us/j/123456 Passcode: 1234",
        "Online Meeting, virtually via city.example.us",
        "Webinar - link will be sent upon registration",
    ],
)
def test_words_that_say_online_are_no_place_and_online(text: str) -> None:
    assert parse_place(text) == Place()
    assert is_online(text)


@pytest.mark.parametrize(
    "text",
    [
        "Zoom Room Dog Training, 12 Oak St, Elm Valley, CA",
        "City Hall and Zoom",
        "Virtual Reality Arcade",
        "https://maps.google.com/?q=36.3,-119.2",
        "Elm Hall",
    ],
)
def test_a_place_that_speaks_of_the_net_is_not_online(text: str) -> None:
    assert not is_online(text)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    place = parse_place(text)
    assert place.geo is None or abs(place.geo.latitude) < 100


@given(st.lists(st.sampled_from(["12 Oak St", "CA", "93291", "USA", "Elm", "#3", "@", ",", "\n", "K1P 5W1", "(", ")"])))
def test_no_part_of_an_address_is_told_twice(parts: list[str]) -> None:
    text = " ".join(parts)
    told = [part for part in _told(text)[:3] if part]
    assert all(text.count(part) >= told.count(part) for part in told if part in text)


@pytest.mark.parametrize(
    ("told", "region", "code"),
    [
        (PostalAddress(street_address="12 Oak St, Visalia, CA 93291"), "CA", "93291"),
        (PostalAddress(street_address="12 Oak St", address_locality="Visalia, CA 93291"), "CA", "93291"),
        (
            PostalAddress(street_address="12 Oak St", address_locality="Visalia", address_region="CA 93291"),
            "CA",
            "93291",
        ),
    ],
)
def test_what_stands_in_the_wrong_field_is_put_right(told: PostalAddress, region: str, code: str) -> None:
    address = complete_address(Place(address=told)).address
    assert (address.street_address, address.address_locality) == ("12 Oak St", "Visalia")
    assert (address.address_region, address.postal_code) == (region, code)


def test_a_whole_address_stays_as_it_is() -> None:
    place = Place(name="Elm Hall", address=PostalAddress(street_address="12 Oak St", address_locality="Visalia"))
    assert complete_address(place) is place
