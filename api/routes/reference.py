"""`/openapi.json` for programs, `/docs` for people, on a page that loads nothing from anybody."""

import json
from base64 import b64encode
from hashlib import blake2s, sha256

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.direct import DirectRoute
from api.reference import STYLE, write_reference
from api.site import HEADERS, read_only, site_of

_KEPT = {**HEADERS, "Cache-Control": "public, max-age=3600"}
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
_POLICY = {"Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'"}

router = APIRouter(route_class=DirectRoute)


@router.get("/openapi.json", include_in_schema=False)
async def show_openapi(request: Request) -> Response:
    """The OpenAPI 3.1 document."""
    read_only(request)
    return _answer(request, json.dumps(request.app.openapi(), ensure_ascii=False), "application/json")


@router.get("/docs", include_in_schema=False)
async def show_reference(request: Request) -> Response:
    """The same document as a page."""
    read_only(request)
    settings = site_of(request).settings
    page = write_reference(request.app.openapi(), settings.base_url, settings.place)
    return _show(request, page)


def _show(request: Request, page: str) -> Response:
    response = _answer(request, page, "text/html; charset=utf-8")
    response.headers.update(_POLICY)
    return response


def _answer(request: Request, text: str, media_type: str) -> Response:
    """Without a look at the store: what is told changes with the version and the settings only."""
    tag = f'"{blake2s(text.encode(), digest_size=12).hexdigest()}"'
    headers = {**_KEPT, "ETag": f"W/{tag}"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text.encode(), headers=headers, media_type=media_type)
