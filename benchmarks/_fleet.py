"""A fleet of real `hobnob` processes on a PostgreSQL of its own, and sites on loopback that answer slowly."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

PATIENCE = 120.0
ADDRESS = re.compile(r"the API answers at http://127\.0\.0\.1:(\d+)")
DUE = "UPDATE sources SET next_due_at = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"


def calendar_of(host: str) -> bytes:
    """One event that no other host tells."""
    number = int(re.sub(r"\D", "", host) or 0)
    day, hour = 1 + number % 28, number // 28 % 24
    told = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", f"UID:{number}@fleet", f"SUMMARY:Meeting of {host}"]
    told += [f"DTSTART:203501{day:02}T{hour:02}0000Z", "DURATION:PT1H", f"LOCATION:{number} Main St\\, Fresno\\, CA"]
    return "\r\n".join([*told, "END:VEVENT", "END:VCALENDAR", ""]).encode()


async def until(holds: Callable[[], Awaitable[bool]], what: str, seconds: float = PATIENCE) -> None:
    """Poll, up to a deadline."""
    try:
        async with asyncio.timeout(seconds):
            while not await holds():  # noqa: ASYNC110 - a table tells nobody that it has changed
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise SystemExit(f"not within {seconds:g} s: {what}") from None


@dataclass
class Database:
    """A server of PostgreSQL in a folder, which can be ended as by a crash and started again."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/hobnob"

    def start(self) -> None:
        where = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", where, "start")

    def crash(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")

    def make(self) -> None:
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def _run(self, program: str, *given: str) -> None:
        found = shutil.which(program) or max(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, str(found), "-D", str(self.folder / "data"), *given]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, timeout=60)

    async def ask(self, question: str, *given: object, database: str = "hobnob") -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.address.removesuffix("hobnob") + database, timeout=5)
        try:
            return list(await connection.fetch(question, *given))
        finally:
            await connection.close()


@contextmanager
def open_database() -> Iterator[Database]:
    with TemporaryDirectory(prefix="hobnob-fleet-") as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        database = Database(Path(name), free.getsockname()[1])
        free.close()
        if os.geteuid() == 0:
            shutil.chown(name, "postgres")
        database.make()
        database.start()
        try:
            asyncio.run(database.ask("CREATE DATABASE hobnob", database="postgres"))
            yield database
        finally:
            with suppress(subprocess.CalledProcessError):
                database.crash()


@dataclass
class Sites:
    """Each host answers after `delay` seconds; `asked` is what came for a calendar, by host."""

    delay: float
    port: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    busy: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Sites"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                writer.write(await self._answer(head))
                await writer.drain()
        writer.close()

    async def _answer(self, head: str) -> bytes:
        if head.startswith("GET /robots.txt"):
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        found = re.search(r"^host: (\S+)", head, re.MULTILINE | re.IGNORECASE)
        host = found[1] if found else ""
        self.asked[host] += 1
        self.busy[host] += 1
        self.most_at_once = max(self.most_at_once, self.busy[host])
        await asyncio.sleep(self.delay)
        self.busy[host] -= 1
        body = calendar_of(host)
        told = f"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nContent-Length: {len(body)}\r\n\r\n"
        return told.encode() + body


@dataclass
class Fleet:
    """Processes in a folder, with settings for all of them; what each says is in a file of its own."""

    folder: Path
    database: Database
    sources: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def write_settings(self, sites: Sites, **more: object) -> None:
        names = [f"site{number}" for number in range(self.sources)]
        rows = {
            "store": self.database.address,
            "contact": "events@operator.example",
            "catalogs": [str(self.folder / "catalog.toml")],
            "allow_networks": [f"127.0.0.1/32:{sites.port}"],
            "connect": [f"{name}.example:80=127.0.0.1:{sites.port}" for name in names],
            "host_gap": 0,
            "parse_children": 1,
            **more,
        }
        (self.folder / "hobnob.toml").write_text(
            "".join(f"{key} = {json.dumps(value)}\n" for key, value in rows.items())
        )
        place = 'location = { locality = "Fresno", region = "CA", country = "US" }\nfallbacks = []'
        rest = f'platform = "ics"\nkind = "other"\n{place}\n'
        catalog = (f'[[source]]\nname = "{name}"\nurl = "http://{name}.example/a.ics"\n{rest}' for name in names)
        (self.folder / "catalog.toml").write_text("\n".join(catalog))

    def start(self, name: str, *words: str) -> None:
        command = [sys.executable, "-P", "-m", "api.cli", *words]
        inherited = {key: os.environ[key] for key in ("PATH", "HOME", "XDG_CACHE_HOME") if key in os.environ}
        environment = {
            **inherited,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), *sys.path[1:]])),
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(command, cwd=self.folder, env=environment, stderr=log)

    def send(self, name: str, number: signal.Signals) -> None:
        self.running[name].send_signal(number)
        if number is signal.SIGKILL:
            self.running.pop(name).wait()

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    async def has_said(self, name: str, words: str) -> None:
        async def said() -> bool:
            if self.running[name].poll() is not None:
                raise SystemExit(f"{name} ended:\n{self.log(name)}")
            return words in self.log(name)

        await until(said, f"{name} says “{words}”")

    def port_of(self, name: str) -> int:
        found = ADDRESS.search(self.log(name))
        assert found
        return int(found[1])

    def stop(self) -> None:
        """All at once, as a supervisor does."""
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    async def last_run(self) -> int:
        return int((await self.database.ask("SELECT coalesce(max(id), 0) FROM runs"))[0][0])

    async def make_due(self) -> int:
        """All sources are due; the last run before."""
        last = await self.last_run()
        await self.database.ask(DUE)
        return last

    async def all_done(self, last: int, seconds: float = PATIENCE) -> None:
        """Each source has been collected since that run, and nothing is on the queue."""

        async def done() -> bool:
            try:
                ((sources,),) = await self.database.ask("SELECT count(DISTINCT source) FROM runs WHERE id > $1", last)
                ((jobs,),) = await self.database.ask("SELECT count(*) FROM pgqueuer")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                return False
            return bool(sources == self.sources and jobs == 0)

        await until(done, "all sources are collected", seconds)


@asynccontextmanager
async def open_fleet(
    database: Database, sources: int, delay: float, **settings: object
) -> AsyncIterator[tuple[Fleet, Sites]]:
    with TemporaryDirectory(prefix="hobnob-fleet-") as name:
        fleet = Fleet(Path(name), database, sources)
        async with Sites(delay).open() as sites:
            fleet.write_settings(sites, **settings)
            try:
                yield fleet, sites
            except SystemExit:
                for path in sorted(fleet.folder.glob("*.log")):
                    print(path.name, *path.read_text().splitlines()[-8:], sep="\n    ")
                raise
            finally:
                await asyncio.to_thread(fleet.stop)
