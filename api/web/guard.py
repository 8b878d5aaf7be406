"""What goes wrong on a page is said on a page."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import HobnobError, QueryError
from api.site import site_of
from api.web.frame import Frame, answer_page
from api.web.visit import plain_visit

Endpoint = Callable[..., Coroutine[Any, Any, Response]]


def as_page(show: Endpoint) -> Endpoint:
    """404, 422 and 503 as pages in the frame; what nobody expected is the app's to tell."""

    @wraps(show)
    async def answer(request: Request, **parts: str) -> Response:
        try:
            return await show(request, **parts)
        except QueryError as error:
            return show_failure(request, 422, str(error))
        except HTTPException as error:
            return show_failure(request, error.status_code)
        except HobnobError:
            return show_failure(request, 503)

    return answer


def show_failure(request: Request, status: int, detail: str | None = None) -> Response:
    """Nobody keeps it."""
    visit = plain_visit(site_of(request), request)
    key = f"failure.{status}"
    say = visit.language.say
    title = say(key if key in visit.language.texts else "failure.other")
    frame = Frame(title=title)
    response = answer_page(visit, site_of(request).settings, "failure", frame, status, title=title, detail=detail)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response
