"""A real SQLite file for each test, and short ways to say what is written into it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.event import Event, GeoCoordinates, Kind, Organization, Place, Precision
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.source import Request, Source
from aggregator.store import Lease, open_store
from aggregator.store.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
FRESNO = GeoCoordinates(latitude=36.7378, longitude=-119.7871)
MOST_OPEN = 12


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def fresno() -> GeoCoordinates:
    return FRESNO


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "store.db"
    open_store(str(path)).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_address(request: pytest.FixtureRequest, database: str, template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes empty stores; the schema is copied, since migrating takes a third of a second."""
    if database == "postgresql":
        make_database: Callable[[], str] = request.getfixturevalue("new_database")
        return make_database
    made = count()

    def make() -> str:
        path = tmp_path / f"store{next(made)}.db"
        shutil.copy(template, path)
        return str(path)

    return make


@pytest.fixture
def new_store(new_address: Callable[[], str]) -> Iterator[Callable[[], Store]]:
    """Of many only the last ones stay open: a property asks for hundreds, and a server has so many connections."""
    opened: list[Store] = []

    def make() -> Store:
        if len(opened) == MOST_OPEN:
            opened.pop(0).close()
        opened.append(open_store(new_address()))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    return new_store()


def make_source(name: str = "chamber", kind: Kind = Kind.CHAMBER, **told: Any) -> Source:
    request = Request(url=f"https://{name}.example/events.ics")
    return Source(name=name, kind=kind, platform="ics", request=request, parse=lambda _: iter(()), **told)


@pytest.fixture
def source() -> Callable[..., Source]:
    return make_source


@pytest.fixture
def event() -> Callable[..., Event]:
    """An event in Fresno at 17:00 local time, so many days after NOW, and otherwise as told."""

    def make(uid: str, days: float = 2, **told: Any) -> Event:
        start = (NOW + timedelta(days=days)).astimezone(ZONE).replace(hour=17, minute=0)
        usual: dict[str, Any] = {
            "source": "chamber",
            "name": f"Mixer {uid}",
            "start_date": start,
            "end_date": start + timedelta(hours=2),
            "time_zone": ZONE.key,
            "location": Place(geo=FRESNO, precision=Precision.ROOFTOP),
            "organizer": Organization(name="Fresno Chamber of Commerce"),
        }
        return Event(uid=uid, **usual | told)

    return make


@pytest.fixture
def run() -> Callable[..., Run]:
    def make(source: str = "chamber", at: datetime = NOW, outcome: Outcome = Outcome.ACCEPTED, **told: Any) -> Run:
        return Run(source=source, started_at=at, finished_at=at, outcome=outcome, reason="", **told)

    return make


@pytest.fixture
def lease() -> Callable[..., Lease]:
    """Registers a source and takes it."""

    def take(store: Store, name: str = "chamber", kind: Kind = Kind.CHAMBER, at: datetime = NOW) -> Lease:
        names = {status.name for status in store.sources()}
        if name not in names:
            others = [make_source(status.name, status.kind) for status in store.sources()]
            store.register([*others, make_source(name, kind)], now=at)
        found = store.lease(name, at, owner="test", ttl=timedelta(minutes=1))
        assert found is not None
        return found

    return take


@pytest.fixture
def write(lease: Callable[..., Lease], run: Callable[..., Run]) -> Callable[..., int]:
    """One accepted run, with a lease of its own that is given back: write(store, new=(…), at=…)."""

    def apply(
        store: Store, *, name: str = "chamber", kind: Kind = Kind.CHAMBER, at: datetime = NOW, **changes: Any
    ) -> int:
        held = lease(store, name, kind, at)
        run_id = store.apply(Changes(**changes), run(name, at), lease=held, now=at)
        store.finish(held, next_due_at=at + timedelta(hours=6))
        return run_id

    return apply


@pytest.fixture
def rows() -> Callable[..., list[tuple[Any, ...]]]:
    """All rows of a table, for "nothing was written" and "nothing is left"."""

    def read(store: Store, table: str) -> list[tuple[Any, ...]]:
        return store._look_up(lambda link: link.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608

    return read
