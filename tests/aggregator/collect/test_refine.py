"""Street addresses found by a remote geocoder, while it answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.collect.refine import refine
from aggregator.errors import FetchError
from aggregator.event import Event, GeoCoordinates, Place, PostalAddress, Precision
from aggregator.place.geocode import Answer, Geocoder, nominatim
from aggregator.source import Request

TOWN = GeoCoordinates(latitude=36.33, longitude=-119.29)
DOOR = {"lat": "36.3301", "lon": "-119.2901", "place_rank": 30}


class Kept(dict[str, Answer]):
    """A cache in memory."""

    def put(self, key: str, answer: Answer) -> None:
        self[key] = answer


class Service:
    """A geocoder that answers `answers` times, then fails."""

    def __init__(self, answers: int) -> None:
        self.answers, self.asked = answers, 0

    async def fetch(self, request: Request) -> bytes:
        self.asked += 1
        if self.asked > self.answers:
            raise FetchError(f"{request.url}: is down")
        return json.dumps([DOOR]).encode()


def an_event(street: str) -> Event:
    address = PostalAddress(
        street_address=street, address_locality="Visalia", address_region="CA", address_country="US"
    )
    start = datetime(2026, 6, 1, 12, tzinfo=UTC)
    place = Place(address=address, geo=TOWN, precision=Precision.TOWN)
    return Event(source="elm", uid=street, name="Mixer", start_date=start, time_zone="UTC", location=place)


async def no_wait(_: float) -> None:
    return


def a_geocoder(service: Service, kept: Kept) -> Geocoder:
    return Geocoder(service.fetch, kept, nominatim("http://geo.example/search"), clock=lambda: 0.0, sleep=no_wait)


@pytest.mark.anyio
async def test_an_address_that_is_found_is_told_at_its_door_and_asked_for_once() -> None:
    service, kept = Service(answers=9), Kept()
    events = {"1": an_event("1 Main St"), "2": replace(an_event("1 Main St"), uid="2")}

    refined = await refine(events, a_geocoder(service, kept))

    assert [event.location.precision for event in refined.values()] == [Precision.ROOFTOP, Precision.ROOFTOP]
    assert service.asked == 1


@pytest.mark.anyio
async def test_when_the_service_fails_what_it_said_before_still_counts_and_nobody_asks_on() -> None:
    service, kept = Service(answers=1), Kept()
    await refine({"3": an_event("3 Main St")}, a_geocoder(service, kept))

    refined = await refine({n: an_event(f"{n} Main St") for n in "123"}, a_geocoder(service, kept))

    assert [refined[n].location.precision for n in "123"] == [Precision.TOWN, Precision.TOWN, Precision.ROOFTOP]
    assert service.asked == 2
