"""CivicPlus: the calendar's RSS, whose elements stand in a namespace of each site's own, and its iCalendar."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urljoin, urlsplit

from aggregator.errors import ParseError
from aggregator.reading import feeds
from aggregator.reading.feeds import Feed, Member, is_feed, read_feed
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import ics

_MARKS = re.compile(
    r"href=[\"'][^\"']*/common/modules/iCalendar|content=[\"'](?:CivicPlus|CivicEngage)|href=[\"'](?:https?://[^/]+)?/?"
    r"Calendar\.aspx\?(?:EID|CID|view)=|/antiforgery[\"']?[^>]*civicplus|cdn\.civicplus|civicplus\.com/[\w/]*\.(?:js|css)",
    re.IGNORECASE,
)
_WHOLE_DAY = {"", "12:00 AM - 11:59 PM", "12:00 AM - 12:00 AM"}
_LOST_LINE_END = re.compile(
    r"\b(?:St|Street|Ave|Avenue|Blvd|Boulevard|Rd|Road|Dr|Drive|Ln|Lane|Ct|Court|Pl|Place|Way|Cir|Circle|Ter|Terrace"
    r"|Trl|Trail|Pkwy|Parkway|Hwy|Highway|Sq|Square|Loop|Plaza|[NSEW]|[NS][EW]|\d+|(?<=Suite )\w|(?<=Ste )\w)\.?"
    r"(?=[A-Z][a-z])"
)
"""The line end between street and town is lost: “1905 W 1st StGulf Shores, AL”."""


def recognise(page: Page) -> str | None:
    """By the elements of the feed's members, or by who wrote the calendar and where it lies."""
    text = page.text
    if ":EventDates>" in text and is_feed(text):
        return "a feed with CivicPlus calendar elements"
    if ics.recognise(page):
        return "a calendar at CivicPlus's address" if "icalendar.aspx" in page.url.lower() else None
    return "a page of CivicPlus" if _MARKS.search(text) else None


def address(page: Page) -> str | None:
    """The calendar of the site that the page is of."""
    is_read = ics.recognise(page) or is_feed(page.text)
    return None if is_read else urljoin(page.url, "/calendar.aspx")


def request(url: str) -> Request:
    """A site's calendar page becomes its feed of all calendars; an address of a feed stays."""
    if re.search(r"/calendar\.aspx$", urlsplit(url).path, re.IGNORECASE):
        return Request(url=urljoin(url, "/RSSFeed.aspx?ModID=58&CID=All-calendar.xml"))
    return Request(url=url)


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The calendar in iCalendar, for a site whose feed is closed or stale."""
    yield "civicplus", urljoin(url, "/common/modules/iCalendar/iCalendar.aspx?feed=calendar")


def ends_whole(body: bytes) -> bool:
    """Whether the end of the feed, or of the calendar, has arrived."""
    return feeds.ends_whole(body) or ics.ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """From the feed or the calendar, whichever the page is."""
    if ics.recognise(page):
        yield from map(_name_by_page, ics.parse(page))
        return
    feed = read_feed(page.text)
    if feed.members and not is_calendar(feed):
        raise ParseError(f"{page.url} is a feed, but not of a CivicPlus calendar")
    yield from read(feed, page.url)


def _name_by_page(draft: Draft) -> Draft:
    """Their iCalendar mostly gives every event the calendar's own address; the event's own holds its number."""
    if draft.url and "icalendar.aspx" in draft.url.lower():
        return replace(draft, url=None)
    is_date_of_series = draft.super_event is not None
    return draft if is_date_of_series else replace(draft, identifier=_number(draft.url) or draft.identifier)


def _number(url: str | None) -> str | None:
    number = parse_qs(urlsplit(url or "").query).get("EID")
    return f"EID={number[0]}" if number else None


def is_calendar(feed: Feed) -> bool:
    """Whether a member has CivicPlus's dates."""
    return any(member.element("eventdates") for member in feed.members)


def read(feed: Feed, base: str) -> Iterator[Draft]:
    """The drafts of a feed that is one."""
    for member in feed.members:
        yield _tell_dates(_draft(member, base), member.element("eventdates"), member.element("eventtimes") or "")


def _draft(member: Member, base: str) -> Draft:
    url = clean_url(member.url, base)
    return Draft(
        identifier=_number(url) or member.identifier or url,
        name=member.title,
        url=url,
        description=member.description,
        image=clean_url(member.image, base),
        location_text=_LOST_LINE_END.sub(r"\g<0>, ", member.element("location") or "") or None,
        keywords=member.categories,
    )


def _tell_dates(draft: Draft, dates: str | None, times: str) -> Draft:
    """`October 4, 2026` or `A - B`, and `09:00 AM - 11:00 AM`, which is of the first day and the last."""
    if dates is None:
        return draft
    try:
        days = [datetime.strptime(day.strip(), "%B %d, %Y").date() for day in dates.split(" - ")]  # noqa: DTZ007
        if times.strip() in _WHOLE_DAY:
            return replace(draft, start_date=days[0].isoformat(), end_date=days[-1].isoformat() if days[1:] else None)
        clocks = [datetime.strptime(time.strip(), "%I:%M %p").time() for time in times.split(" - ")]  # noqa: DTZ007
    except ValueError:
        return replace(draft, date_text=f"{dates} {times}".strip())
    return replace(
        draft,
        start_date=datetime.combine(days[0], clocks[0]).isoformat(),
        end_date=datetime.combine(days[-1], clocks[-1]).isoformat() if clocks[1:] else None,
    )
