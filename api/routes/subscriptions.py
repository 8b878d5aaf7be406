"""Subscribing to a weekly letter: asked for by anybody, confirmed, changed and stopped by links in letters alone."""

import json
from dataclasses import replace

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import LimitError, QueryError
from aggregator.store.mailing import Consent
from api.digest.asking import FORM, JSON, as_private_page, mailing_of, read_body
from api.digest.pages import Desk, Fault, Filled
from api.digest.wish import CONSENT, SEARCH, mailbox_of, read_wish
from api.direct import DirectRoute
from api.parameters import openapi_parameters
from api.peer import peer_of
from api.problem import documented
from api.query import parse_query
from api.site import Site, site_of
from api.web.guard import show_failure
from api.web.language import read_language
from api.web.search import tell_search
from api.web.visit import Visit, plain_visit, read_visit

RETRY = "3600"
"""Seconds after which a sender may ask again."""

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
    mailing_of(request)
    try:
        await _ask(request, await read_body(request), CONSENT, "api")
    except LimitError as error:
        raise HTTPException(429, str(error), {"Retry-After": RETRY}) from error
    told = json.dumps({"detail": read_language("en").say("letter.asked")})
    return Response(told, 202, {"Cache-Control": "no-store"}, JSON)


@router.get("/subscribe", include_in_schema=False)
@as_private_page
async def show_form(request: Request) -> Response:
    """The form, for the search in the address."""
    site = site_of(request)
    visit = read_visit(site, request)
    if unknown := [name for name, _ in visit.pairs if name not in SEARCH]:
        raise QueryError(unknown[0][:200], "", f"not known here; {', '.join(SEARCH)}")
    return _show_form(site, visit, Filled())


@router.post("/subscribe", include_in_schema=False)
@as_private_page
async def subscribe_by_page(request: Request) -> Response:
    """What the form sends; a field that is wrong is asked again."""
    site, pairs = site_of(request), await read_body(request)
    search = tuple(pair for pair in pairs if pair[0] in SEARCH and pair[1].strip())
    visit = replace(plain_visit(site, request), pairs=search)
    say = visit.language.say
    try:
        await _ask(request, pairs, say("letter.consent"), "page")
    except QueryError as error:
        if f"letter.fault.{error.param}" not in visit.language.texts:
            raise
        fault = Fault(field=error.param, words=say(f"letter.fault.{error.param}"))
        return _show_form(site, visit, _filled(dict(pairs)), fault)
    except LimitError:
        answer = show_failure(request, 429, say("letter.limit"))
        answer.headers["Retry-After"] = RETRY
        return answer
    return Desk(visit=visit, settings=site.settings).show_asked()


async def _ask(request: Request, pairs: list[tuple[str, str]], words: str, channel: str) -> None:
    """QueryError for what is no wish, LimitError for who asks too often; nothing tells whether the address is known."""
    site, mailing = site_of(request), mailing_of(request)
    now = site.now()
    wish = read_wish(pairs, now=now, settings=site.settings, gazetteer=site.gazetteer)
    consent = Consent(words=words, at=now, channel=channel)
    sender = peer_of(request, site.settings.trusted_proxies)
    mailbox = mailbox_of(wish.address)
    await run_in_threadpool(mailing.ask, wish, consent, mailbox=mailbox, sender=sender, now=now)


def _show_form(site: Site, visit: Visit, filled: Filled, fault: Fault | None = None) -> Response:
    asked = parse_query(visit.pairs, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    desk = Desk(visit=visit, settings=site.settings)
    return desk.show_form(tell_search(visit, asked), asked.window["timeZone"], filled, fault)


def _filled(given: dict[str, str]) -> Filled:
    usual = Filled()
    return Filled(
        email=given.get("email", ""),
        day=given.get("send_day", usual.day),
        hour=given.get("send_hour", usual.hour),
        most=given.get("most", usual.most),
    )
