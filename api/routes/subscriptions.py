"""Subscribing to a weekly letter: asked for by anybody, confirmed, changed and stopped by links in letters alone."""

import json

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import LimitError, QueryError
from aggregator.store.mailing import Consent
from api.digest import pages
from api.digest.asking import FORM, JSON, mailing_of, media_type, read_body, show
from api.digest.wish import CONSENT, SEARCH, mailbox_of, read_wish
from api.direct import DirectRoute
from api.feeds.title import write_title
from api.parameters import openapi_parameters
from api.peer import peer_of
from api.problem import documented
from api.query import parse_query
from api.routes.events import folder_of
from api.site import read_pairs, site_of
from api.web.guard import as_page

_SCHEMA = {
    "type": "object",
    "properties": {
        "email": {"type": "string", "format": "email", "description": "Where the letter goes."},
        "send_day": {"type": "string", "description": "A day of the week, `sun` when it is not said."},
        "send_hour": {"type": "integer", "minimum": 0, "maximum": 23, "description": "The hour, 7 when not said."},
        "most": {"type": "integer", "minimum": 1, "maximum": 50, "description": "Events in a letter; 25 else."},
        "tz": {"type": "string", "description": "The zone of the hour; that of the place when it is not said."},
        **{one["name"]: {"type": "string", "description": one["description"]} for one in openapi_parameters(*SEARCH)
           if one["name"] != "tz"},
    },
    "required": ["email"],
}  # fmt: skip

LATER = {"Retry-After": "3600"}

router = APIRouter(tags=["letters"], route_class=DirectRoute)


@router.post(
    "/v1/subscriptions",
    summary="Ask for a weekly letter",
    status_code=202,
    responses={
        202: {"description": "A letter that asks for a yes is on its way", "content": {JSON: {"schema": {}}}},
        **documented(404, 413, 415, 422, 429, 503),
    },
    response_model=None,
    openapi_extra={
        "requestBody": {"required": True, "content": {JSON: {"schema": _SCHEMA}, FORM: {"schema": _SCHEMA}}}
    },
)
async def subscribe(request: Request) -> Response:
    """The same parameters as a search, an address, and a day and hour; the answer is the same for every address."""
    is_form = media_type(request) == FORM
    try:
        await _ask(request, "page" if is_form else "api")
    except QueryError as error:
        if not is_form:
            raise
        return show(pages.write_refused(str(error)), 422)
    except LimitError as error:
        if not is_form:
            raise HTTPException(429, str(error), LATER) from error
        return show(pages.write_refused(str(error)), 429, LATER)
    if is_form:
        return show(pages.write_asked(), 202)
    return Response(json.dumps({"detail": pages.ASKED}), 202, {"Cache-Control": "no-store"}, JSON)


async def _ask(request: Request, channel: str) -> None:
    """QueryError for what is no wish, LimitError for one too many."""
    site, mailing = site_of(request), mailing_of(request)
    pairs = await read_body(request)
    wish = read_wish(pairs, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    consent = Consent(words=CONSENT, at=site.now(), channel=channel)
    sender = peer_of(request, site.settings.trusted_proxies)
    mailbox = mailbox_of(wish.address)
    await run_in_threadpool(mailing.ask, wish, consent, mailbox=mailbox, sender=sender, now=site.now())


@router.get("/subscribe", include_in_schema=False)
async def show_form(request: Request) -> Response:
    """The form, for the search in the address."""
    mailing_of(request)
    return await _show_form(request)


@as_page
async def _show_form(request: Request) -> Response:
    site = site_of(request)
    pairs = [(name, value) for name, value in read_pairs(request) if value.strip() and name != "lang"]
    if unknown := [name for name, _ in pairs if name not in SEARCH]:
        raise QueryError(unknown[0][:200], "", f"not known here; {', '.join(SEARCH)}")
    asked = parse_query(pairs, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    return show(pages.write_form(write_title(asked, site.settings), pairs, f"{folder_of(site)}/v1/subscriptions"))
