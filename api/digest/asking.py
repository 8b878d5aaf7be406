"""What the routes of subscribing have in common: reading what is sent, and answers that nobody keeps."""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import HobnobError, QueryError
from aggregator.store.mailing import Subscription
from api.digest.wish import ask_again
from api.feeds.title import write_title
from api.reference import STYLE
from api.site import MOST_PARAMETERS, Site, site_of

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
PRIVATE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
"""For pages whose address is a secret of its reader."""


def mailing_of(request: Request) -> "Mailing":
    """The mailing; 404 where no letters go out."""
    mailing = site_of(request).mailing
    if mailing is None:
        raise HTTPException(404, "no letters go out from here: mail_from, postal_address and smtp_url are not all set")
    return mailing


def show(page: str, status: int = 200, more: Mapping[str, str] | None = None) -> Response:
    """A page for one reader, with these headers beside."""
    headers = {**PRIVATE, **(more or {})}
    return Response(page.encode("utf-8", "replace"), status, headers, "text/html; charset=utf-8")


def words_of(site: Site, subscription: Subscription) -> str:
    """The search of a subscription in words; its parameters, when it can no longer be asked."""
    query = subscription.wish.query
    try:
        asked = ask_again(query, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    except HobnobError:
        return query
    return write_title(asked, site.settings)


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
