"""`/admin`: signing in and out of the operator's pages, and what needs a person."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator.health import State
from aggregator.suggest import Standing
from api.direct import DirectRoute
from api.operator import Operator
from api.peer import peer_of
from api.site import site_of
from api.web.admin.desk import (
    HOME,
    NOTICE,
    SESSION,
    Desk,
    answer,
    ask_sign_in,
    cookie_path,
    is_own_origin,
    keep_private,
    offer_page,
    open_form,
    put_cookie,
    read_form,
)
from api.web.admin.session import LASTS, is_same, make_session

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

Told = dict[str, Any]
MOST = 12
"""Sources that are down, and runs, on the overview."""
_GOAL = re.compile(r"/admin(?:/pages/[^?#\\\s]*)?")

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


@router.post(f"{HOME}/pages/sign-in")
async def sign_in(request: Request) -> Response:
    """With the token a cookie is given; wrong tokens are counted, and after five of an hour none is looked at."""
    site = site_of(request)
    if site.operator is None:
        return ask_sign_in(request, 404)
    given = await read_form(request)
    goal = given["goal"] if _GOAL.fullmatch(given.get("goal", "")) else HOME
    if not is_own_origin(request, site.settings):
        return ask_sign_in(request, 403, "This form did not come from this page. Try again.", goal)
    sender = peer_of(request, site.settings.trusted_proxies)
    seconds = site.tries.wait(sender, site.now())
    if seconds is not None:
        response = ask_sign_in(request, 429, f"Too many wrong tokens. Try again in {seconds // 60 + 1} minutes.", goal)
        response.headers["Retry-After"] = str(seconds)
        return response
    if not is_same(given.get("token", "").strip(), site.operator.token):
        site.tries.count(sender, site.now())
        return ask_sign_in(request, 401, "This is not the token.", goal)
    response = RedirectResponse(cookie_path(site.settings).removesuffix(HOME) + goal, 303)
    session = make_session(site.operator.token, site.now())
    put_cookie(response, site.settings, SESSION, session, int(LASTS.total_seconds()))
    return keep_private(response)


@router.post(f"{HOME}/pages/sign-out")
async def sign_out(request: Request) -> Response:
    """The cookies are taken back."""
    opened = await open_form(request)
    if isinstance(opened, Response):
        return opened
    desk, _ = opened
    path = cookie_path(desk.site.settings)
    response = RedirectResponse(path, 303)
    for name in (SESSION, NOTICE):
        response.delete_cookie(name, path=path)
    return keep_private(response)


async def _show_overview(desk: Desk) -> Response:
    view = await run_in_threadpool(_look, desk.operator, desk.site.mailing)
    return answer(desk, "admin/overview", "What needs you", **view)


def _look(operator: Operator, mailing: "Mailing | None") -> Told:
    """Blocks."""
    sources = operator.sources()
    held = [one for one in sources if one["held"]]
    waiting = [one for one in operator.suggestions() if one["standing"] == Standing.WAITING]
    return {
        "held": held,
        "down": [one for one in sources if not one["held"] and is_down(one)],
        "most": MOST,
        "pairs": operator.count_questions(),
        "waiting": len(waiting),
        "subscribers": {state.value: number for state, number in mailing.states().items()} if mailing else None,
        "unknown": len(mailing.unknown()) if mailing else 0,
        "runs": _last_runs(sources),
        "told": sum(one["source"]["events"] for one in sources),
        "sources": len(sources),
    }


def is_down(source: Told) -> bool:
    """Whether a person should look at it."""
    return State(source["source"]["health"]["state"]).is_down


def _last_runs(sources: Sequence[Told]) -> list[Told]:
    """The last run of each source, the newest first."""
    runs = [one["source"]["lastRun"] for one in sources if one["source"]["lastRun"]]
    return sorted(runs, key=lambda run: str(run["finishedAt"]), reverse=True)[:MOST]


offer_page(router, HOME, _show_overview)
