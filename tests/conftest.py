"""A small real web site on loopback, and all that a run works with, by a clock that stands still until it is moved."""

import asyncio
import hashlib
import inspect
import os
import shutil
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self
from uuid import uuid4

import asyncpg
import pytest

from aggregator.collect import Tools
from aggregator.event import EventStatus
from aggregator.fetch import Fetcher
from aggregator.place.gazetteer import Gazetteer
from aggregator.run import Run
from aggregator.sandbox import Sandbox
from aggregator.schedule import collect_now
from aggregator.settings import Settings
from aggregator.source import Source
from aggregator.store import open_store
from aggregator.store.people import metadata
from aggregator.store.postgres.bridge import run
from aggregator.store.postgres.schema import FIRST_COUNTERS
from aggregator.store.store import Store
from sources.load import source_at

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOSTS = ("chamber.example", "library.example", "other.example")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Asked:
    """A request, as the site saw it."""

    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What the site says; `missing` is how many bytes of the promised length never come."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    missing: int = 0

    def written(self) -> bytes:
        told = {"Content-Length": str(len(self.body) + self.missing), **self.headers}
        lines = [f"HTTP/1.1 {self.status} Told", *(f"{name}: {value}" for name, value in told.items())]
        if self.status == 304:
            lines.pop(1)
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


Answer = bytes | Reply | Callable[[Asked], Reply | Awaitable[Reply]]


@dataclass
class Site:
    """Answers by `host/path`; `asked` is what came, robots.txt left out, and `sent` the bytes of bodies, by host."""

    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    has_etags: bool = True
    port: int = 0
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    @asynccontextmanager
    async def open(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Site"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self.serving:
                task.cancel()
            await asyncio.gather(*self.serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.serving.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._answer(reader, writer):
                pass
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()
        self.serving.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        asked = Asked(headers["host"].partition(":")[0], first.split(" ")[1], headers, body)
        reply = await self._choose(asked)
        if asked.path != "/robots.txt":
            self.asked.append(asked)
            self.sent[asked.host] += len(reply.body)
        writer.write(reply.written())
        await writer.drain()
        return not reply.missing

    async def _choose(self, asked: Asked) -> Reply:
        answer = self.pages.get(asked.host + asked.path, Reply(status=404))
        if callable(answer):
            told = answer(asked)
            answer = await told if inspect.isawaitable(told) else told
        if isinstance(answer, Reply):
            return answer
        if not self.has_etags:
            return Reply(answer)
        etag = f'"{hashlib.sha256(answer).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == etag:
            return Reply(status=304, headers={"ETag": etag})
        return Reply(answer, headers={"ETag": etag})


@dataclass
class Clock:
    """Tells the same moment until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **more: float) -> None:
        self.at += timedelta(**more)


@dataclass(frozen=True)
class Collector:
    """Runs sources as `hobnob collect` does: real HTTP, a real child, a real database; only the clock is given."""

    clock: Clock
    tools: Tools

    @property
    def store(self) -> Store:
        return self.tools.store

    async def run(self, source: Source, **later: float) -> Run:
        """One run, so much later than the one before."""
        (run,) = await self.run_all([source], **later)
        return run

    async def run_all(self, sources: list[Source], **later: float) -> list[Run]:
        """The same of several; all of them are the catalogue."""
        self.clock.forward(**later)
        self.store.register(sources, now=self.clock())
        runs = await collect_now(sources, self.tools, 64, lambda _source, _run: None)
        assert None not in runs
        return [run for run in runs if run]

    def told(self, source: str = "chamber") -> dict[str, EventStatus]:
        """What is told of a source: the status of each event, by uid."""
        listings = self.store.stored_listings(source)
        return {uid: one.event.event_status for uid, one in listings.items() if one.withdrawn_at is None}


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_gazetteer() -> Gazetteer:
    return Gazetteer.open()


@pytest.fixture(scope="session")
async def shared_sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox(2) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its schema, to be copied: making one takes a third of a second."""
    path = tmp_path_factory.mktemp("empty") / "hobnob.db"
    open_store(str(path)).close()
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def web_site() -> AsyncIterator[Site]:
    async with Site().open() as opened:
        yield opened


@pytest.fixture(scope="session")
def new_store_file(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    return lambda: str(shutil.copy(empty_store, tmp_path_factory.mktemp("store") / "hobnob.db"))


@pytest.fixture(scope="session")
def open_tools(
    shared_gazetteer: Gazetteer, shared_sandbox: Sandbox, new_store_file: Callable[[], str]
) -> Callable[..., Any]:
    """Tools that reach exactly one port of this machine; `hosts` are names that lead there."""

    @asynccontextmanager
    async def make(
        port: int, clock: Clock, *, hosts: tuple[str, ...] = HOSTS, address: str | None = None, **more: object
    ) -> AsyncIterator[Tools]:
        given: dict[str, Any] = {
            "allow_networks": (f"127.0.0.1/32:{port}",),
            "connect": tuple(f"{host}:80=127.0.0.1:{port}" for host in hosts),
            "host_gap": 0,
            "contact": "events@operator.example",
        }
        async with AsyncExitStack() as stack:
            settings = Settings(**{**given, **more})
            yield Tools(
                store=stack.enter_context(open_store(address or new_store_file())),
                writer=stack.enter_context(ThreadPoolExecutor(max_workers=1)),
                fetcher=await stack.enter_async_context(Fetcher(settings, now=clock)),
                settings=settings,
                sandbox=shared_sandbox,
                gazetteer=shared_gazetteer,
                now=clock,
            )

    return make


@pytest.fixture
async def collector(web_site: Site, clock: Clock, open_tools: Callable[..., Any]) -> AsyncIterator[Collector]:
    async with open_tools(web_site.port, clock) as tools:
        yield Collector(clock, tools)


@pytest.fixture(scope="session")
def open_collector(open_tools: Callable[..., Any]) -> Callable[..., Any]:
    """A collector of its own, with the words of `open_tools`."""

    @asynccontextmanager
    async def make(port: int, at: datetime, **more: object) -> AsyncIterator[Collector]:
        clock = Clock(at)
        async with open_tools(port, clock, **more) as tools:
            yield Collector(clock, tools)

    return make


@pytest.fixture(scope="session")
def a_source() -> Callable[..., Source]:
    """An organisation in Fresno with a calendar, unless said otherwise."""

    def make(name: str = "chamber", url: str | None = None, platform: str = "ics", **more: Any) -> Source:
        usual = {"kind": "chamber", "time_zone": "America/Los_Angeles", "fallbacks": []}
        place = {"locality": "Fresno", "region": "CA", "country": "US"}
        told = {**usual, "location": place, "name": name, **more}
        return source_at(url or f"http://{name}.example/events.ics", platform, **told)

    return make


@pytest.fixture(scope="session")
def calendar() -> Callable[..., bytes]:
    """An iCalendar of hourly events, one a day from a week after NOW; words after a number change that event."""

    def write(*numbers: int, cancelled: tuple[int, ...] = (), renamed: tuple[int, ...] = (), later: int = 0) -> bytes:
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
        for number in numbers:
            start = NOW + timedelta(days=7 + number, hours=later)
            lines += ["BEGIN:VEVENT", f"UID:{number}", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT1H"]
            lines += [f"SUMMARY:{'New' if number in renamed else 'Meeting'} {number}", "LOCATION:1 Main St\\, Fresno"]
            lines += [*(["STATUS:CANCELLED"] if number in cancelled else []), "END:VEVENT"]
        return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()

    return write


@pytest.fixture(scope="session")
def new_site() -> Callable[[Mapping[str, Answer]], Site]:
    """A site with these pages, not yet open."""
    return lambda pages: Site(pages=dict(pages))


@pytest.fixture(scope="session")
def new_reply() -> type[Reply]:
    return Reply


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs."""
    debians = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
    found = shutil.which("postgres") or (debians and debians / "postgres")
    if found is None and "CI" not in os.environ:
        pytest.skip("there is no PostgreSQL")
    assert found, "CI has PostgreSQL"
    return Path(found).resolve().parent


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server of PostgreSQL, as an address that ends in a slash: the one that is named, else one of our own."""
    if named := os.environ.get("HOBNOB_TEST_POSTGRES"):
        yield named.rstrip("/") + "/"
        return
    programs: Path = request.getfixturevalue("postgres_programs")
    # Not in pytest's own folder, which no other user may enter.
    with TemporaryDirectory(prefix="hobnob-postgres-") as folder, Cluster(programs, Path(folder)) as cluster:
        yield cluster.address


@dataclass
class Cluster:
    """A server that forgets what a crash of the machine would lose; as user postgres, since it refuses to be root."""

    programs: Path
    folder: Path
    primary: "Cluster | None" = None
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/"

    def run(self, program: str, *given: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, str(self.programs / program), "-D", str(self.folder / "data"), *given]
        ran = subprocess.run(command, check=False, capture_output=True, text=True, cwd=self.folder, timeout=60)
        assert ran.returncode == 0, f"{program}: {ran.stderr or ran.stdout}"

    def start(self) -> None:
        quick = "-c fsync=off -c full_page_writes=off -c autovacuum=off -c max_connections=200"
        where = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= {quick}"
        self.run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", where, "start")

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        if self.primary:
            self.run("pg_basebackup", "-d", self.primary.address, "-R", "-c", "fast", "--no-sync")
        else:
            self.run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def cluster() -> type[Cluster]:
    return Cluster


@pytest.fixture(scope="session")
def databases(postgres: str) -> list[str]:
    """Addresses of empty stores on PostgreSQL that nobody uses."""
    return []


@pytest.fixture
def new_database(postgres: str, made_once: str, databases: list[str]) -> Iterator[Callable[[], str]]:
    """Makes addresses of empty stores on PostgreSQL; they are emptied and used again."""
    used: list[str] = []

    def make() -> str:
        used.append(databases.pop() if databases else make_database(postgres, f" TEMPLATE {made_once}"))
        return used[-1]

    yield make
    for address in used:
        on_server(address, empty_all())
        databases.append(address)


@pytest.fixture(scope="session")
def made_once(postgres: str) -> str:
    """The name of an empty store, to be copied: to make one anew takes ten times as long."""
    address = make_database(postgres)
    open_store(address).close()
    return address.rpartition("/")[2]


def make_database(postgres: str, like: str = "") -> str:
    name = f"hobnob_{uuid4().hex[:12]}"
    on_server(f"{postgres}postgres", f"CREATE DATABASE {name}{like}")
    return postgres + name


def empty_all() -> str:
    """What leaves a store as it was made."""
    tables = ", ".join(table.name for table in metadata.sorted_tables if table.name not in {"counters", "salts"})
    first = " ".join(f"WHEN '{name}' THEN {value}" for name, value in FIRST_COUNTERS.items())
    return f"TRUNCATE {tables}, words RESTART IDENTITY; UPDATE counters SET value = CASE name {first} END"  # noqa: S608


@pytest.fixture
def on_database() -> Callable[[str, str], None]:
    """Says statements to a database."""
    return on_server


def on_server(address: str, statement: str) -> None:
    async def execute() -> None:
        connection = await asyncpg.connect(address)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    run(execute())
