"""MembershipWorks, once MemberFindMe: an organisation's iCalendar, or the JSON of its events."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
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
        is_theirs = "membershipworks.com" in page.url or b"MembershipWorks" in page.body[:2000]
        return "a calendar by MembershipWorks" if is_theirs else None
    told = page.text
    if told.lstrip()[:1] in {"{", "["}:
        return "an answer of MembershipWorks" if '"ttl"' in told and '"sdp"' in told else None
    return "a page with MembershipWorks' script" if _MARKS.search(told) else None


def address(page: Page) -> str | None:
    """The calendar of the organisation whose number the page tells."""
    is_read = ics.recognise(page) or page.text.lstrip()[:1] in {"{", "["}
    found = None if is_read or not _MARKS.search(page.text) else _ORG.search(page.text)
    return _FEED.format(found[1]) if found else None


def request(url: str | None = None, org: int | str | None = None) -> Request:
    """The organisation's calendar."""
    if not url and not org:
        raise ValueError("a url or an org (the organisation's number) is needed")
    return ics.request(_FEED.format(org) if org else url or "")


def parse(page: Page) -> Iterator[Draft]:
    """From either form."""
    if ics.recognise(page):
        yield from ics.parse(page)
        return
    if page.text.lstrip()[:1] not in {"{", "["}:
        raise ParseError(f"{page.url}: neither a calendar nor an answer of MembershipWorks")
    for answer in read_json(page.text):
        told = (first_node(answer) or {}) if isinstance(answer, dict) else {}
        yield from (_draft(event, page.url) for event in nodes(told.get("evt", answer)) if text(event, "ttl"))


def _draft(event: Node, base: str) -> Draft:
    slug, parts = text(event, "url"), urlsplit(base)
    return Draft(
        identifier=text(event, "_id"),
        name=text(event, "ttl"),
        start_date=text(event, "sdp"),
        end_date=text(event, "edp"),
        description=text(event, "dtl"),
        location_name=text(event, "adn"),
        location_text=text(event, "adr"),
        image=clean_url(text(event, "lgo"), base),
        url=clean_url(slug, f"{parts.scheme}://{parts.netloc}/"),
    )
