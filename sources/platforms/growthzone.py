"""GrowthZone, ChamberMaster: the XML catalogue, else the cards of a listing; of each event its calendar and page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.html import parse_html, text_at
from aggregator.reading.structured import read_structured
from aggregator.reading.url import site_of
from aggregator.reading.xml import Element, read_xml
from aggregator.source import Draft, Page, Request
from sources.platforms import html, ics
from sources.platforms._growthzone import read_cards

_PATH = "/api/events"
_DETAILS = re.compile(r"/details/|/ical/", re.IGNORECASE)
_MARKS = re.compile(
    r"class=[\"'][^\"']*\b(?:gz-(?:events|event|cal|card)|mn-(?:event|calendar|section))\b|chambermaster\.blob\.core"
    r"|micronetonline|_mnisq|growthzone(?:app)?\.com/(?:ap|content)",
    re.IGNORECASE,
)
_FEES = re.compile(r"\b(?:vendor|booth|float|sponsor|exhibit|entr(?:y|ies))", re.IGNORECASE)
"""What somebody pays who takes part in another way than a visitor."""

_OWN = {
    "name": ".gz-pagetitle, .gz-event-details-header h1, .gz-event-details h1",
    "date_text": ".gz-event-time, .gz-subtitle, .gz-details-time",
    "location_text": ".gz-event-location p, .gz-location-description, .gz-event-address",
    "street_address": ".gz-street-address",
    "address_locality": ".gz-city",
    "address_region": ".gz-state",
    "postal_code": ".gz-postalcode",
    "description": ".gz-event-description",
    "price": "div.gz-event-fees p, span.gz-event-fees, .gz-event-pricing-info",
}
"""Where an event's own page tells what, in either generation."""


def recognise(page: Page) -> str | None:
    """The catalogue by its elements, an event's calendar by who made it, a page by the classes of either generation."""
    told = page.text
    if "<ArrayOfEventDisplay" in told[:2000]:
        return "the XML catalogue of ChamberMaster"
    if ics.recognise(page):
        return "a calendar by ChamberMaster" if b"//ChamberMaster//" in page.body[:2000] else None
    found = _MARKS.search(told)
    return f"a page with {found[0][:40]!r}" if found else None


def address(page: Page) -> str | None:
    """The site whose calendar the page shows."""
    told = page.text
    if "<ArrayOfEventDisplay" in told[:2000] or ics.recognise(page):
        return None
    links = re.findall(
        r"href=[\"'](https?://[^/\"']+)/(?:events|calendar)/(?:details|catgid|calendar)", told, re.IGNORECASE
    )
    return links[0] if links else site_of(page.url)


def request(url: str) -> Request:
    """The catalogue of the site; a print list, and an event's page or calendar, stay what they are."""
    parts = urlsplit(url)
    if parts.path.lower().endswith(_PATH) or "rendermode=print" in parts.query or _DETAILS.search(parts.path):
        return Request(url=url)
    return Request(url=f"{site_of(url)}{_PATH}")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The listing as a print list, where the catalogue is closed."""
    parts = urlsplit(url)
    path = parts.path if parts.path.strip("/") and not parts.path.lower().endswith(_PATH) else "/events"
    if "rendermode=print" not in parts.query:
        window = "rendermode=print&from={today:%m/%d/%Y}&to={horizon:%m/%d/%Y}&page=1"
        yield "growthzone", f"{site_of(url)}{path}?{window}"


def ends_whole(body: bytes) -> bool:
    """Whether the end of the catalogue, the calendar or the page has arrived."""
    if ics.OPENING.search(body[:4096]):
        return ics.ends_whole(body)
    return (
        body.rstrip().endswith(b"</ArrayOfEventDisplay>")
        if b"<ArrayOfEventDisplay" in body[:2000]
        else page_ends_whole(body)
    )


def parse(page: Page) -> Iterator[Draft]:
    """From whichever of the four the page is."""
    if "<ArrayOfEventDisplay" in page.text[:2000]:
        yield from _catalogue(page)
    elif ics.recognise(page):
        yield from ics.parse(page)
    elif _DETAILS.search(urlsplit(page.url).path):
        yield from _own_page(page)
    else:
        yield from read_cards(page)


def follow(page: Page) -> Iterator[Request]:
    """Of what lacks something the calendar, and after that the page; of a print list the next, until one says no more.

    A list that has no further page may show its last again: so each is told, after `#`, how the one before began.
    """
    if page.request.completes:
        if ics.recognise(page):
            yield Request(url=_page_of(page.request.url), completes=page.request.completes)
        return
    if ics.recognise(page) or _DETAILS.search(urlsplit(page.url).path):
        return
    drafts = list(parse(page))
    parts, asked = urlsplit(page.url), dict(parse_qsl(urlsplit(page.url).query))
    if drafts and asked.get("page", "").isdecimal() and urlsplit(page.request.url).fragment != drafts[0].identifier:
        query = urlencode({**asked, "page": int(asked["page"]) + 1})
        yield Request(url=urlunsplit(parts._replace(query=query, fragment=drafts[0].identifier or "")))
    for draft in drafts:
        if draft.url and draft.identifier and _is_wanting(draft, page):
            yield Request(url=_calendar_of(draft.url), completes=draft.identifier)


def _is_wanting(draft: Draft, page: Page) -> bool:
    """Cards tell neither place nor price; of the catalogue only events to come are worth a page."""
    if "<ArrayOfEventDisplay" not in page.text[:2000]:
        return True
    is_coming = (draft.start_date or "") >= page.fetched_at.date().isoformat()
    place = draft.location_text or draft.street_address
    return is_coming and not (place and draft.end_date and draft.description)


def _calendar_of(url: str) -> str:
    """`/events/addtocalendar/x-1?format=ICal` for `/events/details/x-1`; of new sites `/calendar/ICal/x-1.ics`."""
    parts = urlsplit(url)
    if "/Details/" in parts.path:
        return urlunsplit(parts._replace(path=parts.path.replace("/Details/", "/ICal/") + ".ics", query=""))
    path = re.sub(r"/details/", "/addtocalendar/", parts.path, flags=re.IGNORECASE)
    return urlunsplit(parts._replace(path=path, query="format=ICal"))


def _page_of(calendar: str) -> str:
    parts = urlsplit(calendar)
    path = parts.path.replace("/ICal/", "/Details/").removesuffix(".ics").replace("/addtocalendar/", "/details/")
    return urlunsplit(parts._replace(path=path, query=""))


def _catalogue(page: Page) -> Iterator[Draft]:
    for event in read_xml(page.text).named("eventdisplay"):
        if (event.value("status") or "APPROVED").upper() == "APPROVED":
            yield _display(event, page.url)


def _display(event: Element, base: str) -> Draft:
    """Its times are local, whatever stands behind them; `MapCity` is a dummy where `LocationDesc` says otherwise."""
    number, slug = event.value("EventID"), event.value("Slug")
    is_all_day = (event.value("IsAllDayEvent") or "").lower() == "true"
    start, end = (_local(event.value(name), is_day=is_all_day) for name in ("StartDate", "EndDate"))
    place = event.value("LocationDesc")
    return Draft(
        identifier=number,
        name=event.value("Name"),
        start_date=start,
        end_date=end,
        description=event.value("Description"),
        location_text=place,
        street_address=None if place else event.value("MapAddr1"),
        address_locality=None if place else event.value("MapCity"),
        price=_admission(event.value("AdmissionDesc")),
        url=urljoin(base, f"/events/details/{slug}-{number}") if slug and number else None,
    )


def _admission(told: str | None) -> str | None:
    return None if told and _FEES.search(told) else told


def _local(told: str | None, *, is_day: bool) -> str | None:
    return (told[:10] if is_day else told[:19]) if told else None


def _own_page(page: Page) -> Iterator[Draft]:
    """Structured data where there is some, and what else the page shows."""
    tree = parse_html(page.text)
    own: dict[str, Any] = {name: told for name, place in _OWN.items() if (told := text_at(tree, place))}
    if "name" not in own:
        yield from html.parse(page)
        return
    own["description"] = own.get("description", "").removeprefix("Description").strip() or None
    own["price"] = _admission(own.get("price"))
    structured = list(read_structured(page.text, page.url))
    draft = structured[0] if len(structured) == 1 else Draft(url=page.url)
    yield replace(draft, **{name: words for name, words in own.items() if not getattr(draft, name)})
