"""Google Calendar: the public iCalendar of a calendar, found also where a page embeds it."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from urllib.parse import quote, unquote

from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_FEED = "https://calendar.google.com/calendar/ical/{}/public/basic.ics"
_HOST = r"https?://(?:www\.)?(?:calendar\.google\.com|google\.com/calendar)/"
_EMBED = re.compile(
    rf"{_HOST}(?:calendar/)?(?:u/\d/)?(?:b/\d/)?(?:embed|r|render)\?[^\"'<>\s]*?\b(?:src|cid)=([^&\"'<>\s]+)"
)
_ICAL = re.compile(rf"{_HOST}(?:calendar/)?ical/([^/\"'<>\s]+)/p")
_ID = re.compile(r"[^@\s]+@(?:[\w-]+\.)+[a-z]{2,}")


def recognise(page: Page) -> str | None:
    """A calendar that Google signs, or a page that embeds one or links to its iCalendar."""
    if ics.recognise(page):
        return "a calendar by Google" if b"PRODID:-//Google Inc//Google Calendar" in page.body[:4096] else None
    found = address(page)
    return "a Google calendar that it embeds" if found else None


def address(page: Page) -> str | None:
    """The feed of the first calendar on the page."""
    return None if ics.recognise(page) else next(map(_FEED.format, _ids(page.text.replace("&amp;", "&"))), None)


def request(url: str | None = None, calendar: str | None = None) -> Request:
    """The feed, for the address of an embedded calendar too."""
    if not url and not calendar:
        raise ValueError("a url or a calendar (its id) is needed")
    found = quote(calendar, safe="") if calendar else next(_ids(url or ""), None)
    return ics.request(_FEED.format(found) if found else url or "")


def _ids(text: str) -> Iterator[str]:
    """Ids as an address has them, from `src` plain or escaped, from `cid` in base64, and from feeds."""
    for told in (*_EMBED.findall(text), *_ICAL.findall(text)):
        plain = unquote(unquote(told))
        known = plain if _ID.fullmatch(plain) else _decode(plain)
        if known:
            yield quote(known, safe="")


def _decode(text: str) -> str | None:
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return None
    return plain if _ID.fullmatch(plain) else None
