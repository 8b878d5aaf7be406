"""The towns and postcodes that are known without asking anybody."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from aggregator.errors import AmbiguousPlaceError, PlaceError
from aggregator.event import GeoCoordinates, Precision
from aggregator.place.address import parse_place
from aggregator.place.complete import Completion, is_postcode, postcodes_beginning, towns_beginning
from aggregator.place.expand import open_tables
from aggregator.place.extra import read_places
from aggregator.place.keys import place_key
from aggregator.place.regions import country_and_region, country_code, region_code, regions_named
from aggregator.place.sphere import metres_between
from aggregator.place.timezone import zone_at
from aggregator.place.towns import SAME_POINT, Spot, Town, find_dominant, list_choices
from aggregator.query import BoundingBox

__all__ = ["Gazetteer", "Spot"]

Area = tuple[str | None, str | None]
"""Country and region, in short form; None is any."""
ANYWHERE: Area = (None, None)
_COORDINATES = re.compile(r"(?:[^()]*\()?\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*\)?\s*")
"""Alone, or in brackets after a name, as choices between like-named towns have them."""
_SPACED_COORDINATES = re.compile(r"\s*([+-]?\d{1,3}\.\d+)\s+([+-]?\d{1,3}\.\d+)\s*")
_US_POSTCODE = re.compile(r"\s*(\d{5})(?:-\d{4})?\s*")
NEIGHBOURHOOD = 100_000.0
CITY = 100_000
"""People from which a town's name is the town's, although it is a region's too."""
_MOST_WORDS_OF_AN_AREA = 4
_LONGEST = 200
_TOWNS = """
SELECT name, country, region, latitude, longitude, population, time_zone, is_own FROM names JOIN towns ON id = town
WHERE key = ?1 AND (?2 IS NULL OR country = ?2) AND (?3 IS NULL OR region = ?3)
"""
_CENTRES = """
SELECT name, country, region, latitude, longitude, population, time_zone, 1 FROM towns
WHERE latitude BETWEEN ?1 - 0.0002 AND ?1 + 0.0002 AND abs(longitude - ?2) < 0.001 ORDER BY population DESC
"""
_WITHIN = """
SELECT name, country, region, latitude, longitude, population, time_zone, 1 FROM towns
WHERE latitude BETWEEN ?1 AND ?2 AND longitude BETWEEN ?3 AND ?4 ORDER BY population DESC LIMIT ?5
"""
_BIGGEST = """
SELECT name, country, region, latitude, longitude, population, time_zone, 1 FROM towns
WHERE country = ?1 AND (?2 IS NULL OR region = ?2) ORDER BY population DESC LIMIT 3
"""
_ALIKE = """
SELECT key FROM names JOIN towns ON id = town
WHERE is_own AND key >= ?1 AND key < ?1 || '\U0010ffff' AND length(key) BETWEEN ?4 - 2 AND ?4 + 2
  AND (?2 IS NULL OR country = ?2) AND (?3 IS NULL OR region = ?3)
GROUP BY key ORDER BY max(population) DESC LIMIT 400
"""


class Gazetteer:
    """Cheap to open: tables are opened when first asked, and made once per machine. Safe to use from many threads."""

    def __init__(self, extra: Mapping[str, tuple[Town, ...]] | None = None, cache: Path | None = None) -> None:
        self._extra = extra or {}
        self._cache = cache

    @classmethod
    def open(cls, extra: Path | None = None, cache: Path | None = None) -> "Gazetteer":
        """`extra` is a TOML file of `[[place]]` rows, which win over ours; `cache` a folder for the expanded tables."""
        return cls(read_places(extra) if extra else None, cache)

    @cached_property
    def own_places(self) -> str:
        """Changes with the rows that were added to ours; empty without any."""
        return repr(sorted(self._extra.items())) if self._extra else ""

    @cached_property
    def _tables(self) -> sqlite3.Connection:
        return open_tables(self._cache)

    def resolve(self, text: str) -> Spot:
        """The place a person types: a town ("Visalia, CA", "visalia ca", "Fresno"), a postcode of the United States,
        "latitude,longitude", or an address with a known town or postcode.

        Raises PlaceError, naming near spellings, and AmbiguousPlaceError, whose choices can be typed.
        """
        if len(text) > _LONGEST:
            raise PlaceError(f"“{text[:40]}…” is too long for the name of a place")
        return self._read_point(text) or self._read_postcode(text) or self._read_town(text)

    def town(
        self,
        locality: str,
        region: str | None = None,
        country: str | None = None,
        *,
        at_least: int = 0,
        near: GeoCoordinates | None = None,
    ) -> Spot | None:
        """The centre of the town of `at_least` so many people that an address names; None when it is not known, or
        could be another. Of several, one may be told by being the only one NEIGHBOURHOOD metres or less from `near`.
        A region that is not one of ISO's ("Devon") is not looked at.
        """
        country, region = country_and_region(country, region)
        known_country = country_code(country)
        area = (known_country, region_code(region, known_country) if known_country else None)
        towns = [town for town in self._towns_named(locality, area) if town.population >= at_least]
        town = find_dominant(towns)
        if town is None and near:
            town = find_dominant([t for t in towns if metres_between(t.geo, near) <= NEIGHBOURHOOD])
        return town.as_spot() if town else None

    def postcode(self, code: str, country: str | None = None) -> Spot | None:
        """The middle of a postcode, with its town; None but for known ones of the United States. One whose middle is
        only the town's is known no better than the town.
        """
        digits = _US_POSTCODE.fullmatch(code)
        if not digits or country_code(country or "US") != "US":
            return None
        row = self._tables.execute("SELECT * FROM postcodes WHERE code = ?", (digits[1],)).fetchone()
        if row is None:
            return None
        _, name, region, latitude, longitude, zone = row
        geo = GeoCoordinates(latitude=latitude, longitude=longitude)
        precision = Precision.TOWN if self.town_at(geo) else Precision.POSTCODE
        return Spot(name=name, geo=geo, precision=precision, region=region, country="US", time_zone=zone)

    def town_at(self, geo: GeoCoordinates) -> Spot | None:
        """The town whose centre this point is: what a geocoder gives for an address that it does not find."""
        rows = map(Town._make, self._tables.execute(_CENTRES, (geo.latitude, geo.longitude)))
        return next((town.as_spot() for town in rows if metres_between(town.geo, geo) < SAME_POINT), None)

    def complete(self, text: str, home: str | None = None) -> tuple[Completion, ...]:
        """What may be meant by who has typed so much of a town or postcode: ten at most, the biggest towns first, and
        those of the country `home` before others.
        """
        text = text[:_LONGEST].strip()
        if is_postcode(text):
            codes = postcodes_beginning(self._tables, text)
            return tuple(Completion(near=code, label=label, spot=self.resolve(code)) for code, label in codes)
        return tuple(map(self._as_completion, towns_beginning(self._tables, text, self._extra.items(), home)))

    def _as_completion(self, town: Town) -> Completion:
        """Its label, with its point in brackets where the label alone would be another town, or several."""
        spot = town.as_spot()
        try:
            is_clear = self.resolve(spot.label) == spot
        except PlaceError:
            is_clear = False
        label = spot.label if is_clear else f"{spot.label} ({town.latitude:.3f},{town.longitude:.3f})"
        return Completion(near=label, label=label, spot=spot)

    def towns_within(self, box: BoundingBox, most: int) -> tuple[Spot, ...]:
        """The biggest towns in a box, biggest first."""
        edges = box.south, box.north, box.west, box.east
        return tuple(Town._make(row).as_spot() for row in self._tables.execute(_WITHIN, (*edges, most)))

    def near_spellings(self, text: str, home: str | None = None) -> tuple[str, ...]:
        """Labels of at most three known towns whose names are written much like this one, nearest first, and those of
        the country `home` before others. For a region, its biggest towns.
        """
        text = text[:_LONGEST]
        if _is_region(text):
            return self._biggest_towns(text)
        for name, area in [*_readings(text), (text.partition(",")[0], ANYWHERE)]:
            areas = ((home, None), ANYWHERE) if home and area == ANYWHERE else (area,)
            found = dict.fromkeys(label for area in areas for label in self._labels_alike(name, area))
            if found:
                return tuple(found)[:3]
        return ()

    def _biggest_towns(self, text: str) -> tuple[str, ...]:
        area = next(iter(regions_named(text)), (country_code(text), None))
        return tuple(Town._make(row).as_spot().label for row in self._tables.execute(_BIGGEST, area))

    def _labels_alike(self, name: str, area: Area) -> Iterator[str]:
        for key in self._keys_alike(name, area):
            yield from list_choices(self._towns_named(key, area))[:1]

    def _keys_alike(self, name: str, area: Area) -> list[str]:
        """Keys of biggish towns that begin like this one, for first letters are seldom mistyped."""
        key = place_key(name)
        starts = dict.fromkeys((key[:3], key[:1])) if key else ()
        rows = (row for start in starts for row in self._tables.execute(_ALIKE, (start, *area, len(key))))
        return get_close_matches(key, {row[0] for row in rows}, n=3, cutoff=0.75)

    def _towns_named(self, name: str, area: Area = ANYWHERE) -> list[Town]:
        key, (country, region) = place_key(name), area
        own = [t for t in self._extra.get(key, ()) if country in (None, t.country) and region in (None, t.region)]
        if own:
            return own
        rows = self._tables.execute(_TOWNS, (key, country, region))
        return [Town._make(row) for row in rows]

    def _read_point(self, text: str) -> Spot | None:
        numbers = _COORDINATES.fullmatch(text) or _SPACED_COORDINATES.fullmatch(text)
        if not numbers:
            return None
        geo = GeoCoordinates(latitude=float(numbers[1]), longitude=float(numbers[2]))
        if abs(geo.latitude) > 90 or abs(geo.longitude) > 180:
            raise PlaceError(f"“{text.strip()}” is no point: latitude is -90 to 90, longitude -180 to 180")
        return spot_at(geo)

    def _read_postcode(self, text: str) -> Spot | None:
        if not _US_POSTCODE.fullmatch(text):
            return None
        spot = self.postcode(text)
        if spot is None:
            raise PlaceError(f"“{text.strip()}” is no known postcode of the United States")
        return spot

    def _read_town(self, text: str) -> Spot:
        for name, area in _readings(text):
            towns = self._towns_named(name, area)
            if towns and not _means_region(text, towns):
                return _choose(text, towns)
        address = parse_place(text).address
        spot = self.postcode(address.postal_code, address.address_country) if address.postal_code else None
        if spot is None and address.address_locality:
            spot = self.town(address.address_locality, address.address_region, address.address_country)
        if spot is None:
            raise PlaceError(self._explain(text))
        return spot

    def _explain(self, text: str) -> str:
        name = text.strip()
        if _is_region(name):
            return f"“{name}” is a whole region: name a town in it, such as {' or '.join(self._biggest_towns(name))}"
        near = self.near_spellings(text)
        return f"“{name}” is no known place" + (f"; did you mean {' or '.join(near)}?" if near else "")


def spot_at(geo: GeoCoordinates) -> Spot:
    """The point itself, called by its coordinates."""
    name = f"{geo.latitude:.10g},{geo.longitude:.10g}"
    return Spot(name=name, geo=geo, precision=Precision.ROOFTOP, time_zone=zone_at(geo))


def _is_region(text: str) -> bool:
    return bool(country_code(text) or regions_named(text))


def _means_region(text: str, towns: list[Town]) -> bool:
    """ "California" is not the town of that name in Maryland, though "Washington" is a city."""
    return max(town.population for town in towns) < CITY and _is_region(text)


def _choose(text: str, towns: list[Town]) -> Spot:
    town = find_dominant(towns)
    if town is None:
        raise AmbiguousPlaceError(text.strip(), list_choices(towns))
    return town.as_spot()


def _readings(text: str) -> Iterator[tuple[str, Area]]:
    """What may be the town, and where; likeliest first."""
    parts = [part for part in map(str.strip, text.split(",")) if part]
    if len(parts) > 1:
        yield from ((parts[0], area) for area in _areas(parts[1:]))
    elif parts:
        yield parts[0], ANYWHERE
        words = parts[0].split()
        for count in range(min(len(words) - 1, _MOST_WORDS_OF_AN_AREA), 0, -1):
            name = " ".join(words[:-count])
            yield from ((name, area) for area in _areas([" ".join(words[-count:])]))


def _areas(parts: list[str]) -> Iterator[Area]:
    """A region comes before a country: "CA" after a town is California."""
    country = country_code(parts[-1])
    if len(parts) == 1:
        yield from regions_named(parts[0])
    elif country:
        region = region_code(parts[-2], country)
        if region:
            yield country, region
    if country:
        yield country, None
