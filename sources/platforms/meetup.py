"""Meetup: a group's iCalendar and the state in its pages, which tells where each event is; and its old API."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import islice
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading import html
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import ics

MOST_PAGES = 20
"""Event pages in one run: more than a group's calendar holds."""

_STATE = re.compile(r"<script\b[^>]*\bid=[\"']?__NEXT_DATA__\b[^>]*>(.*?)</script", re.DOTALL)
_API = re.compile(r'"event_url":\s*"https?:\\?/\\?/www\.meetup\.com|api\.meetup\.com')
_EVENT_PAGE = re.compile(r"/[^/]+/events/(?!ical/?$)(\w+)/?$")
_NO_GROUP = re.compile(r"(?:about|apps|blog|cities|events|find|help|home|login|pro|topics)?", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """A calendar by its UIDs, the state by its groups, an answer by its addresses, a page of a group by its host."""
    if ics.recognise(page):
        is_meetups = b"PRODID:-//Meetup" in page.body or re.search(rb"UID:event_\w+@meetup\.com", page.body)
        return "a calendar by Meetup" if is_meetups else None
    told = page.text
    if "__APOLLO_STATE__" in told and "__NEXT_DATA__" in told and re.search(r'"__typename":\s*"(?:Group|Event)"', told):
        return "a page with Meetup's state"
    if told.lstrip()[:1] == "{" and _API.search(told):
        return "an answer of Meetup's API"
    return "a page of a group on Meetup" if _group(page.url) else None


def address(page: Page) -> str | None:
    """The calendar of the group that a page of Meetup is of."""
    group = _group(page.url)
    return f"https://www.meetup.com/{group}/events/ical/" if group else None


def request(url: str | None = None, group: str | None = None) -> Request:
    """The group's calendar, for whichever of its pages."""
    if not url and not group:
        raise ValueError("a group or a url is needed")
    group = group or _group(url or "")
    return ics.request(f"https://www.meetup.com/{group}/events/ical/" if group else url or "")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The group's page of events, which tells them too."""
    group = _group(url)
    if group and not _EVENT_PAGE.search(urlsplit(url).path):
        yield "meetup", f"https://www.meetup.com/{group}/events/?type=upcoming"


def _group(url: str) -> str | None:
    """The group in an address; none in those of a single event, of a fallback and of what is no group's."""
    parts = urlsplit(url)
    name = parts.path.strip("/").partition("/")[0]
    is_group = (parts.hostname or "").removeprefix("www.") == "meetup.com" and not parts.query
    return None if not is_group or _NO_GROUP.fullmatch(name) else name


def ends_whole(body: bytes) -> bool:
    """Whether the end of the calendar, the page or the answer has arrived."""
    return ics.ends_whole(body) if b"BEGIN:VCALENDAR" in body[:1000] else html.ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """Of the calendar all but GEO, which is where the group is; of an event's page that event alone."""
    if ics.recognise(page):
        yield from (replace(draft, latitude=None, longitude=None) for draft in ics.parse(page))
    elif page.text.lstrip()[:1] == "{":
        yield from _api_drafts(page)
    else:
        yield from _page_drafts(page)


def follow(page: Page) -> Iterator[Request]:
    """The pages of the calendar's events, which tell the venue."""
    if not ics.recognise(page):
        return
    for draft in islice(ics.parse(page), MOST_PAGES):
        url = clean_url(draft.url, page.url)
        if draft.identifier and url and _EVENT_PAGE.search(urlsplit(url).path):
            yield Request(url=url.replace("http://", "https://", 1), completes=draft.identifier)


def page_state(page: Page) -> Node:
    """`props.pageProps` of a page by Next.js; ParseError where there is none."""
    match = _STATE.search(page.text)
    state = first_node(read_json(match[1])) if match else None
    told = first_node((first_node((state or {}).get("props")) or {}).get("pageProps"))
    if told is None:
        raise ParseError(f"{page.url}: no page with a state (__NEXT_DATA__)")
    return told


def _page_drafts(page: Page) -> Iterator[Draft]:
    state = first_node(page_state(page).get("__APOLLO_STATE__"))
    if state is None or not any(key.startswith(("Group:", "Event:")) for key in state):
        raise ParseError(f"{page.url}: a page, but neither of a group on Meetup nor of an event")
    here = _EVENT_PAGE.search(urlsplit(page.url).path)
    drafts = [_draft(event, state) for event in _events(state, page.url) if not here or text(event, "id") == here[1]]
    if here and not drafts:
        raise ParseError(f"{page.url}: the page does not tell its event")
    yield from drafts


def _events(state: Node, url: str) -> Iterator[Node]:
    """Those with a name and a start, and not those of other groups, which pages recommend."""
    group = urlsplit(url).path.strip("/").partition("/")[0].lower() if "meetup.com" in url else ""
    for key, event in state.items():
        if not key.startswith("Event:") or not isinstance(event, dict) or not text(event, "title"):
            continue
        owner = urlsplit(text(event, "eventUrl") or "").path.strip("/").partition("/")[0].lower()
        if text(event, "dateTime") and (not group or not owner or owner == group):
            yield event


def _identifier(number: str | None) -> str | None:
    return f"event_{number}@meetup.com" if number else None


def _draft(event: Node, state: Node) -> Draft:
    venue, group = _meant(event.get("venue"), state), _meant(event.get("group"), state)
    mode = "ONLINE" if event.get("isOnline") is True else text(event, "eventType")
    draft = Draft(
        identifier=_identifier(text(event, "id")),
        name=text(event, "title"),
        start_date=text(event, "dateTime"),
        end_date=text(event, "endTime"),
        time_zone=text(group, "timezone"),
        event_status=text(event, "status"),
        event_attendance_mode=mode,
        organizer=text(group, "name"),
        url=clean_url(text(event, "eventUrl")),
        description=text(event, "description"),
    )
    return draft if mode == "ONLINE" else _at(draft, venue)


def _meant(value: Json, state: Node) -> Node:
    """What a reference (`{"__ref": "Venue:1"}`) refers to."""
    node = first_node(value) or {}
    return first_node(state.get(text(node, "__ref") or "")) or node


def _at(draft: Draft, venue: Node) -> Draft:
    name = text(venue, "name")
    if name and name.lower().startswith("online event"):
        return replace(draft, event_attendance_mode="ONLINE")
    latitude, longitude = text(venue, "lat"), text(venue, "lon")
    is_pinned = any((degrees or "").strip("-0.") for degrees in (latitude, longitude))
    return replace(
        draft,
        location_name=name,
        street_address=text(venue, "address", "address_1"),
        address_locality=text(venue, "city"),
        address_region=text(venue, "state"),
        postal_code=text(venue, "zip", "postalCode"),
        address_country=text(venue, "country"),
        latitude=latitude if is_pinned else None,
        longitude=longitude if is_pinned else None,
    )


def _api_drafts(page: Page) -> Iterator[Draft]:
    answer = first_node(read_json(page.text)) or {}
    if not recognise(page) or not ("results" in answer or "event_url" in answer):
        raise ParseError(f"{page.url}: JSON, but no answer of Meetup's API")
    try:
        yield from [_draft(_timed(event), {}) for event in nodes(answer.get("results", answer))]
    except (ValueError, OverflowError, OSError) as error:
        raise ParseError(f"{page.url}: the time of an event is none: {error}") from error


def _timed(event: Node) -> Node:
    """The event in the words of the state; `time`, `utc_offset` and `duration` are milliseconds."""
    moment, offset, length = (int(text(event, key) or 0) for key in ("time", "utc_offset", "duration"))
    start = datetime.fromtimestamp(moment / 1000, timezone(timedelta(milliseconds=offset)))
    end = (start + timedelta(milliseconds=length)).isoformat() if length else None
    told: Node = {"title": event.get("name"), "eventUrl": event.get("event_url"), "dateTime": start.isoformat()}
    return {**event, **told, "endTime": end}
