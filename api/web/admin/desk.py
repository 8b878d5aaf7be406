"""A page of the operator's: only for who is signed in, and kept by nobody; of its forms only our own are done."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator.errors import HobnobError, QueryError, StoreError
from aggregator.settings import Settings
from api.operator import Operator
from api.site import MOST_PARAMETERS, Site, site_of
from api.web.admin.session import is_same, is_session, make_form_token, make_notice, read_notice
from api.web.admin.words import tell_moment
from api.web.form import Link
from api.web.frame import Frame, answer_page
from api.web.language import read_language
from api.web.visit import Visit, plain_visit

HOME = "/admin"
SESSION, NOTICE = "hobnob_admin", "hobnob_done"
_SECTIONS = {
    "Overview": HOME,
    "Sources": f"{HOME}/pages/sources",
    "Matches": f"{HOME}/pages/matches",
    "Corrections": f"{HOME}/pages/corrections",
    "Suggestions": f"{HOME}/pages/suggestions",
    "Letters": f"{HOME}/pages/letters",
    "Widgets": f"{HOME}/pages/widgets",
}
_FORM = "application/x-www-form-urlencoded"
Given = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An operator who is signed in, at a page. `done` is what was done just before, `fault` why it was not, and `typed`
    what was in the form then.
    """

    site: Site
    operator: Operator
    visit: Visit
    session: str
    done: str | None = None
    fault: str | None = None
    typed: Given = field(default_factory=dict)
    status: int = 200


Show = Callable[..., Awaitable[Response]]
Act = Callable[..., Mapping[str, Any]]


def offer_page(router: APIRouter, path: str, show: Show) -> None:
    """A GET: `show(desk, **parts)` with the parts of the path."""

    async def show_page(request: Request, **parts: str) -> Response:
        desk = open_desk(request)
        return desk if isinstance(desk, Response) else await _show(desk, show, parts)

    router.add_api_route(path, show_page, methods=["GET"], name=path, response_model=None)


def offer_form(router: APIRouter, path: str, act: Act, *, show: Show, back: str) -> None:
    """A POST: `act(desk, given, **parts)`, and then `back`. Where it cannot be done, what `show` shows, with the
    reason and what was typed.
    """

    async def do(request: Request, **parts: str) -> Response:
        opened = await open_form(request)
        if isinstance(opened, Response):
            return opened
        desk, given = opened
        try:
            told = await run_in_threadpool(act, desk, given, **parts)
        except HobnobError as error:
            status = 409 if isinstance(error, StoreError) else 422
            return await _show(replace(desk, fault=str(error), typed=given, status=status), show, parts)
        named = {name: quote(part, safe="") for name, part in {**given, **parts}.items()}
        return _lead(desk, back.format(**named), told["done"])

    router.add_api_route(path, do, methods=["POST"], name=path, response_model=None)


def open_desk(request: Request) -> Desk | Response:
    """The desk of who is signed in; else the page that asks for the token, or that says how to set one."""
    site = site_of(request)
    if site.operator is None:
        return ask_sign_in(request, 404)
    operator, session = site.operator, request.cookies.get(SESSION, "")
    if not is_session(operator.token, session, site.now()):
        return ask_sign_in(request, 401)
    done = read_notice(operator.token, session, request.cookies.get(NOTICE, ""))
    return Desk(site=site, operator=operator, visit=_visit(site, request), session=session, done=done)


async def open_form(request: Request) -> tuple[Desk, dict[str, str]] | Response:
    """The desk, and the fields of a form that it gave; else a page that says why not."""
    desk = open_desk(request)
    if isinstance(desk, Response):
        return desk
    given = await read_own_form(request, desk)
    return given if isinstance(given, Response) else (desk, given)


def ask_sign_in(request: Request, status: int, fault: str | None = None, goal: str | None = None) -> Response:
    """The form for the token. `goal` is where to go then: this page, if it is one to look at."""
    site = site_of(request)
    visit = _visit(site, request)
    here = request.scope["path"] if request.method == "GET" else HOME
    frame = Frame(title="The operator's pages", styles=("admin.css",))
    view = {"is_open": site.operator is not None, "fault": fault, "goal": goal or here}
    response = answer_page(visit, site.settings, "admin/sign_in", frame, status, languages=(), **view)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Form realm="hobnob"'
    return keep_private(response)


def answer(desk: Desk, template: str, title: str, **view: Any) -> Response:
    """A page in the operator's frame."""
    navigation = [
        (Link(words=words, address=desk.visit.link(path)), path == desk.visit.path) for words, path in _SECTIONS.items()
    ]
    token = make_form_token(desk.operator.token, desk.session)
    around = {
        "navigation": navigation,
        "languages": (),
        "title": title,
        "desk": desk,
        "guard": Markup('<input type="hidden" name="form_token" value="{}">').format(token),
        "moment": tell_moment,
        "typed": lambda name: desk.typed.get(name, ""),
    }
    frame = Frame(title=title, styles=("admin.css",))
    response = answer_page(desk.visit, desk.site.settings, template, frame, desk.status, **around, **view)
    if desk.done:
        response.delete_cookie(NOTICE, path=cookie_path(desk.site.settings))
    return keep_private(response)


def tell(desk: Desk, status: int, title: str, detail: str) -> Response:
    """A page that says one thing."""
    return answer(replace(desk, status=status), "admin/told", title, detail=detail)


def keep_private(response: Response) -> Response:
    """Kept and listed by nobody. Its own origin goes with forms, by which they are known to be ours."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def put_cookie(response: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    """For the operator's pages alone, out of reach of scripts and of other sites."""
    is_secure = settings.base_url.startswith("https:")
    response.set_cookie(
        name, value, max_age=seconds, path=cookie_path(settings), secure=is_secure, httponly=True, samesite="strict"
    )


def cookie_path(settings: Settings) -> str:
    """Where the operator's pages are, below the folder in which a proxy serves us."""
    return f"{urlsplit(settings.base_url).path}{HOME}"


async def read_form(request: Request) -> dict[str, str]:
    """Its fields, with line ends as Unix has them; HTTPException 415 for what is no form, QueryError for no UTF-8."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415, f"the body is {_FORM}")
    try:
        body = (await request.body()).decode()
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise QueryError("body", "", "is no form in UTF-8") from error
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


async def read_own_form(request: Request, desk: Desk) -> dict[str, str] | Response:
    """The fields of a form that this session was given; else a page that says so."""
    given = await read_form(request)
    wanted = make_form_token(desk.operator.token, desk.session)
    if is_own_origin(request, desk.site.settings) and is_same(given.get("form_token", ""), wanted):
        return given
    return tell(desk, 403, "Nothing was done", "This form did not come from this page. Open the page again.")


def is_own_origin(request: Request, settings: Settings) -> bool:
    """Whether a browser says that the form stood on a page of ours, at whichever address we are reached."""
    origin = urlsplit(request.headers.get("origin", ""))
    known = (urlsplit(settings.base_url).netloc, request.headers.get("host", ""))
    return origin.scheme in ("http", "https") and bool(origin.netloc) and origin.netloc in known


async def _show(desk: Desk, show: Show, parts: Mapping[str, str]) -> Response:
    try:
        return await show(desk, **parts)
    except HobnobError as error:
        status = 404 if isinstance(error, StoreError) else 422
        return tell(desk, desk.status if desk.fault else status, "This cannot be shown", desk.fault or str(error))


def _lead(desk: Desk, path: str, done: str) -> Response:
    """To another page, which says what was done, and that a browser may load again without doing it again."""
    response = RedirectResponse(f"{desk.visit.folder}{path}", 303)
    notice = make_notice(desk.operator.token, desk.session, done)
    put_cookie(response, desk.site.settings, NOTICE, notice, 60)
    return keep_private(response)


def _visit(site: Site, request: Request) -> Visit:
    """In English, as all that the operator is told."""
    return replace(plain_visit(site, request), language=read_language("en"))
