"""Countries and regions, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.place.keys import place_key
from aggregator.place.regions import country_and_region, country_code, region_code


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("US", "US"),
        ("usa", "US"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("UK", "GB"),
        ("Deutschland", "DE"),
        ("Éire", "IE"),
        ("Utopia", None),
        (None, None),
    ],
)
def test_a_country_is_known_by_its_names(told: str | None, code: str | None) -> None:
    assert country_code(told) == code


@pytest.mark.parametrize(
    ("told", "country", "code"),
    [
        ("California", "US", "CA"),
        ("calif.", "US", "CA"),
        ("N.Y.", "US", "NY"),
        ("Québec", "CA", "QC"),
        ("Wales", "GB", "WLS"),
        ("Victoria", "AU", "VIC"),
        ("Devon", "GB", None),
        ("California", "CA", None),
    ],
)
def test_a_region_is_known_in_its_country(told: str, country: str, code: str | None) -> None:
    assert region_code(told, country) == code


@pytest.mark.parametrize(
    ("told", "short"),
    [
        (("USA", "California"), ("US", "CA")),
        ((None, "California"), ("US", "CA")),
        ((None, "Ontario"), ("CA", "ON")),
        (("Scotland", None), ("GB", "SCT")),
        (("Puerto Rico", None), ("US", "PR")),
        (("UK", "Devon"), ("GB", "Devon")),
        (("Utopia", "Elm"), ("Utopia", "Elm")),
        ((None, None), (None, None)),
    ],
)
def test_what_has_a_short_form_gets_it(told: tuple[str | None, ...], short: tuple[str | None, ...]) -> None:
    assert country_and_region(*told) == short
    assert country_and_region(*short) == short


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Saint Louis", "st louis"),
        ("St. Louis", "st louis"),
        ("Mount Shasta", "mt shasta"),
        ("Carmel-by-the-Sea", "carmel by sea"),
        ("Coeur d'Alene", "coeur dalene"),
        ("Kailua‑Kona", "kailua kona"),
        ("Łódź", "lodz"),
        ("København", "kobenhavn"),
        ("Tyne & Wear", "tyne wear"),
        ("Tyne and Wear", "tyne wear"),
    ],
)
def test_spellings_of_one_name_have_one_key(name: str, key: str) -> None:
    assert place_key(name) == key


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    assert place_key(place_key(name)) == place_key(name)
