"""What the routes of subscribing have in common: reading what is sent, and answers that nobody keeps."""

import json
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import HobnobError, QueryError
from aggregator.store.mailing import Wish
from api.digest.pages import Desk
from api.digest.wish import ask_again
from api.site import MOST_PARAMETERS, site_of
from api.web.guard import Endpoint, as_page, show_failure
from api.web.search import Search, tell_search
from api.web.visit import plain_visit

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PRIVATE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
"""For pages whose address is a secret of its reader."""


def as_private_page(show: Endpoint) -> Endpoint:
    """A page for one reader, which nobody keeps and no link gives away; so is what goes wrong."""
    in_frame = as_page(show)

    @wraps(show)
    async def answer(request: Request, **parts: str) -> Response:
        if site_of(request).mailing is None:
            response = show_failure(request, 404, desk_of(request).visit.language.say("letter.none"))
        else:
            response = await in_frame(request, **parts)
        response.headers.update(PRIVATE)
        return response

    return answer


def desk_of(request: Request) -> Desk:
    """Writes pages in the language of this visit."""
    site = site_of(request)
    return Desk(visit=plain_visit(site, request), settings=site.settings)


def mailing_of(request: Request) -> "Mailing":
    """The mailing; 404 where no letters go out."""
    mailing = site_of(request).mailing
    if mailing is None:
        raise HTTPException(404, "no letters go out from here: mail_from, postal_address and smtp_url are not all set")
    return mailing


def search_of(request: Request, wish: Wish) -> Search:
    """The search of a wish in words; its parameters, when it can no longer be asked."""
    site = site_of(request)
    try:
        asked = ask_again(wish.query, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    except HobnobError:
        return Search(title=wish.query)
    return tell_search(plain_visit(site, request), asked)


def media_type(request: Request) -> str:
    """What the body says it is, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request) -> list[tuple[str, str]]:
    """Names and values of a form, or of a JSON object whose lists are joined; 415 for a body of another kind."""
    body, kind = await request.body(), media_type(request)
    if kind == FORM:
        try:
            return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
        except ValueError as error:
            raise QueryError("body", "", "is no form in UTF-8") from error
    if kind != JSON:
        raise HTTPException(415, f"the body is {FORM} or {JSON}")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise QueryError("body", "", "is no JSON") from error
    if not isinstance(given, dict) or len(given) > MOST_PARAMETERS:
        raise QueryError("body", "", "is no JSON object of these members")
    return [(name, _text(name, value)) for name, value in given.items() if value is not None]


def _text(name: str, value: object) -> str:
    parts = value if isinstance(value, list) else [value]
    if any(not isinstance(part, str | int | float) for part in parts):
        raise QueryError(name[:200], "", "is no text and no number")
    return ",".join("true" if part is True else str(part) for part in parts)
