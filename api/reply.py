"""Answers that caches can hold: a weak ETag made of the question, and 304 before the store is asked."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from api.kept import find_header
from api.site import HEADERS, Site

_RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
"""Starlette's own way of setting a header looks for it first, each time."""


async def reply(site: Site, request: Request, make: Callable[[], Awaitable[Response]], *asked: object) -> Response:
    """What `make` answers, unless the caller or the cache has it; `asked` is the question in canonical form."""
    tag = site.tag(request.scope["path"], *asked)
    known = find_header(request.scope["headers"], b"if-none-match")
    if known and tag.removeprefix("W/").encode() in known:
        return Response(status_code=304, headers={**HEADERS, "ETag": tag})
    kept = site.cache and site.cache.find(tag)
    if kept:
        response = Response(kept.body)
        response.raw_headers = list(kept.headers)
        return response
    response = await make()
    response.raw_headers += [*_RAW, (b"etag", tag.encode())]
    return response
