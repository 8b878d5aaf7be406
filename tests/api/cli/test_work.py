"""`hobnob work` and the queue, as a person has them: on PostgreSQL, and nowhere else."""

import os
import re
import signal
from collections.abc import Callable
from typing import Any

import httpx

COLLECTED = "hobnob.schedule: chamber: accepted, 1 events"
ADDRESS = re.compile(r"hobnob: the API answers at (http://\S+)")


def test_on_sqlite_there_is_nothing_to_share_out(folder: Any) -> None:
    ran = folder.run("work", CONTACT="events@operator.example")

    assert ran.returncode == 2
    assert ran.stderr.startswith("hobnob: work is shared out on PostgreSQL only (HOBNOB_STORE)")


def test_on_postgresql_run_starts_a_scheduler_a_worker_and_the_api(
    folder: Any, publish: Any, calendar_of: Any, new_database: Callable[[], str], is_gone: Any
) -> None:
    given = {"STORE": new_database()}
    with (
        publish(folder, {"chamber": calendar_of("Mixer")}),
        folder.running("run", "--catalog", "catalog.toml", "--port", "0", **given) as program,
    ):
        told = ""
        while not (ADDRESS.search(told) and COLLECTED in told):
            told += next(program.stderr)
        found = ADDRESS.search(told)
        assert found
        answer = httpx.get(f"{found[1]}/v1/events?start=2030-01-01&days=7", trust_env=False).json()
        os.kill(program.pid, signal.SIGTERM)
        _, complaints = program.communicate(timeout=40)

    assert [event["name"] for event in answer["items"]] == ["Mixer"]
    assert "hobnob.cli: this scheduler ticks" in told
    assert "Traceback" not in told + complaints
    assert program.returncode == 0
    assert is_gone(program.pid)
