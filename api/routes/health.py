"""Whether it is alive, whether it can answer, and how it has been doing."""

from datetime import timedelta

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.bearer import require_token
from api.direct import DirectRoute
from api.problem import documented
from api.schema import Health, of_json
from api.site import read_only, site_of

router = APIRouter(tags=["health"], route_class=DirectRoute)
LETTERS = timedelta(days=30)
"""So far back letters are counted."""

_PRIVATE = {"Cache-Control": "no-store"}
_FRESH = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}


@router.get(
    "/health/live",
    summary="Whether it is alive",
    responses={**of_json(Health), **documented(422)},
    response_model=None,
)
async def is_live(request: Request) -> Response:
    """Answers as long as there is somebody to answer; asks nothing else."""
    read_only(request)
    return Response('{"status":"live"}', headers=_FRESH, media_type="application/json")


@router.get(
    "/health/ready",
    summary="Whether it can answer",
    responses={**of_json(Health), **documented(422, 503)},
    response_model=None,
)
async def is_ready(request: Request) -> Response:
    """Answers 200 when the store can be read, else 503."""
    read_only(request)
    site_of(request).store.data_version()
    return Response('{"status":"ready"}', headers=_FRESH, media_type="application/json")


@router.get(
    "/metrics",
    summary="How it is doing",
    responses={
        200: {"description": "Metrics", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **documented(401, 404, 422, 503),
    },
    response_model=None,
    response_class=PlainTextResponse,
)
async def show_metrics(request: Request) -> Response:
    """For Prometheus, which shows the admin token: requests, searches, sources, what is due, letters."""
    site = site_of(request)
    require_token(request, site.settings.admin_token)
    read_only(request)
    now, mailing = site.now(), site.mailing
    letters = await run_in_threadpool(mailing.stages, now - LETTERS) if mailing else {}
    site.gauges.show(site.store.sources(), letters, site.store.data_version(), now)
    return Response(generate_latest(site.registry), headers=_PRIVATE, media_type=CONTENT_TYPE_LATEST)
