"""`/`: events by place and date, for people."""

from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from api.direct import DirectRoute
from api.hints import tell_unknown
from api.query import Asked, parse_query
from api.reply import reply
from api.site import Site, site_of
from api.web.form import EVENTS, make_form, tell_fault
from api.web.frame import Frame, answer_page
from api.web.guard import as_page
from api.web.results import (
    make_cards,
    make_days,
    make_ways,
    next_link,
    read_hits,
    tell_hints,
    tell_late,
    tell_scope,
    tell_title,
    tell_unplaced,
    view_links,
)
from api.web.visit import Visit, read_visit

VIEWS = ("list", "month", "map")

router = APIRouter(route_class=DirectRoute)


@router.get("/", include_in_schema=False)
@as_page
async def show_events(request: Request) -> Response:
    """A question and its answer; what cannot be answered is said beside its field, with what would do."""
    site = site_of(request)
    visit = read_visit(site, request, VIEWS)
    if not visit.without("units", "limit") and not site.settings.place:
        return await reply(site, request, lambda: _show_start(site, visit), visit.key, site.minute())
    try:
        asked = ask(site, visit)
    except QueryError as error:
        return _show_fault(site, visit, error)
    return await reply(
        site, request, lambda: _show_list(site, visit, asked), visit.key, asked.echo, asked.window, site.stale_sources()
    )


def ask(site: Site, visit: Visit) -> Asked:
    """The same question as the API's, by the same declaration."""
    return parse_query(visit.pairs, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)


async def _show_start(site: Site, visit: Visit) -> Response:
    say = visit.language.say
    form = make_form(visit, EVENTS, {"within": site.settings.within}, site.settings.units)
    told = sum(status.events for status in site.store.sources())
    frame = Frame(
        title=say("start.title"), description=say("start.about"), canonical=visit.link("/"), scripts=("page.js",)
    )
    return answer_page(visit, site.settings, "start", frame, form=form, told=told)


def _show_fault(site: Site, visit: Visit, error: QueryError) -> Response:
    fault = tell_fault(visit, EVENTS, error)
    form = make_form(visit, EVENTS, {"within": site.settings.within}, site.settings.units, fault)
    frame = Frame(title=visit.language.say("fault.title"), scripts=("page.js",))
    response = answer_page(visit, site.settings, "fault", frame, 422, form=form)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _show_list(site: Site, visit: Visit, asked: Asked) -> Response:
    answer = await site.store.search(asked.query)
    told = read_hits(answer.hits, asked.units)
    seen = site.store.last_seen([one["id"] for one in told])
    cards = make_cards(visit, told, asked, seen, site.now())
    hints = (
        ()
        if told
        else tell_hints(visit, "/", asked, await site.store.nearest_hint(asked.query), tell_unknown(site, asked))
    )
    title = tell_title(visit, asked)
    frame = Frame(
        title=title,
        description=visit.language.say("start.about"),
        canonical=visit.link("/", visit.without("cursor")),
        scripts=("page.js",),
    )
    return answer_page(
        visit,
        site.settings,
        "events",
        frame,
        form=make_form(visit, EVENTS, asked.echo, asked.units),
        title=title,
        scope=tell_scope(visit, asked, await site.store.total(asked.query) if not asked.query.cursor else None),
        days=make_days(visit, told, cards, date.fromisoformat(asked.window["start"][:10])),
        by_distance=asked.query.sort == "distance",
        cards=cards,
        following=next_link(visit, "/", answer.next),
        hints=hints,
        unplaced=tell_unplaced(visit, answer),
        late=tell_late(visit, site.late(asked.query)),
        ways=make_ways(visit, asked),
        views=view_links(visit, "/"),
    )
