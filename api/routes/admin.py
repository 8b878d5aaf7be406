"""The operator's requests about sources, each with the admin token; no cache keeps what they are answered."""

from collections.abc import Callable
from typing import Any, cast

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.bearer import require_token
from api.body import answer_operator, asking, read_members, read_number
from api.direct import DirectRoute
from api.operator import AdminSources, Done, HeldRun, Operator, PreviewJson, of_operator
from api.problem import documented
from api.site import site_of

_ERRORS = documented(401, 404, 409, 413, 422, 503)

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
    return await answer_operator(run_in_threadpool(lambda: {"items": operator.sources()}))


@router.get(
    "/admin/sources/{name}/held/{run}",
    summary="What a held-back run would change",
    responses={**of_operator(HeldRun), **_ERRORS},
    response_model=None,
)
async def show_held(request: Request, name: str, run: str) -> Response:
    """The events that it would begin to tell, tell otherwise, and no longer tell."""
    operator = operator_of(request)
    return await answer_operator(run_in_threadpool(operator.held, name, read_number(run)))


@router.post(
    "/v1/sources/preview",
    summary="Look at a site that is no source yet",
    responses={**of_operator(PreviewJson), **_ERRORS},
    response_model=None,
    openapi_extra=asking("url"),
)
async def preview(request: Request) -> Response:
    """What `hobnob add` shows: platforms and why, what each gives, and the row to write."""
    operator = operator_of(request)
    given = await read_members(request, "url")
    return await answer_operator(operator.preview(given["url"]))


def _offer(path: str, summary: str, act: Act, *names: str) -> None:
    """A POST about one source, whose body has these members."""

    async def answer(request: Request, name: str) -> Response:
        operator = operator_of(request)
        given = await read_members(request, *names)
        return await answer_operator(run_in_threadpool(act, operator, name, given))

    router.add_api_route(
        f"/admin/sources/{{name}}/{path}",
        answer,
        methods=["POST"],
        name=path,
        summary=summary,
        operation_id=f"{path}_source",
        responses={**of_operator(Done), **_ERRORS},
        response_model=None,
        openapi_extra=asking(*names),
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
    require_token(request, operator.token if operator else None)
    return cast("Operator", operator)
