"""`/admin/pages` of events: corrections, what is hidden, pairs that may be one, what the public suggested."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator.correct import Field
from aggregator.event import Kind
from aggregator.query import EventQuery
from aggregator.render import event_members
from aggregator.suggest import Standing
from api.direct import DirectRoute
from api.web.admin.desk import HOME, Desk, Given, answer, keep_private, offer_form, offer_page, open_desk
from api.web.admin.words import compare, correctable

CORRECTIONS = f"{HOME}/pages/corrections"
MATCHES = f"{HOME}/pages/matches"
SUGGESTIONS = f"{HOME}/pages/suggestions"
EVENTS = f"{HOME}/pages/events"
ONE = EVENTS + "/{id}"
MOST = 50
"""Pairs and settled suggestions on a page."""
Told = dict[str, Any]

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


async def _show_matches(desk: Desk) -> Response:
    pairs = await run_in_threadpool(desk.operator.questions)
    told = [(pair, compare(pair["one"], pair["other"])) for pair in pairs[:MOST]]
    return answer(desk, "admin/matches", "One happening, or two?", pairs=told, count=len(pairs))


async def _show_corrections(desk: Desk) -> Response:
    corrections, hides = await run_in_threadpool(lambda: (desk.operator.corrections(), desk.operator.hides()))
    return answer(desk, "admin/corrections", "Corrections", corrections=corrections[::-1], hides=hides[::-1])


async def _show_suggestions(desk: Desk) -> Response:
    told = await run_in_threadpool(desk.operator.suggestions)
    waiting = [one for one in told if one["standing"] == Standing.WAITING]
    settled = [one for one in told if one["standing"] != Standing.WAITING][::-1][:MOST]
    view = {"is_asked": desk.site.settings.suggestions, "kinds": [kind.value for kind in Kind]}
    return answer(desk, "admin/suggestions", "Suggestions", waiting=waiting, settled=settled, **view)


async def _show_event(desk: Desk, id: str) -> Response:  # noqa: A002 - the word of the path
    """StoreError for an id that is not known."""
    store, operator = desk.site.store, desk.operator
    survivor = store.merged_into(id)
    if survivor and not desk.fault:
        return keep_private(RedirectResponse(f"{desk.visit.folder}{EVENTS}/{survivor}", 303))
    event = store.uncorrected(id)
    starts, ends = event.start_date.isoformat(), event.end_date.isoformat() if event.end_date else ""
    corrections, hides = await run_in_threadpool(lambda: (operator.corrections(), operator.hides()))
    return answer(
        desk,
        "admin/event",
        event.name,
        id=id,
        event=correctable(event_members(event), starts, ends),
        fields=[field.value for field in Field],
        corrections=[one for one in corrections if one["event"] == id],
        hidden=next((one for one in hides if one["event"] == id), None),
        **_members(desk, id),
    )


def _members(desk: Desk, event_id: str) -> Told:
    """The listings that it is told from, and the pairs of them that may be split."""
    now = desk.site.now()
    why = desk.site.store.explain(EventQuery(start=now, end=now + timedelta(days=1)), event_id, now)
    if why is None or why.members is None:
        return {"listings": [f"{why.source}/{why.uid}"] if why else [], "joined": []}
    told = json.loads(why.members)
    listings = ["/".join(key) for key in sorted((*told["listings"], *told.get("series", ())))]
    joined = [{**pair, "one": "/".join(pair["one"]), "other": "/".join(pair["other"])} for pair in told["why"]]
    return {"listings": listings, "joined": joined}


@router.get(EVENTS)
async def find_event(request: Request) -> Response:
    """From an event's id or address, as pasted, to its page."""
    desk = open_desk(request)
    if isinstance(desk, Response):
        return desk
    asked = request.query_params.get("event", "").strip()
    event_id = asked.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2][:100]
    path = f"{EVENTS}/{quote(event_id, safe='')}" if event_id else CORRECTIONS
    return keep_private(RedirectResponse(f"{desk.visit.folder}{path}", 303))


def _correct(desk: Desk, given: Given, id: str) -> Told:  # noqa: A002
    field, value, why = (given.get(name, "") for name in ("field", "value", "why"))
    return desk.operator.correct(id, field, value, why, given.get("by") or None, given.get("until") or None)


def _hide(desk: Desk, given: Given, id: str) -> Told:  # noqa: A002
    return desk.operator.hide(id, given.get("why", ""), given.get("by") or None)


def _unhide(desk: Desk, _: Given, id: str) -> Told:  # noqa: A002
    return desk.operator.unhide(id)


def _join(desk: Desk, given: Given) -> Told:
    return desk.operator.join(given.get("one", ""), given.get("other", ""))


def _split(desk: Desk, given: Given) -> Told:
    return desk.operator.split(given.get("one", ""), given.get("other", ""))


def _accept(desk: Desk, given: Given, number: str) -> Told:
    return desk.operator.accept_suggestion(number, given.get("kind") or None)


def _reject(desk: Desk, given: Given, number: str) -> Told:
    return desk.operator.reject_suggestion(number, given.get("why", ""))


async def _again_corrections(desk: Desk, **_: str) -> Response:
    return await _show_corrections(desk)


async def _again_suggestions(desk: Desk, **_: str) -> Response:
    return await _show_suggestions(desk)


offer_page(router, MATCHES, _show_matches)
offer_page(router, CORRECTIONS, _show_corrections)
offer_page(router, SUGGESTIONS, _show_suggestions)
offer_page(router, ONE, _show_event)
offer_form(router, f"{MATCHES}/join", _join, show=_show_matches, back=MATCHES)
offer_form(router, f"{MATCHES}/split", _split, show=_show_matches, back=MATCHES)
offer_form(router, f"{ONE}/correct", _correct, show=_show_event, back=ONE)
offer_form(router, f"{ONE}/hide", _hide, show=_show_event, back=CORRECTIONS)
offer_form(router, f"{ONE}/unhide", _unhide, show=_show_event, back=ONE)
offer_form(
    router,
    f"{CORRECTIONS}/{{number}}/undo",
    lambda desk, _, number: desk.operator.undo(number),
    show=_again_corrections,
    back=CORRECTIONS,
)
offer_form(router, f"{SUGGESTIONS}/{{number}}/accept", _accept, show=_again_suggestions, back=SUGGESTIONS)
offer_form(router, f"{SUGGESTIONS}/{{number}}/reject", _reject, show=_again_suggestions, back=SUGGESTIONS)
