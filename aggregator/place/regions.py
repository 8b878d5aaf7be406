"""Countries and regions: from what people write to the short forms of ISO 3166."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from aggregator.place.keys import place_key


def country_code(text: str | None) -> str | None:
    """ISO 3166-1 alpha-2 for a country as people write it ("UK", "U.S.A.", "Deutschland"); None if it is none."""
    return _countries().get(place_key(text)) if text else None


def region_code(text: str | None, country: str) -> str | None:
    """The short form for a region of that country ("California" -> "CA"); None if it is none, or has none."""
    return _regions().get(country, {}).get(place_key(text)) if text else None


def country_name(code: str) -> str:
    """The usual name; the code itself for one that is not known."""
    return _country_names().get(code, [code])[0]


def region_name(code: str, country: str) -> str:
    """The usual name; the code itself for one that is not known."""
    return _region_names().get(country, {}).get(code, [code])[0]


def regions_named(text: str) -> tuple[tuple[str, str], ...]:
    """Every (country, region) of that name or code; those of the United States first, then of Canada."""
    key = place_key(text)
    return tuple((country, names[key]) for country, names in _regions().items() if key in names)


def country_and_region(country: str | None, region: str | None) -> tuple[str | None, str | None]:
    """Both in short form. A country told as its part ("Scotland", "Puerto Rico") gives both; a region alone that only
    one country has, or the United States or Canada have, gives its country. What has no short form stays as told.
    """
    code = country_code(country)
    if country and code is None:
        parts = regions_named(country)
        if parts:
            code, region = parts[0][0], region or parts[0][1]
    if code is None and region and not country:
        parts = regions_named(region)
        code = parts[0][0] if parts else None
    if code is None:
        return country, region
    return code, region_code(region, code) or region


@cache
def _countries() -> Mapping[str, str]:
    keys = {place_key(name): code for code, names in _country_names().items() for name in (code, *names)}
    return {key: code for key, code in keys.items() if key}


@cache
def _regions() -> Mapping[str, Mapping[str, str]]:
    return {
        country: {place_key(name): code for code, names in regions.items() for name in (code, *names)}
        for country, regions in _region_names().items()
    }


@cache
def _country_names() -> Mapping[str, list[str]]:
    names: dict[str, list[str]] = _tables()["country"]
    return names


@cache
def _region_names() -> Mapping[str, Mapping[str, list[str]]]:
    names: dict[str, dict[str, list[str]]] = _tables()["region"]
    return names


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("aggregator.place").joinpath("regions.toml").read_text(encoding="utf-8"))
