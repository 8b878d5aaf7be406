"""The remote geocoder, against a real HTTP server on loopback that answers as the services do."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from aggregator.errors import PlaceError
from aggregator.event import Event, GeoCoordinates, Place, PostalAddress, Precision
from aggregator.place.geocode import Answer, Geocoder, census, nominatim
from aggregator.source import Request

OAK = PostalAddress(
    street_address="12 Oak St",
    address_locality="Visalia",
    address_region="CA",
    postal_code="93291",
    address_country="US",
)
PARIS = PostalAddress(street_address="1 rue X", address_locality="Paris", address_country="FR")
EVENT = Event(
    source="elm",
    uid="1",
    name="Mixer",
    start_date=date(2026, 3, 4),
    time_zone="America/Los_Angeles",
    location=Place(address=OAK, geo=GeoCoordinates(latitude=36.3551, longitude=-119.301), precision=Precision.POSTCODE),
)


class Loopback(ThreadingHTTPServer):
    """Says `body` to whoever asks, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.body = b"[]"
        super().__init__(("127.0.0.1", 0), _Answering)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/search"


class _Answering(BaseHTTPRequestHandler):
    server: Loopback

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.server.asked.append({key: values[0] for key, values in query.items()})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        pass


class Memory:
    """A cache that is a dictionary."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}

    def get(self, key: str) -> Answer | None:
        return self.answers.get(key)

    def put(self, key: str, answer: Answer) -> None:
        self.answers[key] = answer


class Clock:
    """Time that passes only while somebody sleeps."""

    now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def service() -> Iterator[Loopback]:
    with Loopback() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def _fetch(request: Request) -> bytes:
    def read() -> bytes:
        with urlopen(request.url) as answer:  # noqa: S310 - loopback
            body: bytes = answer.read()
            return body

    return await asyncio.to_thread(read)


def _geocoder(service: Loopback, cache: Memory | None = None, clock: Clock | None = None) -> Geocoder:
    clock = clock or Clock()
    return Geocoder(_fetch, cache or Memory(), nominatim(service.url), clock=clock, sleep=clock.sleep)


def _found(latitude: float, longitude: float, rank: int) -> bytes:
    return json.dumps([{"lat": str(latitude), "lon": str(longitude), "place_rank": rank}]).encode()


@pytest.mark.parametrize(("rank", "precision"), [(30, Precision.ROOFTOP), (26, Precision.STREET)])
def test_nominatims_house_or_street_refines_an_event(service: Loopback, rank: int, precision: Precision) -> None:
    service.body = _found(36.3301, -119.2911, rank)
    refined = asyncio.run(_geocoder(service).refine(EVENT)).location
    assert (refined.geo, refined.precision) == (GeoCoordinates(latitude=36.3301, longitude=-119.2911), precision)
    assert service.asked == [
        {
            "format": "jsonv2",
            "limit": "1",
            "street": "12 Oak St",
            "city": "Visalia",
            "state": "CA",
            "postalcode": "93291",
            "countrycodes": "us",
        }
    ]


@pytest.mark.parametrize(
    "body",
    [b"[]", _found(36.3, -119.2, 16), _found(51.5, -0.1, 30), _found(99, 0, 30)],
    ids=["unknown", "only the town", "far away", "no point"],
)
def test_an_answer_that_is_not_the_address_changes_nothing(service: Loopback, body: bytes) -> None:
    service.body = body
    assert asyncio.run(_geocoder(service).refine(EVENT)) is EVENT


@pytest.mark.parametrize(
    "event",
    [
        replace(EVENT, location=replace(EVENT.location, precision=Precision.ROOFTOP)),
        replace(EVENT, location=replace(EVENT.location, address=replace(OAK, street_address=None))),
        replace(EVENT, location=Place()),
    ],
    ids=["known better", "no street", "no place"],
)
def test_nobody_is_asked_without_need(service: Loopback, event: Event) -> None:
    assert asyncio.run(_geocoder(service).refine(event)) is event
    assert service.asked == []


@pytest.mark.parametrize("body", [b"[]", _found(36.33, -119.29, 30)], ids=["a miss", "a hit"])
def test_an_address_is_asked_for_once_even_at_the_same_time(service: Loopback, body: bytes) -> None:
    service.body = body
    cache = Memory()

    async def ask_often() -> None:
        geocoder = _geocoder(service, cache)
        await asyncio.gather(*(geocoder.find(OAK) for _ in range(5)))
        await _geocoder(service, cache).find(replace(OAK, street_address="12 OAK ST."))

    asyncio.run(ask_often())
    assert len(service.asked) == 1


def test_the_service_is_asked_once_a_second_at_most(service: Loopback) -> None:
    clock = Clock()

    async def ask_three() -> list[float]:
        geocoder, times = _geocoder(service, clock=clock), []
        for number in range(3):
            await geocoder.find(replace(OAK, street_address=f"{number} Oak St"))
            times.append(clock.now)
        return times

    assert asyncio.run(ask_three()) == [100.0, 101.0, 102.0]


@pytest.mark.parametrize("body", [b"<html>", b'{"error": 1}', b'[{"lat": "x"}]', b"[3]", b'[{"lat": 1, "lon": 2}]'])
def test_an_answer_that_is_none_is_an_error_and_not_kept(service: Loopback, body: bytes) -> None:
    service.body = body
    cache = Memory()
    with pytest.raises(PlaceError, match="nominatim"):
        asyncio.run(_geocoder(service, cache).find(OAK))
    assert cache.answers == {}


def test_the_census_places_houses_along_their_street(service: Loopback) -> None:
    clock = Clock()
    geocoder = Geocoder(_fetch, Memory(), census(service.url), clock=clock, sleep=clock.sleep)
    match = {"coordinates": {"x": -119.2911, "y": 36.3301}, "matchedAddress": "12 OAK ST, VISALIA, CA, 93291"}
    service.body = json.dumps({"result": {"addressMatches": [match]}}).encode()
    answer = asyncio.run(geocoder.find(OAK))
    assert answer == Answer(geo=GeoCoordinates(latitude=36.3301, longitude=-119.2911), precision=Precision.STREET)
    assert service.asked[0]["address"] == "12 Oak St, Visalia, CA, 93291"

    service.body = b'{"result": {"addressMatches": []}}'
    assert asyncio.run(geocoder.find(PARIS)) == Answer()
