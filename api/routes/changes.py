"""What has changed, for those who keep a copy: each change once, in order, with what it was and what it is now."""

import json
import re
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.event import starts_at
from aggregator.store import News
from api.answer import list_json
from api.chronicle import ChangePage
from api.direct import DirectRoute
from api.given import collect, validate
from api.parameters import openapi_parameters, own_parameter
from api.problem import documented
from api.reply import reply
from api.schema import of_json
from api.site import Site, read_pairs, site_of
from api.values import read_moment

SINCE = own_parameter(
    "since",
    "The `next` of the page before, or a moment; from the first change that is still known, without it.",
    {"type": "string", "pattern": r"^n\d{1,15}$|^\d{4}-\d\d-\d\d", "examples": ["n4711", "2026-10-08"]},
)
_CURSOR = re.compile(r"n(\d{1,15})", re.ASCII)
_GONE = "changes before {} are no longer kept: begin anew with /v1/events, then ask for changes since {}"

router = APIRouter(tags=["events"], route_class=DirectRoute)


@router.get(
    "/v1/changes",
    summary="What has changed since then",
    responses={**of_json(ChangePage), **documented(410, 422, 503)},
    response_model=None,
    openapi_extra={"parameters": [SINCE, *openapi_parameters("limit")]},
)
async def list_changes(request: Request) -> Response:
    """New, changed, cancelled, withdrawn, returned and removed events, in the order in which it was written down."""
    site = site_of(request)
    since, limit, given = _read(request)
    after = _number_of(site, since)

    async def make() -> Response:
        news = site.store.news(after, limit + 1)
        items = [json.dumps(_told(one), ensure_ascii=False).encode("utf-8", "replace") for one in news[:limit]]
        last = news[:limit][-1].number if items else after
        members = {"next": f"n{last}", "hasMore": len(news) > limit, "asOf": site.as_of()}
        return Response(list_json([b",\n".join(items)], members), media_type="application/json")

    return await reply(site, request, make, given, site.minute())


def _read(request: Request) -> tuple[str | None, int, dict[str, str]]:
    """`since` as it was given, the limit, and all that was given."""
    pairs = read_pairs(request)
    since = [value for name, value in pairs if name == "since"]
    others = [(name, value) for name, value in pairs if name != "since"]
    for name, value in others:
        if name != "limit":
            raise QueryError(name[:200], value[:200], "not known here; since, limit")
    if len(since) > 1:
        raise QueryError("since", since[1][:200], "given more than once")
    texts = collect(others)
    return (since[0] if since else None), validate(texts).limit, {**texts, "since": since[0] if since else ""}


def _number_of(site: Site, since: str | None) -> int:
    """The number of the last change that the caller knows; 410 when what came after it is no longer kept."""
    first, last = site.store.news_bounds()
    if since is None:
        return first - 1
    cursor = _CURSOR.fullmatch(since)
    number = int(cursor[1]) if cursor else max(site.store.last_news_before(_moment(since)), first - 1)
    if number > last:
        raise QueryError("since", since[:200], "no page gave this cursor")
    if number < first - 1:
        raise HTTPException(410, _GONE.format(f"n{first}", f"n{last}"))
    return number


def _moment(since: str) -> datetime:
    try:
        moment: datetime | date = read_moment(since)
    except ValueError as error:
        raise QueryError("since", since[:200], f"neither the `next` of a page nor a moment: {error}") from error
    return starts_at(moment, "UTC")


def _told(news: News) -> dict[str, Any]:
    return {
        "cursor": f"n{news.number}",
        "at": news.at.isoformat(),
        "change": news.change.value,
        "id": news.id,
        "source": news.source,
        "name": news.name,
        "fields": news.fields,
        "reason": news.reason,
    }
