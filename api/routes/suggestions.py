"""What anybody may suggest, when the operator lets them; nothing of it is told before a person has looked at it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError, StoreError
from aggregator.suggest import Subject, Suggestion
from aggregator.suggest.event import event_of, own_source
from aggregator.suggest.read import LONGEST, read_suggestion
from api.direct import DirectRoute
from api.inbox import Inbox
from api.peer import peer_of
from api.problem import documented
from api.routes.suggest_page import name_of
from api.schema import Told
from api.site import Site, site_of
from api.web.suggest import answer_form, answer_thanks
from api.web.visit import plain_visit

MOST_BYTES = 16 << 10
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_PAGE: dict[str, Any] = {"text/html": {"schema": {"type": "string"}}}
_ERRORS = documented(404, 413, 415, 422, 429, 503)
_ERRORS[422]["content"] |= _PAGE
_TEXTS = {name: {"type": "string", "maxLength": longest} for name, longest in LONGEST.items()}
_SCHEMA = {
    "type": "object",
    "properties": {"type": {"enum": list(Subject)}, **_TEXTS},
    "required": ["type"],
    "additionalProperties": False,
}


class Received(Told):
    """What was kept; a person looks at it before it is told."""

    number: int
    done: str


router = APIRouter(tags=["suggestions"], route_class=DirectRoute)


@router.post(
    "/v1/suggestions",
    status_code=202,
    summary="Suggest an event, a group, or a fix",
    responses={202: {"model": Received, "content": _PAGE}, **_ERRORS},
    response_model=None,
    openapi_extra={
        "requestBody": {"required": True, "content": {_JSON: {"schema": _SCHEMA}, _FORM: {"schema": _SCHEMA}}}
    },
)
async def suggest(request: Request) -> Response:
    """As JSON, or as a form of a page without scripts, which is answered with a page."""
    site = site_of(request)
    inbox = _inbox(site)
    is_form, given = await _read(request)
    try:
        suggestion = read_suggestion(given)
        _check(suggestion, site)
        number = await _keep(request, inbox, suggestion)
    except QueryError as error:
        if not is_form:
            raise
        return _ask_again(request, given, error)
    done = "Thank you. Somebody looks at it before it is shown."
    if is_form:
        return answer_thanks(plain_visit(site, request), site.settings)
    body = json.dumps({"number": number, "done": done}).encode()
    return Response(body, 202, {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}, _JSON)


def _ask_again(request: Request, given: Mapping[str, str], error: QueryError) -> Response:
    """The form as it was filled in, with the fault beside its field."""
    site = site_of(request)
    told = given.get("type", "")
    subject = Subject(told) if told in set(Subject) else Subject.EVENT
    about = name_of(site, given.get("about", "")) if subject is Subject.FIX else None
    return answer_form(plain_visit(site, request), site.settings, subject, given, about, error)


def _inbox(site: Site) -> Inbox:
    if site.inbox is None or not site.settings.suggestions:
        raise HTTPException(404, "suggestions are closed here: the operator opens them by `suggestions = true`")
    return site.inbox


async def _read(request: Request) -> tuple[bool, Mapping[str, Any]]:
    """Whether it is a form, and its fields; a browser sends the empty ones too."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (_FORM, _JSON):
        raise HTTPException(415, f"{_JSON} or {_FORM} is wanted")
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise HTTPException(413, f"{MOST_BYTES:,} bytes are the limit")
    try:
        if kind == _FORM:
            pairs = parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=50)
            return True, {name: value for name, value in pairs if value.strip()}
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise QueryError("body", "", "cannot be read") from error
    if not isinstance(given, dict):
        raise QueryError("body", "", "is no JSON object")
    return False, given


def _check(suggestion: Suggestion, site: Site) -> None:
    """What the operator could not accept is refused at once, while somebody can mend it."""
    if suggestion.subject is not Subject.FIX:
        source = own_source(site.settings.base_url, site.settings.place, site.gazetteer)
        event_of(suggestion, 0, source, site.gazetteer, site.now())
        return
    about = suggestion.told["about"]
    try:
        site.store.uncorrected(about)
    except StoreError as error:
        if all(kept.group.id != about for kept in site.groups()):
            raise QueryError("about", about, "is the id of no event and of no group") from error


async def _keep(request: Request, inbox: Inbox, suggestion: Suggestion) -> int:
    site = site_of(request)
    wait = site.senders.admit(peer_of(request, site.settings.trusted_proxies), site.now())
    if wait is not None:
        raise HTTPException(429, "too many suggestions; try again later", {"Retry-After": str(wait)})
    return await run_in_threadpool(inbox.suggest, suggestion, site.now())
