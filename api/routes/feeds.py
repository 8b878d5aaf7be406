"""The same events, under the same filters, in the formats that other programs read."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from aggregator.errors import QueryError
from api.direct import DirectRoute
from api.feeds.atom import ATOM
from api.feeds.feed import CANCELLED_FOR, MOST_EVENTS, Channel, Format, find_cut, search_first, write_feed
from api.feeds.geojson import GEOJSON
from api.feeds.ics import ICS
from api.feeds.jsonfeed import JSON_FEED
from api.feeds.jsonld import JSONLD
from api.feeds.prose import MARKDOWN, TEXT
from api.feeds.rss import RSS
from api.feeds.table import CSV
from api.feeds.title import write_title
from api.parameters import SCHEMAS, openapi_parameters
from api.problem import documented
from api.query import Asked
from api.reply import reply
from api.routes.events import link_next
from api.site import Site, site_of

JSON_ONLY = ("fields", "include")
FORMATS = (ICS, RSS, ATOM, JSON_FEED, GEOJSON, CSV, JSONLD, MARKDOWN, TEXT)

_CUT = "Only the first {:,} events are here: ask for a shorter time or a smaller area."

router = APIRouter(tags=["feeds"], route_class=DirectRoute)


async def answer_feed(request: Request, form: Format) -> Response:
    """Everything in the window, streamed; cut after 10,000, or after `limit` when that is given."""
    site = site_of(request)
    asked = site.ask(request)
    if form.keeps_cancelled:
        query = replace(asked.query, cancelled_since=site.now().replace(second=0, microsecond=0) - CANCELLED_FOR)
        asked = replace(asked, query=query)
    for name in JSON_ONLY:
        if name in asked.echo:
            raise QueryError(name, str(asked.echo[name]), "only /v1/events knows it; a feed is always whole")

    stale = site.tell_stale(asked.query)

    async def make() -> Response:
        most = asked.query.limit if asked.has_limit else MOST_EVENTS
        first = await search_first(site.store, asked.query, most)
        cursor = await find_cut(site.store, asked.query, first, most)
        channel = _channel(request, site, asked, most if cursor else None, stale)
        parts = write_feed(form, channel, site.store, asked.query, first, most)
        return StreamingResponse(parts, headers=link_next(site, request, cursor), media_type=form.media_type)

    return await reply(site, request, make, asked.echo, asked.window, asked.has_limit, stale)


def _channel(request: Request, site: Site, asked: Asked, cut_after: int | None, stale: str | None) -> Channel:
    url = site.settings.base_url
    query = f"?{request.url.query}" if request.url.query else ""
    return Channel(
        title=write_title(asked, site.settings),
        url=f"{url}{request.url.path}{query}",
        json_url=f"{url}/v1/events{query}",
        site=url,
        country=asked.place.country if asked.place else None,
        units=asked.units,
        zone=asked.zone,
        cut=None if cut_after is None else _CUT.format(cut_after),
        stale=stale,
        as_of=site.as_of(),
    )


def _route(form: Format) -> Callable[[Request], Awaitable[Response]]:
    async def feed(request: Request) -> Response:
        return await answer_feed(request, form)

    return feed


for _form in FORMATS:
    router.add_api_route(
        f"/v1/events.{_form.suffix}",
        _route(_form),
        methods=["GET"],
        name=f"feed_{_form.suffix}",
        summary=_form.about,
        response_model=None,
        response_class=StreamingResponse,
        responses={
            200: {"description": "The feed", "content": {_form.media_type: {"schema": {"type": _form.type}}}},
            304: {"description": "Not changed since the ETag that was sent"},
            **documented(422, 503),
        },
        openapi_extra={"parameters": openapi_parameters(*(name for name in SCHEMAS if name not in JSON_ONLY))},
    )
