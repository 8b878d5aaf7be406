"""Golden (Hands On and other volunteer portals): the opportunities at its API, with the operator's key."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["ends_whole", "follow", "parse", "recognise", "request"]

_HOST = "api2.goldenvolunteer.com"
_LIST = f"https://{_HOST}/v1/opportunities/available"
_PER_PAGE = 200
_DOMAIN = "x-source-domain"
_MARKS = ("cdn.goldenvolunteer.com/", "api2.goldenvolunteer.com", "golden-prod.s3.amazonaws.com/")


def recognise(page: Page) -> str | None:
    """An answer by its host, a portal by where its state and its images come from."""
    told = page.text
    if told.lstrip()[:1] in ("{", "["):
        return "an answer of Golden's API" if urlsplit(page.url).hostname == _HOST else None
    found = next((mark for mark in _MARKS if mark in told), None) if "__NEXT_DATA__" in told else None
    return f"a portal that loads from {found.strip('/')}" if found else None


def request(url: str | None = None, portal: str | None = None) -> Request:
    """The list of a portal; the key is filled in from the environment, for the API's host alone."""
    is_api = urlsplit(url or "").hostname == _HOST
    portal = portal or (None if is_api else urlsplit(url or "").hostname)
    if not portal:
        raise ValueError("the url of a portal is needed, or portal (its host)")
    told = {"offset": 0, "limit": _PER_PAGE, "view": "list", "locale": "en", "dosFilterCriteria": "include-dos"}
    headers = (("x-golden-api-key", "{key}"), ("x-source-app", "portal"), (_DOMAIN, portal))
    return Request(url=url if is_api and url else f"{_LIST}?{urlencode(told)}", headers=headers)


def parse(page: Page) -> Iterator[Draft]:
    """One draft a time of an opportunity; the list tells of none, only which there are."""
    told = _told(page)
    if isinstance(told, dict) and isinstance(told.get("times"), list):
        yield from _dates(told, page)
    elif not isinstance(told, list):
        raise ParseError(f"{page.url}: neither a list of Golden's opportunities nor one with its times")


def follow(page: Page) -> Iterator[Request]:
    """The next page of the list, and each opportunity that has a time to come."""
    told = _told(page)
    if not isinstance(told, list):
        return
    asked = dict(parse_qsl(urlsplit(page.url).query))
    if len(told) >= int(asked.get("limit") or _PER_PAGE) > 0:
        further = {**asked, "offset": int(asked.get("offset") or 0) + len(told)}
        yield Request(url=f"{_LIST}?{urlencode(further)}", headers=page.request.headers)
    for opportunity in nodes(told):
        number = text(opportunity, "id")
        if number and opportunity.get("nextAvailableTimeslot"):
            url = f"https://{_HOST}/v1/opportunities/{number}"
            yield Request(url=url, headers=page.request.headers, completes=number)


def _told(page: Page) -> Json:
    told = read_json(page.text) if page.text.lstrip()[:1] in ("{", "[") else []
    return told[0] if told and recognise(page) else None


def _dates(opportunity: Node, page: Page) -> Iterator[Draft]:
    """The instants: what stands in `start` and `end` is the wall clock, written as if it were UTC."""
    number, portal = text(opportunity, "id"), dict(page.request.headers).get(_DOMAIN)
    draft = replace(
        _at(_draft(opportunity), first_node(opportunity.get("location")) or {}),
        url=clean_url(f"https://{portal}/opportunities/{number}") if portal and number else None,
    )
    for time in nodes(opportunity.get("times")):
        start = text(time, "startTime")
        yield replace(
            draft,
            identifier=f"{number}:{text(time, 'id') or start}" if number else None,
            start_date=start,
            end_date=text(time, "endTime"),
            event_status="EventCancelled" if time.get("isCancelled") is True else None,
        )


def _draft(opportunity: Node) -> Draft:
    told = dict.fromkeys(filter(None, (text(opportunity, key) for key in ("purpose", "role", "description"))))
    tags = opportunity.get("tags")
    return Draft(
        name=text(opportunity, "name"),
        time_zone=text(opportunity, "timezoneId"),
        organizer=text(opportunity, "organizationName"),
        description="\n".join(told) or None,
        image=next(_images(opportunity), None),
        keywords=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _images(opportunity: Node) -> Iterator[str]:
    for image in nodes(opportunity.get("images")):
        sizes = first_node(image.get("images")) or {}
        url = clean_url(text(first_node(sizes.get("md")) or {}, "url"))
        if url:
            yield url


def _at(draft: Draft, place: Node) -> Draft:
    latitude, longitude = text(place, "latitude"), text(place, "longitude")
    is_pinned = any((degrees or "").strip("-0.") for degrees in (latitude, longitude))
    return replace(
        draft,
        street_address=text(place, "address"),
        address_locality=text(place, "city"),
        address_region=text(place, "state"),
        postal_code=text(place, "zip"),
        latitude=latitude if is_pinned else None,
        longitude=longitude if is_pinned else None,
    )
