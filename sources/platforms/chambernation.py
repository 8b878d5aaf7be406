"""Chamber Nation: the calendar that its script puts into a chamber's page, asked for as that script does."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.reading.zones import zone_name
from aggregator.source import Draft, Page, Request

__all__ = ["ends_whole", "parse", "recognise", "request"]

_API = "https://auth.chamberwidgets.com/cn-api/{}/calendar/events"
_ORG = re.compile(r"(?:org_id|orgId|data-org(?:-id)?)[\"']?\s*[:=]\s*[\"']?(\d{2,8})", re.IGNORECASE)
_SERVER = re.compile(r"cn-api/([\w-]+)/|(?:server|data-server)[\"']?\s*[:=]\s*[\"']([\w-]+)", re.IGNORECASE)
_MARKS = re.compile(r"chamberwidgets\.com|chamberorganizer\.com|ectownusa", re.IGNORECASE)
_YEAR = re.compile(rb"year%3D(\d{4})")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?")
SECOND_HALF = 7
"""The month from which half a year ahead is in the next."""
MIDNIGHT = "00:00:00"
_ONLINE = re.compile(r"zoom|virtual|webinar|teams", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """An answer by its dates, a page by the vendor's scripts."""
    told = page.text
    if told.lstrip()[:1] == "[":
        return "an answer of Chamber Nation" if '"calendar_date_id"' in told else None
    return "a page with Chamber Nation's script" if _MARKS.search(told) else None


def address(page: Page) -> str | None:
    """The interface, with the chamber's number as the page tells it."""
    org = _ORG.search(page.text) if page.text.lstrip()[:1] != "[" else None
    server = _SERVER.search(page.text)
    name = next(filter(None, server.groups()), "prod") if server else "prod"
    return f"{_API.format(name)}?org_id={org[1]}" if org else None


def request(url: str | None = None, org_id: int | str | None = None, server: str = "prod") -> Request:
    """A POST, whose one field begins with `&`."""
    found = re.search(r"cn-api/([\w-]+)/calendar/events\?org_id=(\d+)", url or "")
    name, org = (found[1], found[2]) if found else (server, org_id)
    if not org:
        raise ValueError("an org_id is needed, or the address with it that hobnob add finds in the chamber's page")
    asked = quote(f"&org_id={org}&year=") + "{today:%Y}" + quote("&month=&day=&category=")
    headers = (("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded"))
    return Request(url=_API.format(name), method="POST", body=f"searchValues={asked}".encode(), headers=headers)


def parse(page: Page) -> Iterator[Draft]:
    """One draft a date. Errors come as plain text with status 200."""
    if page.text.lstrip()[:1] != "[":
        raise ParseError(f"{page.url}: {page.text.strip()[:80] or 'nothing'}")
    for answer in read_json(page.text):
        yield from (_draft(event, page.url) for event in nodes(answer))


def follow(page: Page) -> Iterator[Request]:
    """From July on the next year too: an answer ends with its own."""
    asked, now = _YEAR.search(page.request.body or b""), page.fetched_at
    if asked and int(asked[1]) == now.year and now.month >= SECOND_HALF:
        yield replace(page.request, body=_YEAR.sub(b"year%%3D%d" % (now.year + 1), page.request.body or b""))


def _draft(event: Node, base: str) -> Draft:
    start, end = _times(event)
    streets, city = [text(event, name) for name in ("address", "address2")], text(event, "city")
    told = f"{text(event, 'name')} {text(event, 'location_name')}"
    is_online = not any((*streets, city)) and _ONLINE.search(told)
    zone = text(event, "timezone")
    return Draft(
        identifier=text(event, "calendar_date_id"),
        super_event=text(event, "eventid"),
        name=_mended(text(event, "name")),
        start_date=start,
        end_date=end,
        time_zone=zone_name(zone) or zone,
        event_status="cancelled" if text(event, "cd_cancelled_ind") == "Y" else None,
        event_attendance_mode="OnlineEventAttendanceMode" if is_online else None,
        description=_mended(text(event, "details", "description")),
        location_name=_mended(text(event, "location_name")),
        street_address=_mended(", ".join(filter(None, streets))) or None,
        address_locality=_mended(city),
        address_region=text(event, "state"),
        postal_code=text(event, "zip"),
        address_country=text(event, "country_code"),
        latitude=text(event, "c_lat"),
        longitude=text(event, "c_lng"),
        url=clean_url(text(event, "alt_landing_page", "more_info_link"), base),
    )


def _times(event: Node) -> tuple[str | None, str | None]:
    """Midnight, with midnight or nothing, is a whole day; an end that is not after its start is on the next day."""
    prefix = "cd_" if text(event, "cd_time_override_ind") == "Y" else ""
    start, end = (_clock(text(event, f"{prefix}{name}_time")) for name in ("start", "end"))
    first = _day(text(event, "startdate"))
    last = _day(text(event, "enddate")) or first
    if first is None or last is None or start is None or (start == MIDNIGHT and end in (None, MIDNIGHT)):
        return str(first) if first else None, str(last) if last else None
    if end is None:
        return f"{first}T{start}", None
    return f"{first}T{start}", f"{last + timedelta(days=first == last and end <= start)}T{end}"


def _day(told: str | None) -> date | None:
    """None for `0000-00-00`, by which they say that there is none."""
    try:
        return date.fromisoformat((told or "")[:10])
    except ValueError:
        return None


def _clock(told: str | None) -> str | None:
    return f"{told}:00"[:8] if told and _CLOCK.fullmatch(told) else None


def _mended(told: str | None) -> str | None:
    """UTF-8 that was taken for Windows-1252 once."""
    if told is None or not re.search(r"[ÃÂâ][\x80-\xbf€™“”]", told):
        return told
    try:
        return told.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return told
