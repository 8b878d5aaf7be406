"""The editor's requests about saved widgets, each with the admin token."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.store import Widget
from api.body import answer_operator, read_object
from api.direct import DirectRoute
from api.operator import Done, of_operator
from api.problem import documented
from api.routes.admin import operator_of
from api.site import site_of
from api.widget.saved import read_widget, told_of
from api.widget.schema import WidgetJson, WidgetsJson

_PATH = "/admin/widgets/{name}"
_ERRORS = documented(401, 404, 409, 413, 422, 503)
_TEXTS = {"type": "array", "items": {"type": "string"}}
_BODY = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "query": {"type": "object", "additionalProperties": {"type": "string"}},
        "layout": {"type": "string"},
        "link": {"type": "string"},
        "title": {"type": ["string", "null"]},
        "pins": _TEXTS,
        "picks": _TEXTS,
        "blocked": _TEXTS,
    },
}

router = APIRouter(tags=["operator"], route_class=DirectRoute)


@router.get(
    "/admin/widgets",
    summary="All saved widgets",
    responses={**of_operator(WidgetsJson), **_ERRORS},
    response_model=None,
)
async def list_widgets(request: Request) -> Response:
    """By name."""
    operator_of(request)
    store = site_of(request).store
    return await answer_operator(run_in_threadpool(lambda: {"items": [told_of(one) for one in store.widgets()]}))


@router.get(
    _PATH,
    summary="A saved widget, to be edited",
    responses={**of_operator(WidgetJson), **_ERRORS},
    response_model=None,
)
async def show_widget(request: Request, name: str) -> Response:
    """What it asks, pins, picks and leaves out; what it shows is at `/v1/widgets/{name}`."""
    operator_of(request)
    saved = _require(request, name)
    return await answer_operator(run_in_threadpool(told_of, saved))


@router.put(
    _PATH,
    summary="Save a widget",
    responses={**of_operator(Done), **_ERRORS},
    response_model=None,
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": _BODY}}}},
)
async def save_widget(request: Request, name: str) -> Response:
    """The whole of it, in the place of what was there; refused where its search cannot be asked."""
    operator, site = operator_of(request), site_of(request)
    given: dict[str, Any] = await read_object(request)
    sources = [status.name for status in site.store.sources()]
    widget = read_widget(name, given, sources, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    return await answer_operator(run_in_threadpool(operator.save_widget, widget))


@router.delete(
    _PATH,
    summary="Forget a saved widget",
    responses={**of_operator(Done), **_ERRORS},
    response_model=None,
)
async def remove_widget(request: Request, name: str) -> Response:
    """Pages that show it show their own link from then on."""
    operator = operator_of(request)
    _require(request, name)
    return await answer_operator(run_in_threadpool(operator.remove_widget, name))


def _require(request: Request, name: str) -> Widget:
    saved = site_of(request).store.widgets(name)
    if not saved:
        raise HTTPException(404, f"there is no widget {name[:63]}; /admin/widgets lists them")
    return saved[0]
