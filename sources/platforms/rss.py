"""RSS, Atom and JSON Feed, with what a publishing date means on each platform."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape

from aggregator.errors import ParseError, UnreadDateError
from aggregator.reading.dates import DateOrder, read_clock
from aggregator.reading.feeds import Feed, Member, ends_whole, is_feed, read_feed
from aggregator.reading.feeds.dates import find_in_description, find_in_title, published_as_iso
from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page
from sources.platforms import civicplus, trumba

__all__ = ["ends_whole", "parse", "recognise"]

_LINK = re.compile(r"<link\b(?=[^>]*\brel=[\"']?alternate)(?=[^>]*application/(?:rss|atom)\+xml)[^>]*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref=[\"']?([^\"'\s>]+)", re.IGNORECASE)
_OF_EVENTS = re.compile(r"event|calendar|meeting", re.IGNORECASE)

_STARTS = ("dtstart", "localstart", "startdate", "start_date", "startdatetime", "eventdate", "event_date", "start")
_ENDS = ("dtend", "localend", "enddate", "end_date", "enddatetime", "end")
_WAYS = ("auto", "pubdate", "title", "description", "element")
_PUBDATE_IS_START = {
    "Localist": ("localist",),
    "LiveWhale": ("livewhale", "/live/rss/"),
    "Wild Apricot": ("wildapricot", "wild apricot", "/eventmodule/", "/events/rss"),
    "The Events Calendar": ("post_type=tribe_events", "/events/feed"),
}
"""Platforms that put the start of an event where others put the date of publishing, and how each is known."""


def recognise(page: Page) -> str | None:
    """A feed by its first element."""
    return "it begins as a feed" if is_feed(page.text) else None


def ends_whole_or_page(body: bytes) -> bool:
    """The same of what is either a feed or a page."""
    return ends_whole(body) if is_feed(body[:4096].decode("latin-1")) else page_ends_whole(body)


def linked(page: Page) -> str | None:
    """The feed that the page's head names, when its name or address says that it is of events."""
    for link in _LINK.findall(page.text):
        address = _HREF.search(link)
        if address and _OF_EVENTS.search(link) and "comments" not in link.lower():
            return clean_url(unescape(address[1]), page.url)
    return None


def parse(page: Page, date_from: str = "auto", date_order: DateOrder = "mdy") -> Iterator[Draft]:
    """`date_from`: `pubdate`, `title`, `description` or `element:NAME` where the source knows what its feed means.

    A member whose date is not told gives a draft without a start, so that its rejection can be shown.
    """
    if date_from.partition(":")[0] not in _WAYS:
        raise ParseError(f"date_from is one of {', '.join(_WAYS)}, not “{date_from}”")
    feed = read_feed(page.text)
    if date_from == "auto" and civicplus.is_calendar(feed):
        yield from civicplus.read(feed, page.url)
    elif date_from == "auto" and trumba.is_calendar(feed):
        yield from trumba.read(feed, page.url)
    else:
        if date_from == "auto" and pubdate_is_start(feed, page.url):
            date_from = "pubdate"
        for member in feed.members:
            draft = draft_member(member, page.url)
            yield _tell_date(draft, member, date_from, page.fetched_at.date(), date_order)


def pubdate_is_start(feed: Feed, url: str) -> str | None:
    """The platform, when it is one of those."""
    member = feed.members[0] if feed.members else Member()
    told = " ".join((url, feed.generator or "", feed.url or "", member.identifier or "", *feed.namespaces)).lower()
    return next((name for name, signs in _PUBDATE_IS_START.items() if any(sign in told for sign in signs)), None)


def draft_member(member: Member, base: str) -> Draft:
    """Everything but the date."""
    latitude, longitude = _point(member)
    return Draft(
        identifier=member.identifier or member.element("uid") or member.url,
        name=member.title,
        url=clean_url(member.url, base),
        description=member.description,
        image=clean_url(member.image, base),
        keywords=member.categories,
        location_text=member.element("location", "venue", "place"),
        latitude=latitude,
        longitude=longitude,
        organizer=member.element("organizer"),
        event_status=member.element("status", "eventstatus"),
        price=member.element("cost", "price"),
    )


def _point(member: Member) -> tuple[str | None, str | None]:
    point = (member.element("point") or "").replace(",", " ").split()
    if len(point) == 2:
        return point[0], point[1]
    return member.element("lat", "latitude"), member.element("long", "lon", "longitude")


def _tell_date(draft: Draft, member: Member, date_from: str, now: date, order: DateOrder) -> Draft:
    """The draft with its date: from what was declared, else from its elements, else from a clear span in its prose."""
    method, _, name = date_from.partition(":")
    if method == "element":
        return replace(draft, start_date=member.element(name.lower().rpartition(":")[2]))
    if method in {"auto", "pubdate"} and (start := _with_time(member, _STARTS, ("starttime", "starthour"))):
        return replace(draft, start_date=start, end_date=_with_time(member, _ENDS, ("endtime", "endhour")))
    if method == "pubdate":
        return replace(draft, start_date=published_as_iso(member))
    finders = {"title": (find_in_title,), "description": (find_in_description,)}
    for find in finders.get(method, (find_in_title, find_in_description)):
        if found := find(member, now=now, order=order):
            return replace(draft, date_text=found.words, name=found.name or draft.name)
    return draft


def _with_time(member: Member, days: tuple[str, ...], times: tuple[str, ...]) -> str | None:
    """A day and the time that an element of its own tells."""
    day, time = member.element(*days), member.element(*times)
    if day is None or time is None or len(day) > len("2026-10-04"):
        return day
    try:
        return f"{day}T{read_clock(time)[0].isoformat()}"
    except UnreadDateError:
        return day
