"""Localist: the JSON of a calendar's dates, or its iCalendar."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url, site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_PATH = "/api/2/events"
_MARKS = ("localist.com/", "localist_url", "localist-", '"Localist"', "window.Localist", "em-about_social")


def recognise(page: Page) -> str | None:
    """An answer of its interface, a calendar that it signs, or a page with its marks."""
    if ics.recognise(page):
        return "a calendar by Localist" if b"localist" in page.body[:4096].lower() else None
    told = page.text
    if told.lstrip()[:1] == "{":
        return "an answer of Localist" if '"event_instances"' in told and '"localist_url"' in told else None
    head = told[:200_000]
    return "a page of Localist" if sum(mark in head for mark in _MARKS) > 1 else None


def address(page: Page) -> str | None:
    """The interface of the site."""
    is_page = not ics.recognise(page) and page.text.lstrip()[:1] != "{"
    return f"{site_of(page.url)}{_PATH}" if is_page else None


def request(url: str) -> Request:
    """The first page of the dates to come; an iCalendar stays what it is."""
    parts = urlsplit(url)
    if parts.path.endswith((".ics", ".xml")):
        return ics.request(url)
    asked = {
        name: values for name, values in parse_qs(parts.query).items() if name not in {"start", "end", "days", "page"}
    }
    told = urlencode({"pp": 100, **asked}, doseq=True)
    window = "start={today:%Y-%m-%d}&end={horizon:%Y-%m-%d}"
    return Request(url=f"{site_of(url)}{_PATH}?{window}&{told}&page=1")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The calendar, where the interface is closed."""
    parts = urlsplit(url)
    if not parts.path.endswith(".ics"):
        yield "localist", f"{site_of(url)}/calendar.ics"


def parse(page: Page) -> Iterator[Draft]:
    """One draft a date; first and last date of an event say nothing of those between."""
    if ics.recognise(page):
        yield from ics.parse(page)
        return
    for event in _events(page):
        for instance in nodes(event.get("event_instances")):
            yield _draft(event, first_node(instance.get("event_instance")) or {}, page.url)


def follow(page: Page) -> Iterator[Request]:
    """The next page, until one is empty: what `total` counts differs from site to site."""
    number = parse_qs(urlsplit(page.url).query).get("page", ["1"])[0]
    if not ics.recognise(page) and number.isdecimal() and any(True for _ in _events(page)):
        yield Request(url=page.url.replace(f"page={number}", f"page={int(number) + 1}"))


def _events(page: Page) -> Iterator[Node]:
    answer = first_node(read_json(page.text)) or {} if page.text.lstrip()[:1] == "{" else {}
    if not isinstance(answer.get("events"), list):
        raise ParseError(f"{page.url}: no answer of Localist")
    yield from (first_node(wrapped.get("event")) or wrapped for wrapped in nodes(answer["events"]))


def _draft(event: Node, instance: Node, base: str) -> Draft:
    is_all_day = instance.get("all_day") is True
    start, end = (text(instance, name) for name in ("start", "end"))
    geo = first_node(event.get("geo")) or {}
    is_free = event.get("free")
    draft = Draft(
        identifier=text(instance, "id"),
        super_event=text(event, "id"),
        name=text(event, "title"),
        start_date=start and (start[:10] if is_all_day else start),
        end_date=end and (end[:10] if is_all_day else end),
        event_status=text(event, "status"),
        description=text(event, "description", "description_text"),
        image=clean_url(text(event, "photo_url"), base),
        url=clean_url(text(event, "localist_url", "url"), base),
        location_name=", ".join(filter(None, (text(event, "location_name", "location"), text(event, "room_number"))))
        or None,
        location_text=text(event, "address"),
        is_accessible_for_free=True if is_free is True else None,
        price=text(event, "ticket_cost"),
        keywords=tuple(name for group in _filters(event) for one in nodes(group) if (name := text(one, "name"))),
    )
    latitude, longitude = (text(geo, name) for name in ("latitude", "longitude"))
    return replace(draft, latitude=latitude, longitude=longitude) if latitude and longitude else draft


def _filters(event: Node) -> list[Json]:
    filters = first_node(event.get("filters"))
    return list(filters.values()) if filters else []
