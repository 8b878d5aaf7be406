"""`/admin/pages/widgets`: what other sites show of us, saved by name, with a look at it and the lines to copy."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError, StoreError
from aggregator.store import Widget
from api.direct import DirectRoute
from api.web.admin.desk import HOME, Desk, Given, answer, keep_private, offer_form, offer_page, open_desk
from api.web.frame import MEDIA_TYPE
from api.widget.ask import ask_saved
from api.widget.frame import THEMES, Look, frame_policy, write_frame
from api.widget.saved import LAYOUTS, LINKS, read_widget
from api.widget.shown import find_rows

PATH = f"{HOME}/pages/widgets"
ONE = PATH + "/{name}"
Told = dict[str, Any]
_OF_PAGES = ("lang", "view")
"""Parameters that the address of a page may have, and that ask nothing."""

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


async def _show_all(desk: Desk) -> Response:
    widgets = [(widget, _write_search(widget)) for widget in desk.site.store.widgets()]
    return answer(desk, "admin/widgets", "Widgets", widgets=widgets, layouts=LAYOUTS, links=LINKS, told=desk.typed)


async def _show_one(desk: Desk, name: str) -> Response:
    """StoreError for a name that nothing is saved by."""
    saved = next(iter(desk.site.store.widgets(name)), None)
    if saved is None:
        raise StoreError(f"{name[:63]}: there is no such widget")
    told = desk.typed or _tell(saved)
    response = answer(
        desk, "admin/widget", name, name=name, told=told, layouts=LAYOUTS, links=LINKS, url=desk.site.settings.base_url
    )
    response.headers["Content-Security-Policy"] += "; frame-src 'self'"
    return response


@router.get(f"{ONE}/preview")
async def show_preview(request: Request, name: str) -> Response:
    """As `/embed/config/{name}` shows it to everybody, but kept by nobody: it changes with each word saved."""
    desk = open_desk(request)
    if isinstance(desk, Response):
        return desk
    showing = ask_saved(desk.site, request, name)
    rows = await find_rows(desk.site.store, showing, desk.site.now())
    look = Look(language=showing.language, theme=THEMES[0], layout=showing.layout)
    page = write_frame(look, showing, rows, desk.site.settings)
    return keep_private(Response(page, headers={"Content-Security-Policy": frame_policy()}, media_type=MEDIA_TYPE))


def _tell(widget: Widget) -> dict[str, str]:
    """As the form has it: lists a line each."""
    lists = {name: "\n".join(getattr(widget, name)) for name in ("pins", "picks", "blocked")}
    own = {"layout": widget.layout, "link": widget.link, "title": widget.title or ""}
    return {"search": _write_search(widget), **own, **lists}


def _write_search(widget: Widget) -> str:
    return urlencode(widget.query, safe=",:/")


def _save(desk: Desk, given: Given, name: str | None = None) -> Told:
    site, lists = desk.site, {key: given.get(key, "").split() for key in ("pins", "picks", "blocked")}
    told = {
        "query": _read_search(given.get("search", "")),
        "layout": given.get("layout", LAYOUTS[0]),
        "link": given.get("link", LINKS[0]),
        "title": given.get("title", "").strip() or None,
        **lists,
    }
    sources = [status.name for status in site.store.sources()]
    widget = read_widget(
        name or given.get("name", ""),
        told,
        sources,
        now=site.now(),
        settings=site.settings,
        gazetteer=site.gazetteer,
    )
    return desk.operator.save_widget(widget)


def _read_search(text: str) -> dict[str, str]:
    """The address of a search as it was pasted, or what stands behind its question mark."""
    told: dict[str, str] = {}
    asked = text.strip().partition("#")[0].rpartition("?")[2]
    try:
        pairs = parse_qsl(asked, errors="strict", strict_parsing=bool(asked))
    except ValueError as error:
        raise QueryError("search", text[:80], "is no search such as near=Visalia,+CA&kind=chamber") from error
    for name, value in pairs:
        if name not in _OF_PAGES:
            told[name] = f"{told[name]},{value}" if name in told else value
    return told


def _remove(desk: Desk, _: Given, name: str) -> Told:
    return desk.operator.remove_widget(name)


offer_page(router, PATH, _show_all)
offer_page(router, ONE, _show_one)
offer_form(router, PATH, _save, show=_show_all, back=ONE)
offer_form(router, ONE, _save, show=_show_one, back=ONE)
offer_form(router, f"{ONE}/remove", _remove, show=_show_one, back=PATH)
