"""`/letters`, `/letters/{name}` and `/letters.rss`: letters that an editor published, for everybody."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from api.digest.archive import read_printed
from api.digest.printed import write_feed
from api.direct import DirectRoute
from api.query import parse_query
from api.reply import reply
from api.site import Site, read_only, site_of
from api.web.edition import make_edition, make_edition_card
from api.web.frame import Frame, answer_page
from api.web.guard import as_page
from api.web.language import LANGUAGES, read_language
from api.web.visit import Visit, read_visit

MOST = 30
"""Letters on a page, and in the feed."""

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


@router.get("/letters")
@as_page
async def show_letters(request: Request) -> Response:
    """The newest first; `before` is the name of the last one on the page before."""
    site = site_of(request)
    visit = _visit(site, request, "before", "lang")
    return await reply(site, request, lambda: _show_list(site, visit), visit.key)


@router.get("/letters.rss")
async def show_feed(request: Request) -> Response:
    """The newest, each as a part with the address of its page."""
    site = site_of(request)
    read_only(request)
    return await reply(site, request, lambda: _show_feed(site))


@router.get("/letters/{name}")
@as_page
async def show_letter(request: Request, name: str) -> Response:
    """404 for one that was never published, or is withdrawn."""
    site = site_of(request)
    visit = _visit(site, request, "lang")
    return await reply(site, request, lambda: _show(site, visit, name), visit.key)


def _visit(site: Site, request: Request, *names: str) -> Visit:
    """QueryError for any other parameter."""
    visit = read_visit(site, request)
    for name, value in visit.pairs:
        if name not in names:
            raise QueryError(name[:200], value[:200], f"not known here; {', '.join(names)}")
    return visit


async def _show_list(site: Site, visit: Visit) -> Response:
    found = await run_in_threadpool(site.store.editions, MOST + 1, visit.first("before"))
    title, zone = _title(site, visit.language.say), _zone(site)
    frame = Frame(
        title=title,
        description=visit.language.say("letters.about"),
        canonical=visit.link("/letters", visit.pairs),
        styles=("letters.css",),
    )
    return answer_page(
        visit,
        site.settings,
        "editions",
        frame,
        cards=[make_edition_card(visit, kept, zone) for kept in found[:MOST]],
        following=visit.link("/letters", [("before", found[MOST - 1].name)]) if len(found) > MOST else None,
        feed=visit.plain_link("/letters.rss"),
    )


async def _show_feed(site: Site) -> Response:
    url = f"{site.settings.base_url}/letters"
    found = await run_in_threadpool(site.store.editions, MOST)
    links = [(read_printed(kept), f"{url}/{kept.name}") for kept in found]
    title = _title(site, read_language(LANGUAGES[0]).say)
    written = write_feed(title, url, [(printed, link, link) for printed, link in links])
    return Response(written.encode("utf-8", "replace"), media_type="application/rss+xml; charset=utf-8")


async def _show(site: Site, visit: Visit, name: str) -> Response:
    kept = await run_in_threadpool(site.store.edition, name)
    if kept is None:
        raise HTTPException(404)
    view = make_edition(visit, kept, _zone(site))
    frame = Frame(
        title=view.card.title,
        description=view.paragraphs[0] if view.paragraphs else None,
        canonical=visit.link(f"/letters/{name}"),
        styles=("letters.css",),
    )
    return answer_page(
        visit,
        site.settings,
        "edition",
        frame,
        view=view,
        every=visit.link("/letters"),
        feed=visit.plain_link("/letters.rss"),
    )


def _title(site: Site, say: Callable[..., str]) -> str:
    return say("letters.title_of", place=site.settings.place) if site.settings.place else say("letters.title")


def _zone(site: Site) -> ZoneInfo:
    """Of the site's own place; UTC where it has none."""
    asked = parse_query([], now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    return ZoneInfo(asked.window["timeZone"])
