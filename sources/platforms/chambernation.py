"""Chamber Nation: the calendar that its script puts into a chamber's page, asked for as that script does."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import quote

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["ends_whole", "parse", "recognise", "request"]

_API = "https://auth.chamberwidgets.com/cn-api/{}/calendar/events"
_ORG = re.compile(r"(?:org_id|orgId|data-org(?:-id)?)[\"']?\s*[:=]\s*[\"']?(\d{2,8})", re.IGNORECASE)
_SERVER = re.compile(r"cn-api/([\w-]+)/|(?:server|data-server)[\"']?\s*[:=]\s*[\"']([\w-]+)", re.IGNORECASE)
_MARKS = re.compile(r"chamberwidgets\.com|chamberorganizer\.com|ectownusa", re.IGNORECASE)
_ZONES = {"EST": "America/New_York", "CST": "America/Chicago", "MST": "America/Denver", "PST": "America/Los_Angeles"}
"""What they call a zone, all year round."""

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


def _draft(event: Node, base: str) -> Draft:
    prefix = "cd_" if text(event, "cd_time_override_ind") == "Y" else ""
    clocks = [_clock(text(event, f"{prefix}{name}_time")) for name in ("start", "end")]
    days = [text(event, "startdate"), text(event, "enddate") or text(event, "startdate")]
    is_all_day = clocks in ([None, None], ["00:00:00", "00:00:00"])
    place = text(event, "address"), text(event, "city")
    is_online = not any(place) and _ONLINE.search(f"{text(event, 'name')} {text(event, 'location_name')}")
    return Draft(
        identifier=text(event, "calendar_date_id"),
        super_event=text(event, "eventid"),
        name=_mended(text(event, "name")),
        start_date=days[0] if is_all_day else f"{days[0]}T{clocks[0] or '00:00:00'}",
        end_date=days[1] if is_all_day else _end(days, clocks),
        time_zone=_ZONES.get(text(event, "timezone") or ""),
        event_status="cancelled" if text(event, "cd_cancelled_ind") == "Y" else None,
        event_attendance_mode="OnlineEventAttendanceMode" if is_online else None,
        description=_mended(text(event, "details", "description")),
        location_name=_mended(text(event, "location_name")),
        street_address=place[0],
        address_locality=place[1],
        address_region=text(event, "state"),
        postal_code=text(event, "zip"),
        address_country=text(event, "country_code"),
        latitude=text(event, "c_lat"),
        longitude=text(event, "c_lng"),
        url=clean_url(text(event, "alt_landing_page", "more_info_link"), base),
    )


def _clock(told: str | None) -> str | None:
    return told if told and re.fullmatch(r"\d\d:\d\d(?::\d\d)?", told) else None


def _end(days: list[str | None], clocks: list[str | None]) -> str | None:
    """An end that is not after the start, on the same day, is on the next."""
    if clocks[1] is None or days[1] is None:
        return None
    is_next = days[0] == days[1] and clocks[0] is not None and clocks[1] <= clocks[0]
    last = date.fromisoformat(days[1]) + timedelta(days=is_next)
    return f"{last}T{clocks[1]}"


def _mended(told: str | None) -> str | None:
    """UTF-8 that was taken for Windows-1252 once."""
    if told is None or not re.search(r"[ÃÂâ][\x80-\xbf€™“”]", told):
        return told
    try:
        return told.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return told
