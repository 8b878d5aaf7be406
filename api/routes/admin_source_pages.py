"""`/admin/pages/sources`: how each source is doing, its row, and what a run that was held back would change."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from aggregator.errors import StoreError
from api.body import read_number
from api.direct import DirectRoute
from api.routes.admin_pages import is_down
from api.routes.sources import run_json
from api.web.admin.desk import HOME, Desk, Given, answer, offer_form, offer_page
from api.web.admin.words import tell_differences, tell_place, tell_when

PATH = f"{HOME}/pages/sources"
ONE = PATH + "/{name}"
HELD = ONE + "/held/{run}"
Told = dict[str, Any]
RUNS = 15
MOST = 200
"""Events of a kind of change that are shown one by one."""

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


async def _show_all(desk: Desk) -> Response:
    """Those that want a person first."""
    sources = await run_in_threadpool(desk.operator.sources)
    sources.sort(key=lambda one: (not one["held"], not is_down(one), one["name"]))
    return answer(desk, "admin/sources", "Sources", sources=sources, is_down=is_down)


async def _show_one(desk: Desk, name: str) -> Response:
    sources = await run_in_threadpool(desk.operator.sources)
    one = next((one for one in sources if one["name"] == name), None)
    if one is None:
        raise StoreError(f"{name[:80]}: there is no such source")
    runs = [run_json(run) for run in desk.site.store.history(name, RUNS)]
    row = desk.typed.get("row", one["row"])
    return answer(desk, "admin/source", name, one=one, runs=runs, row=row, is_down=is_down(one))


async def _show_held(desk: Desk, name: str, run: str) -> Response:
    held = await run_in_threadpool(desk.operator.held, name, read_number(run))
    title = f"{name}: what run {run} would change"
    changes = [(one["name"], tell_differences(one["fields"])) for one in held["changed"][:MOST]]
    view = {"tell_when": tell_when, "tell_place": tell_place}
    return answer(desk, "admin/held", title, name=name, number=run, held=held, changes=changes, most=MOST, **view)


async def _show_unsettled(desk: Desk, name: str, **_: str) -> Response:
    """Where a run cannot be settled, as when another was accepted meanwhile: the source as it is by now."""
    return await _show_one(desk, name)


def _accept(desk: Desk, _: Given, name: str, run: str) -> Told:
    return desk.operator.accept(name, read_number(run))


def _reject(desk: Desk, _: Given, name: str, run: str) -> Told:
    return desk.operator.reject(name, read_number(run))


def _pause(desk: Desk, given: Given, name: str) -> Told:
    return desk.operator.pause(name, given.get("until") or None)


def _edit(desk: Desk, given: Given, name: str) -> Told:
    return desk.operator.edit(name, given.get("row", ""))


offer_page(router, PATH, _show_all)
offer_page(router, ONE, _show_one)
offer_page(router, HELD, _show_held)
offer_form(router, f"{HELD}/accept", _accept, show=_show_unsettled, back=ONE)
offer_form(router, f"{HELD}/reject", _reject, show=_show_unsettled, back=ONE)
offer_form(router, f"{ONE}/run", lambda desk, _, name: desk.operator.run_now(name), show=_show_one, back=ONE)
offer_form(router, f"{ONE}/pause", _pause, show=_show_one, back=ONE)
offer_form(router, f"{ONE}/resume", lambda desk, _, name: desk.operator.resume(name), show=_show_one, back=ONE)
offer_form(router, f"{ONE}/edit", _edit, show=_show_one, back=ONE)
