"""The servers that benchmarks/api.py compares, each one uvicorn worker in its own process, and wrk that asks them."""

import contextlib
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store import open_reader
from aggregator.store.database import is_postgres


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One that answers."""

    port: int
    pid: int

    def processor_seconds(self) -> float:
        """What it has used so far, in user and system (proc(5), fields 14 and 15)."""
        used = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What wrk asks for: a server, a path, and a script or a header."""

    server: Server
    path: str = "/"
    script: Path | None = None
    header: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Answers a second: of the clock, and of the server's own processor time, which no busy neighbour takes away."""

    clock: float
    processor: float


def measure(asking: Asking, seconds: int) -> Rate:
    """An answer that is neither 200 nor 304 ends it all."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s"]
    command += ["-s", str(asking.script)] if asking.script else []
    command += ["-H", asking.header] if asking.header else []
    used = asking.server.processor_seconds()
    address = f"http://127.0.0.1:{asking.server.port}{asking.path}"
    ran = subprocess.run([*command, address], capture_output=True, text=True, check=False)
    used = asking.server.processor_seconds() - used
    rate, answers = re.search(r"Requests/sec:\s+([\d.]+)", ran.stdout), re.search(r"(\d+) requests in", ran.stdout)
    if rate is None or answers is None or ("Non-2xx" in ran.stdout and not asking.header):
        sys.exit(ran.stdout + ran.stderr)
    return Rate(clock=float(rate[1]), processor=int(answers[1]) / used)


@contextlib.contextmanager
def serving(name: str, folder: Path) -> Iterator[Server]:
    """`asgi`, `fastapi`, `hobnob` (from the store in the folder) or `site` (its pages), once it answers; `whole` is
    Hobnob as its own command serves it, from the store whose address is in the folder.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, __file__, name, str(folder), str(port)]) as running:
        try:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield Server(port=port, pid=running.pid)
        finally:
            running.terminate()


def serve(name: str, folder: Path, port: int) -> None:
    made = {"asgi": lambda: hello, "fastapi": make_fastapi, "hobnob": lambda: make_hobnob(folder)}
    app = made[name]() if name in made else make_site(folder)
    uvicorn.run(app, port=port, log_level="warning", access_log=False, lifespan="off", loop="uvloop", http="httptools")


def serve_whole(folder: Path, port: int) -> None:
    # A script's own folder is searched first, and this one has an api.py.
    sys.path.remove(str(Path(__file__).parent))
    from api.app import create_app  # noqa: PLC0415
    from api.cli.serve import driven, listen  # noqa: PLC0415
    from api.cli.serve import serve as serve_hobnob  # noqa: PLC0415

    address = (folder / "address").read_text()
    store = open_reader(address)
    app = create_app(store, Settings(), Gazetteer.open())
    serve_hobnob(driven(app, store) if is_postgres(address) else app, listen("127.0.0.1", port), store)


async def hello(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hi"})


def make_fastapi() -> ASGIApp:
    app = FastAPI()

    @app.get("/")
    async def say_hello() -> dict[str, str]:
        return {"hello": "world"}

    return app


def make_hobnob(folder: Path) -> ASGIApp:
    # A script's own folder is searched first, and this one has an api.py.
    sys.path.remove(str(Path(__file__).parent))
    from api.app import create_app  # noqa: PLC0415

    return create_app(open_reader(str(folder / "hobnob.db")), Settings(), Gazetteer.open())


def make_site(folder: Path) -> ASGIApp:
    """Many sites: `page-7.example` shows page 7 of the folder, whatever the path."""
    pages = {path.stem: path.read_bytes() for path in folder.iterdir()}
    types = {path.stem: TYPES[path.suffix].encode() for path in folder.iterdir() if path.suffix in TYPES}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        page = dict(scope["headers"])[b"host"].decode().removeprefix("page-").partition(".")[0]
        status, body = (404, b"") if scope["path"] == "/robots.txt" else (200, pages[page])
        headers = [(b"content-type", types[page]), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


TYPES = {".html": "text/html", ".ics": "text/calendar", ".xml": "application/rss+xml", ".json": "application/json"}

if __name__ == "__main__":
    asked, place, at = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if asked == "whole":
        serve_whole(place, at)
    else:
        serve(asked, place, at)
