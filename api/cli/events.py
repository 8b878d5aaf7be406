"""`hobnob events`: the API's own query, for a person."""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

import httpx

from aggregator.errors import QueryError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import load_settings
from aggregator.store import open_reader
from api.app import create_app

FEEDS = ("ics", "rss", "geojson", "csv", "jsonld")


def show_events(named: dict[str, str | None], more: Sequence[str], format_: str) -> int:
    """Ask the application in this process, without a port; 2 when it refuses the question."""
    if format_ not in ("table", "json", *FEEDS):
        raise QueryError("format", format_, "is none of table, json, ics, rss, geojson, csv, jsonld")
    parameters = {key: value for key, value in named.items() if value is not None} | _read_more(more)
    path = "/v1/events" if format_ in ("table", "json") else f"/v1/events.{format_}"
    status, body = asyncio.run(_ask(path, parameters))
    if status != 200:
        told = json.loads(body)
        raise QueryError(told.get("param", "?"), str(told.get("value", "")), _explain(told))
    if format_ == "table":
        _print_table(json.loads(body))
    else:
        sys.stdout.buffer.write(body if body.endswith(b"\n") else body + b"\n")
    return 0


async def _ask(path: str, parameters: dict[str, str]) -> tuple[int, bytes]:
    settings = load_settings()
    with open_reader(settings.store) as store:
        app = create_app(store, settings, Gazetteer.open(settings.places))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as client:
            answer = await client.get(path, params=parameters)
    return answer.status_code, answer.content


def _read_more(more: Sequence[str]) -> dict[str, str]:
    """`--kind chamber` and `--kind=chamber`, for every parameter that the API knows."""
    told: dict[str, str] = {}
    words = iter(more)
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        told[name.replace("-", "_")] = value if equals else next(words, "")
    return told


def _explain(told: dict[str, Any]) -> str:
    near = told.get("did_you_mean") or []
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"{told.get('why') or told.get('detail')}{hint}"


def _print_table(answer: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("When", "What", "Where", "Away", "Cost"):
        table.add_column(title, overflow="fold")
    for event in answer["items"]:
        table.add_row(_when(event), _what(event), _where(event), event.get("distanceText") or "", _cost(event))
    console.print(table if answer["items"] else "Nothing is told for this question.")
    for hint in answer.get("hints") or []:
        console.print(hint if isinstance(hint, str) else str(hint), highlight=False)


def _when(event: dict[str, Any]) -> str:
    from datetime import date, datetime

    start = str(event["startDate"])
    if event.get("allDay"):
        return f"{date.fromisoformat(start):%a %d %b}, all day"
    return f"{datetime.fromisoformat(start):%a %d %b %H:%M}"


def _what(event: dict[str, Any]) -> str:
    marks = {"EventCancelled": "CANCELLED: ", "EventPostponed": "POSTPONED: "}
    mark = "NO LONGER SHOWN: " if event.get("withdrawn") else marks.get(event.get("eventStatus") or "", "")
    name = str(event["name"])
    told = (event.get("organizer") or {}).get("name")
    return f"{'' if name.upper().startswith(mark.rstrip(': ')) else mark}{name}{f' ({told})' if told else ''}"


def _where(event: dict[str, Any]) -> str:
    place = event.get("location") or {}
    parts = (place.get("name"), (place.get("address") or {}).get("addressLocality"))
    return ", ".join(part for part in parts if part)


def _cost(event: dict[str, Any]) -> str:
    return {True: "free", False: "paid", None: "not said"}[event.get("isAccessibleForFree")]
