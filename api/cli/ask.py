"""The API's own answers in this process, without a port."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import httpx

from aggregator.errors import HobnobError, QueryError, StoreError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import load_settings
from api.app import create_app
from api.cli.known import open_known_reader


def ask(path: str, parameters: Sequence[tuple[str, str]] = ()) -> bytes:
    """The body; QueryError when it refuses the question."""
    return asyncio.run(_ask(path, parameters))


async def _ask(path: str, parameters: Sequence[tuple[str, str]]) -> bytes:
    settings = load_settings()
    with open_known_reader(settings.store) as store:
        app = create_app(store, settings, Gazetteer.open(settings.places))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
            answer = await client.get(path, params=list(parameters))
    if answer.status_code != 200:
        raise _refusal(json.loads(answer.content))
    return answer.content


def _refusal(problem: dict[str, Any]) -> HobnobError:
    if "param" not in problem:
        return StoreError(str(problem.get("detail") or problem["title"]))
    near = problem.get("did_you_mean") or []
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return QueryError(problem["param"], str(problem.get("value", "")), f"{problem.get('why')}{hint}", near)
