"""What a person types, and what an address names."""

import sqlite3
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import AmbiguousPlaceError, PlaceError, SettingsError
from aggregator.event import GeoCoordinates, Precision
from aggregator.place.expand import cache_folder, open_tables
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.keys import place_key
from aggregator.place.sphere import metres_between
from aggregator.query import BoundingBox


@pytest.mark.parametrize(
    ("typed", "label", "latitude", "longitude"),
    [
        ("Visalia, CA", "Visalia, CA", 36.33, -119.29),
        ("Visalia, California", "Visalia, CA", 36.33, -119.29),
        ("visalia ca", "Visalia, CA", 36.33, -119.29),
        ("  VISALIA ,  ca , usa ", "Visalia, CA", 36.33, -119.29),
        ("Fresno", "Fresno, CA", 36.75, -119.77),
        ("St Louis, MO", "St. Louis, MO", 38.63, -90.20),
        ("Saint Louis, Missouri", "St. Louis, MO", 38.63, -90.20),
        ("Mt. Shasta, CA", "Mount Shasta, CA", 41.31, -122.31),
        ("Ft Worth, TX", "Fort Worth, TX", 32.73, -97.32),
        ("New York", "New York City, NY", 40.71, -74.01),
        ("New York City", "New York City, NY", 40.71, -74.01),
        ("New York, NY", "New York City, NY", 40.71, -74.01),
        ("washington dc", "Washington, DC", 38.90, -77.04),
        ("Raleigh North Carolina", "Raleigh, NC", 35.77, -78.64),
        ("Carmel, CA", "Carmel-by-the-Sea, CA", 36.56, -121.92),
        ("San Juan, Puerto Rico", "San Juan, PR", 18.47, -66.11),
        ("Toronto, ON", "Toronto, ON", 43.71, -79.40),
        ("Toronto, Canada", "Toronto, ON", 43.71, -79.40),
        ("montreal", "Montréal, QC", 45.51, -73.59),
        ("Quebec City, QC", "Québec, QC", 46.81, -71.21),
        ("London, GB", "London, England", 51.51, -0.13),
        ("London, UK", "London, England", 51.51, -0.13),
        ("London, ON", "London, ON", 42.98, -81.23),
        ("London, CA", "London, CA", 36.48, -119.44),
        ("Edinburgh, Scotland", "Edinburgh, Scotland", 55.95, -3.20),
        ("Cork, IE", "Cork, Ireland", 51.90, -8.47),
        ("Cork, Co. Cork, Ireland", "Cork, Ireland", 51.90, -8.47),
        ("Perth, WA", "Perth, Western Australia", -31.95, 115.86),
        ("Sydney NSW", "Sydney, New South Wales", -33.87, 151.21),
        ("Wellington, New Zealand", "Wellington, New Zealand", -41.29, 174.78),
        ("Paris", "Paris, France", 48.85, 2.35),
        ("Paris, TX", "Paris, TX", 33.66, -95.56),
        ("Muenchen", "Munich, Germany", 48.14, 11.58),
        ("København, Denmark", "Copenhagen, Denmark", 55.68, 12.57),
        ("Salem, India", "Salem, India", 11.65, 78.16),
    ],
)
def test_a_town_is_found_however_it_is_typed(
    gazetteer: Gazetteer, typed: str, label: str, latitude: float, longitude: float
) -> None:
    spot = gazetteer.resolve(typed)
    assert (spot.label, spot.precision) == (label, Precision.TOWN)
    assert metres_between(spot.geo, GeoCoordinates(latitude=latitude, longitude=longitude)) < 5_000
    assert spot.time_zone


@pytest.mark.parametrize("typed", ["93291", "93291-1234", " 93291 ", "Visalia, CA 93291", "1 Elm St, Visalia CA 93291"])
def test_a_postcode_is_found_alone_and_in_an_address(gazetteer: Gazetteer, typed: str) -> None:
    spot = gazetteer.resolve(typed)
    assert (spot.label, spot.precision, spot.time_zone) == ("Visalia, CA", Precision.POSTCODE, "America/Los_Angeles")


def test_a_postcode_whose_middle_is_the_towns_is_known_no_better_than_the_town(gazetteer: Gazetteer) -> None:
    boxes, delivered = gazetteer.postcode("93278"), gazetteer.postcode("93291")

    assert boxes
    assert (boxes.geo, boxes.precision) == (gazetteer.resolve("Visalia, CA").geo, Precision.TOWN)
    assert delivered
    assert delivered.precision is Precision.POSTCODE


@pytest.mark.parametrize("typed", ["36.60,-121.89", "36.60, -121.89", "+36.6°, -121.89°", "36.60 -121.89"])
def test_coordinates_are_a_place(gazetteer: Gazetteer, typed: str) -> None:
    spot = gazetteer.resolve(typed)
    assert (spot.geo, spot.precision) == (GeoCoordinates(latitude=36.6, longitude=-121.89), Precision.ROOFTOP)
    assert spot.time_zone == "America/Los_Angeles"


@pytest.mark.parametrize("typed", ["Springfield", "Red Hill, AU", "Kansas City", "Hull", "Monterey", "St Louis"])
def test_a_name_of_several_towns_is_not_guessed_and_each_choice_can_be_typed(gazetteer: Gazetteer, typed: str) -> None:
    with pytest.raises(AmbiguousPlaceError) as raised:
        gazetteer.resolve(typed)
    assert len(raised.value.choices) > 1
    assert all(gazetteer.resolve(choice).geo for choice in raised.value.choices)


def test_springfield_is_offered_by_size(gazetteer: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlaceError) as raised:
        gazetteer.resolve("Springfield")
    assert raised.value.choices[:3] == ("Springfield, MO", "Springfield, MA", "Springfield, IL")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Visaila, CA", "Visalia, CA"),
        ("Viaslia", "Visalia, CA"),
        ("Fresno, XX", "Fresno, CA"),
        ("Sacremento", "Sacramento, CA"),
        ("Philidelphia, PA", "Philadelphia, PA"),
    ],
)
def test_a_mistyped_town_is_refused_with_what_was_meant(gazetteer: Gazetteer, typed: str, meant: str) -> None:
    assert gazetteer.near_spellings(typed)[0] == meant
    with pytest.raises(PlaceError, match=meant):
        gazetteer.resolve(typed)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("California", "whole region: name a town in it, such as Los Angeles, CA or San Diego, CA or San Jose, CA"),
        ("CA", "such as Los Angeles, CA or"),
        ("Germany", "whole region: name a town in it, such as Berlin, Germany or Hamburg, Germany or"),
        ("the", "no known place"),
        ("???", "no known place"),
        ("36 119", "no known place"),
        ("99,0", "no point"),
        ("00000", "no known postcode"),
        ("", "no known place"),
        ("Qzxvw", "no known place$"),
        ("x" * 5000, "too long"),
    ],
)
def test_what_is_no_town_is_refused_and_says_why(gazetteer: Gazetteer, typed: str, why: str) -> None:
    with pytest.raises(PlaceError, match=why):
        gazetteer.resolve(typed)


@pytest.mark.parametrize(
    ("home", "meant"), [("US", "London, OH"), ("GB", "London, England"), (None, "London, England")]
)
def test_towns_of_the_home_country_are_meant_first(gazetteer: Gazetteer, home: str | None, meant: str) -> None:
    spellings = gazetteer.near_spellings("Londno", home)

    assert spellings[0] == meant
    assert len(spellings) == 3


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_refused(gazetteer: Gazetteer, typed: str) -> None:
    with suppress(PlaceError):
        assert gazetteer.resolve(typed).geo


@pytest.mark.parametrize(
    ("locality", "region", "country", "found"),
    [
        ("Visalia", "CA", "US", "Visalia"),
        ("VISALIA", "California", None, "Visalia"),
        ("Exeter", "Devon", "United Kingdom", "Exeter"),
        ("Cork", "Co. Cork", "Ireland", "Cork"),
        ("Perth", "WA", "AU", "Perth"),
        ("Springfield", None, "US", None),
        ("Springfield", "MO", "US", "Springfield"),
        ("Visalia", "NY", "US", None),
        ("", None, None, None),
    ],
)
def test_the_town_of_an_address_is_found_where_the_address_says(
    gazetteer: Gazetteer, locality: str, region: str | None, country: str | None, found: str | None
) -> None:
    spot = gazetteer.town(locality, region, country)
    assert (spot.name if spot else None) == found


@pytest.mark.parametrize(
    ("code", "country", "is_known"),
    [("93291", "US", True), ("93291", None, True), ("93291", "Germany", False), ("K1P 5W1", "CA", False)],
)
def test_postcodes_of_the_united_states_are_known(
    gazetteer: Gazetteer, code: str, country: str | None, is_known: bool
) -> None:
    assert (gazetteer.postcode(code, country) is not None) is is_known


def test_a_towns_centre_is_known_for_what_it_is(gazetteer: Gazetteer) -> None:
    centre = gazetteer.town_at(GeoCoordinates(latitude=36.33023, longitude=-119.29206))
    assert centre is not None
    assert centre.label == "Visalia, CA"
    assert gazetteer.town_at(GeoCoordinates(latitude=36.3282, longitude=-119.2931)) is None


def test_keys_of_the_shipped_data_are_what_names_are_folded_to(cache: Path) -> None:
    keys = [key for (key,) in open_tables(cache).execute("SELECT key FROM names WHERE town % 97 = 0")]
    assert len(keys) > 1000
    assert [key for key in keys if place_key(key) != key] == []


def test_a_user_without_a_home_has_the_tables_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", refuse)
    assert cache_folder() is None
    assert Gazetteer.open().resolve("Visalia, CA").label == "Visalia, CA"


def test_a_cache_whose_name_cannot_be_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/" + "a" * 300)
    assert Gazetteer.open().resolve("Visalia, CA").label == "Visalia, CA"


def test_the_cache_is_where_the_user_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "hobnob"


OWN_PLACES = """
[[place]]
name = "Elm Valley"
region = "California"
latitude = 36.5
longitude = -119.2
aliases = ["Elm", "Ulmental"]

[[place]]
name = "Springfield"
region = "OR"
latitude = 44.05
longitude = -123.02
"""


def test_the_operators_places_are_found_first(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "places.toml").write_text(OWN_PLACES)
    gazetteer = Gazetteer.open(tmp_path / "places.toml", cache=cache)
    assert gazetteer.resolve("elm valley, ca").geo == GeoCoordinates(latitude=36.5, longitude=-119.2)
    assert gazetteer.resolve("Ulmental").label == "Elm Valley, CA"
    assert gazetteer.resolve("Elm Valley").time_zone == "America/Los_Angeles"
    assert gazetteer.resolve("Springfield").label == "Springfield, OR"
    assert gazetteer.resolve("Springfield, MO").label == "Springfield, MO"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ('[[place]]\nname = "X"', "row 1: missing: latitude, longitude"),
        ('[[place]]\nname = "X"\nlatitude = 91\nlongitude = 0', "out of range"),
        ('[[place]]\nname = "X"\nlatitude = 1\nlongitude = 0\nlat = 2', "no such key: lat"),
        ('[[place]]\nname = "X"\nlatitude = "north"\nlongitude = 0', "row 1"),
        ('[[place]]\nname = "X"\nlatitude = 1\nlongitude = 0\ncountry = "Utopia"', "country"),
        ("place = 3", "rows"),
        ("[[place", "places.toml"),
    ],
)
def test_a_wrong_row_of_the_operators_is_named(tmp_path: Path, rows: str, why: str) -> None:
    (tmp_path / "places.toml").write_text(rows)
    with pytest.raises(SettingsError, match=why):
        Gazetteer.open(tmp_path / "places.toml")


def test_the_biggest_towns_of_a_box_come_first(gazetteer: Gazetteer) -> None:
    valley = BoundingBox(west=-119.6, south=36.1, east=-119.0, north=36.6)

    assert [town.label for town in gazetteer.towns_within(valley, 3)] == ["Visalia, CA", "Tulare, CA", "Reedley, CA"]


def test_the_tables_are_made_once_and_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    assert open_tables(tmp_path).execute("SELECT count(*) FROM postcodes").fetchone()[0] > 40_000
    (made,) = tmp_path.iterdir()
    first = made.stat()
    open_tables(tmp_path)
    assert (made.stat().st_ino, made.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)

    made.write_bytes(made.read_bytes()[:50] + b"\0" * 5000)
    assert open_tables(tmp_path).execute("SELECT count(*) FROM postcodes").fetchone()[0] > 40_000
    assert list(tmp_path.iterdir()) == [made]


def test_the_tables_are_only_read(cache: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        open_tables(cache).execute("DELETE FROM towns")


def test_without_a_folder_to_write_in_the_tables_are_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    gazetteer = Gazetteer.open(cache=tmp_path / "file")
    assert gazetteer.resolve("Visalia, CA").label == "Visalia, CA"


def test_nobody_else_may_write_the_cached_file(cache: Path) -> None:
    open_tables(cache)
    (made,) = cache.iterdir()
    assert not made.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
