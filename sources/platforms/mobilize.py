"""Mobilize: the answers of its open API, and the data in its pages; each time of an event is a date of its own."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, all_nodes, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["address", "ends_whole", "follow", "parse", "recognise", "request"]

_API = "https://api.mobilize.us/v1"
_UPCOMING = "per_page=100&timeslot_start=gte_now"
_IS_LIST = re.compile(r"https?://api\.mobilize\.us/v1/(?:organizations/\d+/)?events/?", re.IGNORECASE)
_STATE = re.compile(r"__MLZ_EMBEDDED_DATA__\s*=\s*(?=\{)")
_EMBED = re.compile(
    r"<(?:iframe|script)\b[^>]*\bsrc=[\"'](?:https?:)?//(?:www\.)?mobilize\.us/(?:embed/)?([\w-]+)/", re.IGNORECASE
)
_NO_SLUG = frozenset({"", "api", "embed", "static"})
_NO_KIND = "OTHER"
_ACCESS = {"ACCESSIBLE": True, "NOT_ACCESSIBLE": False}


def recognise(page: Page) -> str | None:
    """An answer by its times or its host, a page by its data or its host, another's page by what it embeds."""
    told = page.text
    if told.lstrip()[:1] == "{":
        is_answer = '"timeslots"' in told and ('"browser_url"' in told or "mobilize" in told)
        return "an answer of Mobilize's API" if is_answer or _host(page.url) == "api.mobilize.us" else None
    if _STATE.search(told):
        return "a page with Mobilize's data"
    if _host(page.url) == "mobilize.us":
        return "a page on Mobilize"
    return "events of Mobilize that it embeds" if _EMBED.search(told) else None


def address(page: Page) -> str | None:
    """The API's list of the organisation whose page it is, or that is embedded; its page where no number is told."""
    found = None if page.text.lstrip()[:1] == "{" else _EMBED.search(page.text)
    is_page = _host(page.url) == "mobilize.us"
    slug = found[1] if found else urlsplit(page.url).path.strip("/").partition("/")[0] if is_page else ""
    if slug.lower() in _NO_SLUG:
        return None
    numbers = {text(node, "id") for node in all_nodes(_told(page)) if text(node, "slug") == slug}
    number = numbers.pop() if len(numbers) == 1 else None
    return f"{_API}/organizations/{number}/events" if number else f"https://www.mobilize.us/{slug}/"


def request(url: str | None = None, organization: int | str | None = None) -> Request:
    """The events to come at the API, or a page."""
    if not url and not organization:
        raise ValueError("a url or an organization (its number) is needed")
    url = url or f"{_API}/organizations/{organization}/events"
    return Request(url=f"{url}?{_UPCOMING}" if _IS_LIST.fullmatch(url) else url)


def parse(page: Page) -> Iterator[Draft]:
    """One draft a time of each event that is open to all; contacts are persons, and are not read."""
    told = first_node(_told(page)) or {}
    events = told if "timeslots" in told else told.get("data")
    if isinstance(events, dict) and "timeslots" not in events:
        events = events.get("events", events.get("event"))
    if not isinstance(events, dict | list):
        raise ParseError(f"{page.url}: neither an answer of Mobilize's API nor a page with its data")
    for event in nodes(events):
        if text(event, "visibility") in (None, "PUBLIC") and text(event, "approval_status") != "REJECTED":
            yield from _dates(event)


def follow(page: Page) -> Iterator[Request]:
    """The next page, as the answer names it."""
    url = clean_url(text(first_node(_told(page)) or {}, "next"), page.url)
    if url:
        yield Request(url=url)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _told(page: Page) -> list[Json]:
    """The JSON that the page is, or that stands in it; none where it is broken."""
    told = page.text
    state = None if told.lstrip()[:1] == "{" else _STATE.search(told)
    is_told = state or told.lstrip()[:1] == "{"
    try:
        return read_json(told[state.end() :].partition("</script")[0] if state else told) if is_told else []
    except ParseError:
        return []


def _dates(event: Node) -> Iterator[Draft]:
    """The API and the pages have words of their own for the same, such as `timeslots` and `times`."""
    draft, number = _draft(event), text(event, "id")
    slots = list(nodes(event.get("timeslots") or event.get("times")))
    for slot in slots:
        start = _moment(text(slot, "start_date", "start"))
        yield replace(
            draft,
            identifier=f"{number}:{text(slot, 'id') or start}" if number else None,
            super_event=number if len(slots) > 1 else None,
            start_date=start,
            end_date=_moment(text(slot, "end_date", "end")),
        )


def _moment(told: str | None) -> str | None:
    """Unix seconds as ISO text, which the pages tell themselves."""
    return datetime.fromtimestamp(int(told), UTC).isoformat() if told and re.fullmatch(r"\d{9,10}", told) else told


def _draft(event: Node) -> Draft:
    owner = first_node(event.get("sponsor") or event.get("organization")) or {}
    slug, number, kind = text(owner, "slug"), text(event, "id"), text(event, "event_type") or _NO_KIND
    page = f"https://www.mobilize.us/{slug}/event/{number}/" if slug and number else None
    named = () if kind == _NO_KIND else (kind.replace("_", " ").capitalize(),)
    access = text(event, "accessibility_status")
    draft = Draft(
        name=text(event, "title", "name"),
        wheelchair_accessible=_ACCESS.get(access or ""),
        accessibility=text(event, "accessibility_notes") or (access if access in _ACCESS else None),
        time_zone=text(event, "timezone"),
        description=text(event, "description", "summary"),
        organizer=text(owner, "name"),
        organizer_url=clean_url(text(owner, "event_feed_url")),
        url=clean_url(text(event, "browser_url") or page),
        image=clean_url(text(event, "featured_image_url", "image_url")),
        keywords=(*named, *(name for tag in nodes(event.get("tags")) if (name := text(tag, "name")))),
    )
    if event.get("is_virtual") is True:
        link = clean_url(text(event, "virtual_action_url"))
        return replace(draft, event_attendance_mode="OnlineEventAttendanceMode", virtual_location=link)
    place = (first_node(event.get("location")) or {}) if "location" in event else event
    return _at(draft, place, is_private=text(event, "address_visibility") == "PRIVATE")


def _at(draft: Draft, place: Node, *, is_private: bool) -> Draft:
    """What a host shows to guests only is told by its town."""
    draft = replace(
        draft,
        address_locality=text(place, "locality", "city"),
        address_region=text(place, "region", "state"),
        postal_code=text(place, "postal_code", "zipcode"),
        address_country=text(place, "country"),
    )
    if is_private:
        return draft
    told = place.get("address_lines")
    lines = told if isinstance(told, list) else [place.get("address_line1"), place.get("address_line2")]
    point = first_node(place.get("location")) or place
    latitude, longitude = text(point, "latitude", "lat"), text(point, "longitude", "lon")
    is_pinned = any((degrees or "").strip("-0.") for degrees in (latitude, longitude))
    return replace(
        draft,
        location_name=text(place, "venue", "location_name"),
        street_address=", ".join(line for line in lines if isinstance(line, str) and line.strip()) or None,
        latitude=latitude if is_pinned else None,
        longitude=longitude if is_pinned else None,
    )
