"""GrowthZone, ChamberMaster: the XML catalogue, else the cards of a listing, else an event's own page or calendar."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from aggregator.errors import ParseError
from aggregator.reading.html import Node, attribute, parse_html, text_of
from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.url import clean_url, site_of
from aggregator.reading.xml import Element, read_xml
from aggregator.source import Draft, Page, Request
from sources.platforms import html, ics

_PATH = "/api/events"
_NUMBER = re.compile(r"-(\d{3,})(?:\.ics)?/?(?:\?|$)")
_DETAILS = re.compile(r"/details/|/ical/", re.IGNORECASE)
_US = re.compile(r"(\d{1,2}/\d{1,2}/\d{4}) (\d{1,2}:\d\d)(?::\d\d)? ([AP]M)", re.IGNORECASE)
_MARKS = re.compile(
    r"class=[\"'][^\"']*\b(?:gz-(?:events|event|cal|card)|mn-(?:event|calendar|section))\b|chambermaster\.blob\.core"
    r"|micronetonline|_mnisq|growthzone(?:app)?\.com/(?:ap|content)",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"gz-events-empty|there are no events that meet|no (?:upcoming )?events (?:were )?found", re.IGNORECASE
)
_FEES = re.compile(r"\b(?:vendor|booth|float|sponsor|exhibit|entr(?:y|ies))", re.IGNORECASE)
"""What somebody pays who takes part in another way than a visitor."""


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
        yield from html.parse(page)
    else:
        yield from _cards(page)


def follow(page: Page) -> Iterator[Request]:
    """Of cards, which tell no place, the calendar of each event; of a print list the next page, until one is empty."""
    if "<ArrayOfEventDisplay" in page.text[:2000] or ics.recognise(page) or _DETAILS.search(urlsplit(page.url).path):
        return
    drafts = list(_cards(page))
    parts, asked = urlsplit(page.url), dict(parse_qsl(urlsplit(page.url).query))
    if drafts and asked.get("page", "").isdecimal():
        query = urlencode({**asked, "page": int(asked["page"]) + 1})
        yield Request(url=urlunsplit(parts._replace(query=query)))
    for draft in drafts:
        if draft.url and draft.identifier:
            yield Request(url=_calendar_of(draft.url), completes=draft.identifier)


def _calendar_of(url: str) -> str:
    """`/events/addtocalendar/x-1?format=ICal` for `/events/details/x-1`; of new sites `/calendar/ICal/x-1.ics`."""
    parts = urlsplit(url)
    if "/Details/" in parts.path:
        return urlunsplit(parts._replace(path=parts.path.replace("/Details/", "/ICal/") + ".ics", query=""))
    path = re.sub(r"/details/", "/addtocalendar/", parts.path, flags=re.IGNORECASE)
    return urlunsplit(parts._replace(path=path, query="format=ICal"))


def _catalogue(page: Page) -> Iterator[Draft]:
    for event in read_xml(page.text).named("eventdisplay"):
        if (event.value("status") or "APPROVED").upper() == "APPROVED":
            yield _display(event, page.url)


def _display(event: Element, base: str) -> Draft:
    """Its times are local, whatever stands behind them; `MapCity` is a dummy where `LocationDesc` says otherwise."""
    number, slug = event.value("EventID"), event.value("Slug")
    is_all_day = (event.value("IsAllDayEvent") or "").lower() == "true"
    start, end = (_local(event.value(name), is_day=is_all_day) for name in ("StartDate", "EndDate"))
    place, price = event.value("LocationDesc"), event.value("AdmissionDesc")
    return Draft(
        identifier=number,
        name=event.value("Name"),
        start_date=start,
        end_date=end,
        description=event.value("Description"),
        location_text=place,
        street_address=None if place else event.value("MapAddr1"),
        address_locality=None if place else event.value("MapCity"),
        price=None if price and _FEES.search(price) else price,
        url=urljoin(base, f"/events/details/{slug}-{number}") if slug and number else None,
    )


def _local(told: str | None, *, is_day: bool) -> str | None:
    return (told[:10] if is_day else told[:19]) if told else None


def _cards(page: Page) -> Iterator[Draft]:
    tree = parse_html(page.text)
    cards = tree.css(".gz-events-card")
    if not cards and not _EMPTY.search(page.text):
        raise ParseError(f"{page.url}: neither a listing of GrowthZone nor an empty one")
    for card in cards:
        link = card.css_first(".gz-card-title a[href], a.gz-event-card-title[href], .gz-card-title[href]")
        if link is not None:
            yield _card(card, link, page.url)


def _card(card: Node, link: Node, base: str) -> Draft:
    url = clean_url(attribute(link, "href"), base)
    number = _NUMBER.search(url or "")
    image, text = card.css_first("img.gz-events-img"), card.css_first(".gz-events-description, [itemprop=about]")
    start, end = (_told(card, name, place) for name, place in (("startDate", "span"), ("endDate", "meta")))
    return Draft(
        identifier=number[1] if number else url,
        name=text_of(link),
        start_date=start,
        end_date=end,
        description=text_of(text) if text is not None else None,
        image=clean_url(attribute(image, "src"), base) if image is not None else None,
        url=url,
    )


def _told(card: Node, name: str, place: str) -> str | None:
    """New cards write the American way in microdata, old ones ISO in the first elements with a content."""
    node = card.css_first(f"meta[itemprop={name}]") or card.css_first(f".gz-card-date {place}[content]")
    told = (attribute(node, "content") or "") if node is not None else ""
    american = _US.search(told)
    return f"{american[1]} {american[2]} {american[3]}" if american else told or None
