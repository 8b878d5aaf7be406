"""`/sources` and `/about`: where events come from, how that is going, and who runs this."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from api.direct import DirectRoute
from api.reply import reply
from api.routes.sources import RUNS, source_json
from api.site import Site, site_of
from api.web.form import Link
from api.web.frame import Frame, answer_page
from api.web.guard import as_page
from api.web.sources import make_source_lines
from api.web.visit import Visit, read_visit

router = APIRouter(route_class=DirectRoute)


@router.get("/sources", include_in_schema=False)
@as_page
async def show_sources(request: Request) -> Response:
    """Every source, those that are not well first."""
    site = site_of(request)
    visit = _visit(site, request)
    return await reply(site, request, lambda: _show_sources(site, visit), visit.key, site.minute())


@router.get("/about", include_in_schema=False)
@as_page
async def show_about(request: Request) -> Response:
    """What this is, who runs it, and how to have something taken down."""
    site = site_of(request)
    visit = _visit(site, request)
    return await reply(site, request, lambda: _show_about(site, visit), visit.key)


def _visit(site: Site, request: Request) -> Visit:
    """QueryError for any parameter but the language."""
    visit = read_visit(site, request)
    if visit.pairs:
        name, value = visit.pairs[0]
        raise QueryError(name[:200], value[:200], "not known here; lang")
    return visit


async def _show_sources(site: Site, visit: Visit) -> Response:
    now = site.now()
    statuses = await run_in_threadpool(site.store.sources)
    told = [source_json(status, site.store.history(status.name, RUNS), now) for status in statuses]
    lines = make_source_lines(told, now, visit.language)
    title = visit.language.say("sources.title")
    frame = Frame(title=title, description=visit.language.say("sources.about"), canonical=visit.link("/sources"))
    well = sum(line.is_well for line in lines)
    return answer_page(visit, site.settings, "sources", frame, title=title, lines=lines, well=well)


async def _show_about(site: Site, visit: Visit) -> Response:
    title = visit.language.say("about.title_of" if site.settings.place else "about.title", place=site.settings.place)
    frame = Frame(title=title, canonical=visit.link("/about"))
    contact = site.settings.contact
    has_letters = bool(await run_in_threadpool(site.store.editions, 1))
    link = contact and contact_link(contact)
    return answer_page(visit, site.settings, "about", frame, title=title, contact=link, has_letters=has_letters)


def contact_link(contact: str) -> Link:
    """What the operator gave to be read: a page, an address to write to, or words that lead nowhere."""
    address = contact if "://" in contact else f"mailto:{contact}" if "@" in contact else ""
    return Link(words=contact, address=address)
