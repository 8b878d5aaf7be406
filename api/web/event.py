"""What the page of one event says, and the links by which it is kept; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from aggregator.event import Offer
from aggregator.render.cost import tell_cost
from aggregator.store import Hit, KeptGroup
from api.feeds.jsonld import graph_of
from api.web.card import Card, Told, country_of, day_of, tell_clocks, web_link
from api.web.form import Link
from api.web.language import Language
from api.web.rhythms import tell_rhythm
from api.web.visit import Visit

MOST_TEXT = 1000
"""Characters of a description that a link to another calendar carries."""
MOST_DATES = 6
PRECISE = frozenset({"rooftop", "street"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """One of its dates; `is_shown` is the one that the page is about."""

    words: str
    machine_date: str
    clock: str
    address: str
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What is said of visitors, with the sentences that say so, and whether it is a rule of the whole organisation."""

    words: str
    quote: str | None
    is_rule: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whether a wheelchair gets in, and the sentences that say so."""

    words: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """The card, and all that it leaves out."""

    card: Card
    date_words: str
    zone: str | None
    organizer_link: str | None
    group: Link | None
    address_lines: tuple[str, ...]
    precision_words: str | None
    directions: str | None
    access: Access | None
    online: str | None
    paragraphs: tuple[str, ...]
    keywords: tuple[str, ...]
    terms: tuple[Term, ...]
    dates: tuple[DateLine, ...]
    more_dates: int
    pages: tuple[Link, ...]
    calendars: tuple[Link, ...]
    doubts: tuple[str, ...]
    summary: str
    structured: dict[str, Any]


def choose_date(hits: Sequence[Hit], on: date | None, now: datetime) -> Hit:
    """The date that was asked for, else the next, else the last."""
    asked = (hit for hit in hits if on is not None and hit.start_text.startswith(on.isoformat()))
    return next(asked, None) or next((hit for hit in hits if hit.end > now.timestamp()), hits[-1])


def make_event(
    visit: Visit, told: Told, card: Card, dates: Sequence[Told], address: str, groups: Iterable[KeptGroup] = ()
) -> EventView:
    """`dates` are the event at each of its dates; `address` is its page's, for everybody; its group is one of
    `groups`, if it has any.
    """
    language, shown = visit.language, dates[:MOST_DATES]
    date_words = tell_date(told, language)
    place = told["location"] or {}
    return EventView(
        card=card,
        date_words=date_words,
        zone=tell_zone(told),
        organizer_link=web_link((told["organizer"] or {}).get("url")),
        group=_tell_group(visit, told, groups),
        address_lines=tuple(tell_address(place)),
        precision_words=_tell_precision(told, language),
        directions=_direct(told),
        access=_tell_access(place, language),
        online=web_link(told["virtualLocation"]),
        paragraphs=tuple(part.strip() for part in (told["description"] or "").split("\n") if part.strip()),
        keywords=tuple(told["keywords"]),
        terms=tell_evidence(told["visitorTerms"], language, _currency(told)),
        dates=tuple(_tell_dates(visit, told, shown)) if len(dates) > 1 else (),
        more_dates=len(dates) - len(shown),
        pages=tuple(page_links((told["url"], *told["sameAs"]))),
        calendars=tuple(_tell_calendars(visit, told)),
        doubts=tuple(told["doubts"]),
        summary=" · ".join(part for part in (date_words, card.clock, card.place) if part),
        structured={"@context": "https://schema.org", **graph_of(told, address), "mainEntityOfPage": address},
    )


def tell_date(told: Told, language: Language) -> str:
    """`Thursday, October 8, 2026`."""
    return language.tell_date(day_of(told))


def _tell_group(visit: Visit, told: Told, groups: Iterable[KeptGroup]) -> Link | None:
    listing = (told["source"], told["identifier"])
    for group in (kept.group for kept in groups if listing in kept.group.listings):
        rhythm = tell_rhythm(group.rhythm, visit.language, group.place.address.address_country)
        return Link(words=f"{visit.language.say('group.is')}: {rhythm}", address=visit.link(f"/groups/{group.id}"))
    return None


def tell_zone(told: Told) -> str | None:
    """`PDT`; None for whole days, which no clock tells."""
    if told["allDay"]:
        return None
    return datetime.fromisoformat(told["startDate"]).astimezone(ZoneInfo(told["timeZone"])).tzname()


def tell_address(place: Told) -> Iterator[str]:
    """As one writes it on a letter."""
    address = place.get("address") or {}
    town = [
        address.get("addressLocality"),
        " ".join(filter(None, (address.get("addressRegion"), address.get("postalCode")))),
    ]
    lines = (place.get("name"), address.get("streetAddress"), ", ".join(filter(None, town)))
    yield from dict.fromkeys(line for line in lines if line)


def tell_evidence(terms: Told | None, language: Language, currency: str | None = None) -> tuple[Term, ...]:
    """Each sentence once, with what was read from it; `currency` is that of fees."""
    if terms is None:
        return ()
    about: dict[tuple[str, str], list[str]] = {}
    for one in terms["evidence"]:
        about.setdefault((one["quote"], one["authority"]), []).append(
            _tell_term(one["about"], terms, language, currency)
        )
    return tuple(
        Term(words=", ".join(dict.fromkeys(words)), quote=quote, is_rule=authority == "organization")
        for (quote, authority), words in about.items()
    )


def _tell_term(name: str, terms: Told, language: Language, currency: str | None) -> str:
    def fee(key: str, amount: float | None) -> str:
        words = tell_cost((Offer(price=Decimal(str(amount or 0)), price_currency=currency),), None) or ""
        return say(key, amount=language.translate(words))

    say = language.say
    return {
        "visitors": lambda: say(f"may.{terms['visitors']}"),
        "visitsAllowed": lambda: say("terms.visits", count=terms["visitsAllowed"]),
        "guestFee": lambda: fee("terms.guest_fee", terms["guestFee"]),
        "memberFee": lambda: fee("terms.member_fee", terms["memberFee"]),
        "oneSeatPerProfession": lambda: say("terms.one_seat" if terms["oneSeatPerProfession"] else "terms.many_seats"),
        "newcomersExpected": lambda: say("terms.newcomers"),
    }[name]()


def _currency(told: Told) -> str | None:
    return next((offer["priceCurrency"] for offer in told["offers"] if offer["priceCurrency"]), None)


def _tell_precision(told: Told, language: Language) -> str | None:
    precision = told["placePrecision"]
    if precision == "none" and told["eventAttendanceMode"] == "OnlineEventAttendanceMode":
        return None
    return None if precision in PRECISE else language.say(f"precision.{precision}")


def _tell_access(place: Told, language: Language) -> Access | None:
    """None where nobody says a word of it."""
    quotes = tuple(dict.fromkeys(one["quote"] for one in place.get("accessibilityEvidence") or ()))
    gets_in = place.get("wheelchairAccessible")
    key = "access.unclear" if gets_in is None else "access.yes" if gets_in else "access.no"
    return Access(words=language.say(key), quotes=quotes) if quotes else None


def _direct(told: Told) -> str | None:
    """To a point that is the venue; the middle of a town leads nobody there."""
    geo = (told["location"] or {}).get("geo")
    if not geo or told["placePrecision"] not in PRECISE:
        return None
    point = f"{geo['latitude']:.6g}/{geo['longitude']:.7g}"
    return f"https://www.openstreetmap.org/?mlat={geo['latitude']}&mlon={geo['longitude']}#map=17/{point}"


def _tell_dates(visit: Visit, told: Told, dates: Iterable[Told]) -> Iterator[DateLine]:
    for one in dates:
        clock, _ = tell_clocks(one, visit.language, country_of(one))
        day = day_of(one)
        yield DateLine(
            words=visit.language.tell_day(day),
            machine_date=one["startDate"],
            clock=clock,
            address=visit.link(f"/events/{told['id']}", on=day.isoformat()),
            is_shown=one["startDate"] == told["startDate"],
        )


def page_links(urls: Iterable[str | None]) -> Iterator[Link]:
    """Those that a browser may follow, each once, by the name of its host."""
    links = map(web_link, urls)
    for url in dict.fromkeys(filter(None, links)):
        yield Link(words=(urlsplit(url).hostname or url).removeprefix("www."), address=url)


def _tell_calendars(visit: Visit, told: Told) -> Iterator[Link]:
    say = visit.language.say
    date_of_many = [("occurrence", str(told["occurrence"]))] if told["occurrence"] else []
    ics = f"/v1/events/{told['id']}.ics"
    yield Link(words=say("calendar.ics"), address=visit.plain_link(ics, date_of_many))
    if date_of_many:
        yield Link(words=say("calendar.all"), address=visit.plain_link(ics))
    start, end = _span(told)
    place = ", ".join(tell_address(told["location"] or {})) or told["virtualLocation"] or ""
    about = "\n".join(part for part in (told["description"], web_link(told["url"])) if part)[:MOST_TEXT]
    form, day = ("%Y%m%d", True) if told["allDay"] else ("%Y%m%dT%H%M%SZ", False)
    google = {"action": "TEMPLATE", "text": told["name"], "dates": f"{start:{form}}/{end:{form}}"}
    google |= {"details": about, "location": place}
    yield Link(
        words=say("calendar.google"),
        address=f"https://calendar.google.com/calendar/render?{urlencode(google, quote_via=quote)}",
    )
    outlook = {"rru": "addevent", "subject": told["name"], "startdt": start.isoformat(), "enddt": end.isoformat()}
    outlook |= {"body": about, "location": place, **({"allday": "true"} if day else {})}
    yield Link(
        words=say("calendar.outlook"),
        address=f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(outlook, quote_via=quote)}",
    )


def _span(told: Told) -> tuple[date, date]:
    """From when to when, in UTC, or from the first day to the day after the last."""
    start, end = told["startDate"], told["endDate"] or told["startDate"]
    if told["allDay"]:
        return date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1)
    return tuple(datetime.fromisoformat(text).astimezone(UTC) for text in (start, end))  # type: ignore[return-value]
