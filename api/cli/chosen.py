"""Which sources a command works on: the catalogue's, the operator's own, near a place."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from aggregator.errors import CatalogError, QueryError
from aggregator.event import GeoCoordinates, Place
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.sphere import metres_between
from aggregator.settings import Settings
from aggregator.source import Source
from api.values import read_length
from sources.load import load

CHOOSE = "name an area with --near, or `place` in hobnob.toml, or a file with --catalog"


def load_sources(settings: Settings, catalogs: Sequence[Path] | None) -> tuple[Source, ...]:
    """The sources of the named files, else of the settings' files, else of the catalogue that comes with Hobnob."""
    paths = tuple(catalogs or ()) or tuple(Path(path) for path in settings.catalogs)
    loaded = tuple(source for text, origin in _texts(paths) for source in load(text, origin))
    names = [source.name for source in loaded]
    twins = {name for name in names if names.count(name) > 1}
    if twins:
        raise CatalogError(f"source {', '.join(sorted(twins))} stands in more than one file")
    return loaded


def choose_sources(
    settings: Settings, catalogs: Sequence[Path] | None, near: str | None, within: str | None
) -> tuple[Source, ...]:
    """Those of the area: the one that is named, else, of the catalogue that comes with Hobnob, the settings' own.

    CatalogError when there is none, and when nothing says which of that catalogue are wanted.
    """
    loaded = load_sources(settings, catalogs)
    if not loaded:
        raise CatalogError("there is no source: name a file with --catalog, or `catalogs` in hobnob.toml")
    is_own = bool(catalogs or settings.catalogs)
    around = near or (None if is_own else settings.place)
    if around is None:
        _refuse_radius(within)
        if not is_own:
            raise CatalogError(f"nothing says which of the {len(loaded)} sources of the catalogue are wanted; {CHOOSE}")
        return loaded
    gazetteer, distance = Gazetteer.open(settings.places), within or settings.within
    center, radius = gazetteer.resolve(around).geo, _read_radius(distance)
    chosen = tuple(source for source in loaded if _is_within(source.location, center, radius, gazetteer))
    if not chosen:
        raise CatalogError(f"none of the {len(loaded)} sources is within {distance} of {around}")
    return chosen


def _refuse_radius(within: str | None) -> None:
    if within is not None:
        raise QueryError("within", within, "needs a place: --near")


def _read_radius(text: str) -> float:
    try:
        return read_length(text).metres
    except ValueError as error:
        raise QueryError("within", text, str(error)) from error


def _is_within(place: Place, center: GeoCoordinates, radius: float, gazetteer: Gazetteer) -> bool:
    """A source that names no place may be anywhere, so it is kept."""
    geo = place.geo or _town_of(place, gazetteer)
    return geo is None or metres_between(geo, center) <= radius


def _town_of(place: Place, gazetteer: Gazetteer) -> GeoCoordinates | None:
    address = place.address
    if not address.address_locality:
        return None
    spot = gazetteer.town(address.address_locality, address.address_region, address.address_country)
    return spot.geo if spot else None


def _texts(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    if not paths:
        shipped = sorted(files("sources.catalog").iterdir(), key=lambda file: file.name)
        yield from ((file.read_text("utf-8"), file.name) for file in shipped if file.name.endswith(".toml"))
    for path in paths:
        try:
            yield path.read_text("utf-8"), str(path)
        except OSError as error:
            raise CatalogError(f"{path}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CatalogError(f"{path}: is not in UTF-8") from error
