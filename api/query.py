"""The edge of EventQuery: raw parameters in, a question and its canonical form out; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from aggregator.errors import QueryError
from aggregator.place.gazetteer import Gazetteer, Spot
from aggregator.query import EventQuery, Sort
from aggregator.settings import Settings
from aggregator.store.cursor import read_cursor
from api.echo import Echo, write_echo
from api.given import collect, validate
from api.parameters import ANYWHERE, Parameters
from api.where import POINT, UTC, choose_place, choose_zone, name_place, read_point, zone_named
from api.window import choose_window, instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and how to tell the answer. `echo` is its canonical form with defaults, which can be asked again;
    `window` its absolute bounds, and the zone that they were found in.
    """

    query: EventQuery
    echo: Echo
    window: dict[str, str]
    place: Spot | None
    units: Literal["mi", "km"]
    zone: ZoneInfo | None
    fields: frozenset[str]
    wants_total: bool
    has_limit: bool


def parse_query(
    raw: Mapping[str, str] | Iterable[tuple[str, str]],
    *,
    now: datetime,
    settings: Settings,
    gazetteer: Gazetteer,
) -> Asked:
    """QueryError names the first parameter that cannot be answered, and what would do instead."""
    texts = collect(raw.items() if isinstance(raw, Mapping) else raw)
    try:
        return _ask(texts, now.replace(second=0, microsecond=0), settings, gazetteer)
    except QueryError as error:
        raise QueryError(error.param, texts.get(error.param, error.value), error.why, error.did_you_mean) from error


def _ask(texts: dict[str, str], now: datetime, settings: Settings, gazetteer: Gazetteer) -> Asked:
    has_limit = "limit" in texts
    texts = _with_defaults(texts, settings)
    if "cursor" not in texts and (point := read_point(texts)):
        return _ask_at(point, texts, now, has_limit=has_limit)
    given = validate(texts)
    _refuse_contradictions(given)
    place = choose_place(given, settings, gazetteer)
    zone = choose_zone(given, place, settings, gazetteer)
    asked = _understand(given, place, zone, now, has_limit=has_limit)
    if place and given.near:
        asked.echo["near"] = name_place(gazetteer, given.near)
    return asked


def _ask_at(point: Spot, texts: dict[str, str], now: datetime, *, has_limit: bool) -> Asked:
    """Most who ask around a point of their own ask the same else, and it means the same within a time zone."""
    others = tuple((name, text) for name, text in texts.items() if name not in POINT)
    asked = _ask_at_zero(others, point.time_zone, now, has_limit=has_limit)
    echo = asked.echo | {name: float(texts[name]) for name in POINT}
    return replace(asked, query=replace(asked.query, center=point.geo), echo=echo, place=point)


@lru_cache(maxsize=1024)
def _ask_at_zero(others: tuple[tuple[str, str], ...], zone: str | None, now: datetime, *, has_limit: bool) -> Asked:
    given = validate({**dict.fromkeys(POINT, "0"), **dict(others)})
    _refuse_contradictions(given)
    return _understand(given, None, zone_named(zone) if zone else UTC, now, has_limit=has_limit)


def _understand(given: Parameters, place: Spot | None, zone: ZoneInfo, now: datetime, *, has_limit: bool) -> Asked:
    query, _ = read_cursor(_query(given, place, zone, choose_window(given, now, zone), now))
    return Asked(
        query=query,
        echo=write_echo(given),
        window=_tell_window(query.start.astimezone(zone), query.end.astimezone(zone), zone),
        place=place,
        units=given.units or "mi",
        zone=given.tz,
        fields=given.fields,
        wants_total=bool(given.include),
        has_limit=has_limit,
    )


def _tell_window(start: datetime, end: datetime, zone: ZoneInfo) -> dict[str, str]:
    return {"start": start.isoformat(), "end": end.isoformat(), "timeZone": zone.key}


def _query(
    given: Parameters, place: Spot | None, zone: ZoneInfo, window: tuple[datetime, datetime], now: datetime
) -> EventQuery:
    def moment(value: datetime | date | None) -> datetime | None:
        return instant(value, zone) if value else None

    return EventQuery(
        start=window[0],
        end=window[1],
        when=given.when,
        center=place.geo if place else None,
        within=given.within.metres if given.within else None,
        nearest=given.nearest,
        bbox=given.bbox,
        starts_after=moment(given.starts_after),
        starts_before=moment(given.starts_before),
        weekdays=given.weekday,
        time_from=given.time_from,
        time_to=given.time_to,
        kind=given.kind,
        org=given.org,
        source=given.source,
        tag=given.tag,
        words=given.q,
        attendance=given.attendance,
        cost=given.cost,
        max_price=given.max_price,
        visitors=given.visitors,
        newcomer=given.newcomer,
        status=frozenset().union(*given.status),
        regular=given.regular,
        rhythm=given.rhythm,
        confirmed_within=given.confirmed_within.length if given.confirmed_within else None,
        asked_at=now if given.confirmed_within else None,
        updated_since=moment(given.updated_since),
        collapse=given.collapse,
        sort=given.sort,
        limit=given.limit,
        cursor=given.cursor,
    )


def _with_defaults(texts: dict[str, str], settings: Settings) -> dict[str, str]:
    """The site's own place when none is asked for, and its usual distance around any."""
    texts = {"sort": Sort.START.value, "limit": "50", "units": settings.units, **texts}
    if settings.place and texts.keys().isdisjoint({"near", "lat", "lon", "bbox"}):
        texts["near"] = settings.place
    has_center = texts.get("near", ANYWHERE) != ANYWHERE or "lat" in texts
    if has_center and texts.keys().isdisjoint({"within", "nearest"}):
        texts["within"] = settings.within
    return texts


def _refuse_contradictions(given: Parameters) -> None:
    has_center = given.lat is not None or given.near not in (None, ANYWHERE)
    if given.near and (given.lat is not None or given.lon is not None):
        raise QueryError("near", given.near, "cannot be asked together with lat and lon")
    if (given.lat is None) != (given.lon is None):
        present, missing = ("lat", "lon") if given.lon is None else ("lon", "lat")
        raise QueryError(present, str(getattr(given, present)), f"needs {missing} beside it")
    if given.within and given.nearest:
        raise QueryError("nearest", str(given.nearest), "cannot be asked together with within")
    for name in ("within", "nearest"):
        if not has_center and (value := getattr(given, name)) is not None:
            raise QueryError(name, str(value), "needs a place: near, or lat and lon")
    if given.sort is Sort.DISTANCE and not has_center:
        raise QueryError("sort", "distance", "needs a place: near, or lat and lon")
    if given.time_from == given.time_to not in (None, time()):
        raise QueryError("time_to", f"{given.time_to:%H:%M}", "the same as time_from")
