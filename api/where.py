"""From the parameters of place to the spot that is meant, and the time zone whose days are meant."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from aggregator.errors import AmbiguousPlaceError, PlaceError, QueryError
from aggregator.event import GeoCoordinates
from aggregator.place.gazetteer import Gazetteer, Spot, spot_at
from aggregator.query import BoundingBox
from aggregator.settings import Settings
from api.parameters import ANYWHERE, SCHEMAS, Parameters
from api.values import read_latitude, read_longitude

zone_named = cache(ZoneInfo)
"""ZoneInfo itself keeps eight, and reads a file for each other one."""
UTC = ZoneInfo("UTC")
POINT = ("lat", "lon")
_EXAMPLE = f"near={SCHEMAS['near']['examples'][0]}"


def read_point(texts: Mapping[str, str]) -> Spot | None:
    """The point that these texts name; None when they do not, which is told when all of them are read."""
    with suppress(KeyError, ValueError):
        return _spot(read_latitude(texts["lat"]), read_longitude(texts["lon"]))
    return None


def choose_place(asked: Parameters, settings: Settings, gazetteer: Gazetteer) -> Spot | None:
    """The center of what is asked for; None when that is a box, or anywhere."""
    if asked.lat is not None and asked.lon is not None:
        return _spot(asked.lat, asked.lon)
    if asked.near is None or asked.near == ANYWHERE:
        return None
    home = None if asked.near == settings.place else find_home(settings, gazetteer)
    return resolve("near", asked.near, gazetteer, home)


def choose_zone(asked: Parameters, place: Spot | None, settings: Settings, gazetteer: Gazetteer) -> ZoneInfo:
    """The place's own, since `today` is its day: of the point, the middle of the box, or the site.

    Where there is none, clocks are UTC's; QueryError for `when`, which would then be somebody else's day.
    """
    if place is None and asked.bbox:
        place = resolve("bbox", _middle(asked.bbox), gazetteer)
    place = place or find_home(settings, gazetteer)
    if place is None and asked.when:
        why = f"which place's {asked.when.replace('_', ' ')}? Give near, lat and lon, or bbox"
        raise QueryError("when", asked.when, why, (_EXAMPLE,))
    return zone_named(place.time_zone) if place and place.time_zone else UTC


def find_home(settings: Settings, gazetteer: Gazetteer) -> Spot | None:
    """The site's own place."""
    return resolve("near", settings.place, gazetteer) if settings.place else None


def resolve(param: str, text: str, gazetteer: Gazetteer, home: Spot | None = None) -> Spot:
    """QueryError with the choices, or with near spellings, first of those in the country of `home`."""
    try:
        return _find(gazetteer, text)
    except AmbiguousPlaceError as error:
        raise QueryError(param, text, "more than one place bears this name", error.choices) from error
    except PlaceError as error:
        near = gazetteer.near_spellings(text, home.country if home else None)
        raise QueryError(param, text, str(error), near) from error


@lru_cache(maxsize=4096)
def name_place(gazetteer: Gazetteer, text: str) -> str:
    """The place in one way of writing, whichever of them the text is: `Visalia, CA` for "visalia,ca"."""
    spot = _find(gazetteer, text)
    with suppress(PlaceError):
        if _find(gazetteer, spot.label) == spot:
            return spot.label
    return text


def _spot(latitude: float, longitude: float) -> Spot:
    return spot_at(GeoCoordinates(latitude=round(latitude, 7), longitude=round(longitude, 7)))


@lru_cache(maxsize=4096)
def _find(gazetteer: Gazetteer, text: str) -> Spot:
    return gazetteer.resolve(text)


def _middle(box: BoundingBox) -> str:
    east = box.east if box.east >= box.west else box.east + 360
    longitude = (box.west + east) / 2
    return f"{(box.south + box.north) / 2:.7f},{longitude - 360 if longitude > 180 else longitude:.7f}"
