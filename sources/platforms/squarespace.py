"""Squarespace: a collection of events as JSON, or the list of its page, which every site's robots.txt leaves open."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from aggregator.errors import ParseError
from aggregator.reading.html import Node as Element
from aggregator.reading.html import attribute, parse_html, text_at, text_of
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text, texts
from aggregator.reading.url import clean_url, site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import html, ics
from sources.platforms.ics import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(
    r"<!-- This is Squarespace\. -->|static1\.squarespace\.com|squarespace-cdn\.com|Static\.SQUARESPACE_CONTEXT"
)
_ZONE = re.compile(r"[\"']timeZone[\"']\s*:\s*[\"']([\w+/-]+)")
_TURNS = re.compile(r"\b(?:older|newer|next|prev(?:ious)?)\b", re.IGNORECASE)
_CALENDAR = re.compile(r"/(?:[\w-]+-)?(?:events?|calendar)(?:-[\w-]+)?/?", re.IGNORECASE)
_LIST = "list"  # the fragment by which an address means the page, and not the JSON that it can be had as
_NOWHERE = "40.720755"
"""The latitude of the pin of a collection whose events have no place."""


def recognise(page: Page) -> str | None:
    """An answer by its collections, a page by the vendor's own scripts."""
    told = page.text
    if ics.recognise(page):
        return "a calendar by Squarespace" if b"squarespace" in page.body[:2000].lower() else None
    if _is_answer(page):
        is_theirs = "squarespace.com" in told and ('"upcoming"' in told or '"collectionId"' in told)
        return "an answer of Squarespace" if is_theirs else None
    return "a page of Squarespace" if _MARKS.search(told) else None


def address(page: Page) -> str | None:
    """Of a page without a list of events, the first of the site's own that calls itself one."""
    if _is_answer(page) or ics.recognise(page) or 'class="eventlist' in page.text:
        return None
    links = (clean_url(attribute(link, "href"), page.url) or "" for link in parse_html(page.text).css("a[href]"))
    own = (link for link in links if site_of(link) == site_of(page.url))
    return next((link for link in own if _CALENDAR.fullmatch(urlsplit(link).path)), None)


def request(url: str) -> Request:
    """The collection as JSON, for its page and for the address of its calendar too; with `#list` its page."""
    parts = urlsplit(url)
    if parts.fragment == _LIST:
        return Request(url=url)
    return Request(url=urlunsplit(parts._replace(query=urlencode({"format": "json"}), fragment="")))


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """Its page: the robots.txt that Squarespace gives every site forbids `?format=json`, and leaves the page open."""
    parts = urlsplit(url)
    if parts.fragment != _LIST:
        yield "squarespace", urlunsplit(parts._replace(query="", fragment=_LIST))


def parse(page: Page) -> Iterator[Draft]:
    """Upcoming ones and those just past."""
    if ics.recognise(page):
        return ics.parse(page)
    return _collection(page) if _is_answer(page) else _list(page)


def follow(page: Page) -> Iterator[Request]:
    """The next page, until what is to come has been read."""
    if _is_answer(page):
        yield from _next_answers(page)
    elif not ics.recognise(page):
        yield from _next_lists(page)


def _is_answer(page: Page) -> bool:
    return page.text.lstrip()[:1] in {"{", "["}


def _collection(page: Page) -> Iterator[Draft]:
    """What has no start is an article of a blog."""
    answer = _answer(page)
    told = answer if isinstance(answer, dict) else {}
    if isinstance(answer, dict) and not told.keys() & {"upcoming", "past", "items", "item"}:
        raise ParseError(f"{page.url}: a page of Squarespace, but no collection of events")
    zone = text(first_node(told.get("website")) or {}, "timeZone")
    lists = [told.get(name) for name in ("upcoming", "past", "items", "item")] if told else [answer]
    events = (event for found in lists for event in nodes(found) if _moment(event, "startDate"))
    yield from (_draft(event, zone, page.url) for event in events)


def _next_answers(page: Page) -> Iterator[Request]:
    told = first_node(_answer(page)) or {}
    url = clean_url(text(first_node(told.get("pagination")) or {}, "nextPageUrl"), page.url)
    if url and (told.get("upcoming") or told.get("items")):
        yield Request(url=f"{url}{'&' if '?' in url else '?'}format=json" if "format=json" not in url else url)


def _answer(page: Page) -> Json:
    found = read_json(page.text)
    if not found:
        raise ParseError(f"{page.url}: no answer of Squarespace in JSON")
    return found[0]


def _moment(event: Node, name: str) -> str | None:
    """In milliseconds since 1970, of which those below a second are chance."""
    told = text(event, name) or text(first_node(event.get("structuredContent")) or {}, name) or ""
    return str(int(told) // 1000) if told.isdecimal() else None


def _draft(event: Node, zone: str | None, base: str) -> Draft:
    place = first_node(event.get("location")) or {}
    pair = text(place, "markerLat", "mapLat"), text(place, "markerLng", "mapLng")
    has_address = any(text(place, name) for name in ("addressTitle", "addressLine1", "addressLine2"))
    is_pinned = has_address and all(pair) and not (pair[0] or "").startswith(_NOWHERE)
    return Draft(
        identifier=text(event, "id"),
        name=text(event, "title"),
        start_date=_moment(event, "startDate"),
        end_date=_moment(event, "endDate"),
        time_zone=zone,
        description=text(event, "body", "excerpt"),
        image=clean_url(text(event, "assetUrl"), base) if text(event, "systemDataId") else None,
        url=clean_url(text(event, "fullUrl"), base),
        keywords=(*texts(event.get("categories")), *texts(event.get("tags"))),
        location_name=text(place, "addressTitle"),
        location_text=", ".join(filter(None, (text(place, f"addressLine{n}") for n in (1, 2)))) or None,
        address_country=text(place, "addressCountry"),
        latitude=pair[0] if is_pinned else None,
        longitude=pair[1] if is_pinned else None,
    )


def _list(page: Page) -> Iterator[Draft]:
    """The cards of a list, which may have none; else the page of one event."""
    tree, zone = parse_html(page.text), _ZONE.search(page.text)
    cards = tree.css(".eventlist-event")
    if not cards and tree.css_first(".eventlist") is None:
        return html.parse(page)
    return (_card(card, zone[1] if zone else None, page.url) for card in cards)


def _next_lists(page: Page) -> Iterator[Request]:
    tree = parse_html(page.text)
    if tree.css_first(".eventlist-event:not(.eventlist-event--past)") is None:
        return
    for link in tree.css("[class*=pagination] a[href], a[rel=next]"):
        url, around = clean_url(attribute(link, "href"), page.url), link.parent
        if url and _TURNS.search(f"{link.html} {around.attributes.get('class') if around is not None else ''}"):
            yield Request(url=url)


def _card(card: Element, zone: str | None, base: str) -> Draft:
    link, image = card.css_first(".eventlist-title a[href], a.eventlist-title-link"), card.css_first("img")
    url = clean_url(attribute(link, "href"), base) if link is not None else None
    start, end = _times(card)
    name, place = _place(card)
    return Draft(
        identifier=attribute(card, "data-item-id") or url,
        name=text_at(card, ".eventlist-title"),
        start_date=start,
        end_date=end,
        time_zone=zone,
        description=text_at(card, ".eventlist-description") or text_at(card, ".eventlist-excerpt"),
        image=clean_url(attribute(image, "data-src") or attribute(image, "src"), base) if image is not None else None,
        url=url,
        keywords=tuple(text_of(word) for word in card.css(".eventlist-cats a, .eventlist-tags a")),
        location_name=name,
        location_text=place,
    )


def _times(card: Element) -> tuple[str | None, str | None]:
    """Days stand in `datetime`, clocks in words, twice; an event of several days tells both with a clock each."""
    days = [attribute(day, "datetime") for day in card.css("time.event-date")]
    clocks: list[str | None] = []
    for kind in ("24hr", "12hr", "localized"):
        pair = [text_at(card, f".event-time-{kind}-{end}") for end in ("start", "end")]
        clocks = clocks or (pair if any(pair) else [text_of(clock) for clock in card.css(f"time.event-time-{kind}")])
    if not days:
        return None, None
    start, end = (f"{days[n]} {clocks[n]}" if clocks and clocks[n] else days[n] for n in (0, -1))
    return start, end if len(days) > 1 or (len(clocks) > 1 and clocks[1]) else None


def _place(card: Element) -> tuple[str | None, str | None]:
    """Name and address: in lines of their own, else the name beside a link to a map, which asks for the address."""
    lines = [text_of(line) for line in card.css("[class*=meta-address-line]")]
    link, told = card.css_first("[class*=address-maplink]"), text_at(card, ".eventlist-meta-address")
    if lines:
        return lines[0], ", ".join(lines[1:]) or None
    if link is None or not told:
        return told, None
    asked = parse_qs(urlsplit(attribute(link, "href") or "").query).get("q")
    return told.removesuffix(text_of(link)).strip() or None, asked[0] if asked else None
