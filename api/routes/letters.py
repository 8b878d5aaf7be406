"""The links of letters: to say yes, to stop, to see and change; looking at one changes nothing, only a POST acts."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.store.mailing import Purpose, Subscription
from api.digest.asking import JSON, as_private_page, desk_of, mailing_of, read_body, search_of
from api.digest.export import write_export
from api.digest.period import next_send
from api.digest.wish import change_wish
from api.direct import DirectRoute
from api.site import site_of

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


@router.get("/subscribe/confirm/{token}")
@as_private_page
async def ask_confirmation(request: Request, token: str) -> Response:
    """A page with a button; nothing is changed by looking at it."""
    found = await run_in_threadpool(mailing_of(request).find, token, Purpose.CONFIRM, site_of(request).now())
    desk = desk_of(request)
    return desk.show_gone() if found is None else desk.ask_confirmation(found.wish, search_of(request, found.wish))


@router.post("/subscribe/confirm/{token}")
@as_private_page
async def confirm(request: Request, token: str) -> Response:
    """Letters come from now on."""
    now = site_of(request).now()
    found = await run_in_threadpool(mailing_of(request).confirm, token, now, lambda wish: next_send(wish, now))
    desk = desk_of(request)
    return desk.show_gone() if found is None else desk.show_confirmed(found.wish, search_of(request, found.wish))


@router.get("/subscribe/stop/{token}")
@as_private_page
async def ask_stop(request: Request, token: str) -> Response:
    """A page with a button."""
    found, desk = await _of_letter(request, token), desk_of(request)
    return desk.show_gone() if found is None else desk.ask_stop(found.wish, search_of(request, found.wish))


@router.post("/subscribe/stop/{token}")
@as_private_page
async def stop(request: Request, token: str) -> Response:
    """One click (RFC 8058): no cookie, no question, and the same answer when it was stopped before."""
    if b"One-Click" not in await request.body():
        raise QueryError("List-Unsubscribe", "", "the body is `List-Unsubscribe=One-Click` (RFC 8058)")
    found = await _of_letter(request, token)
    if found is None:
        return desk_of(request).show_gone()
    await run_in_threadpool(mailing_of(request).stop, found.number, site_of(request).now())
    return desk_of(request).show_stopped()


@router.get("/subscribe/manage/{token}")
@as_private_page
async def show_all(request: Request, token: str) -> Response:
    """All that the address of this letter gets."""
    found = await _of_letter(request, token)
    return desk_of(request).show_gone() if found is None else await _show_all(request, found.wish.address)


@router.post("/subscribe/manage/{token}")
@as_private_page
async def manage(request: Request, token: str) -> Response:
    """Change or stop one, get all that is kept, or have it erased."""
    found = await _of_letter(request, token)
    if found is None:
        return desk_of(request).show_gone()
    mailing, now = mailing_of(request), site_of(request).now()
    given = dict(await read_body(request))
    address = found.wish.address
    match given.get("do"):
        case "erase":
            await run_in_threadpool(mailing.erase, address)
            return desk_of(request).show_erased()
        case "export":
            told = await run_in_threadpool(write_export, mailing, address)
            save = {"Content-Disposition": 'attachment; filename="subscriptions.json"'}
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
    return desk_of(request).show_all(address, [(one, search_of(request, one.wish)) for one in its])
