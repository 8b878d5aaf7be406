"""Events by place and date, and one event."""

import re
from urllib.parse import quote, urlsplit

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.store import Hit
from api.answer import event_json, page_json
from api.direct import DirectRoute
from api.feeds.ics import ICS, write_event
from api.given import part_own
from api.parameters import openapi_parameters, own_parameter
from api.problem import documented
from api.reply import reply
from api.schema import EventJson, EventPage, of_json
from api.site import Site, read_only, read_pairs, site_of

PATH = "/v1/events"
MOST_DATES = 200
MOVED: dict[int | str, dict[str, str]] = {301: {"description": "Another event tells it now; `Location` says which"}}

_NUMBER = re.compile(r"-?\d{1,12}", re.ASCII)
_OCCURRENCE = own_parameter(
    "occurrence",
    "Only this date of an event that has several: its number, as the links of letters have it.",
    {"type": "string", "pattern": r"^-?\d{1,12}$", "examples": ["1791424800"]},
)

router = APIRouter(tags=["events"], route_class=DirectRoute)


@router.get(
    PATH,
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
        return Response(body, headers=link_next(site, request, cursor), media_type="application/json")

    return await reply(site, request, make, asked.echo, asked.window, site.stale_sources())


@router.get(
    "/v1/events/{id}.ics",
    summary="One event as a calendar",
    responses={
        200: {"description": "The calendar", "content": {"text/calendar": {"schema": {"type": "string"}}}},
        304: {"description": "Not changed since the ETag that was sent"},
        **MOVED,
        **documented(404, 422, 503),
    },
    response_model=None,
    openapi_extra={"parameters": [_OCCURRENCE]},
)
async def show_calendar(request: Request, id: str) -> Response:  # noqa: A002 - the word of the path
    """All its dates to come, or one of them: to be added to a calendar."""
    site = site_of(request)
    pairs = dict(part_own(read_pairs(request), ("occurrence",), ())[0])
    occurrence = _read_occurrence(pairs.get("occurrence"))

    async def make() -> Response:
        hits = await find_dates(site, id, ".ics")
        if isinstance(hits, Response):
            return hits
        chosen = [hit for hit in hits if occurrence in (None, hit.occurrence)]
        if not chosen:
            raise HTTPException(404, f"event {id[:40]} is not at that date")
        return Response(write_event(chosen), media_type=ICS.media_type)

    return await reply(site, request, make, occurrence, site.minute())


def _read_occurrence(text: str | None) -> int | None:
    if text is not None and not _NUMBER.fullmatch(text):
        raise QueryError("occurrence", text[:200], "is no number of a date")
    return None if text is None else int(text)


@router.get(
    "/v1/events/{id}",
    summary="One event, with its next dates",
    responses={**of_json(EventJson), **MOVED, **documented(404, 422, 503)},
    response_model=None,
    openapi_extra={"parameters": openapi_parameters("fields", "tz")},
)
async def show_event(request: Request, id: str) -> Response:  # noqa: A002 - the word of the path
    """At its next date, or its last when it is over; `id` is opaque and permanent."""
    site = site_of(request)
    asked, given = read_only(request, "fields", "tz")

    async def make() -> Response:
        hits = await find_dates(site, id)
        if isinstance(hits, Response):
            return hits
        return Response(event_json(hits, asked.fields, asked.tz, site.now()), media_type="application/json")

    return await reply(site, request, make, given, site.minute())


async def find_dates(site: Site, event_id: str, ending: str = "") -> tuple[Hit, ...] | Response:
    """Its next dates or its last; or the way on to the event that tells it now, under the same ending."""
    if survivor := site.store.merged_into(event_id):
        return Response(status_code=301, headers={"Location": f"{folder_of(site)}/v1/events/{survivor}{ending}"})
    hits = await site.store.event(event_id, now=site.now(), limit=MOST_DATES)
    if not hits:
        raise HTTPException(404, f"there is no event {event_id[:40]}")
    return hits


def link_next(site: Site, request: Request, cursor: str | None) -> dict[str, str]:
    """`Link: rel=next` (RFC 8288): the same question with the cursor of the page after."""
    if cursor is None:
        return {}
    query = request.scope["query_string"].decode("latin-1")
    rest = [part for part in query.split("&") if part and not part.startswith("cursor=")]
    # What callers wrote is quoted again where a header could not hold it.
    asked = quote("&".join([*rest, f"cursor={cursor}"]), safe="%&=+,:!-._~", encoding="latin-1")
    return {"Link": f'<{folder_of(site)}{request.scope["path"]}?{asked}>; rel="next"'}


def folder_of(site: Site) -> str:
    """Links begin with the folder that a proxy serves us in: so they are right under whatever name the caller came."""
    return urlsplit(site.settings.base_url).path
