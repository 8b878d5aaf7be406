"""WebLink Connect (MemberClicks): the XML of its calendar, or its RSS, whose titles end in the dates."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.feeds import ends_whole as feed_ends_whole
from aggregator.reading.feeds import is_feed, read_feed
from aggregator.reading.url import clean_url, site_of
from aggregator.reading.xml import Element, read_xml
from aggregator.source import Draft, Page, Request
from sources.platforms import rss

_XML = "/External/WCControls/V12/WebDeps/Calendar/xml/newCalendarXML.aspx"
_RSS = "/cwt/external/wcpages/wcevents/events_communitystartpage.aspx?rss=true"
_WINDOW = "startdate={today:%Y-%m-%d} 00:00:00.000&enddate={horizon:%Y-%m-%d} 00:00:00.000".replace(" ", "%20")
_MARKS = re.compile(r"/cwt/external/|/External/WCControls/|weblinkconnect\.com", re.IGNORECASE)
_MOMENT = r"\d{1,2}/\d{1,2}/\d{4}(?:\s+(?:\d{1,2}:\d\d\s*(?:[AP]M|Noon)|Noon))?"
_DATES = re.compile(rf"(.*?)[\s:–-]+({_MOMENT})(?:\s*[–-]\s*(.*))?", re.IGNORECASE)
_NOON = re.compile(r"(?:12:00\s*)?noon\b", re.IGNORECASE)
_NUMBER = re.compile(r"EventID=(\d+)", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """The XML by its root, a feed by its address, a page by the vendor's paths."""
    told = page.text
    if re.search(r"<newCalendarData", told[:500], re.IGNORECASE):
        return "the XML of WebLink's calendar"
    if is_feed(told):
        return "a feed by WebLink" if "wcevents" in f"{page.url} {told[:20_000]}".lower() else None
    return "a page of WebLink" if _MARKS.search(told) and told.lstrip()[:1] == "<" else None


def address(page: Page) -> str | None:
    """The site, whose calendar is asked for."""
    is_read = is_feed(page.text) or "<newCalendarData" in page.text[:500]
    return None if is_read else f"{site_of(page.url)}/"


def request(url: str) -> Request:
    """The XML of the days to come; a feed stays what it is."""
    parts = urlsplit(url)
    if "rss=true" in parts.query.lower() or "startdate" in parts.query.lower():
        return Request(url=url)
    return Request(url=f"{site_of(url)}{_XML}?{_WINDOW}")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The feed, where the XML is closed."""
    parts = urlsplit(url)
    if "rss=true" not in parts.query.lower():
        yield "weblink", f"{site_of(url)}{_RSS}"


def ends_whole(body: bytes) -> bool:
    """Whether the end of either has arrived."""
    return feed_ends_whole(body) or re.search(rb"</newCalendarData\w*>\s*$", body, re.IGNORECASE) is not None


def parse(page: Page) -> Iterator[Draft]:
    """From either form."""
    if is_feed(page.text):
        for member in read_feed(page.text).members:
            yield _split(rss.draft_member(member, page.url))
        return
    root = read_xml(page.text)
    events = [element for element in root.walk() if element.value("StartDateTimeUtc")]
    if not root.name.startswith("newcalendardata") or (root.children and not events):
        raise ParseError(f"{page.url}: neither the XML nor the feed of a WebLink calendar")
    yield from (_draft(event, page.url) for event in events)


def _split(draft: Draft) -> Draft:
    """“Mixer 4/21/2026 5:30 PM - 4/21/2026 7:00 PM”, or one date: the date of publishing says nothing."""
    found = _DATES.fullmatch(" ".join((draft.name or "").split()))
    number = _NUMBER.search(draft.url or "")
    draft = replace(draft, identifier=number[1] if number else draft.identifier, start_date=None, date_text=None)
    if not found:
        return draft
    start, end = (_NOON.sub("12:00 PM", part or "") for part in found.groups()[1:])
    return replace(draft, name=found[1], start_date=start, end_date=end or None)


def _draft(event: Element, base: str) -> Draft:
    streets = ", ".join(filter(None, (event.value("Address1"), event.value("Address2"))))
    return Draft(
        identifier=event.value("EventID", "ID", "Id"),
        name=event.value("Title", "EventName", "Name"),
        start_date=event.value("StartDateTimeUtc"),
        end_date=event.value("EndDateTimeUtc"),
        description=event.value("Descr", "Description"),
        location_name=event.value("Venue"),
        street_address=streets or None,
        address_locality=event.value("City"),
        address_region=event.value("State"),
        postal_code=event.value("Zip"),
        url=clean_url(event.value("Url", "Link", "DetailUrl"), base),
    )
