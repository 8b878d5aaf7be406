"""What is offered to somebody who is typing a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.place.extra import load_places
from aggregator.place.gazetteer import Gazetteer


def offered(gazetteer: Gazetteer, typed: str, home: str | None = "US") -> list[str]:
    return [one.label for one in gazetteer.complete(typed, home)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("visal", "Visalia, CA"),
        ("VISALIA", "Visalia, CA"),
        ("visalia, c", "Visalia, CA"),
        ("visalia ca", "Visalia, CA"),
        ("salem, or", "Salem, OR"),
        ("salem, oreg", "Salem, OR"),
        ("paris, fr", "Paris, France"),
        ("sao paul", "São Paulo, Brazil"),
        ("São Paul", "São Paulo, Brazil"),
        ("st. jo", "Saint Joseph, MO"),
        ("saint jo", "Saint Joseph, MO"),
        ("nyc", "New York City, NY"),
        ("lond", "London, England"),
        ("93291", "93291, Visalia, CA"),
        ("9329", "93290, Visalia, CA"),
    ],
)
def test_the_likeliest_place_is_offered_first(gazetteer: Gazetteer, typed: str, first: str) -> None:
    assert offered(gazetteer, typed)[0] == first


def test_ten_are_offered_the_biggest_first_and_ones_own_country_before_others(gazetteer: Gazetteer) -> None:
    assert offered(gazetteer, "san", "US")[:4] == [
        "San Antonio, TX",
        "San Diego, CA",
        "San Jose, CA",
        "San Francisco, CA",
    ]
    assert offered(gazetteer, "san", None)[:2] == ["Santiago, Chile", "Santo Domingo, Dominican Republic"]
    assert len(offered(gazetteer, "san")) == len(offered(gazetteer, "9")) == 10


@pytest.mark.parametrize("typed", ["", " ", ",", ", CA", "...", "qzxvw", "visalia, tx", "123456", "x" * 500])
def test_nothing_is_offered_that_does_not_begin_so(gazetteer: Gazetteer, typed: str) -> None:
    assert offered(gazetteer, typed) == []


@pytest.mark.parametrize("typed", ["s", "sp", "san j", "springfield", "salem", "9", "são jo", "london", "wash"])
@pytest.mark.parametrize("home", ["US", "GB", None])
def test_what_is_offered_can_be_asked_for_and_is_that_place(gazetteer: Gazetteer, typed: str, home: str | None) -> None:
    found = gazetteer.complete(typed, home)

    assert found
    for one in found:
        spot = gazetteer.resolve(one.near)
        assert (spot.geo.latitude, spot.geo.longitude) == pytest.approx(
            (one.spot.geo.latitude, one.spot.geo.longitude), abs=0.001
        )
    assert len({one.near for one in found}) == len(found)


def test_the_operators_own_places_come_first(gazetteer: Gazetteer) -> None:
    own = load_places('[[place]]\nname = "Visalia Old Town"\nlatitude = 36.33\nlongitude = -119.29', "places.toml")

    assert offered(Gazetteer(own), "visal")[:2] == ["Visalia Old Town, United States", "Visalia, CA"]


@given(st.text(max_size=40))
def test_any_text_is_completed_or_not(gazetteer: Gazetteer, typed: str) -> None:
    assert len(gazetteer.complete(typed)) <= 10
