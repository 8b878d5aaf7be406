"""The links of letters: to say yes, to stop, to see and change; looking at one changes nothing, only a POST acts."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.store.mailing import Purpose, Subscription
from api.digest import pages
from api.digest.asking import JSON, PRIVATE, mailing_of, read_body, show, words_of
from api.digest.export import write_export
from api.digest.period import next_send
from api.digest.wish import change_wish
from api.direct import DirectRoute
from api.site import site_of

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


@router.get("/subscribe/confirm/{token}")
async def ask_confirmation(request: Request, token: str) -> Response:
    """A page with a button; nothing is changed by looking at it."""
    site = site_of(request)
    found = await run_in_threadpool(mailing_of(request).find, token, Purpose.CONFIRM, site.now())
    return _gone() if found is None else show(pages.write_confirm(found.wish, words_of(site, found)))


@router.post("/subscribe/confirm/{token}")
async def confirm(request: Request, token: str) -> Response:
    """Letters come from now on."""
    site, now = site_of(request), site_of(request).now()
    found = await run_in_threadpool(mailing_of(request).confirm, token, now, lambda wish: next_send(wish, now))
    return _gone() if found is None else show(pages.write_confirmed(found.wish, words_of(site, found)))


@router.get("/subscribe/stop/{token}")
async def ask_stop(request: Request, token: str) -> Response:
    """A page with a button."""
    site = site_of(request)
    found = await _of_letter(request, token)
    return _gone() if found is None else show(pages.write_stop(found.wish, words_of(site, found)))


@router.post("/subscribe/stop/{token}")
async def stop(request: Request, token: str) -> Response:
    """One click (RFC 8058): no cookie, no question, and the same answer when it was stopped before."""
    if b"One-Click" not in await request.body():
        raise QueryError("List-Unsubscribe", "", "the body is `List-Unsubscribe=One-Click` (RFC 8058)")
    found = await _of_letter(request, token)
    if found is None:
        return _gone()
    await run_in_threadpool(mailing_of(request).stop, found.number, site_of(request).now())
    return show(pages.write_stopped())


@router.get("/subscribe/manage/{token}")
async def show_all(request: Request, token: str) -> Response:
    """All that the address of this letter gets."""
    found = await _of_letter(request, token)
    return _gone() if found is None else await _show_all(request, found.wish.address)


@router.post("/subscribe/manage/{token}")
async def manage(request: Request, token: str) -> Response:
    """Change or stop one, get all that is kept, or have it erased."""
    found = await _of_letter(request, token)
    if found is None:
        return _gone()
    mailing, now = mailing_of(request), site_of(request).now()
    given = dict(await read_body(request))
    address = found.wish.address
    match given.get("do"):
        case "erase":
            await run_in_threadpool(mailing.erase, address)
            return show(pages.write_erased())
        case "export":
            told = await run_in_threadpool(write_export, mailing, address)
            save = {**PRIVATE, "Content-Disposition": 'attachment; filename="subscriptions.json"'}
            return Response(told, headers=save, media_type=JSON)
        case "stop":
            await run_in_threadpool(mailing.stop, (await _chosen(request, given, address)).number, now)
        case "change":
            one = await _chosen(request, given, address)
            wish = change_wish(one.wish, given)
            await run_in_threadpool(mailing.change, one.number, wish, lambda wish: next_send(wish, now))
        case other:
            raise QueryError("do", str(other)[:40], "is none of change, stop, export, erase")
    return await _show_all(request, address)


async def _of_letter(request: Request, token: str) -> Subscription | None:
    """Whose letter has this link."""
    return await run_in_threadpool(mailing_of(request).find, token, Purpose.LETTER, site_of(request).now())


async def _chosen(request: Request, given: dict[str, str], address: str) -> Subscription:
    """The one that is named, if it is of this address; QueryError otherwise."""
    its = await run_in_threadpool(mailing_of(request).of_address, address)
    chosen = next((one for one in its if str(one.number) == given.get("number")), None)
    if chosen is None:
        raise QueryError("number", given.get("number", "")[:40], "is none of yours")
    return chosen


async def _show_all(request: Request, address: str) -> Response:
    its = await run_in_threadpool(mailing_of(request).of_address, address)
    site = site_of(request)
    return show(pages.write_manage(address, [(one, words_of(site, one)) for one in its]))


def _gone() -> Response:
    return show(pages.write_gone(), 404)
