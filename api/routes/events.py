"""Events by place and date, and one event."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.answer import event_json, page_json
from api.direct import DirectRoute
from api.parameters import openapi_parameters
from api.problem import documented
from api.reply import reply
from api.schema import EventJson, EventPage, of_json
from api.site import read_only, site_of

MOST_DATES = 200

router = APIRouter(tags=["events"], route_class=DirectRoute)


@router.get(
    "/v1/events",
    summary="Events by place and date",
    responses={**of_json(EventPage), **documented(422, 503)},
    response_model=None,
    openapi_extra={"parameters": openapi_parameters()},
)
async def list_events(request: Request) -> Response:
    """Upcoming ones in order of start unless asked otherwise; cancelled ones are shown, and marked."""
    site = site_of(request)
    asked = site.ask(request)

    async def make() -> Response:
        body, cursor = await page_json(site, asked)
        return Response(body, headers=link_next(request, cursor), media_type="application/json")

    return await reply(request, make, asked.echo, site.stale_sources())


@router.get(
    "/v1/events/{id}",
    summary="One event, with its next dates",
    responses={**of_json(EventJson), **documented(404, 422, 503)},
    response_model=None,
    openapi_extra={"parameters": openapi_parameters("fields", "tz")},
)
async def show_event(request: Request, id: str) -> Response:  # noqa: A002 - the word of the path
    """At its next date, or its last when it is over; `id` is opaque and permanent."""
    site = site_of(request)
    asked, given = read_only(request, "fields", "tz")

    async def make() -> Response:
        hits = await site.store.event(id, now=site.now(), limit=MOST_DATES)
        if not hits:
            raise HTTPException(404, f"there is no event {id[:40]}")
        return Response(event_json(hits, asked.fields, asked.tz, site.now()), media_type="application/json")

    return await reply(request, make, given, site.minute())


def link_next(request: Request, cursor: str | None) -> dict[str, str]:
    """`Link: rel=next` (RFC 8288): the same question with the cursor of the page after."""
    if cursor is None:
        return {}
    query = request.scope["query_string"].decode("latin-1")
    rest = [part for part in query.split("&") if part and not part.startswith("cursor=")]
    # What callers wrote is quoted again where a header could not hold it.
    asked = quote("&".join([*rest, f"cursor={cursor}"]), safe="%&=+,:!-._~", encoding="latin-1")
    address = site_of(request).settings.public_url.rstrip("/") + request.scope["path"]
    return {"Link": f'<{address}?{asked}>; rel="next"'}
