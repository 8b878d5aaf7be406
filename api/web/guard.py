"""What goes wrong on a page is said on a page."""

import re
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import HobnobError, QueryError
from api.site import read_pairs, site_of
from api.web.frame import Frame, answer_page
from api.web.visit import plain_visit

Endpoint = Callable[..., Coroutine[Any, Any, Response]]

NOT_MODIFIED: Final = 304

_ADDED: Final = re.compile(
    r"(?:utm|mtm|pk|hsa)_\w+|(?:fb|g|d|tt|tw|msclk|y)clid|[gw]braid|srsltid|mc_[ce]id|igshid?|_hs(?:enc|mi)"
)
"""What says where a visitor came from; it is no part of any question."""


def as_page(show: Endpoint) -> Endpoint:
    """404, 422 and 503 as pages in the frame; what nobody expected is the app's to tell. Who has the page already is
    told what it varies by, as who gets it is (RFC 9110, 15.4.5).
    """

    @wraps(show)
    async def answer(request: Request, **parts: str) -> Response:
        try:
            response = send_on(request) or await show(request, **parts)
            if response.status_code == NOT_MODIFIED and "lang" not in request.query_params:
                response.headers["Vary"] = "Accept-Encoding, Accept-Language"
            return response
        except QueryError as error:
            return show_failure(request, 422, str(error))
        except HTTPException as error:
            return show_failure(request, error.status_code)
        except HobnobError:
            return show_failure(request, 503)

    return answer


def send_on(request: Request) -> Response | None:
    """To the same page without what networks and letters add to a link that is shared; None where nothing was added,
    and for what acts: a mail program that stops a letter by one click follows no redirection (RFC 8058).
    """
    if request.method == "POST":
        return None
    asked = read_pairs(request)
    kept = [(name, value) for name, value in asked if not _ADDED.fullmatch(name)]
    if len(kept) == len(asked):
        return None
    folder = urlsplit(site_of(request).settings.base_url).path
    query = f"?{urlencode(kept, safe=',:/')}" if kept else ""
    return Response(status_code=302, headers={"Location": f"{folder}{quote(request.scope['path'])}{query}"})


def show_failure(request: Request, status: int, detail: str | None = None) -> Response:
    """What went wrong, and why where it can be mended."""
    visit = plain_visit(site_of(request), request)
    key = f"failure.{status}"
    say = visit.language.say
    title = say(key if key in visit.language.texts else "failure.other")
    frame = Frame(title=title)
    response = answer_page(visit, site_of(request).settings, "failure", frame, status, title=title, detail=detail)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response
