"""Answers that caches can hold: a weak ETag made of the question, and 304 before the store is asked."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from api.site import HEADERS, site_of

_RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
"""Starlette's own way of setting a header looks for it first, each time."""


async def reply(request: Request, make: Callable[[], Awaitable[Response]], *asked: object) -> Response:
    """What `make` answers, unless the caller or the cache has it; `asked` is the question in canonical form."""
    site = site_of(request)
    tag = site.tag(request.scope["path"], *asked)
    if tag.removeprefix("W/") in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**HEADERS, "ETag": tag})
    kept = site.cache and site.cache.find(tag)
    if kept:
        response = Response(kept.body)
        response.raw_headers = list(kept.headers)
        return response
    response = await make()
    response.raw_headers += [*_RAW, (b"etag", tag.encode())]
    return response
