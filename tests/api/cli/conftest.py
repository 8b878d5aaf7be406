"""The `hobnob` command as a person has it: a process of its own in a folder of its own, and a site on loopback."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from api.cli.demo.site import serve_pages
from api.cli.main import main

HOBNOB = (sys.executable, "-P", "-m", "api.cli")
INHERITED = ("PATH", "HOME", "XDG_CACHE_HOME")
"""The gazetteer's tables are made once a machine, in the cache."""


@dataclass(frozen=True)
class Folder:
    """Where commands run, with nothing of ours in the environment but what is given."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> tuple[str, ...]:
        return HOBNOB

    @property
    def store(self) -> Path:
        return self.path / "hobnob.db"

    def run(self, *words: str, stdin: str = "", columns: int = 80, **settings: str) -> subprocess.CompletedProcess[str]:
        """`hobnob` with these words, to its end; a setting is given by its name in capitals."""
        return subprocess.run(
            [*HOBNOB, *words],
            cwd=self.path,
            env=self.variables(columns, **settings),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    @contextmanager
    def running(self, *words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
        """The same while the block runs, in a group of its own, which is ended with it."""
        command = [*HOBNOB, *words]
        told = {"cwd": self.path, "env": self.variables(80, **settings), "encoding": "utf-8"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
        with subprocess.Popen(command, **told, **pipes) as program:  # type: ignore[call-overload]
            try:
                yield program
            finally:
                program.kill()

    def variables(self, columns: int, **settings: str) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        ours = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "COLUMNS": str(columns)}
        given = {f"HOBNOB_{name}": value for name, value in settings.items()}
        return {**inherited, **ours, **self.environment, **given}

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.write_text(text, encoding="utf-8")
        return path


@dataclass(frozen=True)
class Site:
    """What a host of `Folder` publishes; a page may be changed while it is served."""

    pages: dict[tuple[str, str], tuple[str, bytes]]
    port: int

    def publish(self, host: str, path: str, body: bytes, content_type: str = "text/calendar") -> None:
        self.pages[host, path] = (content_type, body)


@pytest.fixture(scope="session")
def is_gone() -> Callable[[int], bool]:
    """Whether a program's whole group has ended, or ends within moments of the program itself."""

    def ask(group: int) -> bool:
        return all(_ends(pid) for pid in _pids_of(group))

    return ask


def _pids_of(group: int) -> Iterator[int]:
    for told in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            number, _, rest = told.read_text().partition(" ")
            if int(rest.rpartition(")")[2].split()[2]) == group:
                yield int(number)


def _ends(pid: int) -> bool:
    """A file descriptor of a process can be read when it has ended, whether or not its parent has looked."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 5.0)[0])
    finally:
        os.close(descriptor)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty folder."""
    return Folder(tmp_path)


@pytest.fixture
def call(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`hobnob` in this process: for what ends before anything is started."""

    def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(folder.path)
        monkeypatch.setattr(sys, "argv", ["hobnob", *words])
        for name in [name for name in os.environ if name.startswith("HOBNOB_")]:
            monkeypatch.delenv(name)
        for name, value in settings.items():
            monkeypatch.setenv(f"HOBNOB_{name}", value)
        with pytest.raises(SystemExit) as ended:
            main()
        told = capfd.readouterr()
        return subprocess.CompletedProcess(words, ended.value.code or 0, told.out, told.err)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def publish() -> Callable[..., AbstractContextManager[Site]]:
    """Serves calendars by name while a block lasts: each a source of the folder's catalog.toml, at NAME.example."""

    @contextmanager
    def serve(folder: Folder, calendars: Mapping[str, bytes]) -> Iterator[Site]:
        pages = {(f"{name}.example", "/a.ics"): ("text/calendar", body) for name, body in calendars.items()}
        with serve_pages(pages) as port:
            connect = [f"{name}.example:80=127.0.0.1:{port}" for name in calendars]
            reach = {"allow_networks": [f"127.0.0.1/32:{port}"], "connect": connect, "host_gap": 0}
            rows = {"contact": "events@operator.example", **reach}
            folder.write("hobnob.toml", "".join(f"{name} = {json.dumps(value)}\n" for name, value in rows.items()))
            folder.write("catalog.toml", "".join(map(_as_row, calendars)))
            yield Site(pages, port)

    return serve


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Folder]:
    """Empty folders that stay for the session."""
    return lambda: Folder(tmp_path_factory.mktemp("folder"))


def _as_row(name: str) -> str:
    place = 'location = { locality = "Visalia", region = "CA", country = "US" }'
    return f'[[source]]\nname = "{name}"\nplatform = "ics"\nurl = "http://{name}.example/a.ics"\n{place}\n\n'


@pytest.fixture(scope="session")
def calendar_of() -> Callable[..., bytes]:
    """An iCalendar with these events; their days are counted from 2030-01-01, at ten in the morning."""

    def write(*names: str, lines: tuple[str, ...] = ()) -> bytes:
        told = ["BEGIN:VCALENDAR", "VERSION:2.0"]
        for day, name in enumerate(names, 1):
            told += ["BEGIN:VEVENT", f"UID:{day}@test", f"DTSTART;TZID=America/Los_Angeles:203001{day:02}T100000"]
            told += ["DURATION:PT1H", f"SUMMARY:{name}", *lines, "END:VEVENT"]
        return "\r\n".join([*told, "END:VCALENDAR", ""]).encode()

    return write
