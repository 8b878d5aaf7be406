"""The pages of subscribing, as HTML: what is asked, and what was done; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.store.mailing import State, Subscription, Wish
from api.digest.wish import CONSENT, DAYS, USUAL_DAY, USUAL_HOUR, USUAL_MOST
from api.digest.write import template
from api.reference import STYLE

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ASKED = (
    "If this address can get letters, one is on its way to it that asks whether it was you. Nothing else comes until "
    "you say yes there."
)
"""What everybody is told who subscribes, whether the address is known or not."""

_STATES = {
    State.CONFIRMED: "A letter comes every {day} at {hour}, {zone}.",
    State.UNSUBSCRIBED: "Stopped: no letter comes.",
    State.SUSPENDED: "Suspended: three letters came back.",
    State.PENDING: "Waits for your yes.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A subscription on the page where it is changed."""

    number: int
    search: str
    words: str
    weekday: int
    hour: int
    most: int
    is_on: bool


def write_form(search: str, asked: Iterable[tuple[str, str]], action: str) -> str:
    """The form for a search, whose words are `search`."""
    return _page(
        "subscribe.html.jinja",
        "A letter each week",
        search=search,
        asked=list(asked),
        action=action,
        consent=CONSENT,
        days=list(zip(DAYS, NAMES, strict=True)),
        weekday=DAYS.index(USUAL_DAY),
        hour=USUAL_HOUR,
        most=USUAL_MOST,
    )


def write_asked() -> str:
    """The answer to the form: the same for everybody."""
    return _page("told.html.jinja", "Look into your mail", words=ASKED)


def write_refused(why: str) -> str:
    """The answer to a form that cannot be taken."""
    return _page("told.html.jinja", "Please go back and look at this again", words=why)


def write_confirm(wish: Wish, search: str) -> str:
    """Asks for a yes: to follow a link, as mail scanners do, is none."""
    words = f"{search}, {tell_when(wish)}, to {mask(wish.address)}. {CONSENT}"
    return _page("ask.html.jinja", "Is this right?", words=words, name="confirm", value="yes", button="Yes, send it")


def write_confirmed(wish: Wish, search: str) -> str:
    """After the yes."""
    return _page("told.html.jinja", "Done", words=f"{search}: a letter comes {tell_when(wish)}.")


def write_stop(wish: Wish, search: str) -> str:
    """Asks before it stops a letter; mail programs stop it without asking, by the same POST (RFC 8058)."""
    words = f"{search}, {tell_when(wish)}, to {mask(wish.address)}."
    stop = {"name": "List-Unsubscribe", "value": "One-Click", "button": "Stop this letter"}
    return _page("ask.html.jinja", "Stop this letter?", words=words, **stop)


def write_stopped() -> str:
    """After it was stopped, now or before."""
    words = "No letter of this search comes any more. The link in an old letter lets you start again."
    return _page("told.html.jinja", "Stopped", words=words)


def write_gone() -> str:
    """For a link that is used, too old, or made up."""
    words = "This link was used already, is too old, or is none of ours. Subscribe again to get a new one."
    return _page("told.html.jinja", "Nothing is there", words=words)


def write_erased() -> str:
    """After an address was erased."""
    return _page("told.html.jinja", "Erased", words="Nothing is kept of this address any more.")


def write_manage(address: str, subscriptions: Sequence[tuple[Subscription, str]]) -> str:
    """All that an address gets, each with the words of its search, to be changed or stopped."""
    shown = [_show(one, search) for one, search in subscriptions]
    days = list(zip(DAYS, NAMES, strict=True))
    return _page("manage.html.jinja", "What you get", address=mask(address), subscriptions=shown, days=days)


def tell_when(wish: Wish) -> str:
    """`every Tuesday at 07:00, America/Los_Angeles`."""
    return f"every {NAMES[wish.weekday]} at {wish.hour:02}:00, {wish.zone}"


def mask(address: str) -> str:
    """Enough for its owner to know it: `j•••@example.org`."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}•••@{host}"


def _show(one: Subscription, search: str) -> Shown:
    wish = one.wish
    words = _STATES[one.state].format(day=NAMES[wish.weekday], hour=f"{wish.hour:02}:00", zone=wish.zone)
    return Shown(
        number=one.number,
        search=search,
        words=words,
        weekday=wish.weekday,
        hour=wish.hour,
        most=wish.most,
        is_on=one.state is State.CONFIRMED,
    )


def _page(template_name: str, title: str, **more: Any) -> str:
    return template(template_name).render(title=title, style=STYLE, **more)
