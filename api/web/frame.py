"""What all pages have around them, and the writing of a page."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response

from aggregator.settings import Settings
from api.web.form import Form, Link
from api.web.language import LANGUAGES, read_language
from api.web.static import address_of
from api.web.visit import Visit

MEDIA_TYPE = "text/html; charset=utf-8"
NAVIGATION = {"events": "/", "groups": "/groups", "plan": "/plan", "sources": "/sources", "about": "/about"}
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`canonical` is the one address of what is shown, below the site; None where it is nobody's."""

    title: str
    description: str | None = None
    canonical: str | None = None
    structured: Any = None
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    images_from: str | None = None


def answer_page(
    visit: Visit, settings: Settings, template: str, frame: Frame, status: int = 200, **view: Any
) -> Response:
    """The page in its frame, with a policy by which a browser runs and loads nothing but ours; nobody keeps one that is
    no plain answer.
    """
    body = write_page(visit, settings, template, frame, **view)
    response = Response(body, status, media_type=MEDIA_TYPE)
    response.headers["Content-Security-Policy"] = policy(frame.images_from)
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    if status != 200:
        response.headers["Cache-Control"] = "no-store"
    if not visit.names_language:
        response.headers["Vary"] = "Accept-Language"
    return response


def answer_fault(visit: Visit, settings: Settings, form: Form) -> Response:
    """The form as it was filled in, with what is wrong beside its field."""
    frame = Frame(title=visit.language.say("fault.title"), scripts=("page.js",))
    return answer_page(visit, settings, "fault", frame, 422, form=form)


def write_page(visit: Visit, settings: Settings, template: str, frame: Frame, **view: Any) -> bytes:
    """UTF-8. Whatever a template is given is text, and escaped."""
    page = _environment().get_template(f"{template}.jinja")
    around = {
        "frame": frame,
        "visit": visit,
        "say": visit.language.say,
        "place": settings.place,
        "takes_suggestions": settings.suggestions,
        "navigation": [
            (Link(words=visit.language.say(f"nav.{name}"), address=visit.link(path)), path == visit.path)
            for name, path in NAVIGATION.items()
        ],
        "languages": tuple(_languages(visit)),
        "static": lambda name: f"{visit.folder}{address_of(name)}",
    }
    return page.render({**around, **view}).encode("utf-8", "replace")


def policy(images_from: str | None = None) -> str:
    """A Content-Security-Policy; images may come from one more origin, which the operator set."""
    images = f"{_POLICY['img-src']} {images_from}" if images_from else _POLICY["img-src"]
    return "; ".join(f"{name} {value}" for name, value in (_POLICY | {"img-src": images}).items())


def _languages(visit: Visit) -> list[tuple[str, str, str, bool]]:
    """Code, name, this page in it, and whether it is this one's."""
    own = {} if visit.view == "list" else {"view": visit.view}
    return [
        (
            code,
            read_language(code).name,
            visit.plain_link(visit.path, (*visit.pairs, *own.items(), ("lang", code))),
            code == visit.language.code,
        )
        for code in LANGUAGES
    ]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("api.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
