"""VolunteerHub: the JSON behind an organisation's public list of shifts, in blocks of days or in months."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from urllib.parse import urlencode, urljoin, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["address", "ends_whole", "follow", "parse", "recognise", "request"]

AHEAD = timedelta(weeks=12)
"""How far the list is followed: all of it would be more pages than a run may read."""

_INDEX = "/internalapi/volunteerview/view/index"
_BLOCK = re.compile(r"/VolunteerView/View/IndexListBlock", re.IGNORECASE)
_HOST = re.compile(r"(?:([\w-]+)\.)?((?!(?:www|support|blog|info)\.)[\w-]+\.volunteerhub\.com)", re.IGNORECASE)
_LANDING = re.compile(r"/lp/([\w-]+)", re.IGNORECASE)
_EMBED = re.compile(
    r"<(?:iframe|script)\b[^>]*\bsrc=[\"']((?:https?:)?//(?:[\w-]+\.){1,2}volunteerhub\.com/[^\"']*)", re.IGNORECASE
)
_CLOSED = re.compile(
    r"\bcourt[- ](?:ordered|mandated|appointed)\b|\b(?:members?|staff|employees?|group)[ -]only\b"
    r"|\bprivate (?:group|event|shift)\b",
    re.IGNORECASE,
)
"""Shifts that a stranger may not take."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def recognise(page: Page) -> str | None:
    """An answer by its days and shifts, a page by its host, another's page by what it embeds."""
    told = page.text
    if told.lstrip()[:1] == "{":
        is_theirs = "/internalapi/volunteerview/" in page.url.lower() or re.search(r'"(?:sTime|nextBlockUrl)"', told)
        return "an answer of VolunteerHub" if is_theirs and re.search(r'"(?:days|months)"', told) else None
    if _HOST.fullmatch(urlsplit(page.url).hostname or ""):
        return "a page of VolunteerHub"
    return "a list of VolunteerHub that it embeds" if _EMBED.search(told) else None


def address(page: Page) -> str | None:
    """The list that a page embeds."""
    is_theirs = page.text.lstrip()[:1] == "{" or _HOST.fullmatch(urlsplit(page.url).hostname or "")
    found = None if is_theirs else _EMBED.search(page.text)
    return clean_url(found[1], page.url) if found else None


def request(url: str, landing: str | None = None) -> Request:
    """The list of shifts, for any page of an organisation; of one landing page where its host or path names one."""
    parts = urlsplit(url)
    host = _HOST.fullmatch(parts.hostname or "")
    if not host or "/internalapi/" in parts.path.lower():
        return Request(url=url)
    found = _LANDING.search(parts.path)
    name = landing or host[1] or (found[1] if found else None)
    query = f"?{urlencode({'landingPageSubhost': name})}" if name else ""
    return Request(url=f"https://{host[2]}{_INDEX}{query}")


def parse(page: Page) -> Iterator[Draft]:
    """One draft a shift that anybody may take, of a list by days or of a calendar by months."""
    for shift in chain.from_iterable(nodes(day.get("events")) for day in _days(page)):
        if not _CLOSED.search(text(shift, "name") or ""):
            yield _draft(shift, page.url)


def follow(page: Page) -> Iterator[Request]:
    """The next week, as long as it begins within twelve weeks."""
    url = text(_answer(page), "nextBlockUrl")
    days = _DAY.findall(url or "") or [day for one in _days(page) for day in _DAY.findall(text(one, "date") or "")]
    if url and days and max(days) <= (page.fetched_at.date() + AHEAD).isoformat():
        yield Request(url=urljoin(page.url, _BLOCK.sub("/internalapi/volunteerview/view/indexlistblock", url)))


def _answer(page: Page) -> Node:
    return (first_node(read_json(page.text)) or {}) if page.text.lstrip()[:1] == "{" else {}


def _days(page: Page) -> list[Node]:
    answer = _answer(page)
    if not isinstance(answer.get("days", answer.get("months")), list):
        raise ParseError(f"{page.url}: no list of shifts of VolunteerHub")
    months = [nodes(month.get("days")) for month in nodes(answer.get("months"))]
    return [*nodes(answer.get("days")), *chain.from_iterable(months)]


def _draft(shift: Node, base: str) -> Draft:
    guid = text(shift, "guid")
    return Draft(
        identifier=guid or text(shift, "id"),
        name=text(shift, "name"),
        start_date=text(shift, "sTime", "startTime"),
        end_date=text(shift, "eTime", "endTime"),
        location_text=text(shift, "location"),
        description=text(shift, "longDescription", "shortDescription"),
        url=urljoin(base, f"/vv2/lp/{guid}") if guid else None,
        keywords=("Volunteering",),
    )
