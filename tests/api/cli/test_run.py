"""`hobnob run`: two processes that live and die together."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

RUN = ("run", "--catalog", "catalog.toml")
ADDRESS = re.compile(r"hobnob: the API answers at (http://\S+)")
COLLECTED = "hobnob.schedule: chamber: accepted, 1 events"


def read_until_both_work(program: subprocess.Popen[str]) -> str:
    """The address of the API, once something was collected too."""
    assert program.stderr
    told = ""
    while not (ADDRESS.search(told) and COLLECTED in told):
        line = next(program.stderr)
        assert "Traceback" not in line
        told += line
    found = ADDRESS.search(told)
    assert found
    return found[1]


def child_of(program: subprocess.Popen[str], command: str) -> int:
    """The process that runs one half."""
    listed = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
    return next(int(pid) for pid in listed if command in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_collects_and_answers_until_it_is_told_to_stop(
    folder: Any, publish: Any, calendar_of: Any, is_gone: Any, number: signal.Signals
) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}), folder.running(*RUN, "--port", "0") as program:
        address = read_until_both_work(program)
        told = httpx.get(f"{address}/v1/events?start=2030-01-01&days=7", trust_env=False).json()
        # A supervisor tells the program, a terminal everything in it.
        os.kill(program.pid, number) if number is signal.SIGTERM else os.killpg(program.pid, number)
        out, complaints = program.communicate(timeout=30)

    assert [event["name"] for event in told["items"]] == ["Mixer"]
    assert (program.returncode, out) == (0, "")
    assert "Traceback" not in complaints
    assert is_gone(program.pid)


def test_the_collector_gives_way_to_the_api(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}), folder.running(*RUN, "--port", "0") as program:
        read_until_both_work(program)
        collector, api = (os.getpriority(os.PRIO_PROCESS, child_of(program, half)) for half in ("schedule", "serve"))
        program.terminate()
        program.communicate(timeout=30)

    assert collector == min(api + 10, 19)


@pytest.mark.parametrize("half", ["schedule", "serve"])
def test_when_one_half_dies_the_other_is_stopped_and_its_status_is_told(
    folder: Any, publish: Any, calendar_of: Any, is_gone: Any, half: str
) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}), folder.running(*RUN, "--port", "0") as program:
        read_until_both_work(program)

        os.kill(child_of(program, half), signal.SIGKILL)
        _, complaints = program.communicate(timeout=30)

    assert program.returncode == 128 + signal.SIGKILL
    assert is_gone(program.pid)
    assert complaints == f"hobnob: `hobnob {half}` ended with status 137, so the other was stopped\n"


def test_a_port_in_use_stops_both_and_is_said(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}), socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ran = folder.run(*RUN, "--port", str(port))

    assert ran.returncode == 2
    assert f"hobnob: cannot listen on 127.0.0.1, port {port}: address already in use" in ran.stderr
    assert "hobnob: `hobnob serve` ended with status 2, so the other was stopped\n" in ran.stderr
    assert "Traceback" not in ran.stderr
