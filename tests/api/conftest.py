"""A real store with a small town in it, and the API in front of it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from aggregator.event import (
    Event,
    EventAttendanceMode,
    EventStatus,
    Evidence,
    GeoCoordinates,
    Kind,
    Offer,
    Organization,
    Place,
    PostalAddress,
    Precision,
    Visitors,
    VisitorTerms,
)
from aggregator.place.gazetteer import Gazetteer
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Rejection, Run
from aggregator.settings import Settings
from aggregator.source import Request, Source
from aggregator.store import Candidate, open_store
from aggregator.store.store import Store
from api.app import create_app

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
"""A Wednesday, 11:30 in Visalia."""
PACIFIC = ZoneInfo("America/Los_Angeles")
VISALIA = Place(
    name="Main Street Hall",
    address=PostalAddress(
        street_address="1 Main St", address_locality="Visalia", address_region="CA", address_country="US"
    ),
    geo=GeoCoordinates(latitude=36.3302, longitude=-119.2921),
    precision=Precision.STREET,
)
FRESNO = Place(
    address=PostalAddress(address_locality="Fresno", address_region="CA", address_country="US"),
    geo=GeoCoordinates(latitude=36.7477, longitude=-119.7724),
    precision=Precision.TOWN,
)


def event(uid: str, start: datetime | date, **more: Any) -> Event:
    end = start + timedelta(hours=1) if isinstance(start, datetime) else start
    told = {"source": "chamber", "name": uid, "start_date": start, "end_date": end, "location": VISALIA, **more}
    return Event(uid=uid, time_zone="America/Los_Angeles", **told)


def at(day: int, hour: int, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=PACIFIC)


WELCOME = VisitorTerms(
    visitors=Visitors.OPEN,
    newcomers_expected=True,
    evidence=(Evidence(about="newcomers_expected", quote="First-timers are welcome."),),
)
EVENTS = {
    Kind.CHAMBER: (
        event("Mixer", at(8, 7), organizer=Organization(name="Elm Valley Chamber"), keywords=("coffee",),
              visitor_terms=WELCOME),
        event("Lunch & Learn", at(9, 12), offers=(Offer(price=Decimal(15), price_currency="USD"),)),
        event("Gala", at(15, 19), event_status=EventStatus.CANCELLED),
        event("Ribbon Cutting", at(20, 10, month=12), url="https://chamber.example/ribbon"),
        event("Old Mixer", at(1, 7)),
        event("=SUM(A1) Breakfast", at(16, 8), description="Write to joe@chamber.example or call (559) 555-0142."),
    ),
    Kind.VOLUNTEER: (
        event("Food Bank", at(10, 9), source="volunteers", is_accessible_for_free=True, location=FRESNO),
        event("Webinar", at(12, 17), source="volunteers", location=Place(),
              event_attendance_mode=EventAttendanceMode.ONLINE, virtual_location="https://meet.example/1"),
        event("River Clean-up", date(2026, 10, 17), source="volunteers", end_date=date(2026, 10, 18)),
        event("Tree Day", at(11, 9), source="volunteers", location=Place(name="Somewhere")),
        event("Weekly Sort", at(13, 18), source="volunteers", rrule=("FREQ=WEEKLY;COUNT=4",)),
    ),
}  # fmt: skip


def seed(store: Store, kind: Kind, events: tuple[Event, ...], when: datetime, **changes: Any) -> None:
    name = events[0].source if events else changes["withdrawn"][0]
    lease = store.lease(name, when, owner="test", ttl=timedelta(minutes=5))
    assert lease
    rejected = (Rejection(name="Lost, ask jane@lost.example", reason="no start"),)
    run = Run(
        source=name, started_at=when, finished_at=when, outcome=Outcome.ACCEPTED, reason="all well",
        found=len(events) + 1, kept=len(events), new=len(events), rejected=rejected,
    )  # fmt: skip
    store.apply(Changes(new=events, **changes), run, lease=lease, now=when)
    store.finish(lease, next_due_at=when + timedelta(hours=6))


@pytest.fixture
def add() -> Callable[..., None]:
    """Writes events of a source, as a run of it would, now."""

    def write(store: Store, kind: Kind, events: tuple[Event, ...], **changes: Any) -> None:
        seed(store, kind, events, NOW, **changes)

    return write


@pytest.fixture
def hold_back() -> Callable[..., int]:
    """A run of the chamber, an hour ago, that was held back: it saw the mixer at 18:00, a supper that is new, and
    nothing else; its number.
    """

    def write(store: Store, supper: str = "Harvest Supper") -> int:
        status = next(status for status in store.sources() if status.name == "chamber")
        when = NOW - timedelta(hours=1)
        lease = store.lease("chamber", when, owner="test", ttl=status.every)
        assert lease
        mixer = store.stored_listings("chamber")["Mixer"].event
        seen = (moved(mixer, at(8, 18)), replace(moved(mixer, at(9, 18)), uid="Supper", name=supper))
        run = Run(source="chamber", started_at=when, finished_at=when, outcome=Outcome.QUARANTINED, reason="2 of 6")
        number = store.apply(Changes(), run, lease=lease, now=when, candidate=Candidate(seen=seen, is_complete=True))
        store.finish(lease, next_due_at=when)
        return number

    return write


@pytest.fixture
def list_alike(add: Callable[..., None]) -> Callable[[Store], None]:
    """Two sources, `a` and `b`, that tell what may be one walk, each with the identifier 1; and the matching after."""

    def write(store: Store) -> None:
        names = {"chamber": Kind.CHAMBER, "volunteers": Kind.VOLUNTEER, "a": Kind.OTHER, "b": Kind.OTHER}
        store.register([source(name, kind) for name, kind in names.items()], now=NOW)
        mixer = store.stored_listings("chamber")["Mixer"].event
        for name, title in (("a", "Harvest Walk"), ("b", "Harvest Walk with the Elm Valley Friends of Birds")):
            add(store, Kind.OTHER, (replace(mixer, source=name, uid="1", name=title, organizer=None),))
        store.match({}, NOW)

    return write


def moved(event: Event, start: datetime) -> Event:
    return replace(event, start_date=start, end_date=start + timedelta(hours=1))


@pytest.fixture(scope="session")
def fill_source() -> Callable[..., None]:
    """The same for a source of an empty store."""

    def write(store: Store, kind: Kind, events: tuple[Event, ...]) -> None:
        store.register([source(events[0].source, kind)], now=NOW - timedelta(days=9))
        seed(store, kind, events, NOW)

    return write


def source(name: str, kind: Kind) -> Source:
    url = f"https://user:secret@{name}.example/private-0123/basic.ics"
    return Source(name=name, kind=kind, platform="ics", request=Request(url=url), parse=lambda _: iter(()))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(public_url="https://hobnob.example")


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Twelve events of two sources; nobody writes to it."""
    store = open_store(str(tmp_path_factory.mktemp("town") / "hobnob.db"))
    fill(store)
    yield store
    store.close()


@pytest.fixture
def changing_town(tmp_path: Path) -> Iterator[Store]:
    """The same, to be written to."""
    store = open_store(str(tmp_path / "hobnob.db"))
    fill(store)
    yield store
    store.close()


def fill(store: Store) -> None:
    store.register([source("chamber", Kind.CHAMBER), source("volunteers", Kind.VOLUNTEER)], now=NOW - timedelta(days=9))
    for days, (kind, events) in enumerate(EVENTS.items()):
        seed(store, kind, events, NOW - timedelta(days=8 - days * 7))


@pytest.fixture(scope="session")
def api(gazetteer: Gazetteer, settings: Settings) -> Callable[..., httpx.AsyncClient]:
    """A client of the API on a store; no socket is opened."""

    def connect(store: Store, **more: Any) -> httpx.AsyncClient:
        app = create_app(store, more.pop("settings", settings), gazetteer, now=more.pop("now", lambda: NOW))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="https://hobnob.example", **more)

    return connect


@pytest.fixture
def client(town: Store, api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return api(town)


@pytest.fixture(scope="session")
def serve() -> Callable[[ASGIApp], AbstractContextManager[str]]:
    """Puts an app on a socket of the loopback, for as long as the block lasts; the address."""

    @contextmanager
    def serving(app: ASGIApp) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join()

    return serving
