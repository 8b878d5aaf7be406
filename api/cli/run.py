"""`hobnob run`: the collector and the API, each a process of its own; on PostgreSQL a worker is one more."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from aggregator.settings import load_settings
from aggregator.store import open_reader
from aggregator.store.database import is_postgres
from api.cli.chosen import choose_sources
from api.cli.init import require_contact
from api.cli.signals import stop_on_sigterm

STOP_SECONDS = 20
Child = subprocess.Popen[bytes]


def run_both(catalogs: Sequence[Path] | None, near: str | None, within: str | None, port: int | None) -> None:
    """Until Ctrl-C or SIGTERM; when one ends by itself, the others are stopped and its status is ours."""
    settings = load_settings()
    require_contact(settings)
    choose_sources(settings, catalogs, near, within)
    open_reader(settings.store).close()
    files = [f"--catalog={path}" for path in catalogs or ()]
    children: dict[str, Child] = {}
    stop_on_sigterm()
    try:
        is_shared = is_postgres(settings.store)
        children["schedule"] = _start(
            "schedule", *files, *_option("near", near), *_option("within", within), is_told=not is_shared
        )
        if is_shared:
            children["work"] = _start("work", *files)
        children["serve"] = _start("serve", *_option("port", port))
        name, status = _wait_for_one(children)
    except KeyboardInterrupt:
        return
    finally:
        _stop(children.values())
    others = "other was" if len(children) == 2 else "others were"
    sys.stderr.write(f"hobnob: `hobnob {name}` ended with status {status}, so the {others} stopped\n")
    sys.exit(status or 1)


def _option(name: str, value: object) -> list[str]:
    return [] if value is None else [f"--{name}={value}"]


def _start(*command: str, is_told: bool = True) -> Child:
    """A `hobnob` of this very installation, wherever it is run from: -P keeps the folder's own `api` out. Of two that
    collect, one `is_told` of where it tells metrics, and the other takes any port that is free.
    """
    also = () if is_told else ("/usr/bin/env", "HOBNOB_METRICS_PORT=0")
    return subprocess.Popen(  # noqa: S603 - our own program
        [*also, sys.executable, "-P", "-m", "api.cli", *command]
    )


def _wait_for_one(children: dict[str, Child]) -> tuple[str, int]:
    """The name of the first that ends, and its status as a shell tells it."""
    pid, ended = os.wait()
    name, child = next((name, child) for name, child in children.items() if child.pid == pid)
    child.returncode = os.waitstatus_to_exitcode(ended)
    return name, child.returncode if child.returncode >= 0 else 128 - child.returncode


def _stop(children: Iterable[Child]) -> None:
    """All at once; one that does not end in time is ended."""
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    for child in running:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
