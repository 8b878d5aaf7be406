"""MembershipWorks, once MemberFindMe: an organisation's iCalendar, or the JSON of its events."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from aggregator.errors import ParseError
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_FEED = "https://api.membershipworks.com/v2/events?_op=ics&org={}"
_ORG = re.compile(r"(?:org=|data-org=[\"']|SF\.init\([^)]*?org[\"']?\s*:\s*[\"']?|\borg[\"']?\s*:\s*[\"']?)(\d{3,8})")
_MARKS = re.compile(r"(?:cdn|api)\.membershipworks\.com|memberfind(?:me|\.me)|id=[\"']SFctr", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """A calendar from its host or with its signature, an answer by its members, a page by its scripts."""
    if ics.recognise(page):
        return "a calendar by MembershipWorks" if "membershipworks" in f"{page.url}{page.text[:2000]}".lower() else None
    if page.text.lstrip()[:1] in {"{", "["}:
        return "an answer of MembershipWorks" if '"ttl"' in page.text and '"sdp"' in page.text else None
    return "a page with MembershipWorks' script" if _MARKS.search(page.text) else None


def address(page: Page) -> str | None:
    """The calendar of the organisation whose number the page tells."""
    found = _ORG.search(page.text) if _MARKS.search(page.text) and page.text.lstrip()[:1] == "<" else None
    return _FEED.format(found[1]) if found else None


def request(url: str | None = None, org: int | str | None = None) -> Request:
    """The organisation's calendar."""
    if not url and not org:
        raise ValueError("a url or an org (the organisation's number) is needed")
    return ics.request(_FEED.format(org) if org else url or "")


def parse(page: Page, calendar_page: str | None = None) -> Iterator[Draft]:
    """From either form; `calendar_page` is where the organisation's site shows the calendar."""
    told = (_draft(event, page.url, calendar_page) for event in _events(page))
    return ics.parse(page) if ics.recognise(page) else told


def follow(page: Page) -> Iterator[Request]:
    """Of a list at the interface each event to come by itself, which tells its address too."""
    org, start = re.search(r"[?&](org=\d+)", page.url), page.url.partition("?")[0]
    for event in _events(page) if org and page.text.lstrip()[:1] == "[" else ():
        slug, number, begins = (text(event, name) or "" for name in ("url", "_id", "sdp"))
        if org and slug and number and begins.isdecimal() and int(begins) > page.fetched_at.timestamp():
            yield Request(url=f"{start}?{org[1]}&url={quote(slug)}", completes=number)


def _events(page: Page) -> Iterator[Node]:
    told = read_json(page.text) if page.text.lstrip()[:1] in {"{", "["} else [{}]
    for answer in (one.get("evt", one) if isinstance(one, dict) else one for one in told):
        if isinstance(answer, dict) and "ttl" not in answer:
            raise ParseError(f"{page.url}: neither a calendar nor an answer of MembershipWorks")
        yield from (event for event in nodes(answer) if text(event, "ttl"))


def _draft(event: Node, base: str, calendar_page: str | None) -> Draft:
    slug = (text(event, "url") or "").removeprefix("event/")
    whole = slug if ":" in slug[:6] else f"{calendar_page}#!event/{slug}" if slug and calendar_page else None
    return Draft(
        identifier=text(event, "_id"),
        name=text(event, "ttl"),
        start_date=text(event, "sdp"),
        end_date=text(event, "edp"),
        description=text(event, "dtl"),
        location_name=text(event, "adn"),
        location_text=text(event, "adr"),
        image=clean_url(text(event, "lgo"), base),
        url=clean_url(whole),
    )
