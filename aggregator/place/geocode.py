"""The optional remote geocoder: a street address -> a point. Off unless the operator turns it on."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, replace
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlencode

from aggregator.errors import PlaceError
from aggregator.event import Event, GeoCoordinates, PostalAddress, Precision
from aggregator.place.find import DISAGREEMENT
from aggregator.place.keys import place_key
from aggregator.place.pins import is_point
from aggregator.place.sphere import metres_between
from aggregator.source import Request

_REFINABLE = frozenset({Precision.POSTCODE, Precision.TOWN})
_ROOF, _STREETS = 30, range(26, 30)
"""Nominatim's place ranks: a house, and what is a street or part of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service said of an address: a point, or, with `geo` None, that it does not know it."""

    geo: GeoCoordinates | None = None
    precision: Precision = Precision.NONE


class GeocodeCache(Protocol):
    """Keeps answers, also those that found nothing; policies of the services ask for it."""

    def get(self, key: str) -> Answer | None:
        """The answer of before; None when it was never asked."""

    def put(self, key: str, answer: Answer) -> None:
        """Keeps the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """How one geocoder is asked and read; `gap` is seconds between requests of the whole application."""

    name: str
    url: str
    ask: Callable[[PostalAddress], Mapping[str, str]]
    read: Callable[[Any], Answer]
    gap: float = 1.0


class Geocoder:
    """Asks `service` through `fetch`, the guarded door, which also says honestly who asks. One for an application."""

    def __init__(
        self,
        fetch: Callable[[Request], Awaitable[bytes]],
        cache: GeocodeCache,
        provider: Provider,
        *,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._fetch, self._cache, self._provider = fetch, cache, provider
        self._clock, self._sleep = clock, sleep
        self._turn = asyncio.Lock()
        self._next_at = clock()

    async def refine(self, event: Event, *, asks: bool = True) -> Event:
        """The event at its street address, where only its postcode or town was known; as it was when the service
        does not know the address, or finds it far away. Unless it `asks`, only what is cached is known. Raises
        FetchError and PlaceError; neither is cached.
        """
        place = event.location
        if place.precision not in _REFINABLE or not place.address.street_address or place.geo is None:
            return event
        cached = self._cache.get(_key(self._provider, place.address))
        answer = cached or (await self.find(place.address) if asks else Answer())
        if answer.geo is None or metres_between(answer.geo, place.geo) > DISAGREEMENT:
            return event
        return replace(event, location=replace(place, geo=answer.geo, precision=answer.precision))

    async def find(self, address: PostalAddress) -> Answer:
        """The service's answer, of before if it has one; PlaceError when what it sends is none."""
        key = _key(self._provider, address)
        known = self._cache.get(key)
        if known:
            return known
        async with self._turn:
            known = self._cache.get(key)
            if known:
                return known
            answer = await self._ask(address)
            self._cache.put(key, answer)
            return answer

    async def _ask(self, address: PostalAddress) -> Answer:
        await self._sleep(max(0.0, self._next_at - self._clock()))
        self._next_at = self._clock() + self._provider.gap
        body = await self._fetch(Request(url=f"{self._provider.url}?{urlencode(self._provider.ask(address))}"))
        try:
            answer = self._provider.read(json.loads(body))
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise PlaceError(f"{self._provider.name}: an answer that is none: {body[:80]!r}") from error
        return answer if answer.geo is None or is_point(answer.geo) else Answer()


def nominatim(url: str = "https://nominatim.openstreetmap.org/search") -> Provider:
    """OpenStreetMap's geocoder; its policy allows one request a second, cached, for an application in all."""
    return Provider(name="nominatim", url=url, ask=_ask_nominatim, read=_read_nominatim)


def census(url: str = "https://geocoding.geo.census.gov/geocoder/locations/onelineaddress") -> Provider:
    """The United States Census Bureau's geocoder, for addresses there; it places houses along their street."""
    return Provider(name="census", url=url, ask=_ask_census, read=_read_census)


def _key(provider: Provider, address: PostalAddress) -> str:
    parts = (getattr(address, field.name) or "" for field in fields(address))
    return "|".join((provider.name, *map(place_key, parts)))


def _ask_nominatim(address: PostalAddress) -> Mapping[str, str]:
    told = {
        "street": address.street_address,
        "city": address.address_locality,
        "state": address.address_region,
        "postalcode": address.postal_code,
        "countrycodes": (address.address_country or "").lower(),
    }
    return {"format": "jsonv2", "limit": "1", **{key: value for key, value in told.items() if value}}


def _read_nominatim(found: Any) -> Answer:
    if not found:
        return Answer()
    geo = GeoCoordinates(latitude=float(found[0]["lat"]), longitude=float(found[0]["lon"]))
    rank = int(found[0]["place_rank"])
    if rank < _STREETS.start:
        return Answer()
    return Answer(geo=geo, precision=Precision.ROOFTOP if rank >= _ROOF else Precision.STREET)


def _ask_census(address: PostalAddress) -> Mapping[str, str]:
    parts = (address.street_address, address.address_locality, address.address_region, address.postal_code)
    return {"address": ", ".join(filter(None, parts)), "benchmark": "Public_AR_Current", "format": "json"}


def _read_census(found: Any) -> Answer:
    matches = found["result"]["addressMatches"]
    if not matches:
        return Answer()
    point = matches[0]["coordinates"]
    geo = GeoCoordinates(latitude=float(point["y"]), longitude=float(point["x"]))
    return Answer(geo=geo, precision=Precision.STREET)
