"""`/events/{id}`: one event, for people."""

from datetime import date

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from api.direct import DirectRoute
from api.reply import reply
from api.routes.events import find_dates
from api.site import Site, site_of
from api.web.card import make_card, tell_freshness
from api.web.event import choose_date, make_event
from api.web.frame import Frame, answer_page
from api.web.guard import as_page
from api.web.results import read_hits
from api.web.visit import Visit, read_visit

router = APIRouter(route_class=DirectRoute)


@router.get("/events/{id}", include_in_schema=False)
@as_page
async def show_event(request: Request, id: str) -> Response:  # noqa: A002 - the word of the path
    """At its next date, or at the one that `on` names; an id that is told by another event leads there."""
    site = site_of(request)
    visit = read_visit(site, request)
    on = _read_day(visit)
    return await reply(site, request, lambda: _show(site, visit, id, on), visit.key, site.minute())


async def _show(site: Site, visit: Visit, event_id: str, on: date | None) -> Response:
    hits = await find_dates(site, event_id)
    if isinstance(hits, Response):
        survivor = hits.headers["location"].rpartition("/")[2]
        return Response(status_code=301, headers={"Location": visit.link(f"/events/{survivor}", visit.pairs)})
    chosen = choose_date(hits, on, site.now())
    dates = read_hits(hits, site.settings.units)
    (told,) = read_hits([chosen], site.settings.units)
    seen = site.store.last_seen([event_id]).get(event_id)
    fresh = tell_freshness(seen, told["kind"], site.now(), visit.language) if seen else None
    canonical = visit.plain_link(f"/events/{event_id}")
    card = make_card(told, canonical, visit.language, None, fresh)
    groups = await run_in_threadpool(site.groups)
    view = make_event(visit, told, card, dates, visit.absolute(canonical), groups)
    frame = Frame(
        title=told["name"],
        description=view.summary,
        canonical=canonical,
        structured=view.structured,
        scripts=("page.js",),
    )
    return answer_page(visit, site.settings, "event", frame, view=view, told=told)


def _read_day(visit: Visit) -> date | None:
    """QueryError for what is no day, and for what this page does not know."""
    for name, value in visit.pairs:
        if name != "on":
            raise QueryError(name[:200], value[:200], "not known here; on, lang")
    text = visit.first("on")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise QueryError("on", (text or "")[:200], "a day, such as 2026-10-08") from error
