"""`/plan`: a week that works, for people."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from api.direct import DirectRoute
from api.reply import reply
from api.routes.plan import OWN, SHARED, PlanAsked, ask_plan, choose
from api.site import Site, site_of
from api.web.form import PLAN, Form, make_form, tell_fault
from api.web.frame import Frame, answer_fault, answer_page
from api.web.guard import as_page
from api.web.plan import make_plan_lines, tell_sum
from api.web.results import make_cards, read_hits, tell_title
from api.web.visit import Visit, read_visit

router = APIRouter(route_class=DirectRoute)


@router.get("/plan", include_in_schema=False)
@as_page
async def show_plan(request: Request) -> Response:
    """The same question as `/v1/plan`; where no place is known, only the form."""
    site = site_of(request)
    visit = read_visit(site, request)
    if not site.settings.place and not {"near", "lat", "lon"}.intersection(name for name, _ in visit.pairs):
        form = make_form(visit, PLAN, _defaults(site), site.settings.units, is_wide_open=True)
        return await reply(site, request, lambda: _show_start(site, visit, form), visit.key, site.minute())
    try:
        asked = ask_plan(site, visit.joined())
    except QueryError as error:
        return _show_fault(site, visit, error)
    return await reply(site, request, lambda: _show(site, visit, asked), visit.key, asked.asked.window)


def _defaults(site: Site) -> dict[str, str | int | float]:
    return {"within": site.settings.within, "days": "14"}


async def _show_start(site: Site, visit: Visit, form: Form) -> Response:
    return _answer(site, visit, visit.language.say("plan.title"), form, None)


def _show_fault(site: Site, visit: Visit, error: QueryError) -> Response:
    fault = tell_fault(visit, PLAN, error)
    form = make_form(visit, PLAN, _defaults(site), site.settings.units, fault)
    return answer_fault(visit, site.settings, form)


async def _show(site: Site, visit: Visit, asked: PlanAsked) -> Response:
    chosen = await choose(site, asked.asked, asked.wish)
    choices = [choice for choice, _ in chosen]
    told = read_hits((hit for _, hit in chosen), asked.asked.units)
    seen = site.store.last_seen([one["id"] for one in told])
    cards = make_cards(visit, told, asked.asked, seen, site.now())
    form = make_form(visit, PLAN, asked.asked.echo, asked.asked.units, is_wide_open=not visit.pairs)
    title = tell_title(visit, asked.asked, "plan.title")
    question = [(name, value) for name, value in visit.joined() if name in (*OWN, *SHARED)]
    return _answer(
        site,
        visit,
        title,
        form,
        make_plan_lines(visit, choices, cards, asked.wish),
        total=tell_sum(choices, visit.language),
        ics=visit.plain_link("/v1/plan.ics", question),
    )


def _answer(site: Site, visit: Visit, title: str, form: Form, lines: object, **more: str) -> Response:
    about = visit.language.say("plan.about")
    frame = Frame(title=title, description=about, canonical=visit.link("/plan", visit.pairs), scripts=("page.js",))
    view: dict[str, Any] = {"total": None, "ics": None, **more}
    return answer_page(visit, site.settings, "plan", frame, title=title, form=form, lines=lines, **view)
