"""The custom element as a file, and what it asks: one question, answered in words."""

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.render import occurrence_vevent
from aggregator.render.words import told
from api.direct import DirectRoute
from api.feeds.feed import Channel
from api.feeds.ics import ICS
from api.kept import accepts_gzip
from api.parameters import openapi_parameters, own_parameter
from api.problem import documented
from api.reply import reply
from api.schema import of_json
from api.site import HEADERS, Site, read_only, site_of
from api.widget.ask import LANG_TAG, ask_plain, ask_saved, tag_of
from api.widget.modules import Module, find_module, find_named, tell_modules
from api.widget.saved import SHARED
from api.widget.schema import ShownJson
from api.widget.shown import MOST_IN_CALENDAR, Showing, find_hits, find_rows

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=300"
_OF_A_FILE = {**HEADERS, "Cross-Origin-Resource-Policy": "cross-origin"}
_LANG = own_parameter("lang", "The language of the words: en or es.", {"type": "string", "pattern": LANG_TAG})
_LINK = own_parameter(
    "link", "Where a name leads: its organiser's page, or ours.", {"type": "string", "enum": ["source", "page"]}
)

router = APIRouter(tags=["widget"], route_class=DirectRoute)


@router.get("/widget.js", include_in_schema=False)
async def show_element(request: Request) -> Response:
    """The newest; asked again after five minutes."""
    return _show(request, find_module("widget"), _FOR_A_WHILE)


@router.get("/embed.js", include_in_schema=False)
async def show_frame_module(request: Request) -> Response:
    """For pages around a frame of ours."""
    return _show(request, find_module("frame"), _FOR_A_WHILE)


@router.get("/widget/{digest}.js", include_in_schema=False)
async def show_version(request: Request, digest: str) -> Response:
    """What has this hash, for ever; 404 for one that this version of Hobnob does not have."""
    module = find_named(digest)
    if module is None:
        raise HTTPException(404, "there is no such version of the widget any more; /widget.json tells today's")
    return _show(request, module, _FOR_EVER)


@router.get("/widget.json", include_in_schema=False)
async def tell_version(request: Request) -> Response:
    """Today's hash, and the line to copy."""
    read_only(request)
    body = to_json(tell_modules(site_of(request).settings.base_url))
    return Response(body, headers={**HEADERS, "Cache-Control": _FOR_A_WHILE}, media_type="application/json")


@router.get(
    "/v1/widget",
    summary="A search, as a widget shows it",
    responses={**of_json(ShownJson), **documented(422, 503)},
    response_model=None,
    openapi_extra={"parameters": [*openapi_parameters(*SHARED), _LANG, _LINK]},
)
async def show_search(request: Request) -> Response:
    """Ten events unless `limit` says otherwise, each in words; what `<hobnob-events>` asks for its attributes."""
    site = site_of(request)
    return await _tell(request, site, ask_plain(site, request))


@router.get(
    "/v1/widgets/{name}.ics",
    summary="A saved widget as a calendar",
    responses={
        200: {"description": "The calendar", "content": {"text/calendar": {"schema": {"type": "string"}}}},
        304: {"description": "Not changed since the ETag that was sent"},
        **documented(404, 422, 503),
    },
    response_model=None,
)
async def show_calendar(request: Request, name: str) -> Response:
    """All of its events in their window, not only as many as are shown; to subscribe to."""
    site = site_of(request)
    showing = ask_saved(site, request, name)

    async def make() -> Response:
        pinned, rest = await find_hits(site.store, showing.query(MOST_IN_CALENDAR), showing.saved, site.now())
        channel = _channel(site, showing, name)
        events = b"".join(occurrence_vevent(hit) for hit in (*pinned, *rest))
        return Response(ICS.head(channel) + events + ICS.tail(channel), media_type=ICS.media_type)

    return await reply(site, request, make, *tag_of(showing))


@router.get(
    "/v1/widgets/{name}",
    summary="A saved widget, as it is shown",
    responses={**of_json(ShownJson), **documented(404, 422, 503)},
    response_model=None,
    openapi_extra={"parameters": [*openapi_parameters("units"), _LANG]},
)
async def show_saved(request: Request, name: str) -> Response:
    """What the editor pinned first, then what its search finds; nothing of a blocked source."""
    site = site_of(request)
    return await _tell(request, site, ask_saved(site, request, name, "units", "lang"))


async def _tell(request: Request, site: Site, showing: Showing) -> Response:
    async def make() -> Response:
        say = showing.language.say
        members = {
            "items": [told(row) for row in await find_rows(site.store, showing, site.now())],
            "title": showing.saved and showing.saved.title,
            "layout": showing.layout,
            "lang": showing.language.code,
            "empty": say("widget.empty"),
            "links": showing.links,
            "words": {name: say(f"widget.{name}") for name in ("previous", "next")},
            "asOf": site.as_of(),
        }
        return Response(to_json(members), media_type="application/json")

    return await reply(site, request, make, *tag_of(showing))


def _channel(site: Site, showing: Showing, name: str) -> Channel:
    url = site.settings.base_url
    return Channel(
        title=(showing.saved and showing.saved.title) or name,
        url=f"{url}/v1/widgets/{name}.ics",
        json_url=f"{url}/v1/widgets/{name}",
        site=url,
        country=None,
        units=showing.asked.units,
        zone=None,
        cut=None,
    )


def _show(request: Request, module: Module, caching: str) -> Response:
    """Packed beforehand, as tightly as gzip can; any page may run it."""
    read_only(request)
    headers = {**_OF_A_FILE, "Cache-Control": caching, "ETag": f'W/"{module.digest}"'}
    if module.digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    is_packed = accepts_gzip(request.headers.get("accept-encoding", "").encode("latin-1"))
    packing = {"Content-Encoding": "gzip"} if is_packed else {}
    body = module.packed if is_packed else module.body
    return Response(body, headers={**headers, **packing}, media_type="text/javascript")
