"""LiveWhale: a calendar's JSON, or its iCalendar."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url, site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = ("/livewhale/", "lw_cal", "livewhale.net", "lw-event")


def recognise(page: Page) -> str | None:
    """A calendar or an answer at its addresses, or a page with its marks."""
    if ics.recognise(page):
        is_theirs = "/live/ical/" in page.url or b"LiveWhale" in page.body[:4096]
        return "a calendar by LiveWhale" if is_theirs else None
    told = page.text
    if told.lstrip()[:1] in {"{", "["}:
        return "an answer of LiveWhale" if "/live/json/" in page.url else None
    return "a page of LiveWhale" if sum(mark in told for mark in _MARKS) > 1 else None


def address(page: Page) -> str | None:
    """The calendar of all events of the site."""
    if ics.recognise(page) or page.text.lstrip()[:1] in {"{", "["}:
        return None
    return f"{site_of(page.url)}/live/ical/events"


def request(url: str) -> Request:
    """A site's page becomes its calendar; an address of a feed stays."""
    parts = urlsplit(url)
    return ics.request(url if "/live/" in parts.path else f"{site_of(url)}/live/ical/events")


def parse(page: Page) -> Iterator[Draft]:
    """From either form."""
    if ics.recognise(page):
        yield from ics.parse(page)
        return
    if page.text.lstrip()[:1] not in {"{", "["}:
        raise ParseError(f"{page.url}: neither a calendar nor an answer of LiveWhale")
    for answer in read_json(page.text):
        told = first_node(answer) or {} if isinstance(answer, dict) else {}
        for event in nodes(told.get("data", told.get("events", answer))):
            if text(event, "title"):
                yield _draft(event, page.url)


def _draft(event: Node, base: str) -> Draft:
    is_all_day = event.get("is_all_day") in (True, "1", "true")
    start, end = (text(event, *names) for names in (("date_iso", "date_utc"), ("date2_iso", "date2_utc")))
    return Draft(
        identifier=text(event, "id", "gid", "url"),
        name=text(event, "title"),
        start_date=start and start[:10] if is_all_day else start,
        end_date=end and end[:10] if is_all_day else end,
        time_zone=text(event, "timezone", "tz_name"),
        event_status="cancelled" if event.get("is_canceled") in (True, "1", "true") else None,
        description=text(event, "description", "summary"),
        image=clean_url(text(event, "thumbnail"), base),
        url=clean_url(text(event, "url"), base),
        location_text=text(event, "location", "location_title"),
        latitude=text(event, "location_latitude"),
        longitude=text(event, "location_longitude"),
        price=text(event, "cost"),
        organizer=text(event, "group_title", "group"),
    )
