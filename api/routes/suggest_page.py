"""`/suggest`: the form by which anybody says what is missing or wrong, once the operator lets them."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError, StoreError
from aggregator.suggest import Subject
from api.direct import DirectRoute
from api.site import Site, site_of
from api.web.guard import as_page
from api.web.suggest import PATH, answer_form
from api.web.visit import read_visit

_KNOWN = ("type", "about")

router = APIRouter(route_class=DirectRoute)


@router.get(PATH, include_in_schema=False)
@as_page
async def show_form(request: Request) -> Response:
    """For an event, unless `type` says a group or a fix; a fix is `about` an event or a group."""
    site = site_of(request)
    if site.inbox is None or not site.settings.suggestions:
        raise HTTPException(404)
    visit = read_visit(site, request)
    for name, value in visit.pairs:
        if name not in _KNOWN:
            raise QueryError(name[:200], value[:200], f"not known here; {', '.join(_KNOWN)}")
    subject, about = _subject(visit.first("type")), visit.first("about") or ""
    named = name_of(site, about) if subject is Subject.FIX else None
    if subject is Subject.FIX and named is None:
        raise HTTPException(404)
    texts = {"about": about} if subject is Subject.FIX else {}
    return answer_form(visit, site.settings, subject, texts, named)


def _subject(text: str | None) -> Subject:
    if text is not None and text not in set(Subject):
        raise QueryError("type", text[:40], f"is none of {', '.join(Subject)}")
    return Subject(text or Subject.EVENT)


def name_of(site: Site, about: str) -> str | None:
    """What the event or group of this id is called; None when there is none."""
    try:
        return site.store.uncorrected(about).name
    except StoreError:
        return next((kept.group.name for kept in site.groups() if kept.group.id == about), None)
