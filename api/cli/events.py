"""`hobnob events`: the API's own query, for a person."""

import json
import sys
from collections.abc import Sequence

from rich.console import Console

from aggregator.errors import QueryError
from api.cli.ask import ask
from api.cli.timetable import print_timetable

FORMATS = ("table", "json", "ics", "rss", "geojson", "csv", "jsonld")


def show_events(named: dict[str, str | None], more: Sequence[str], format_: str) -> None:
    """Ask the application in this process; QueryError when it refuses the question."""
    if format_ not in FORMATS:
        raise QueryError("format", format_, f"is none of {', '.join(FORMATS)}")
    parameters = [(key, value) for key, value in named.items() if value is not None] + read_more(more)
    body = ask("/v1/events" if format_ in ("table", "json") else f"/v1/events.{format_}", parameters)
    if format_ == "table":
        _refuse_fields(parameters)
        print_timetable(json.loads(body), Console())
    else:
        sys.stdout.buffer.write(body if body.endswith(b"\n") else body + b"\n")


def read_more(more: Sequence[str]) -> list[tuple[str, str]]:
    """`--kind chamber` and `--kind=chamber`, for every parameter that the API knows."""
    told: list[tuple[str, str]] = []
    words = iter(more)
    for word in words:
        if not word.startswith("--"):
            raise QueryError("events", word, "is no option; a value of several words stands in quotation marks")
        name, equals, value = word.removeprefix("--").partition("=")
        told.append((name.replace("-", "_"), value if equals else next(words, "")))
    return told


def _refuse_fields(parameters: Sequence[tuple[str, str]]) -> None:
    for name, value in parameters:
        if name == "fields":
            raise QueryError(name, value, "chooses members of JSON: add --format json")
