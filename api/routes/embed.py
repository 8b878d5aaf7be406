"""The widget for an <iframe>: of a search that stands in the address, or of one that was saved."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from api.direct import DirectRoute
from api.reply import reply
from api.site import HEADERS, site_of
from api.web.language import choose_language, read_language
from api.widget.ask import ask_plain, ask_saved, tag_of
from api.widget.frame import THEMES, Look, frame_policy, write_frame, write_problem
from api.widget.saved import LAYOUTS
from api.widget.shown import Showing, find_rows

_LOOKS = ("theme", "layout")
_HTML = "text/html; charset=utf-8"

router = APIRouter(route_class=DirectRoute)


@router.get("/embed", include_in_schema=False)
async def show_frame(request: Request) -> Response:
    """Takes what `<hobnob-events>` has as attributes."""
    return await _show(request, lambda: ask_plain(site_of(request), request, *_LOOKS))


@router.get("/embed/config/{name}", include_in_schema=False)
async def show_saved_frame(request: Request, name: str) -> Response:
    """Takes a look, a language and units; the rest was saved."""
    return await _show(request, lambda: ask_saved(site_of(request), request, name, "units", "lang", *_LOOKS))


async def _show(request: Request, ask: Callable[[], Showing]) -> Response:
    """What cannot be asked is a page too, with the link that leads on: a reader can do nothing with JSON."""
    site, look = site_of(request), Look(language=read_language(choose_language(request.query_params.get("lang", ""))))
    try:
        showing = ask()
        look = _look(request, showing)
    except (QueryError, HTTPException) as error:
        status, why = (422, str(error)) if isinstance(error, QueryError) else (error.status_code, error.detail)
        page = write_problem(look, why, site.settings)
        return Response(page, status, {**HEADERS, "Cache-Control": "no-store", **_policy()}, _HTML)

    async def make() -> Response:
        rows = await find_rows(site.store, showing, site.now())
        return Response(write_frame(look, showing, rows, site.settings), headers=_policy(), media_type=_HTML)

    return await reply(site, request, make, *tag_of(showing), look.theme, look.layout)


def _look(request: Request, showing: Showing) -> Look:
    theme = request.query_params.get("theme", THEMES[0])
    layout = request.query_params.get("layout", showing.layout)
    for name, word, words in (("theme", theme, THEMES), ("layout", layout, LAYOUTS)):
        if word not in words:
            raise QueryError(name, word[:40], f"is none of {', '.join(words)}")
    return Look(language=showing.language, theme=theme, layout=layout)


def _policy() -> dict[str, str]:
    return {"Content-Security-Policy": frame_policy()}
