"""`/groups` and `/groups/{id}`: what meets again and again, for people."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from api.direct import DirectRoute
from api.grouped import Found, find
from api.reply import reply
from api.routes.groups import GroupsAsked, ask_groups, find_group
from api.site import Site, site_of
from api.web.form import GROUPS, Fault, Form, make_form, tell_fault
from api.web.frame import Frame, answer_fault, answer_page
from api.web.group import make_group, make_group_card
from api.web.guard import as_page
from api.web.results import tell_title
from api.web.visit import Visit, read_visit

MOST = 30
"""Groups on a page."""

router = APIRouter(route_class=DirectRoute)


@router.get("/groups", include_in_schema=False)
@as_page
async def show_groups(request: Request) -> Response:
    """The same question as `/v1/groups`, in order of the next meeting."""
    site = site_of(request)
    visit = read_visit(site, request)
    try:
        asked = ask_groups(site, visit.joined(("limit", str(MOST))))
    except QueryError as error:
        return _show_fault(site, visit, tell_fault(visit, GROUPS, error))
    return await reply(site, request, lambda: _show_list(site, visit, asked), visit.key, site.minute())


@router.get("/groups/{id}", include_in_schema=False)
@as_page
async def show_group(request: Request, id: str) -> Response:  # noqa: A002 - the word of the path
    """Its rhythm, how that is known, when it meets next, and whether a stranger may come."""
    site = site_of(request)
    visit = read_visit(site, request)
    if visit.pairs:
        name, value = visit.pairs[0]
        raise QueryError(name[:200], value[:200], "not known here; lang")
    return await reply(site, request, lambda: _show(site, visit, id), visit.key, site.minute())


async def _show_list(site: Site, visit: Visit, asked: GroupsAsked) -> Response:
    groups = await run_in_threadpool(site.groups)
    found = [one for one in find(groups, asked.asked.query, asked.wanted, site.now()) if one.key > asked.after]
    page = found[: asked.asked.query.limit]
    units = asked.asked.units
    title = tell_title(visit, asked.asked, "groups.title")
    following = (
        visit.link("/groups", (*visit.without("after"), ("after", page[-1].key))) if len(found) > len(page) else None
    )
    return _answer(
        site,
        visit,
        title,
        make_form(visit, GROUPS, asked.asked.echo, units),
        cards=[make_group_card(visit, one, units, site.now()) for one in page],
        following=following,
    )


def _show_fault(site: Site, visit: Visit, fault: Fault) -> Response:
    form = make_form(visit, GROUPS, {"within": site.settings.within}, site.settings.units, fault)
    return answer_fault(visit, site.settings, form)


def _answer(site: Site, visit: Visit, title: str, form: Form, **view: Any) -> Response:
    frame = Frame(
        title=title,
        description=visit.language.say("groups.about"),
        canonical=visit.link("/groups", visit.without("after")),
        scripts=("page.js",),
    )
    return answer_page(visit, site.settings, "groups", frame, title=title, form=form, **view)


async def _show(site: Site, visit: Visit, group_id: str) -> Response:
    kept = await run_in_threadpool(find_group, site, group_id)
    card = make_group_card(visit, Found(kept=kept, distance=None, next_start=None), site.settings.units, site.now())
    view = make_group(visit, kept, card, site.now())
    frame = Frame(
        title=card.name,
        description=" · ".join(part for part in (card.rhythm, card.place) if part),
        canonical=visit.plain_link(f"/groups/{group_id}"),
        scripts=("page.js",),
    )
    return answer_page(visit, site.settings, "group", frame, view=view)
