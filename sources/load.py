"""Catalogue text -> Sources; the only place that knows what a `[[source]]` row may hold."""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sources.platforms
from aggregator.errors import CatalogError
from aggregator.event import GeoCoordinates, Kind, Place, PostalAddress
from aggregator.source import Request, Source

KEYS = frozenset(
    {"name", "kind", "platform", "url", "organizer", "homepage", "time_zone", "location"}
    | {"date_order", "permission", "note", "every", "enabled", "fallbacks"}
)
LOCATION_KEYS = frozenset(
    ("name", "street_address", "locality", "region", "postal_code", "country", "latitude", "longitude")
)
NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
EVERY = re.compile(r"(\d{1,4}) ?([mhd])")
SHORTEST = timedelta(minutes=15)
UNITS = {"m": "minutes", "h": "hours", "d": "days"}

OWN_KEYS = frozenset({"name", "kind", "every", "enabled", "fallbacks"})
"""What a fallback cannot have for itself: it is another way to read the same source."""
TEXTS = ("organizer", "homepage", "note")
LATITUDE, LONGITUDE = 90, 180

Row = Mapping[str, Any]


class Given(partial[Iterator[Any]]):
    """A parser or a follower with its options; unlike a partial, equal to another of the same."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Given) and (self.func, self.keywords) == (other.func, other.keywords)

    def __hash__(self) -> int:
        return hash(self.func)


def load(text: str, origin: str) -> tuple[Source, ...]:
    """The enabled sources of one catalogue file; raises CatalogError naming `origin`, the source and the key."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{origin}: {error}") from error
    _refuse_others(read, {"source"}, origin)
    rows = read.get("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CatalogError(f"{origin}: sources are written as [[source]] tables")
    loaded = tuple(_load_row(row, f"{origin}: source {row.get('name', number)}") for number, row in enumerate(rows, 1))
    _refuse_twins(loaded, origin)
    return tuple(source for source, row in zip(loaded, rows, strict=True) if _is_enabled(row, origin))


def source_at(url: str, platform: str, **options: Any) -> Source:
    """A source for an address that stands in no catalogue, named after its host."""
    host = urlsplit(url).hostname or "source"
    name = re.sub(r"[^a-z0-9]+", "_", host.casefold()).strip("_") or "source"
    return _load_row({"name": name, "kind": "other", "platform": platform, "url": url, **options}, url)


def platform_names() -> list[str]:
    """Every platform and format there is a reader for."""
    return sorted(module.name for module in iter_modules(sources.platforms.__path__))


def platform(name: str, where: str) -> ModuleType:
    """The module that reads a platform; CatalogError with the nearest names when there is none."""
    if name not in platform_names():
        near = get_close_matches(name, platform_names(), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(platform_names())}"
        raise CatalogError(f"{where}: platform “{name}” is not known; {hint}")
    return import_module(f"sources.platforms.{name}")


def _load_row(row: Row, where: str) -> Source:
    name = _text(row, "name", where)
    if not NAME.fullmatch(name):
        raise CatalogError(f"{where}: a name has small letters, digits and _ only")
    module = platform(_text(row, "platform", where), where)
    _refuse_unknown_keys(row, module, where)
    _refuse_without_permission(row, module, where)
    return Source(
        name=name,
        kind=_kind(row, where),
        platform=row["platform"],
        request=_request(row, module, where),
        parse=_with_options(row, module.parse),
        follow=_with_options(row, module.follow) if hasattr(module, "follow") else None,
        ends_whole=getattr(module, "ends_whole", None),
        **{key: _optional_text(row, key, where) for key in TEXTS},
        time_zone=_zone(row, where),
        location=_location(row.get("location", {}), where),
        date_order=_one_of(row, "date_order", ("mdy", "dmy", "ymd"), where) or "mdy",
        permission=_permission(row, where),
        every=_every(row, where),
        fallbacks=tuple(_fallbacks(row, module, where)),
    )


def _request(row: Row, module: ModuleType, where: str) -> Request:
    make = getattr(module, "request", None)
    if make is None or "url" in row:
        url = _text(row, "url", where)
    if make is None:
        return Request(url=url)
    wanted = inspect.signature(make).parameters.values()
    for parameter in wanted:
        if parameter.default is parameter.empty and parameter.name not in row:
            raise CatalogError(f"{where}: “{parameter.name}” is missing")
    try:
        request: Request = make(**_options(row, make, skipped=()))
    except (TypeError, ValueError, AttributeError) as error:
        raise CatalogError(f"{where}: {error}") from error
    return request


def _fallbacks(row: Row, module: ModuleType, where: str) -> Iterator[Source]:
    """Those the row names, else those the platform knows; a fallback has none, and a permission is one host's."""
    shared = {key: value for key, value in row.items() if key in KEYS and key not in ("platform", "url", "fallbacks")}
    for number, told in enumerate(_fallback_rows(row, module, where), 1):
        here = f"{where}: fallback {number}"
        _refuse_own(told, here)
        permission = {} if _host(told) == _host(row) else {"permission": None}
        yield _load_row({**shared, **permission, **told, "fallbacks": []}, here)


def _fallback_rows(row: Row, module: ModuleType, where: str) -> list[Row]:
    make: Callable[[str], Iterator[tuple[str, str]]] | None = getattr(module, "fallbacks", None)
    named = row.get("fallbacks")
    if named is None:
        pairs = make(row["url"]) if make is not None and row.get("url") else ()
        return [{"platform": name, "url": url} for name, url in pairs]
    if not isinstance(named, list) or not all(isinstance(told, dict) for told in named):
        raise CatalogError(f'{where}: fallbacks are tables, such as [{{ platform = "html", url = "https://…" }}]')
    return named


def _host(row: Row) -> str | None:
    return urlsplit(str(row.get("url", ""))).hostname


def _refuse_own(told: Row, where: str) -> None:
    for key in sorted(OWN_KEYS & told.keys()):
        raise CatalogError(f"{where}: “{key}” is the source's, not a fallback's")


def _with_options(row: Row, function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    given = _options(row, function)
    return Given(function, **given) if given else function


def _options(row: Row, function: Callable[..., Any], skipped: tuple[str, ...] = ("page",)) -> dict[str, Any]:
    return {key: row[key] for key in inspect.signature(function).parameters if key in row and key not in skipped}


def _refuse_unknown_keys(row: Row, module: ModuleType, where: str) -> None:
    _refuse_others(row, KEYS | own_keys(module), where)


def own_keys(module: ModuleType) -> set[str]:
    """What a row may say beside KEYS: the parameters of the platform's functions."""
    functions = (getattr(module, name, None) for name in ("parse", "follow", "request"))
    named = {name for function in functions if function for name in inspect.signature(function).parameters}
    return named - KEYS - {"page"}


def _refuse_others(row: Row, known: AbstractSet[str], where: str) -> None:
    for key in row:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"; did you mean “{near[0]}”?" if near else ""
            raise CatalogError(f"{where}: “{key}” is not a key{hint}")


def _text(row: Row, key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CatalogError(f"{where}: “{key}” is missing")
    return value


def _optional_text(row: Row, key: str, where: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise CatalogError(f"{where}: {key} = {value} is no text")
    return value


def _is_enabled(row: Row, origin: str) -> bool:
    value = row.get("enabled", True)
    if not isinstance(value, bool):
        raise CatalogError(f"{origin}: source {row['name']}: enabled = “{value}” is neither true nor false")
    return value


def _permission(row: Row, where: str) -> Literal["granted"] | None:
    permission: Literal["granted"] | None = _one_of(row, "permission", ("granted",), where)
    if permission and not str(row.get("note", "")).strip():
        raise CatalogError(f"{where}: “permission” needs a “note” that says who granted it")
    return permission


def _refuse_without_permission(row: Row, module: ModuleType, where: str) -> None:
    if getattr(module, "NEEDS_PERMISSION", False) and _permission(row, where) is None:
        raise CatalogError(
            f"{where}: the terms of {row['platform']} forbid programs: ask, then write permission = “granted” and a"
            " note of who granted it; or write the meeting as a “recurring” row"
        )


def _kind(row: Row, where: str) -> Kind:
    return Kind(_one_of(row, "kind", tuple(Kind), where) or Kind.OTHER)


def _one_of(row: Row, key: str, values: tuple[str, ...], where: str) -> Any:
    value = row.get(key)
    if value is not None and value not in values:
        raise CatalogError(f"{where}: {key} = “{value}” is none of {', '.join(values)}")
    return value


def _zone(row: Row, where: str) -> str | None:
    zone = row.get("time_zone")
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
            raise CatalogError(f"{where}: “{zone}” is no time zone; one is America/Los_Angeles") from error
    return zone


def _every(row: Row, where: str) -> timedelta:
    match = EVERY.fullmatch(str(row.get("every", "6h")))
    if not match:
        raise CatalogError(f"{where}: every = “{row['every']}” is no length of time such as 6h, 2d or 30m")
    return max(SHORTEST, timedelta(**{UNITS[match[2]]: int(match[1])}))


def _location(row: object, where: str) -> Place:
    where = f"{where}: location"
    if not isinstance(row, dict):
        raise CatalogError(f'{where}: is a table, such as {{ locality = "Visalia", region = "CA" }}')
    _refuse_others(row, LOCATION_KEYS, where)
    address = PostalAddress(
        street_address=_optional_text(row, "street_address", where),
        address_locality=_optional_text(row, "locality", where),
        address_region=_optional_text(row, "region", where),
        postal_code=_optional_text(row, "postal_code", where),
        address_country=_optional_text(row, "country", where),
    )
    return Place(name=_optional_text(row, "name", where), address=address, geo=_geo(row, where))


def _geo(row: Row, where: str) -> GeoCoordinates | None:
    if not row.keys() & {"latitude", "longitude"}:
        return None
    return GeoCoordinates(
        latitude=_degrees(row, "latitude", LATITUDE, where), longitude=_degrees(row, "longitude", LONGITUDE, where)
    )


def _degrees(row: Row, key: str, most: int, where: str) -> float:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        told = "is missing" if value is None else f"= “{value}” is no number from -{most} to {most}"
        raise CatalogError(f"{where}: {key} {told}")
    return float(value)


def _refuse_twins(loaded: tuple[Source, ...], origin: str) -> None:
    names = [source.name for source in loaded]
    for name in names:
        if names.count(name) > 1:
            raise CatalogError(f"{origin}: source {name} stands there twice")
