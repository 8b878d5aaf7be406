"""The operator's requests about sources, each with the admin token; no cache keeps what they are answered."""

import json
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import HobnobError, QueryError, StoreError
from api.direct import DirectRoute
from api.operator import AdminSources, Done, Operator, PreviewJson, of_operator
from api.problem import documented
from api.site import site_of

_BEARER = "Bearer "
_ERRORS = documented(401, 404, 409, 413, 422, 503)
_OPTIONAL = frozenset({"run", "until"})
_KINDS = {"run": "integer"}

router = APIRouter(tags=["operator"], route_class=DirectRoute)
Act = Callable[[Operator, str, dict[str, Any]], dict[str, Any]]


@router.get(
    "/admin/sources",
    summary="All sources, as the operator sees them",
    responses={**of_operator(AdminSources), **_ERRORS},
    response_model=None,
)
async def list_all(request: Request) -> Response:
    """With the addresses that are read, and what is held back."""
    operator = operator_of(request)
    return await _answer(run_in_threadpool(lambda: {"items": operator.sources()}))


def _asking(*names: str) -> dict[str, Any]:
    """A JSON object with these members, as OpenAPI has it."""
    schema = {
        "type": "object",
        "properties": {name: {"type": _KINDS.get(name, "string")} for name in names},
        "required": [name for name in names if name not in _OPTIONAL],
    }
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}} if names else {}


@router.post(
    "/v1/sources/preview",
    summary="Look at a site that is no source yet",
    responses={**of_operator(PreviewJson), **_ERRORS},
    response_model=None,
    openapi_extra=_asking("url"),
)
async def preview(request: Request) -> Response:
    """What `hobnob add` shows: platforms and why, what each gives, and the row to write."""
    operator = operator_of(request)
    given = await _read(request, "url")
    return await _answer(operator.preview(given["url"]))


def _offer(path: str, summary: str, act: Act, *names: str) -> None:
    """A POST about one source, whose body has these members."""

    async def answer(request: Request, name: str) -> Response:
        operator = operator_of(request)
        given = await _read(request, *names)
        return await _answer(run_in_threadpool(act, operator, name, given))

    router.add_api_route(
        f"/admin/sources/{{name}}/{path}",
        answer,
        methods=["POST"],
        name=path,
        summary=summary,
        operation_id=f"{path}_source",
        responses={**of_operator(Done), **_ERRORS},
        response_model=None,
        openapi_extra=_asking(*names),
    )


_offer("run", "Collect it now", lambda operator, name, _: operator.run_now(name))
_offer("accept", "Apply what a held-back run found", lambda o, name, given: o.accept(name, given.get("run")), "run")
_offer("reject", "Forget what a held-back run found", lambda o, name, given: o.reject(name, given.get("run")), "run")
_offer("pause", "Collect it no more", lambda o, name, given: o.pause(name, given.get("until")), "until")
_offer("resume", "Collect it again", lambda operator, name, _: operator.resume(name))
_offer("edit", "Replace its row in the catalogue", lambda o, name, given: o.edit(name, given["row"]), "row")


def operator_of(request: Request) -> Operator:
    """The operator, once the request shows the token; 404 where there is none, 401 for another token."""
    operator = site_of(request).operator
    if operator is None:
        raise HTTPException(404, "the operator's requests are closed: set admin_token, which `hobnob init` makes")
    shown = request.headers.get("authorization", "")
    if not compare_digest(shown.encode("utf-8", "replace"), f"{_BEARER}{operator.token}".encode()):
        raise HTTPException(401, "wants `Authorization: Bearer` and the admin token", {"WWW-Authenticate": "Bearer"})
    return operator


async def _read(request: Request, *names: str) -> dict[str, Any]:
    """The members of the body; QueryError names the first that is missing, not known, or of another kind."""
    body = await request.body()
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise QueryError("body", "", "is no JSON") from error
    if not isinstance(given, dict):
        raise QueryError("body", "", "is no JSON object")
    for name in [*names, *given]:
        value = given.get(name)
        wanted = int if _KINDS.get(name) == "integer" else str
        if name not in names:
            raise QueryError(str(name)[:40], "", f"not known here; {', '.join(names) or 'there is none'}")
        if not (value is None and name in _OPTIONAL) and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise QueryError(name, str(value)[:40], f"a {wanted.__name__} is wanted")
    return given


async def _answer(doing: Awaitable[dict[str, Any]]) -> Response:
    try:
        told = await doing
    except StoreError as error:
        raise HTTPException(409, str(error)) from error
    except QueryError:
        raise
    except HobnobError as error:
        raise HTTPException(422, str(error)) from error
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")
