"""The page that an organiser's letter links to: it asks, and only its button confirms."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.confirm import hash_of, meeting_lines
from aggregator.store.kept import Asking
from api.direct import DirectRoute
from api.paper import show
from api.site import Site, site_of

router = APIRouter(route_class=DirectRoute)


@router.get("/confirm/{token}", include_in_schema=False)
async def ask(request: Request, token: str) -> Response:
    """Programs that look into mails open links: so this changes nothing."""
    site = site_of(request)
    asking = site.store.asking(hash_of(token))
    if asking is None:
        return _unknown()
    if asking.confirmed_at is not None:
        return _thanks(asking)
    if asking.expires_at <= site.now():
        return _late()
    name = _name(site, asking)
    lines = meeting_lines(site.store.groups(asking.source))
    return show(
        f"Still right? {name}", f"This is what we tell of {name}:", lines=lines, button="Yes, it is still right"
    )


@router.post("/confirm/{token}", include_in_schema=False)
async def confirm(request: Request, token: str) -> Response:
    """The first time it is kept; later on it is told that it was."""
    site = site_of(request)
    if site.inbox is None:
        raise HTTPException(404)
    await run_in_threadpool(site.inbox.confirm, hash_of(token), site.now())
    asking = site.store.asking(hash_of(token))
    if asking is None:
        return _unknown()
    return _late() if asking.confirmed_at is None else _thanks(asking)


def _name(site: Site, asking: Asking) -> str:
    status = site.store.source(asking.source)
    return (status.organizer if status else None) or asking.source


def _thanks(asking: Asking) -> Response:
    return show("Thank you", f"You said on {asking.confirmed_at:%Y-%m-%d} that it is still right.")


def _late() -> Response:
    return show("Too late", "This link is no longer good. You will be asked again.", status=410)


def _unknown() -> Response:
    return show("No such link", "Nobody was asked by this link. Was it copied whole?", status=404)
