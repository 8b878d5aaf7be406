"""From what somebody sends to the wish that is kept: an address, a search in its canonical form, a day and an hour."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from urllib.parse import parse_qsl, urlencode

from aggregator.errors import QueryError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.mailing import Wish
from api.given import part_own
from api.query import Asked, parse_query
from api.values import UnreadError, read_zone
from api.web.language import Language, read_language

CONSENT = read_language("en").say("letter.consent")
"""What programs that subscribe somebody are taken to have shown; a page keeps the words of its own language."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OWN = ("email", "send_day", "send_hour", "most", "tz")
SEARCH = (
    *("near", "lat", "lon", "within", "nearest", "bbox", "when", "days", "weekday", "time_from", "time_to", "kind"),
    *("org", "source", "tag", "q", "attendance", "cost", "max_price", "visitors", "newcomer", "units"),
)
"""Parameters of a search that mean the same each week."""

USUAL_DAY, USUAL_HOUR, USUAL_MOST, MOST = "sun", 7, 25, 50
USUAL_DAYS = 30
"""How far ahead a letter looks when the search does not say."""

_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
MOST_OF_LOCAL = 64


def read_wish(pairs: Iterable[tuple[str, str]], *, now: datetime, settings: Settings, gazetteer: Gazetteer) -> Wish:
    """QueryError names the first thing that cannot be; it never repeats an address."""
    own, search = part_own([pair for pair in pairs if pair[1].strip()], OWN, SEARCH)
    address = read_address(own.get("email", ""))
    asked = parse_query(search, now=now, settings=settings, gazetteer=gazetteer)
    return Wish(
        address=address,
        query=canonical(asked, settings),
        weekday=_read_day(own.get("send_day", USUAL_DAY)),
        hour=_read_number(own, "send_hour", USUAL_HOUR, 0, 23),
        zone=_read_zone(own.get("tz") or asked.window["timeZone"]),
        most=_read_number(own, "most", USUAL_MOST, 1, MOST),
    )


def change_wish(wish: Wish, given: dict[str, str]) -> Wish:
    """The wish with another day, hour or length; the rest of what is given is not looked at."""
    return replace(
        wish,
        weekday=_read_day(given.get("send_day", DAYS[wish.weekday])),
        hour=_read_number(given, "send_hour", wish.hour, 0, 23),
        most=_read_number(given, "most", wish.most, 1, MOST),
    )


def read_address(text: str) -> str:
    """An address as it may stand in a letter's head, its host in small letters."""
    text = text.strip()
    local, _, host = text.rpartition("@")
    if not _ADDRESS.fullmatch(text) or len(local) > MOST_OF_LOCAL:
        raise QueryError("email", "", "is no e-mail address such as you@example.org")
    return f"{local}@{host.lower()}"


def mailbox_of(address: str) -> str:
    """What limits are counted by: neither dots nor a `+tag` make another mailbox."""
    local, _, host = address.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{host}"


def tell_when(wish: Wish, language: Language, country: str | None = None) -> str:
    """`every Tuesday at 7:00 am, America/Los_Angeles`, with the clock as people of that country write it."""
    hour = language.tell_clock(time(wish.hour), country)
    return language.say("letter.when", day=language.weekdays[wish.weekday], hour=hour, zone=wish.zone)


def ask_again(query: str, *, now: datetime, settings: Settings, gazetteer: Gazetteer) -> Asked:
    """The question of a kept wish, as it is now."""
    return parse_query(parse_qsl(query), now=now, settings=settings, gazetteer=gazetteer)


def canonical(asked: Asked, settings: Settings) -> str:
    """The search in one way of writing, so that the same search is one subscription."""
    echo = {name: value for name, value in asked.echo.items() if name in SEARCH}
    if echo.get("units") == settings.units:
        del echo["units"]
    if echo.keys().isdisjoint({"when", "days"}):
        echo["days"] = USUAL_DAYS
    return urlencode(sorted(echo.items()))


def _read_day(text: str) -> int:
    if text.lower()[:3] not in DAYS:
        raise QueryError("send_day", text[:40], "is no day of the week", DAYS)
    return DAYS.index(text.lower()[:3])


def _read_number(given: dict[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = given.get(name, str(usual))
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII) or not least <= int(text) <= most:
        raise QueryError(name, text[:40], f"is no number from {least} to {most}")
    return int(text)


def _read_zone(text: str) -> str:
    try:
        return read_zone(text).key
    except UnreadError as error:
        raise QueryError("tz", text[:80], str(error), error.did_you_mean) from error
