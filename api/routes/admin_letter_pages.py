"""`/admin/pages/letters`: how many subscribe, how far the letters got, and those of which a person has to say."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from aggregator.errors import SettingsError, StoreError
from aggregator.settings import Settings
from aggregator.store.mailing import LATELY, Stage, State
from api.digest.sender import read_sender
from api.direct import DirectRoute
from api.web.admin.desk import HOME, Desk, Given, answer, offer_form, offer_page

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

PATH = f"{HOME}/pages/letters"
MEANINGS = {
    Stage.PENDING: "wait for their turn",
    Stage.SENDING: "are being written",
    Stage.DOTTED: "are at the mail server",
    Stage.SENT: "taken by the mail server",
    Stage.FAILED: "refused, or given up",
    Stage.UNKNOWN: "may have arrived, or not",
    Stage.SKIPPED: "stopped, or too late",
    Stage.EMPTY: "had nothing to tell",
}

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


async def _show(desk: Desk) -> Response:
    view = await run_in_threadpool(_look, desk)
    return answer(desk, "admin/letters", "Letters", lacks=_lacks(desk.site.settings), **view)


def _look(desk: Desk) -> dict[str, object]:
    """Blocks. Numbers alone: no address is shown."""
    mailing = desk.site.mailing
    if mailing is None:
        return {"states": None, "stages": (), "unknown": ()}
    states, stages = mailing.states(), mailing.stages(desk.site.now() - LATELY)
    return {
        "states": [(states[one], one.value) for one in State if one in states],
        "stages": [(stages[one], MEANINGS[one]) for one in Stage if one in stages],
        "unknown": [(one.name, one.since.isoformat()) for one in mailing.unknown()],
    }


def _lacks(settings: Settings) -> str | None:
    """What the settings lack, so that no letter goes out."""
    try:
        read_sender(settings)
    except SettingsError as error:
        return str(error)
    return None


def _mailing_of(desk: Desk) -> "Mailing":
    if desk.site.mailing is None:
        raise StoreError("no letters go out from here")
    return desk.site.mailing


def _resend(desk: Desk, given: Given) -> dict[str, str]:
    name = given.get("name", "")
    _mailing_of(desk).resolve(name, is_sent_again=True, now=desk.site.now())
    return {"done": f"{name}: waits to be sent again"}


def _skip(desk: Desk, given: Given) -> dict[str, str]:
    name = given.get("name", "")
    _mailing_of(desk).resolve(name, is_sent_again=False, now=desk.site.now())
    return {"done": f"{name}: taken for sent"}


offer_page(router, PATH, _show)
offer_form(router, f"{PATH}/resend", _resend, show=_show, back=PATH)
offer_form(router, f"{PATH}/skip", _skip, show=_show, back=PATH)
