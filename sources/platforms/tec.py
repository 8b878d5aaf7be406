"""The Events Calendar (WordPress): its REST answers, and its iCalendar where that is what an address gives."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from aggregator.errors import ParseError
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import ics

_REST_PATH = "/wp-json/tribe/events/v1/events?per_page=50"
_CALENDAR_PATH = "/?post_type=tribe_events&ical=1&eventDisplay=list"
"""What the site's own “Subscribe” link asks for; `/events/?ical=1` may hold only a month, or five events."""
_IS_ENDPOINT = re.compile(r"/wp-json/|[?&]rest_route=|[?&](?:outlook-)?ical=1", re.IGNORECASE)
_EVENTS_PAGE = re.compile(r"/[^/]*(?:event|calendar)[^/]*(?:/.*)?$", re.IGNORECASE)
_END = "event-archive-page-not-found"
_SIGNS = ("/tribe/events/v1/", "tribe_events", _END)
_ROOT = re.compile(r"<link\b[^>]*\bhref=[\"']([^\"']+/tribe/events/v1/)[\"']", re.IGNORECASE)
_MARK = re.compile(
    r"tec-api-version|/tribe/events/v1/|wp-content/plugins/(?:the-events-calendar|events-calendar-pro)/|tribe-events-page-template"
)
_UID = re.compile(r"(\d+)-\d+-\d+@(.+)")
"""Their UID holds the times, so it changes when the times do; the number of the post, as REST tells it, does not."""


def recognise(page: Page) -> str | None:
    """An answer of its REST interface, or a calendar that its PRODID (ECPv6…) signs."""
    if page.body[:100].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}:
        text = page.text.replace("\\/", "/")
        return next((f"JSON that says {sign}" for sign in _SIGNS if sign in text), None)
    if ics.recognise(page):
        return "a calendar by ECP" if b" - ECPv" in page.body[:4096] else None
    told = page.header("x-tec-api-root") or page.header("x-tec-api-version")
    found = _MARK.search(page.text)
    return "a header of its interface" if told else f"a page that says {found[0][:40]}" if found else None


def address(page: Page) -> str | None:
    """The root of the interface, as a header or a link tells it; else the site."""
    if ics.recognise(page) or page.body.lstrip()[:1] in {b"{", b"["}:
        return None
    told = page.header("x-tec-api-root") or ((found := _ROOT.search(page.text)) and found[1])
    return clean_url(told, page.url) or _site(page.url)


def request(url: str) -> Request:
    """A site's address, or its REST interface's, becomes that of the events; another answer's stays."""
    if url.endswith("/tribe/events/v1/"):
        return Request(url=f"{url}events{'&' if '?' in url else '?'}per_page=50")
    return Request(url=url if _IS_ENDPOINT.search(url) else _site(url) + _REST_PATH)


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """Firewalls often close one of these doors and leave the others open."""
    site = _site(url)
    if "ical=1" in url:
        yield "tec", site + _REST_PATH
    else:
        yield "tec", site + _CALENDAR_PATH
    page = urlsplit(url)
    yield "html", f"{site}/events/" if page.query or "/wp-json/" in url or page.path in {"", "/"} else url


def _site(url: str) -> str:
    """Where WordPress lives, which may be a folder: `https://example.org/cms`."""
    parts = urlsplit(url)
    path = parts.path.partition("/wp-json")[0]
    return urlunsplit((parts.scheme, parts.netloc, _EVENTS_PAGE.sub("", path).rstrip("/"), "", ""))


def parse(page: Page) -> Iterator[Draft]:
    """Chosen by content: many a catalogue's address is that of the calendar. Past the last page there is nothing."""
    if ics.recognise(page):
        yield from map(_name_by_post, ics.parse(page))
    else:
        yield from (_draft(event, page.url) for event in _events(page))


def ends_whole(body: bytes) -> bool:
    """Whether the end of the answer, or of the calendar, has arrived."""
    return body.rstrip()[-1:] in {b"}", b"]"} or ics.ends_whole(body)


def follow(page: Page) -> Iterator[Request]:
    """The next page, as the answer names it."""
    if ics.recognise(page):
        return
    answer = _answer(page)
    address = clean_url(answer.get("next_rest_url"), page.url) if isinstance(answer, dict) else None
    if address:
        yield Request(url=address)


def _answer(page: Page) -> Any:
    try:
        return json.loads(page.text)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"{page.url} is no JSON answer of The Events Calendar: {error}") from error


def _events(page: Page) -> Iterator[dict[str, Any]]:
    answer = _answer(page)
    if isinstance(answer, dict):
        if answer.get("code") == _END:
            return
        answer = answer.get("events", [answer] if "start_date" in answer else None)
    if not isinstance(answer, list):
        raise ParseError(f"{page.url} is JSON, but no answer of The Events Calendar")
    yield from (event for event in answer if isinstance(event, dict))


def _name_by_post(draft: Draft) -> Draft:
    """A series keeps its UID: the times in it are those of its first date, which stay."""
    if draft.rrule or not draft.identifier:
        return draft
    return replace(draft, identifier=_UID.sub(r"\1@\2", draft.identifier))


def _draft(event: dict[str, Any], base: str) -> Draft:
    url = clean_url(_text(event.get("url") or event.get("link")), base)
    post = _text(event.get("id"))
    website = clean_url(_text(event.get("website")), base)
    organizer = _first(event.get("organizer") or event.get("organizers"))
    venue = _first(event.get("venue") or event.get("venues"))
    draft = Draft(
        identifier=f"{post}@{urlsplit(url or base).hostname}" if post else url,
        name=_text(event.get("title")),
        url=url,
        description=_text(event.get("description")) or _text(event.get("content")) or _text(event.get("excerpt")),
        image=clean_url(_text(_first(event.get("image")).get("url")), base),
        organizer=_text(organizer.get("organizer")) or _text(organizer.get("title")),
        organizer_url=clean_url(_text(organizer.get("website")), base),
        keywords=tuple(_names(event.get("categories"), event.get("tags"))),
        price=_text(event.get("cost")),
        price_currency=_text(_first(event.get("cost_details")).get("currency_code")),
        virtual_location=clean_url(_text(event.get("virtual_url")), base),
        event_attendance_mode=f"{'Mixed' if venue else 'Online'}EventAttendanceMode"
        if event.get("is_virtual")
        else None,
        event_status=_text(event.get("event_status")),
        same_as=(website,) if website else (),
    )
    return _at(_when(draft, event), venue)


def _when(draft: Draft, event: dict[str, Any]) -> Draft:
    """Wall clock and zone; where the zone is an offset without daylight saving, the instants."""
    start, end, zone = (_text(event.get(key)) for key in ("start_date", "end_date", "timezone"))
    if event.get("all_day"):
        return replace(draft, start_date=start and start[:10], end_date=end and end[:10])
    if zone and not zone.upper().startswith("UTC"):
        return replace(draft, start_date=start, end_date=end, time_zone=zone)
    instants = [_text(event.get(f"utc_{key}") or event.get(f"{key}_utc")) for key in ("start_date", "end_date")]
    if not instants[0] or not instants[0][0].isdigit():
        return replace(draft, start_date=start, end_date=end)
    doubts = ("the calendar's clock is set to UTC",) if zone in {"UTC", "UTC+0"} else ()
    start, end = (f"{instant}Z" if instant else None for instant in instants)
    return replace(draft, start_date=start, end_date=end, doubts=doubts)


def _at(draft: Draft, venue: dict[str, Any]) -> Draft:
    region = next(filter(None, (_text(venue.get(key)) for key in ("stateprovince", "state", "province"))), None)
    return replace(
        draft,
        location_name=_text(venue.get("venue")) or _text(venue.get("title")),
        street_address=_text(venue.get("address")),
        address_locality=_text(venue.get("city")),
        address_region=region or _text(venue.get("state_province")),
        postal_code=_text(venue.get("zip")),
        address_country=_text(venue.get("country")),
        latitude=_text(venue.get("geo_lat")),
        longitude=_text(venue.get("geo_lng")),
    )


def _first(value: object) -> dict[str, Any]:
    """An object, the first of a list of them, or, for `[]` and `false`, nothing."""
    value = next(iter(value), None) if isinstance(value, list) else value
    return value if isinstance(value, dict) else {}


def _names(*lists: object) -> Iterator[str]:
    for terms in lists:
        for term in terms if isinstance(terms, list) else ():
            if isinstance(term, dict) and (name := _text(term.get("name"))):
                yield name


def _text(value: object) -> str | None:
    """Text and numbers; newer versions wrap text in an object (`{"rendered": …}`)."""
    value = value.get("rendered") if isinstance(value, dict) else value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None
