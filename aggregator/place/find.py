"""The best point for an address, and the address in short forms."""

import re
from dataclasses import dataclass, replace

from aggregator.event import GeoCoordinates, Place, PostalAddress, Precision
from aggregator.place.address import country_of_postcode
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.keys import place_key
from aggregator.place.regions import country_and_region, country_code, region_code
from aggregator.place.sphere import metres_between
from aggregator.place.towns import Spot

DISAGREEMENT = 100_000.0
"""Metres between two of coordinates, postcode and town from which one is wrong: western postcodes are wide."""
KNOWN_TOWN = 1_000
"""People from which a venue's name that is also a town's is taken for the town."""
_AROUND_TOWN = re.compile(
    r"^(?:downtown|historic|central|greater|uptown|midtown|(?:city|town|village|township|borough) of)\s+|\s+\d{1,2}$",
    re.IGNORECASE,
)
"""What people say with a town's name: "City of Visalia", "Dublin 2"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An address in short forms, and its point; `doubt` is what in the address does not fit together."""

    address: PostalAddress
    geo: GeoCoordinates | None = None
    precision: Precision = Precision.NONE
    doubt: str | None = None


def find_address(place: Place, default: Place, gazetteer: Gazetteer) -> Found:
    """By postcode, else by town, else by region, which has no point; a country alone is found nowhere."""
    address = _with_short_forms(place.address, default.address)
    town = _find_town(place, address, default, gazetteer)
    country = address.address_country or default.address.address_country
    postcode = gazetteer.postcode(address.postal_code, country) if address.postal_code else None
    doubt = _find_doubt(postcode, town, address)
    spot = town if doubt and town else postcode or town
    if spot:
        return Found(address=_fill(address, spot), geo=spot.geo, precision=spot.precision, doubt=doubt)
    return Found(address=address, precision=_precision_without_point(address))


def find_default(found: Found, default: Place, gazetteer: Gazetteer) -> Found:
    """The source's own place for an address without a point, unless the address says that it is elsewhere."""
    here = _with_short_forms(default.address, default.address)
    if _is_elsewhere(found.address, here):
        return found
    address = replace(
        found.address,
        address_locality=found.address.address_locality or here.address_locality,
        address_region=found.address.address_region or here.address_region,
        address_country=found.address.address_country or here.address_country,
    )
    geo = _point_of_source(default, here, gazetteer)
    if geo is None:
        return Found(address=address, precision=_precision_without_point(here))
    precision = Precision.REGION if default.precision is Precision.REGION else Precision.TOWN
    return Found(address=address, geo=geo, precision=precision)


def _point_of_source(default: Place, here: PostalAddress, gazetteer: Gazetteer) -> GeoCoordinates | None:
    if default.geo or not here.address_locality:
        return default.geo
    spot = gazetteer.town(here.address_locality, here.address_region, here.address_country)
    return spot.geo if spot else None


def _with_short_forms(address: PostalAddress, default: PostalAddress) -> PostalAddress:
    """A region told without its country is one of the source's country if that has it ("WA" in Australia)."""
    country, region = address.address_country, address.address_region
    home = country_code(default.address_country)
    if not country and region and home and region_code(region, home):
        country = home
    if not country and address.postal_code:
        country = country_of_postcode(address.postal_code)
    country, region = country_and_region(country, region)
    return replace(address, address_country=country, address_region=region)


def _find_town(place: Place, address: PostalAddress, default: Place, gazetteer: Gazetteer) -> Spot | None:
    """Where the address says; without a region, the source's region first, then its country, then anywhere."""
    locality, region, country = address.address_locality, address.address_region, address.address_country
    home = _with_short_forms(default.address, default.address)
    at_home = (home.address_region, home.address_country)
    if not locality:
        is_bare = address == PostalAddress() and place.name and home.address_region
        return gazetteer.town(place.name or "", *at_home, at_least=KNOWN_TOWN) if is_bare else None
    areas = ((region, country),) if region or country else (at_home, (None, home.address_country), (None, None))
    names = dict.fromkeys((locality, _AROUND_TOWN.sub("", locality)))
    spots = (gazetteer.town(name, *area) for area in areas for name in names)
    found = next(filter(None, spots), None)
    near = None if found else _point_of_source(default, home, gazetteer)
    return gazetteer.town(locality, *areas[0], near=near) if near else found


def _find_doubt(postcode: Spot | None, town: Spot | None, address: PostalAddress) -> str | None:
    """Postcodes are mistyped more often than towns."""
    if postcode is None:
        return None
    is_other_region = address.address_region not in (None, postcode.region)
    if is_other_region or (town and metres_between(postcode.geo, town.geo) > DISAGREEMENT):
        return f"postcode {address.postal_code} is in {postcode.label}, which the address is not"
    return None


def _fill(address: PostalAddress, spot: Spot) -> PostalAddress:
    return replace(
        address,
        address_locality=address.address_locality or spot.name,
        address_region=address.address_region or spot.region,
        address_country=address.address_country or spot.country,
    )


def _is_elsewhere(address: PostalAddress, here: PostalAddress) -> bool:
    """Whether what is told names another place than the source's, or a whole region, where no more is known."""
    if address.address_country not in (None, here.address_country):
        return True
    if address.address_region is None:
        return False
    locality, home = address.address_locality or "", here.address_locality or ""
    is_same_town = bool(locality) and place_key(_AROUND_TOWN.sub("", locality)) == place_key(home)
    return address.address_region != here.address_region or not is_same_town


def _precision_without_point(address: PostalAddress) -> Precision:
    return Precision.REGION if address.address_region and address.address_country else Precision.NONE
