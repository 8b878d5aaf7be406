"""Metrics of a program that collects: counted as it goes, and told at a port of its own."""

import socket
from typing import Any
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator.errors import ParserKilledError, SettingsError
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings
from aggregator.trace import span
from api.cli.course import metrics_served


def read_metrics(port: int) -> dict[tuple[str, ...], float]:
    """Values by name and labels, these in the order of their names."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_runs_are_counted_by_outcome_and_stages_by_time_and_failure() -> None:
    with metrics_served(Settings(metrics_port=0)) as port:
        with span("collect", source="chamber") as told:
            told.tell("outcome", "accepted")
        for _ in range(2):
            with pytest.raises(ParserKilledError), span("parse"):
                raise ParserKilledError("it took too long")
        metrics = read_metrics(port)

    assert metrics["hobnob_runs_total", "accepted"] == 1
    assert metrics["hobnob_runs_total", "failed"] == 0
    assert metrics["hobnob_stage_failures_total", "ParserKilledError", "parse"] == 2
    assert metrics["hobnob_stage_seconds_count", "parse"] == 2
    assert metrics["process_open_fds",] > 0


@pytest.mark.anyio
async def test_children_are_counted_as_they_are_started() -> None:
    with metrics_served(Settings(metrics_port=0)) as port:
        async with Sandbox(2):
            metrics = read_metrics(port)

    assert metrics["hobnob_parsing_children_total",] == 2


def test_without_a_port_nothing_is_opened() -> None:
    with metrics_served(Settings()) as port:
        assert port == 0


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(SettingsError, match=f"port {port}.*metrics_port"),
            metrics_served(Settings(metrics_port=port)),
        ):
            pass


def test_a_scheduler_tells_how_it_goes(folder: Any, publish: Any, calendar_of: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        publish(folder, {"chamber": calendar_of("Mixer")}),
        folder.running("schedule", "--catalog", "catalog.toml", METRICS_PORT=str(port)) as program,
    ):
        lines = iter(program.stderr.readline, "")
        assert any("chamber: accepted" in line for line in lines)
        metrics = read_metrics(port)

    assert metrics["hobnob_runs_total", "accepted"] == 1
    assert metrics["hobnob_parsing_children_total",] == 2
    assert metrics["hobnob_stage_seconds_count", "fetch"] == 1
