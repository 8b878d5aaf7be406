"""Styles and scripts of the pages; a name holds the hash of what it names, so it may be kept for ever."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.direct import DirectRoute
from api.site import HEADERS, read_only
from api.web.static import FOLDER, find_static

YEAR = 365 * 24 * 3600
_KEPT = {**HEADERS, "Cache-Control": f"public, max-age={YEAR}, immutable"}

router = APIRouter(route_class=DirectRoute)


@router.get(FOLDER + "/{name}", include_in_schema=False)
async def show_static(request: Request, name: str) -> Response:
    """404 for a name of what is no longer."""
    read_only(request)
    static = find_static(name)
    if static is None:
        raise HTTPException(404, f"there is no file {name[:60]}")
    return Response(static.body, headers={**_KEPT, "ETag": f'"{name}"'}, media_type=static.media_type)
