"""What is logged: lines for a person or a program, without addresses and secrets."""

import json
import logging
from typing import Any

import pytest

from aggregator.settings import Settings
from api.cli.logs import Json, Plain, hide, secrets_of
from api.named import name_requests


def line(words: str, *given: object, error: Exception | None = None, **extra: str) -> logging.LogRecord:
    """As a logger makes it."""
    told = (type(error), error, error.__traceback__) if error else None
    return logging.getLogger("hobnob.schedule").makeRecord(
        "hobnob.schedule", logging.INFO, "file.py", 1, words, given, told, extra=extra
    )


def test_a_line_for_a_program_is_one_object_on_one_line() -> None:
    told = Json().format(line("%s: failed\nbadly", "chamber", source="chamber", outcome="failed", unknown="x"))

    assert "\n" not in told
    assert {name: value for name, value in json.loads(told).items() if name != "time"} == {
        "level": "info",
        "logger": "hobnob.schedule",
        "message": "chamber: failed\nbadly",
        "source": "chamber",
        "outcome": "failed",
    }
    assert json.loads(told)["time"].endswith("Z")


def test_an_error_comes_with_its_traceback_in_the_same_object() -> None:
    try:
        raise ValueError("no such page")
    except ValueError as error:
        told = json.loads(Json().format(line("a defect", error=error)))

    assert told["error"].startswith("Traceback")
    assert told["error"].endswith("ValueError: no such page")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("250 to <jo.roe+1@elm.example> refused", "250 to <(hidden)> refused"),
        ("http://jo:pass@elm.example/a.ics: 404", "http://(hidden)@elm.example/a.ics: 404"),
        ("the token is 0123456789abcdef!", "the token is (hidden)!"),
        ("chamber: accepted, 3 events @ noon", "chamber: accepted, 3 events @ noon"),
    ],
)
def test_addresses_and_secrets_are_hidden(text: str, hidden: str) -> None:
    assert hide(text, ("0123456789abcdef",)) == hidden


@pytest.mark.parametrize("format_", [Json, Plain])
def test_a_traceback_tells_no_secret_either(format_: Any) -> None:
    error = ValueError("jo@elm.example and s3cret-of-mine")

    told = format_(("s3cret-of-mine",)).format(line("a defect", error=error))

    assert "ValueError: (hidden) and (hidden)" in told


def test_the_secrets_are_those_of_the_settings() -> None:
    settings = Settings(
        admin_token="t" * 32,
        smtp_url="smtp://jo:p%40ssword@mail.example",
        store="postgresql://hobnob:of-the-store@db.example/hobnob",
        keys=("api.example=key-of-mine",),
    )

    assert set(secrets_of(settings)) == {"t" * 32, "p%40ssword", "p@ssword", "of-the-store", "key-of-mine"}
    assert secrets_of(Settings(smtp_url="smtp://jo:pw@mail.example")) == ()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("given", "is_taken"),
    [(b"0123-abcd", True), (b"", False), (b"short", False), (b'0123abcd", "level": "x', False), (b"x" * 65, False)],
)
async def test_what_is_logged_of_a_request_bears_its_name(given: bytes, is_taken: bool) -> None:
    told = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        told.append(json.loads(Json().format(line("a defect"))))

    await name_requests(app)({"type": "http", "headers": [(b"x-request-id", given)]}, None, None)  # type: ignore[arg-type]

    assert (told[0]["request"] == given.decode()) is is_taken
    assert len(told[0]["request"]) >= 8


def test_all_lines_of_a_collector_and_of_an_api_are_objects(folder: Any, publish: Any, calendar_of: Any) -> None:
    with (
        publish(folder, {"chamber": calendar_of("Mixer")}),
        folder.running("schedule", "--catalog", "catalog.toml", LOG_FORMAT="json") as program,
    ):
        lines = map(json.loads, iter(program.stderr.readline, ""))
        run = next(told for told in lines if "outcome" in told)
    with folder.running("serve", "--port", "0", LOG_FORMAT="json") as program:
        started = json.loads(program.stderr.readline())

    assert (run["source"], run["outcome"], run["logger"]) == ("chamber", "accepted", "hobnob.schedule")
    assert started["message"].startswith("the API answers at http://127.0.0.1:")
