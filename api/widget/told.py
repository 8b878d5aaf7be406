"""An event's members as the words of a row: when, where, on what terms; pure."""

from dataclasses import dataclass

from aggregator.event import Visitors
from aggregator.render.cost import tell_cost
from api.web.card import OFF, Told, day_of, say_distance, tell_clocks, tell_mark, tell_place, web_link
from api.web.event import tell_zone
from api.web.language import Language
from api.words import offers_of, visitors_of

_NO_BREAK = "\u00a0"
_HALVES = ("am", "pm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is shown of one date of an event. `day` is the heading it stands under; `zone` is None for a whole day.

    `href` is an http address elsewhere, or a path below ours without its first slash.
    """

    id: str
    name: str
    href: str
    start_date: str
    end_date: str
    day: str
    date: str
    time: str
    zone: str | None
    where: str
    terms: str
    mark: str | None
    is_off: bool
    is_pinned: bool


def tell_row(told: Told, language: Language, country: str | None, *, links_to_us: bool, is_pinned: bool) -> Row:
    """`country` is for an event that does not say its own: whose clocks have am and pm."""
    day = language.say("widget.pinned") if is_pinned else language.tell_day(day_of(told))
    return Row(
        id=told["id"],
        name=told["name"],
        href=choose_link(told, links_to_us=links_to_us),
        start_date=told["startDate"],
        end_date=_end(told),
        day=day[:1].upper() + day[1:],
        date=language.tell_short_day(day_of(told)),
        time=tell_time(told, language, country),
        zone=_zone(told),
        where=tell_where(told, language),
        terms=tell_terms(told, language),
        mark=tell_mark(told, language),
        is_off=told["eventStatus"] in OFF,
        is_pinned=is_pinned,
    )


def choose_link(told: Told, *, links_to_us: bool) -> str:
    """Its organiser's page, where there is one and it is wanted; only a page, never what a browser would run."""
    link = None if links_to_us else web_link(told["url"])
    return link or f"events/{told['id']}"


def tell_time(told: Told, language: Language, country: str | None) -> str:
    """`7:00–8:30 am`, `19:00`, `All day – Sun, Oct 18`; without an end that nobody stated."""
    start, end = tell_clocks(told, language, country)
    if end is None:
        return start
    if "," in end or told["allDay"]:
        return f"{start} – {end}"
    halves = {language.say(f"clock.{half}") for half in _HALVES}
    clock, _, half = start.partition(" ")
    return f"{clock}–{end}" if half in halves and end.endswith(half) else f"{start}–{end}"


def tell_where(told: Told, language: Language) -> str:
    """Venue and town, how far, and that it is online."""
    metres, text = told["distance"], (told["distanceText"] or "").replace(" ", _NO_BREAK)
    distance = say_distance(metres, text, told["placePrecision"], language) if text else None
    is_online = told["eventAttendanceMode"] in ("OnlineEventAttendanceMode", "MixedEventAttendanceMode")
    online = language.say("place.online") if is_online else None
    return " · ".join(part for part in (tell_place(told), distance, online) if part)


def tell_terms(told: Told, language: Language) -> str:
    """May I turn up, and what does it cost; nothing where nobody says."""
    visitors = visitors_of(told)
    may = None if visitors is Visitors.UNKNOWN else language.say(f"may.{visitors.value}")
    cost = tell_cost(offers_of(told), told["isAccessibleForFree"])
    return " · ".join(part for part in (may, cost and language.translate(cost)) if part)


def _zone(told: Told) -> str | None:
    """`PDT`, or `UTC-03` where the zone has no letters."""
    name = tell_zone(told)
    return f"UTC{name}" if name and not name[0].isalpha() else name


def _end(told: Told) -> str:
    """Of what is shown: the last day, or the start again where no end was stated."""
    end = told["endDate"] if told["allDay"] or told["endDateSource"] == "stated" else None
    return str(end or told["startDate"])
