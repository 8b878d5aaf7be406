"""Catalogue text -> Sources; the only place that knows what a `[[source]]` row may hold."""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import sources.platforms
from aggregator.errors import CatalogError, PermissionNeededError
from aggregator.source import Request, Source
from sources.row import (
    LOCATION_KEYS,
    SIEVE_KEYS,
    Row,
    choose_one,
    is_enabled,
    read_every,
    read_kind,
    read_location,
    read_mailbox,
    read_optional_text,
    read_permission,
    read_sieve,
    read_text,
    read_zone,
    refuse_others,
)

__all__ = ["KEYS", "LOCATION_KEYS", "load", "own_keys", "platform", "platform_names", "source_at"]

KEYS = SIEVE_KEYS | frozenset(
    {"name", "kind", "platform", "url", "organizer", "homepage", "time_zone", "location"}
    | {"date_order", "permission", "note", "every", "enabled", "fallbacks", "confirm_to"}
)
NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")

OWN_KEYS = frozenset({"name", "kind", "every", "enabled", "fallbacks", "confirm_to"})
"""What a fallback cannot have for itself: it is another way to read the same source."""
TEXTS = ("organizer", "homepage", "note")


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
    refuse_others(read, {"source"}, origin)
    rows = read.get("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CatalogError(f"{origin}: sources are written as [[source]] tables")
    loaded = tuple(_load_row(row, f"{origin}: source {row.get('name', number)}") for number, row in enumerate(rows, 1))
    _refuse_twins(loaded, origin)
    return tuple(source for source, row in zip(loaded, rows, strict=True) if is_enabled(row, origin))


def source_at(url: str, platform: str, **options: Any) -> Source:
    """A source for an address that stands in no catalogue, named after its host."""
    host = urlsplit(url).hostname or "source"
    name = re.sub(r"[^a-z0-9]+", "_", host.casefold()).strip("_") or "source"
    return _load_row({"name": name, "kind": "other", "platform": platform, "url": url, **options}, url)


def platform_names() -> list[str]:
    """Every platform and format there is a reader for; a module whose name begins with `_` is a part of one."""
    return sorted(m.name for m in iter_modules(sources.platforms.__path__) if not m.name.startswith("_"))


def platform(name: str, where: str) -> ModuleType:
    """The module that reads a platform; CatalogError with the nearest names when there is none."""
    if name not in platform_names():
        near = get_close_matches(name, platform_names(), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(platform_names())}"
        raise CatalogError(f"{where}: platform “{name}” is not known; {hint}")
    return import_module(f"sources.platforms.{name}")


def _load_row(row: Row, where: str) -> Source:
    name = read_text(row, "name", where)
    if not NAME.fullmatch(name):
        raise CatalogError(f"{where}: a name has small letters, digits and _ only")
    module = platform(read_text(row, "platform", where), where)
    _refuse_unknown_keys(row, module, where)
    _refuse_without_permission(row, module, where)
    return Source(
        name=name,
        kind=read_kind(row, where),
        platform=row["platform"],
        request=_request(row, module, where),
        parse=_with_options(row, module.parse),
        follow=_with_options(row, module.follow) if hasattr(module, "follow") else None,
        ends_whole=getattr(module, "ends_whole", None),
        **{key: read_optional_text(row, key, where) for key in TEXTS},
        time_zone=read_zone(row, where),
        location=read_location(row.get("location", {}), where),
        date_order=choose_one(row, "date_order", ("mdy", "dmy", "ymd"), where) or "mdy",
        permission=read_permission(row, where),
        every=read_every(row, where),
        sieve=read_sieve(row, where),
        fallbacks=tuple(_fallbacks(row, module, where)),
        confirm_to=read_mailbox(row, "confirm_to", where),
    )


def _request(row: Row, module: ModuleType, where: str) -> Request:
    make = getattr(module, "request", None)
    if make is None or "url" in row:
        url = read_text(row, "url", where)
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
    refuse_others(row, KEYS | own_keys(module), where)


def own_keys(module: ModuleType) -> set[str]:
    """What a row may say beside KEYS: the parameters of the platform's functions."""
    functions = (getattr(module, name, None) for name in ("parse", "follow", "request"))
    named = {name for function in functions if function for name in inspect.signature(function).parameters}
    return named - KEYS - {"page"}


def _refuse_without_permission(row: Row, module: ModuleType, where: str) -> None:
    if getattr(module, "NEEDS_PERMISSION", False) and read_permission(row, where) is None:
        raise PermissionNeededError(
            f"{where}: the terms of {row['platform']} forbid programs: ask, then write permission = “granted” and a"
            " note of who granted it; or write the meeting as a “recurring” row"
        )


def _refuse_twins(loaded: tuple[Source, ...], origin: str) -> None:
    names = [source.name for source in loaded]
    for name in names:
        if names.count(name) > 1:
            raise CatalogError(f"{origin}: source {name} stands there twice")
