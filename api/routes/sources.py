"""How the sources are doing, for everybody to see."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.health import examine, is_late
from aggregator.reading.text import without_contacts
from aggregator.render.words import told
from aggregator.run import Run
from aggregator.store import SourceStatus
from api.answer import list_json
from api.chronicle import RunPage, SourcePage
from api.direct import DirectRoute
from api.parameters import openapi_parameters
from api.problem import documented
from api.reply import reply
from api.schema import of_json
from api.site import read_only, site_of

RUNS = 30
"""How many runs tell how a source is doing."""

router = APIRouter(tags=["sources"], route_class=DirectRoute)


@router.get(
    "/v1/sources",
    summary="All sources, and how each is doing",
    responses={**of_json(SourcePage), **documented(422, 503)},
    response_model=None,
)
async def list_sources(request: Request) -> Response:
    """In order of name, all at once."""
    site = site_of(request)
    read_only(request)

    async def make() -> Response:
        members = [
            source_json(status, site.store.history(status.name, RUNS), site.now()) for status in site.store.sources()
        ]
        return _list(members, {"next": None, "asOf": site.as_of()})

    return await reply(site, request, make, site.minute())


@router.get(
    "/v1/sources/{name}/runs",
    summary="The last runs of one source, newest first",
    responses={**of_json(RunPage), **documented(404, 422, 503)},
    response_model=None,
    openapi_extra={"parameters": openapi_parameters("limit")},
)
async def list_runs(request: Request, name: str) -> Response:
    """What each run found, kept and rejected, and why it ended as it did."""
    site = site_of(request)
    asked, given = read_only(request, "limit")

    async def make() -> Response:
        if all(status.name != name for status in site.store.sources()):
            raise HTTPException(404, f"there is no source {name[:40]}")
        runs = site.store.history(name, asked.limit)
        return _list([run_json(run) for run in runs], {"next": None, "asOf": site.as_of()})

    return await reply(site, request, make, given, site.minute())


def source_json(status: SourceStatus, runs: Sequence[Run], now: datetime) -> dict[str, Any]:
    """Without the address that is read: that of a private calendar is its key."""
    members: dict[str, Any] = told(status)
    origin = urlsplit(members.pop("url"))
    if not members["homepage"] and origin.scheme in ("http", "https"):
        members["homepage"] = f"{origin.scheme}://{origin.netloc.rpartition('@')[2]}/"
    for name, run in (("lastRun", status.last_run), ("lastAccepted", status.last_accepted)):
        members[name] = run and run_json(run)
    health: dict[str, Any] = told(examine(status, runs, now))
    health["reason"] = without_contacts(health["reason"])
    return {**members, "health": health, "isStale": is_late(status, now)}


def run_json(run: Run) -> dict[str, Any]:
    """What was rejected is in the page's own words, so people's addresses are taken out here too."""
    members: dict[str, Any] = told(run)
    rejected = [{key: without_contacts(one[key]) for key in ("name", "reason")} for one in members["rejected"]]
    return {**members, "reason": without_contacts(run.reason), "rejected": rejected}


def _list(parts: list[dict[str, Any]], members: dict[str, Any]) -> Response:
    told_parts = [json.dumps(part, ensure_ascii=False).encode("utf-8", "replace") for part in parts]
    return Response(list_json([b",\n".join(told_parts)], members), media_type="application/json")
