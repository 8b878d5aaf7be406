"""Luma: a calendar's iCalendar, the JSON of its events, and the state of its page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from urllib.parse import quote, urlsplit

from aggregator.errors import ParseError
from aggregator.reading import html
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, all_nodes, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import ics
from sources.platforms.meetup import page_state

_API = "https://api2.luma.com"
_HOSTS = re.compile(r"(?:(?:www|api2?)\.)?(?:luma\.com|lu\.ma)")
_CALENDAR = re.compile(r"\bcal-\w{8,}")
_TOLD_CALENDAR = re.compile(r"luma://calendar/(cal-\w{8,})|\"calendar_api_id\":\s*\"(cal-\w{8,})\"")
_EMBED = re.compile(
    r"<iframe\b[^>]*\bsrc=[\"']https?://(?:luma\.com|lu\.ma)/embed/calendar/(cal-\w{8,})", re.IGNORECASE
)
_SHOWN = ("featured_items", "upcoming_items", "entries")
_LINK = re.compile(r"https?://(?:luma\.com|lu\.ma)/\S+")


def recognise(page: Page) -> str | None:
    """A calendar by its UIDs, an answer by its ids, a page by its host, another's page by the calendar it embeds."""
    if ics.recognise(page):
        is_lumas = re.search(rb"(?m)^(?:UID:evt-\w+@|PRODID:.{0,40}\b)(?:events\.)?(?:lu\.ma|luma\.com)\b", page.body)
        return "a calendar by Luma" if is_lumas else None
    told = page.text
    if told.lstrip()[:1] == "{":
        is_answer = '"entries"' in told and ('"evt-' in told or _is_lumas(page.url))
        return "an answer of Luma" if is_answer else None
    return (
        "a page on Luma"
        if _is_lumas(page.url)
        else "a calendar of Luma that it embeds"
        if _EMBED.search(told)
        else None
    )


def address(page: Page) -> str | None:
    """The calendar that the page is of, or embeds."""
    if ics.recognise(page) or page.text.lstrip()[:1] == "{":
        return None
    found = _EMBED.search(page.text) or (_TOLD_CALENDAR.search(page.text) if _is_lumas(page.url) else None)
    return _feed(next(filter(None, found.groups()))) if found else None


def request(url: str | None = None, calendar: str | None = None) -> Request:
    """A calendar's iCalendar, where its id is known; else the page, on the host to which all others lead."""
    named = _CALENDAR.search(calendar or url or "")
    if not url and not named:
        raise ValueError("a url or a calendar (cal-…) is needed")
    if named and "/get" not in (url or ""):
        return ics.request(_feed(named[0]))
    return Request(url=re.sub(r"^https?://(?:www\.)?lu\.ma/", "https://luma.com/", url or ""))


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The JSON of the calendar, where its id is known."""
    named = _CALENDAR.search(url)
    if named and "get-items" not in url:
        yield "luma", f"{_API}/calendar/get-items?calendar_api_id={named[0]}&pagination_limit=100&period=future"


def _feed(calendar: str) -> str:
    return f"{_API}/ics/get?entity=calendar&id={calendar}"


def _is_lumas(url: str) -> bool:
    return bool(_HOSTS.fullmatch((urlsplit(url).hostname or "").lower()))


def ends_whole(body: bytes) -> bool:
    """Whether the end of the calendar, the answer or the page has arrived."""
    return ics.ends_whole(body) if b"BEGIN:VCALENDAR" in body[:1000] else html.ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """From whichever of the three the page is; hosts are persons, and are not read."""
    if ics.recognise(page):
        yield from map(_mend, ics.parse(page))
    else:
        yield from (_draft(shown) for shown in _shown(page) if isinstance(shown.get("event"), dict))


def follow(page: Page) -> Iterator[Request]:
    """The next page of the answer."""
    answer = (first_node(read_json(page.text)) or {}) if page.text.lstrip()[:1] == "{" else {}
    cursor = text(answer, "next_cursor")
    if cursor and answer.get("has_more") is True:
        first = re.sub(r"&pagination_cursor=[^&]*", "", page.url)
        yield Request(url=f"{first}&pagination_cursor={quote(cursor, safe='')}")


def _mend(draft: Draft) -> Draft:
    """The id without the host that Luma has changed once; a link instead of a place is the event's own page."""
    is_link = bool(_LINK.fullmatch((draft.location_text or "").strip()))
    identifier = re.sub(r"^(evt-\w+)@.*", r"\1", draft.identifier or "") or None
    return replace(draft, identifier=identifier, location_text=None if is_link else draft.location_text)


def _shown(page: Page) -> Iterator[Node]:
    is_answer = page.text.lstrip()[:1] == "{"
    states = [first_node(read_json(page.text)) or {}] if is_answer else all_nodes([page_state(page)])
    lists = [state[name] for state in states for name in _SHOWN if isinstance(state.get(name), list)]
    if not lists or not recognise(page):
        raise ParseError(f"{page.url}: no calendar of Luma")
    return chain.from_iterable(map(nodes, lists))


def _draft(shown: Node) -> Draft:
    event = first_node(shown.get("event")) or {}
    slug, kind = text(event, "url"), text(event, "location_type")
    ticket = first_node(shown.get("ticket_info")) or {}
    price = first_node(ticket.get("price")) or {}
    cents, is_free = text(price, "cents") or "", ticket.get("is_free")
    draft = Draft(
        identifier=text(event, "api_id"),
        name=text(event, "name"),
        start_date=text(event, "start_at"),
        end_date=text(event, "end_at"),
        time_zone=text(event, "timezone"),
        event_attendance_mode="OnlineEventAttendanceMode" if kind and kind != "offline" else None,
        organizer=text(first_node(shown.get("calendar")) or {}, "name"),
        url=clean_url(slug, "https://luma.com/") if slug else None,
        image=clean_url(text(event, "cover_url")),
        price=f"{int(cents) / 100:.2f}" if cents.isdecimal() else None,
        price_currency=text(price, "currency"),
        is_accessible_for_free=is_free if isinstance(is_free, bool) else None,
    )
    return draft if draft.event_attendance_mode else _at(draft, event)


def _at(draft: Draft, event: Node) -> Draft:
    """A place that is shown to guests only is told by its town, and its coordinates lie somewhere near."""
    place = first_node(event.get("geo_address_info")) or {}
    if text(place, "mode") == "obfuscated" or not text(place, "address", "full_address"):
        return replace(draft, location_text=text(place, "city_state", "short_address"))
    return replace(
        draft,
        location_name=text(place, "address"),
        location_text=text(place, "full_address", "city_state"),
        latitude=text(event, "geo_latitude"),
        longitude=text(event, "geo_longitude"),
    )
