"""The edge of EventQuery: raw parameters in, a question and its canonical form out; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from aggregator.errors import AmbiguousPlaceError, PlaceError, QueryError
from aggregator.place.gazetteer import Gazetteer, Spot
from aggregator.query import EventQuery, Sort
from aggregator.settings import Settings
from api.given import collect, validate
from api.parameters import ANYWHERE, LISTS, Parameters
from api.window import choose_window, instant

Echo = dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and how to tell the answer. `echo` is its canonical form, with defaults and absolute bounds."""

    query: EventQuery
    echo: Echo
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
    has_limit = "limit" in texts
    texts = _with_defaults(texts, settings)
    given = validate(texts)
    _refuse_contradictions(given)
    place = _choose_place(given, gazetteer)
    zone = _choose_zone(given, place, settings, gazetteer)
    window = choose_window(given, now.replace(second=0, microsecond=0), zone)
    return Asked(
        query=_query(given, place, zone, window),
        echo=_echo(texts, given, window),
        place=place,
        units=given.units or settings.units,
        zone=given.tz,
        fields=given.fields,
        wants_total=bool(given.include),
        has_limit=has_limit,
    )


def _query(given: Parameters, place: Spot | None, zone: ZoneInfo, window: tuple[datetime, datetime]) -> EventQuery:
    def moment(value: datetime | date | None) -> datetime | None:
        return instant(value, zone) if value else None

    return EventQuery(
        start=window[0],
        end=window[1],
        center=place.geo if place else None,
        within=given.within,
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
        status=frozenset().union(*given.status),
        updated_since=moment(given.updated_since),
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


def _choose_place(given: Parameters, gazetteer: Gazetteer) -> Spot | None:
    if given.lat is not None and given.lon is not None:
        return _resolve("lat", f"{given.lat:.7f},{given.lon:.7f}", gazetteer)
    return None if given.near in (None, ANYWHERE) else _resolve("near", given.near or "", gazetteer)


def _choose_zone(given: Parameters, place: Spot | None, settings: Settings, gazetteer: Gazetteer) -> ZoneInfo:
    """The place's own, since `today` is its day: of the point, the middle of the box, the site, or else UTC."""
    if place is None and given.bbox:
        box = given.bbox
        east = box.east if box.east >= box.west else box.east + 360
        longitude = (box.west + east) / 2
        middle = f"{(box.south + box.north) / 2:.7f},{longitude - 360 if longitude > 180 else longitude:.7f}"
        place = _resolve("bbox", middle, gazetteer)
    elif place is None and settings.place:
        place = _resolve("near", settings.place, gazetteer)
    return ZoneInfo(place.time_zone) if place and place.time_zone else ZoneInfo("UTC")


def _resolve(param: str, text: str, gazetteer: Gazetteer) -> Spot:
    try:
        return gazetteer.resolve(text)
    except AmbiguousPlaceError as error:
        raise QueryError(param, text, "more than one place bears this name", error.choices) from error
    except PlaceError as error:
        raise QueryError(param, text, str(error), gazetteer.near_spellings(text)) from error


def _echo(texts: Mapping[str, str], given: Parameters, window: tuple[datetime, datetime]) -> Echo:
    numbers: Echo = {
        name: value
        for name in ("lat", "lon", "nearest", "days", "limit")
        if (value := getattr(given, name)) is not None
    }
    return {**_canonical(texts), "start": window[0].isoformat(), "end": window[1].isoformat(), **numbers}


def _canonical(texts: Mapping[str, str]) -> dict[str, str]:
    """The same question always in the same words: lists in order, each word once."""
    return {
        name: ",".join(sorted({part.strip() for part in text.split(",")})) if name in LISTS else text
        for name, text in sorted(texts.items())
    }
