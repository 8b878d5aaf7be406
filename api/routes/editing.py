"""The operator's word on events, each with the admin token: corrections, hidden events, what is one happening."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.body import answer_operator, asking, read_members
from api.direct import DirectRoute
from api.editor import Corrections, Hides, Questions, Suggestions
from api.operator import Done, Operator, of_operator
from api.problem import documented
from api.routes.admin import operator_of

_ERRORS = documented(401, 404, 409, 413, 422, 503)

router = APIRouter(tags=["operator"], route_class=DirectRoute)
Show = Callable[[Operator], list[dict[str, Any]]]
Act = Callable[..., dict[str, Any]]


def _show(path: str, summary: str, model: type[BaseModel], show: Show) -> None:
    """A GET of a list."""

    async def answer(request: Request) -> Response:
        operator = operator_of(request)
        return await answer_operator(run_in_threadpool(lambda: {"items": show(operator)}))

    _add("GET", path, summary, model, answer)


def _offer(path: str, summary: str, act: Act, *names: str) -> None:
    """A POST whose body has these members, which `act` is given after the operator."""

    async def answer(request: Request) -> Response:
        operator = operator_of(request)
        given = await read_members(request, *names)
        return await answer_operator(run_in_threadpool(act, operator, **given))

    _add("POST", path, summary, Done, answer, openapi_extra=asking(*names))


def _offer_of(path: str, summary: str, act: Act, *names: str) -> None:
    """The same about what the path names by its id, which `act` is given before the members."""

    async def answer(request: Request, id: str) -> Response:  # noqa: A002 - the word of the path
        operator = operator_of(request)
        given = await read_members(request, *names)
        return await answer_operator(run_in_threadpool(act, operator, id, **given))

    _add("POST", path, summary, Done, answer, openapi_extra=asking(*names))


def _add(method: str, path: str, summary: str, model: type[BaseModel], answer: Any, **more: Any) -> None:
    name = "_".join(part.strip("{}") for part in path.split("/")[2:])
    router.add_api_route(
        path,
        answer,
        methods=[method],
        name=name,
        summary=summary,
        operation_id=f"{method.lower()}_{name}",
        responses={**of_operator(model), **_ERRORS},
        response_model=None,
        **more,
    )


_show("/admin/corrections", "All corrections, with who made them", Corrections, lambda o: o.corrections())
_CORRECTION = ("event", "field", "value", "why", "by", "until")
_offer("/admin/corrections", "Correct a field of an event", lambda o, **given: o.correct(**given), *_CORRECTION)
_offer_of("/admin/corrections/{id}/undo", "Take a correction back", lambda o, number: o.undo(number))
_show("/admin/hides", "All hidden events, with who hid them", Hides, lambda o: o.hides())
_offer_of("/admin/events/{id}/hide", "Tell nobody of it", lambda o, event, **given: o.hide(event, **given), "why", "by")
_offer_of("/admin/events/{id}/unhide", "Tell of it again", lambda o, event: o.unhide(event))
_show("/admin/matches", "Pairs that may be one happening", Questions, lambda o: o.questions())
_offer("/admin/matches/join", "Say that two tell the same", lambda o, **given: o.join(**given), "one", "other")
_offer("/admin/matches/split", "Say that two do not", lambda o, **given: o.split(**given), "one", "other")
_show("/admin/suggestions", "What the public suggested", Suggestions, lambda o: o.suggestions())
_ACCEPT, _REJECT = "/admin/suggestions/{id}/accept", "/admin/suggestions/{id}/reject"
_offer_of(_ACCEPT, "Tell it, or correct", lambda o, number, **given: o.accept_suggestion(number, **given), "kind")
_offer_of(_REJECT, "Do not", lambda o, number, **given: o.reject_suggestion(number, **given), "why")
