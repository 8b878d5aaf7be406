"""Errors as application/problem+json (RFC 9457)."""

import json
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from aggregator.errors import HobnobError, QueryError
from api.web.guard import show_failure

MEDIA_TYPE = "application/problem+json"
NO_PATH = "there is no such path; /docs lists them"


class Problem(BaseModel):
    """What went wrong, and what would do instead."""

    type: str = Field("about:blank", description="RFC 9457's: there is no more to read of it.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    detail: str | None = Field(None, description="What went wrong, in a sentence.")
    param: str | None = Field(None, description="The parameter that cannot be answered.")
    value: str | None = Field(None, description="What was given for it.")
    why: str | None = Field(None, description="Why it cannot be answered.")
    did_you_mean: list[str] | None = Field(None, description="What would do instead, the nearest first.")


def problem(status: int, detail: str | None = None, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """An answer that says so; never kept by anybody, and readable from any page."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body = json.dumps({**told, **({"detail": detail} if detail else {}), **more}, ensure_ascii=False)
    sent = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*", **(headers or {})}
    return Response(body.encode("utf-8", "replace"), status, sent, MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These errors as OpenAPI has them."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def tell_problems(app: FastAPI) -> None:
    """Every error leaves the app as a problem; what nobody expected is logged by the server and told without words."""
    app.openapi = partial(_with_schema, app.openapi)  # type: ignore[method-assign]
    app.add_exception_handler(QueryError, _of_query)
    app.add_exception_handler(HobnobError, _of_ours)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_anything)


def _with_schema(openapi: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """FastAPI would document a model of an error as application/json."""
    document = openapi()
    document["components"]["schemas"].setdefault(Problem.__name__, Problem.model_json_schema())
    return document


async def _of_query(_: Request, error: Exception) -> Response:
    assert isinstance(error, QueryError)  # noqa: S101 - what it is registered for
    near = list(error.did_you_mean)
    return problem(422, str(error), param=error.param, value=error.value, why=error.why, did_you_mean=near)


async def _of_ours(_: Request, error: Exception) -> Response:
    return problem(503, str(error), {"Retry-After": "60"})


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 404 and _is_browsing(request):
        return show_failure(request, 404)
    has_words = error.detail != HTTPStatus(error.status_code).phrase
    detail = error.detail if has_words else NO_PATH if error.status_code == 404 else None
    allowed = {"Allow": ", ".join(_methods_of(request))} if error.status_code == 405 else {}
    return problem(error.status_code, detail, {**(error.headers or {}), **allowed})


def _methods_of(request: Request) -> list[str]:
    """What the path answers, by all of its routes: the one that refused knows of its own only. Whatever answers GET
    answers HEAD too, in front of the routes.
    """
    routes = (route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE)
    known = {method for route in routes for method in route.methods or ()}
    return sorted(known | ({"HEAD"} if "GET" in known else set()))


def _is_browsing(request: Request) -> bool:
    """Whether a person looks for a page; the API answers all in the same way."""
    return not request.scope["path"].startswith("/v1/") and "text/html" in request.headers.get("accept", "")


async def _of_anything(_: Request, __: Exception) -> Response:
    return problem(500, "This is our mistake, not yours; it is in the log.")
