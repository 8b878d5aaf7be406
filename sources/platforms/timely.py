"""timely (time.ly, once the All-in-One Event Calendar): a calendar's export as xCal or iCalendar."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from aggregator.reading.xcal import NAMESPACE, to_ical
from aggregator.source import Draft, Page, Request
from sources.platforms import ics

_EXPORT = "https://timelyapp.time.ly/api/calendars/{}/export?format=xml"
_NUMBER = re.compile(r"(?:time\.ly/api/calendars/|data-calendar-id=[\"']?|calendar_id[\"']?\s*[:=]\s*[\"']?)(\d{5,})")
_MARKS = re.compile(
    r"(?:src|href|data-src)\s*=\s*[\"']https?://(?:events|calendar|timelyapp|dashboard)\.(?:time|timely)\.(?:ly|fun)/",
    re.IGNORECASE,
)


def recognise(page: Page) -> str | None:
    """An export with their UIDs or host, or a page that embeds their calendar."""
    if NAMESPACE in page.text[:3000]:
        return "xCal by timely" if "time.ly" in page.text[:20_000] else None
    if ics.recognise(page):
        return "a calendar by timely" if b"-time.ly" in page.body[:20_000] or "time.ly/" in page.url else None
    return "a timely calendar that it embeds" if _MARKS.search(page.text) else None


def address(page: Page) -> str | None:
    """The export, where the page tells the calendar's number."""
    is_export = NAMESPACE in page.text[:3000] or ics.recognise(page)
    found = None if is_export else _NUMBER.search(page.text)
    return _EXPORT.format(found[1]) if found else None


def request(url: str | None = None, calendar: int | str | None = None) -> Request:
    """The export."""
    if not url and not calendar:
        raise ValueError("a url or a calendar (its number) is needed")
    return Request(url=_EXPORT.format(quote(str(calendar))) if calendar else url or "")


def ends_whole(body: bytes) -> bool:
    """Whether the end of the export has arrived."""
    return body.rstrip().endswith(b"</icalendar>") or ics.ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """From either form; a name “None” is none, and what it calls free is."""
    is_xcal = NAMESPACE in page.text[:3000]
    calendar = replace(page, body=to_ical(page.text), headers=()) if is_xcal else page
    for draft in ics.parse(calendar):
        yield replace(draft, name=None) if (draft.name or "").strip().lower() == "none" else draft
