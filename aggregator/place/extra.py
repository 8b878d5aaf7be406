"""The operator's own places: `[[place]]` rows of a TOML file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aggregator.errors import SettingsError
from aggregator.event import GeoCoordinates
from aggregator.place.keys import place_key
from aggregator.place.regions import country_code, region_code
from aggregator.place.timezone import zone_at
from aggregator.place.towns import Town

KEYS = frozenset({"name", "region", "country", "latitude", "longitude", "aliases"})


def read_places(path: Path) -> Mapping[str, tuple[Town, ...]]:
    """Towns under each key they are found by; SettingsError names file, row and key of what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    return load_places(text, str(path))


def load_places(text: str, path: str) -> Mapping[str, tuple[Town, ...]]:
    """The same of a file's text."""
    try:
        rows = tomllib.loads(text).get("place", [])
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SettingsError(f"{path}: places are told as [[place]] rows")
    found: dict[str, tuple[Town, ...]] = {}
    for number, row in enumerate(rows, 1):
        try:
            names, town = _read_place(row)
        except (KeyError, TypeError, ValueError) as error:
            raise SettingsError(f"{path}: [[place]] row {number}: {error}") from error
        for key, is_own in {place_key(name): name == town.name for name in reversed(names)}.items():
            found[key] = (*found.get(key, ()), town._replace(is_own_name=is_own))
    return found


def _read_place(row: dict[str, Any]) -> tuple[list[str], Town]:
    unknown = row.keys() - KEYS
    if unknown:
        raise ValueError(f"no such key: {', '.join(sorted(unknown))}")
    missing = {"name", "latitude", "longitude"} - row.keys()
    if missing:
        raise ValueError(f"missing: {', '.join(sorted(missing))}")
    name, country = str(row["name"]), country_code(str(row.get("country", "US")))
    if not country or not place_key(name):
        raise ValueError("a place has a name and a country, such as US")
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"latitude {latitude}, longitude {longitude}: out of range")
    told = str(row.get("region", ""))
    town = Town(
        name=name,
        country=country,
        region=region_code(told, country) or told,
        latitude=latitude,
        longitude=longitude,
        population=0,
        time_zone=zone_at(GeoCoordinates(latitude=latitude, longitude=longitude)),
        is_own_name=True,
    )
    return [name, *map(str, row.get("aliases", []))], town
