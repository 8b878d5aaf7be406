"""Where an event is, and how sure that is."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aggregator.event import (
    Event,
    EventAttendanceMode,
    EventStatus,
    GeoCoordinates,
    Place,
    PostalAddress,
    Precision,
)
from aggregator.place.address import parse_place
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.locate import locate, locate_place
from aggregator.place.pins import is_default_pin
from aggregator.place.sphere import metres_between

EVENT = Event(source="elm", uid="1", name="Mixer", start_date=date(2026, 3, 4), time_zone="America/Los_Angeles")
CITY_HALL = GeoCoordinates(latitude=36.32821, longitude=-119.29314)


def _at(latitude: float, longitude: float) -> GeoCoordinates:
    return GeoCoordinates(latitude=latitude, longitude=longitude)


def _in(locality: str | None = None, region: str | None = None, code: str | None = None, **more: str) -> PostalAddress:
    return PostalAddress(address_locality=locality, address_region=region, postal_code=code, **more)


def test_explicit_coordinates_stay_and_are_the_best_there_is(gazetteer: Gazetteer, visalia: Place) -> None:
    place, doubts = locate_place(Place(geo=CITY_HALL, address=_in("Visalia", "California")), visalia, gazetteer)
    assert (place.geo, place.precision, doubts) == (CITY_HALL, Precision.ROOFTOP, ())
    assert (place.address.address_region, place.address.address_country) == ("CA", "US")


@pytest.mark.parametrize(
    ("place", "town", "precision"),
    [
        (Place(address=_in("Tulare", "CA", "93274", street_address="12 Oak St")), "Tulare", Precision.POSTCODE),
        (Place(address=_in("Tulare", "CA", street_address="12 Oak St")), "Tulare", Precision.TOWN),
        (Place(address=_in(code="93274")), "Tulare", Precision.POSTCODE),
        (Place(address=_in("Tulare")), "Tulare", Precision.TOWN),
        (Place(address=_in("City of Tulare")), "City of Tulare", Precision.TOWN),
        (Place(address=_in("Portland")), "Portland", Precision.TOWN),
        (Place(name="Tulare"), "Tulare", Precision.TOWN),
        (Place(name="Library"), "Visalia", Precision.TOWN),
        (Place(), "Visalia", Precision.TOWN),
        (Place(address=_in(street_address="12 Oak St")), "Visalia", Precision.TOWN),
        (Place(address=_in("Mooney Grove")), "Mooney Grove", Precision.TOWN),
        (Place(address=_in("Ottawa", code="K1P 5W1")), "Ottawa", Precision.TOWN),
    ],
)
def test_an_address_is_placed_as_well_as_it_is_known(
    gazetteer: Gazetteer, visalia: Place, place: Place, town: str, precision: Precision
) -> None:
    located, _ = locate_place(place, visalia, gazetteer)
    assert (located.address.address_locality, located.precision) == (town, precision)
    assert located.geo
    assert located.address.address_region
    assert located.address.address_country


@pytest.mark.parametrize(
    ("address", "precision"),
    [
        (_in(region="California"), Precision.REGION),
        (_in("Elm Valley", "CA"), Precision.REGION),
        (_in(address_country="Germany"), Precision.NONE),
        (_in("Elmtal", address_country="Germany"), Precision.NONE),
    ],
)
def test_what_is_elsewhere_is_not_placed_at_its_source(
    gazetteer: Gazetteer, visalia: Place, address: PostalAddress, precision: Precision
) -> None:
    located, _ = locate_place(Place(address=address), visalia, gazetteer)
    assert (located.geo, located.precision) == (None, precision)


def test_digits_alone_are_a_postcode_of_the_sources_country(gazetteer: Gazetteer, visalia: Place) -> None:
    told = parse_place("93274")
    at_home, _ = locate_place(told, visalia, gazetteer)
    abroad, _ = locate_place(told, Place(address=_in("Berlin", address_country="DE")), gazetteer)
    assert (at_home.name, at_home.address.address_locality, at_home.precision) == (None, "Tulare", Precision.POSTCODE)
    assert (abroad.address.address_locality, abroad.address.address_country) == ("Berlin", "DE")


def test_of_two_towns_of_one_name_the_one_near_the_source_is_meant(gazetteer: Gazetteer) -> None:
    greenfield = Place(address=_in("Greenfield", "CA"))
    monterey = Place(address=_in("Monterey", "CA"))
    assert gazetteer.town("Greenfield", "CA") is None
    located, _ = locate_place(greenfield, monterey, gazetteer)
    assert located.geo
    assert metres_between(located.geo, _at(36.32, -121.24)) < 5_000
    assert locate_place(greenfield, Place(), gazetteer)[0].precision is Precision.REGION


def test_a_source_that_knows_its_own_town_places_its_events(gazetteer: Gazetteer) -> None:
    source = Place(address=_in("Elm Valley", "CA"), geo=CITY_HALL, precision=Precision.ROOFTOP)
    located, _ = locate_place(Place(address=_in("elm valley", "CA")), source, gazetteer)
    assert (located.geo, located.precision) == (CITY_HALL, Precision.TOWN)


def test_a_source_without_a_place_leaves_its_events_unplaced(gazetteer: Gazetteer) -> None:
    assert locate_place(Place(), Place(), gazetteer)[0] == Place()


def test_a_source_with_a_region_alone_gives_the_region(gazetteer: Gazetteer) -> None:
    located, _ = locate_place(Place(), Place(address=_in(region="Nevada")), gazetteer)
    assert (located.geo, located.precision, located.address.address_region) == (None, Precision.REGION, "NV")


@pytest.mark.parametrize(
    "wrong",
    [_at(CITY_HALL.longitude, CITY_HALL.latitude), _at(CITY_HALL.latitude, -CITY_HALL.longitude)],
    ids=["swapped", "sign lost"],
)
def test_garbled_coordinates_are_repaired_only_when_the_address_agrees(
    gazetteer: Gazetteer, visalia: Place, wrong: GeoCoordinates
) -> None:
    repaired, doubts = locate_place(Place(geo=wrong, address=_in("Visalia", "CA")), visalia, gazetteer)
    assert (repaired.geo, repaired.precision) == (CITY_HALL, Precision.ROOFTOP)
    assert "were read as" in doubts[0]

    alone, _ = locate_place(Place(geo=wrong), visalia, gazetteer)
    assert alone.geo != CITY_HALL


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        (_at(40.7207559, -74.0007613), "default"),
        (_at(0.0, 0.0), "default"),
        (_at(37.09024, -95.712891), "default"),
        (_at(51.5, -0.1), "not where the address is"),
        (_at(float("nan"), 0.0), "no point on Earth"),
        (_at(float("inf"), 200.0), "no point on Earth"),
        (_at(36.3302, -119.2921), "the middle of Visalia, CA"),
    ],
)
def test_coordinates_that_are_not_the_events_give_way_to_the_address(
    gazetteer: Gazetteer, visalia: Place, pin: GeoCoordinates, why: str
) -> None:
    located, doubts = locate_place(Place(geo=pin, address=_in("Tulare", "CA", "93274")), visalia, gazetteer)
    tulare = gazetteer.postcode("93274")
    assert tulare is not None
    assert (located.geo, located.precision) == (tulare.geo, Precision.POSTCODE)
    assert why in doubts[0]


def test_a_towns_centre_told_as_coordinates_is_as_good_as_a_town(gazetteer: Gazetteer, visalia: Place) -> None:
    told = Place(geo=_at(36.33023, -119.29206), address=_in("Visalia", "CA", street_address="12 Oak St"))
    located, doubts = locate_place(told, visalia, gazetteer)
    assert (located.geo, located.precision, doubts) == (told.geo, Precision.TOWN, ())


@pytest.mark.parametrize(
    ("pin", "precision"),
    [
        (_at(36.3, -119.3), Precision.TOWN),
        (_at(36.31, -119.3), Precision.POSTCODE),
        (_at(36.312, -119.3), Precision.STREET),
        (_at(36.3123, -119.3), Precision.ROOFTOP),
    ],
)
def test_coordinates_are_as_good_as_their_digits(
    gazetteer: Gazetteer, visalia: Place, pin: GeoCoordinates, precision: Precision
) -> None:
    assert locate_place(Place(geo=pin), visalia, gazetteer)[0].precision is precision


def test_a_postcode_of_another_region_is_doubted_and_the_town_believed(gazetteer: Gazetteer, visalia: Place) -> None:
    located, doubts = locate_place(Place(address=_in("Tulare", "CA", "10001")), visalia, gazetteer)
    assert located.precision is Precision.TOWN
    assert "10001" in doubts[0]


@pytest.mark.parametrize(
    ("event", "is_placed"),
    [
        (replace(EVENT, virtual_location="https://video.example/1"), False),
        (replace(EVENT, event_attendance_mode=EventAttendanceMode.ONLINE, location=Place(name="Elm Hall")), False),
        (replace(EVENT, event_status=EventStatus.MOVED_ONLINE, location=Place(geo=CITY_HALL)), False),
        (replace(EVENT, event_attendance_mode=EventAttendanceMode.MIXED), True),
        (replace(EVENT, virtual_location="https://video.example/1", location=Place(name="Elm Hall")), True),
        (EVENT, True),
    ],
)
def test_an_event_that_is_only_online_is_nowhere(
    gazetteer: Gazetteer, visalia: Place, event: Event, is_placed: bool
) -> None:
    location = locate(event, visalia, gazetteer).location
    assert (location.geo is not None) is is_placed
    assert (location.precision is not Precision.NONE) is is_placed


latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
words = st.sampled_from(["Visalia", "CA", "93291", "Ottawa", "Elm", "", "US", "Germany", "12 Oak St, Fresno, CA 93721"])
addresses = st.builds(
    PostalAddress,
    street_address=st.none() | words,
    address_locality=st.none() | words | st.text(max_size=9),
    address_region=st.none() | words,
    postal_code=st.none() | words | st.text(max_size=9),
    address_country=st.none() | words,
)
anywhere = st.builds(GeoCoordinates, latitude=st.floats(), longitude=st.floats())
places = st.builds(Place, name=st.none() | words, address=addresses, geo=st.none() | anywhere)


@given(st.builds(GeoCoordinates, latitude=latitudes, longitude=longitudes))
def test_coordinates_that_no_address_contradicts_are_kept(
    gazetteer: Gazetteer, visalia: Place, geo: GeoCoordinates
) -> None:
    assume(not is_default_pin(geo))
    assert locate_place(Place(geo=geo), visalia, gazetteer)[0].geo == geo


@given(st.floats(0.001, 0.3), st.floats(-0.3, 0.3))
def test_coordinates_near_the_address_are_kept(gazetteer: Gazetteer, visalia: Place, north: float, east: float) -> None:
    geo = _at(36.3302 + north, -119.2921 + east)
    assume(gazetteer.town_at(geo) is None)
    located, doubts = locate_place(Place(geo=geo, address=_in("Visalia", "CA", "93291")), visalia, gazetteer)
    assert (located.geo, doubts) == (geo, ())


@given(places)
def test_whatever_a_place_says_it_is_located_once_and_for_all(
    gazetteer: Gazetteer, visalia: Place, place: Place
) -> None:
    located = locate(replace(EVENT, location=place), visalia, gazetteer)
    assert located.location.geo is not None or located.location.precision in (Precision.REGION, Precision.NONE)
    assert located.location.geo is None or located.location.precision is not Precision.NONE
    again = locate(located, visalia, gazetteer)
    assert again.location.geo == located.location.geo
    assert again.location.precision == located.location.precision


def test_an_event_far_from_its_source_is_where_its_address_is(gazetteer: Gazetteer, visalia: Place) -> None:
    located, _ = locate_place(Place(address=_in("London", None, None, address_country="UK")), visalia, gazetteer)
    assert located.geo
    assert metres_between(located.geo, _at(51.5, -0.12)) < 5_000
