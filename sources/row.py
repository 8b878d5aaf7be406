"""Single values of a catalogue row; CatalogError names file, source and key."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregator.errors import CatalogError
from aggregator.event import GeoCoordinates, Kind, Place, PostalAddress
from aggregator.sift import Sieve
from sources.recipe import read_pattern

LOCATION_KEYS = frozenset(
    ("name", "street_address", "locality", "region", "postal_code", "country", "latitude", "longitude")
)
SIEVE_KEYS = frozenset(
    {"include", "exclude", "drop_noise", "audience", "members_only", "location_policy", "role", "trust"}
    | {"collapse_runs_days", "active_months", "expect_min", "verified"}
)
EVERY = re.compile(r"(\d{1,4}) ?([mhd])")
MAILBOX = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,190}")
SHORTEST = timedelta(minutes=15)
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LATITUDE, LONGITUDE = 90, 180
MOST_PATTERNS, MOST_TRUST, MONTHS = 50, 100, 12

Row = Mapping[str, Any]


def read_text(row: Row, key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CatalogError(f"{where}: “{key}” is missing")
    return value


def read_optional_text(row: Row, key: str, where: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise CatalogError(f"{where}: {key} = {value} is no text")
    return value


def read_mailbox(row: Row, key: str, where: str) -> str | None:
    """One address that mail can be sent to."""
    value = read_optional_text(row, key, where)
    if value is not None and not MAILBOX.fullmatch(value):
        raise CatalogError(f"{where}: {key} = “{value}” is no address such as events@chamber.example")
    return value


def is_enabled(row: Row, origin: str) -> bool:
    value = row.get("enabled", True)
    if not isinstance(value, bool):
        raise CatalogError(f"{origin}: source {row['name']}: enabled = “{value}” is neither true nor false")
    return value


def read_permission(row: Row, where: str) -> Literal["granted"] | None:
    permission: Literal["granted"] | None = choose_one(row, "permission", ("granted",), where)
    if permission and not str(row.get("note", "")).strip():
        raise CatalogError(f"{where}: “permission” needs a “note” that says who granted it")
    return permission


def read_kind(row: Row, where: str) -> Kind:
    return Kind(choose_one(row, "kind", tuple(Kind), where) or Kind.OTHER)


def choose_one(row: Row, key: str, values: tuple[str, ...], where: str) -> Any:
    value = row.get(key)
    if value is not None and value not in values:
        raise CatalogError(f"{where}: {key} = “{value}” is none of {', '.join(values)}")
    return value


def read_zone(row: Row, where: str) -> str | None:
    zone = row.get("time_zone")
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
            raise CatalogError(f"{where}: “{zone}” is no time zone; one is America/Los_Angeles") from error
    return zone


def read_every(row: Row, where: str) -> timedelta:
    match = EVERY.fullmatch(str(row.get("every", "6h")))
    if not match:
        raise CatalogError(f"{where}: every = “{row['every']}” is no length of time such as 6h, 2d or 30m")
    return max(SHORTEST, timedelta(**{UNITS[match[2]]: int(match[1])}))


def read_location(row: object, where: str) -> Place:
    where = f"{where}: location"
    if not isinstance(row, dict):
        raise CatalogError(f'{where}: is a table, such as {{ locality = "Visalia", region = "CA" }}')
    refuse_others(row, LOCATION_KEYS, where)
    address = PostalAddress(
        street_address=read_optional_text(row, "street_address", where),
        address_locality=read_optional_text(row, "locality", where),
        address_region=read_optional_text(row, "region", where),
        postal_code=read_optional_text(row, "postal_code", where),
        address_country=read_optional_text(row, "country", where),
    )
    return Place(name=read_optional_text(row, "name", where), address=address, geo=_read_geo(row, where))


def _read_geo(row: Row, where: str) -> GeoCoordinates | None:
    if not row.keys() & {"latitude", "longitude"}:
        return None
    return GeoCoordinates(
        latitude=_read_degrees(row, "latitude", LATITUDE, where),
        longitude=_read_degrees(row, "longitude", LONGITUDE, where),
    )


def _read_degrees(row: Row, key: str, most: int, where: str) -> float:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        told = "is missing" if value is None else f"= “{value}” is no number from -{most} to {most}"
        raise CatalogError(f"{where}: {key} {told}")
    return float(value)


def refuse_others(row: Row, known: AbstractSet[str], where: str) -> None:
    for key in row:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"; did you mean “{near[0]}”?" if near else ""
            raise CatalogError(f"{where}: “{key}” is not a key{hint}")


def read_sieve(row: Row, where: str) -> Sieve:
    """The filters of a source."""
    noise = row.get("drop_noise", True)
    if not isinstance(noise, bool):
        raise CatalogError(f"{where}: drop_noise = “{noise}” is neither true nor false")
    members = row.get("members_only")
    months = row.get("active_months", [])
    if not isinstance(months, list) or not all(type(month) is int and 1 <= month <= MONTHS for month in months):
        raise CatalogError(f"{where}: active_months are numbers from 1 to {MONTHS}, such as [9, 10, 11]")
    return Sieve(
        include=_read_patterns(row, "include", where),
        exclude=_read_patterns(row, "exclude", where),
        drops_noise=noise,
        audience=choose_one(row, "audience", ("public", "members", "unknown"), where) or "unknown",
        members_only=None if members is None else _read_pattern("members_only", members, where),
        location_policy=choose_one(row, "location_policy", ("event", "default_if_empty", "always_default"), where)
        or "default_if_empty",
        role=choose_one(row, "role", ("organiser", "venue", "chamber", "aggregator"), where) or "organiser",
        trust=_read_number(row, "trust", MOST_TRUST, where) or 50,
        collapse_runs=_read_number(row, "collapse_runs_days", 366, where),
        active_months=frozenset(months),
        expect_min=_read_number(row, "expect_min", 5000, where),
        verified=_read_verified(row, where),
    )


def _read_patterns(row: Row, key: str, where: str) -> tuple[re.Pattern[str], ...]:
    told = row.get(key, [])
    if not isinstance(told, list) or len(told) > MOST_PATTERNS:
        raise CatalogError(f"{where}: {key} is a list of at most {MOST_PATTERNS} patterns")
    return tuple(_read_pattern(key, pattern, where) for pattern in told)


def _read_pattern(key: str, told: object, where: str) -> re.Pattern[str]:
    try:
        return re.compile(read_pattern(told).pattern, re.IGNORECASE)
    except ValueError as error:
        raise CatalogError(f"{where}: {key}: {error}") from error


def _read_number(row: Row, key: str, most: int, where: str) -> int | None:
    value = row.get(key)
    if value is not None and (type(value) is not int or not 0 <= value <= most):
        raise CatalogError(f"{where}: {key} = “{value}” is no whole number from 0 to {most}")
    return value


def _read_verified(row: Row, where: str) -> bool | date | None:
    value = row.get("verified")
    if value is not None and (isinstance(value, datetime) or not isinstance(value, bool | date)):
        raise CatalogError(f"{where}: verified = “{value}” is true, false or a day")
    return value
