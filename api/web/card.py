"""What a card says of an event: when, what, where, who, for how much, may I come, how fresh, and why go; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from aggregator.event import Visitors
from aggregator.render.cost import FREE, tell_cost
from api.web.language import Language
from api.words import NEARBY, last_day, mark, offers_of, stated_end, visitors_of

Told = Mapping[str, Any]
CENTERS = frozenset({"postcode", "town", "region"})
"""Precisions at which the point is the middle of something larger than the venue."""
OFF = frozenset({"EventCancelled", "EventPostponed"})
A_TOWN = 1500
"""Metres from the middle of a town that say nothing of how far it is."""
DOUBTFUL_DAYS = 3
"""Days after which an event that was not seen is to be checked first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A line, and the words of the page that it was read from."""

    words: str
    quote: str
    speaks_for: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Words in the language of the page; None where nobody says. `machine_start` is for `<time>`."""

    address: str
    name: str
    mark: str | None
    is_off: bool
    machine_start: str
    time_zone: str
    clock: str
    until: str | None
    place: str | None
    distance: str | None
    organizer: str | None
    kind: str
    kind_words: str
    cost: str | None
    is_free: bool
    visitors: str
    visitors_words: str
    terms: tuple[str, ...]
    reasons: tuple[Reason, ...]
    further: tuple[str, ...]
    freshness: str | None
    is_doubtful: bool
    is_online: bool


def make_card(
    told: Told, address: str, language: Language, country: str | None, fresh: tuple[str, bool] | None
) -> Card:
    """`country` is that of the question, for a place that has none; `fresh` as `tell_freshness` gives it."""
    clock, until = tell_clocks(told, language, country)
    status = told["eventStatus"]
    cost = tell_cost(offers_of(dict(told)), told["isAccessibleForFree"])
    visitors = visitors_of(dict(told))
    return Card(
        address=address,
        name=told["name"],
        mark=tell_mark(told, language),
        is_off=status in OFF or told["withdrawn"],
        machine_start=told["startDate"],
        time_zone=told["timeZone"],
        clock=clock,
        until=until,
        place=tell_place(told),
        distance=tell_distance(told, language),
        organizer=(told["organizer"] or {}).get("name"),
        kind=told["kind"],
        kind_words=language.say(f"kind.{told['kind']}"),
        cost=language.translate(cost) if cost else None,
        is_free=told["isAccessibleForFree"] is True or cost == FREE,
        visitors=visitors.value,
        visitors_words=language.say(f"may.{visitors.value}"),
        terms=tuple(tell_terms(told["visitorTerms"], language)),
        reasons=tell_reasons(told, language),
        further=tuple(language.tell_short_day(day_of(date)) for date in told.get("nextDates", ())),
        freshness=fresh[0] if fresh else None,
        is_doubtful=bool(fresh and fresh[1]),
        is_online=told["eventAttendanceMode"] == "OnlineEventAttendanceMode",
    )


def tell_clocks(told: Told, language: Language, country: str | None) -> tuple[str, str | None]:
    """When it begins and ends; an end on another day has its day, and one that nobody stated is left out."""
    last = last_day(dict(told))
    day = None if last is None else language.tell_short_day(last)
    if told["allDay"]:
        return language.say("clock.all_day"), day
    country = country_of(told) or country
    start, end = datetime.fromisoformat(told["startDate"]), stated_end(dict(told))
    until = None if end is None else language.tell_clock(end, country)
    return language.tell_clock(start, country), f"{day}, {until}" if day else until


def country_of(told: Told) -> str | None:
    """The venue's."""
    return ((told["location"] or {}).get("address") or {}).get("addressCountry")


def tell_mark(told: Told, language: Language) -> str | None:
    """That it is off, or otherwise than planned; nothing where the name says so itself."""
    if not mark(dict(told)):
        return None
    if told["withdrawn"]:
        return language.say("mark.withdrawn")
    key = f"mark.{told['eventStatus']}"
    return language.say(key) if key in language.texts else None


def tell_place(told: Told) -> str | None:
    """Venue and town; the street is on the event's own page."""
    location = told["location"] or {}
    town = (location.get("address") or {}).get("addressLocality")
    name = location.get("name") or (location.get("address") or {}).get("streetAddress")
    return ", ".join(dict.fromkeys(part for part in (name, town) if part)) or None


def tell_distance(told: Told, language: Language) -> str | None:
    """`about 9.2 mi`, where only the middle of a postcode or town is known."""
    if not told["distanceText"]:
        return None
    return say_distance(told["distance"], told["distanceText"], told["placePrecision"], language)


def say_distance(metres: float, text: str, precision: str, language: Language) -> str:
    """Of a point in the middle of a town or postcode, that it is somewhere there is all that can be said from near."""
    if precision == "town" and metres < A_TOWN:
        return language.say("distance.town")
    if precision in CENTERS and metres < NEARBY:
        return language.say("distance.nearby")
    return language.say("distance.about" if precision in CENTERS else "distance.exact", distance=text)


def tell_terms(terms: Told | None, language: Language) -> list[str]:
    """What a visitor should know beside whether one may come."""
    if terms is None:
        return []
    allowed = terms["visitsAllowed"]
    return [
        words
        for words in (
            allowed and language.say("terms.visits", count=allowed),
            terms["oneSeatPerProfession"] and language.say("terms.one_seat"),
            terms["newcomersExpected"] and language.say("terms.newcomers"),
        )
        if words
    ]


def tell_reasons(told: Told, language: Language) -> tuple[Reason, ...]:
    """Why it is good for meeting people, or is not."""
    return tuple(
        Reason(words=language.translate(line["about"]), quote=line["quote"], speaks_for=line["speaksFor"])
        for line in told["meetingPeople"]
    )


def tell_freshness(seen: datetime, kind: str, now: datetime, language: Language) -> tuple[str, bool]:
    """“Seen on the chamber's page 3 h ago”, and whether it is so long ago that one should check first."""
    where = language.say(f"whose.{kind}")
    days = (now - seen).days
    if days >= DOUBTFUL_DAYS:
        return language.say("fresh.doubtful", where=where, count=days), True
    return language.say("fresh.seen", where=where, ago=tell_ago(seen, now, language)), False


def tell_ago(moment: datetime, now: datetime, language: Language) -> str:
    """`3 h ago`."""
    minutes = max(int((now - moment).total_seconds() // 60), 0)
    if minutes < 2:
        return language.say("ago.now")
    if minutes < 60:
        return language.say("ago.minutes", count=minutes)
    if minutes < 48 * 60:
        return language.say("ago.hours", count=minutes // 60)
    return language.say("ago.days", count=minutes // (24 * 60))


def web_link(url: str | None) -> str | None:
    """The address, if a browser may follow it: http and https only."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def day_of(told: Told) -> date:
    """The day on which it begins, on the clock of its place."""
    return date.fromisoformat(told["startDate"][:10])


def is_known(visitors: str) -> bool:
    """Whether anybody says who may come."""
    return visitors != Visitors.UNKNOWN.value
