"""Toastmasters: the clubs near a point, each with the rhythm of its meetings."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["ends_whole", "parse", "recognise", "request"]

_SEARCH = "https://www.toastmasters.org/api/sitecore/FindAClub/Search"
_PAGE = "https://www.toastmasters.org/Find-a-Club/"
_FINDER = re.compile(r"toastmasters\.org/(?:find-a-club|api/sitecore/FindAClub)", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """An answer by its clubs, the finder by its address."""
    is_answer = page.text.lstrip()[:1] == "{" and '"Clubs"' in page.text and '"MeetingDay"' in page.text
    return "Toastmasters' club finder" if is_answer or _FINDER.search(page.url) else None


def request(url: str | None = None, location: Mapping[str, Any] | None = None, radius: float = 15) -> Request:
    """The open clubs round the point in the finder's address, else round the row's location."""
    if url and "latitude=" in url and "/find-a-club" not in url.lower():
        return Request(url=url)
    told = dict(parse_qsl(urlsplit(url or "").query))
    place = told if "latitude" in told else location or {}
    point = {key: place.get(key) for key in ("latitude", "longitude")}
    if not all(point.values()):
        raise ValueError("a location with latitude and longitude is needed, or the finder's address after a search")
    return Request(url=f"{_SEARCH}?{urlencode({**point, 'radius': told.get('radius', radius), 'status': 'O'})}")


def parse(page: Page) -> Iterator[Draft]:
    """One draft a club that has been chartered, without its officers' telephones and mail."""
    clubs = (first_node(read_json(page.text)) or {}).get("Clubs") if page.text.lstrip()[:1] == "{" else None
    if not isinstance(clubs, list):
        raise ParseError(f"{page.url}: no answer of Toastmasters' club finder")
    yield from (_draft(club) for club in nodes(clubs) if club.get("IsProspective") is not True)


def _draft(club: Node) -> Draft:
    named = first_node(club.get("Identification")) or {}
    number = first_node(named.get("Id")) or {}
    place = first_node(club.get("Address")) or {}
    point = first_node(place.get("Coordinates")) or {}
    pair = [text(point, key) for key in ("Latitude", "Longitude")]
    is_pinned = any((degrees or "").strip("-0.") for degrees in pair)
    return Draft(
        identifier=text(number, "Value"),
        name=text(named, "Name") or text(number, "Name"),
        schedule=" ".join(filter(None, (text(club, key) for key in ("MeetingDay", "MeetingTime")))).strip() or None,
        time_zone=text(place, "TimeZone"),
        event_attendance_mode="MixedEventAttendanceMode" if club.get("AllowsVirtualAttendance") is True else None,
        location_name=text(club, "Location"),
        street_address=text(place, "Street"),
        address_locality=text(place, "City"),
        address_region=text(first_node(place.get("PrimaryRegion")) or {}, "Value"),
        postal_code=text(place, "PostalCode"),
        latitude=pair[0] if is_pinned else None,
        longitude=pair[1] if is_pinned else None,
        url=clean_url(text(club, "Website")) or clean_url(text(number, "DisplayFriendlyFormat"), _PAGE),
        keywords=("Toastmasters",),
    )
