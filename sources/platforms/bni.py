"""BNI: a chapter's weekly meeting; its terms forbid programs without permission."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote, urljoin, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["NEEDS_PERMISSION", "ends_whole", "parse", "recognise", "request"]

NEEDS_PERMISSION = True

_CHAPTER = "/bnicms/v3/frontend/consume/chapterInfo/?encodedChapterId={}&locale=en"
_MARKS = re.compile(r"/bnicms/v3/|bniconnectglobal\.com", re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::\d\d)?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """An answer by what it tells of a chapter, a page by the parts of BNI's own system that it loads."""
    told = page.text
    if told.lstrip()[:1] == "{":
        return "an answer on a chapter of BNI" if '"chapterDetails"' in told and '"meetingDay"' in told else None
    is_theirs = any(_MARKS.search(tag) for tag in re.findall(r"<(?:script|link|form|input)\b[^>]*>", told))
    return "a page of BNI's own system" if is_theirs else None


def request(url: str) -> Request:
    """The page of a chapter becomes what it is filled from."""
    chapter = parse_qs(urlsplit(url).query).get("chapterId")
    if "/consume/chapterInfo/" in url:
        return Request(url=url)
    if not chapter:
        raise ValueError("url is the page of a chapter: …/chapterdetail?chapterId=…")
    return Request(url=urljoin(url, _CHAPTER.format(quote(chapter[0], safe=""))))


def parse(page: Page) -> Iterator[Draft]:
    """The chapter's meeting, without telephone and members."""
    if page.text.lstrip()[:1] != "{" or not recognise(page):
        raise ParseError(f"{page.url}: no answer on a chapter of BNI")
    content = first_node((first_node(read_json(page.text)) or {}).get("content")) or {}
    yield from (_chapter(chapter, page.url) for chapter in nodes(content.get("chapterDetails")))


def _chapter(chapter: Node, base: str) -> Draft:
    lines = [line for key in ("addressLine1", "addressLine2") if (line := text(chapter, key))]
    return Draft(
        identifier=text(chapter, "id"),
        name=text(chapter, "name"),
        schedule=_schedule(chapter),
        event_attendance_mode=text(chapter, "meetingType"),
        location_name=text(chapter, "locationName"),
        street_address=", ".join(lines) or None,
        address_locality=text(chapter, "city"),
        postal_code=text(chapter, "postalCode"),
        virtual_location=clean_url(text(chapter, "onlineMeetingLink"), base),
        url=clean_url(text(chapter, "visitChapterUrl") or text(chapter, "chapterUrl"), base),
        keywords=("BNI",),
    )


def _schedule(chapter: Node) -> str | None:
    """“every Thursday 06:40-08:10”; the length is in minutes."""
    day, told, length = (text(chapter, key) for key in ("meetingDay", "meetingTime", "meetingDuration"))
    clock = _CLOCK.fullmatch((told or "").strip())
    if not day or not clock:
        return f"every {day} {told or ''}".strip() if day else None
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    start = datetime(2000, 1, 1, hour, int(clock[2]))  # noqa: DTZ001 - a wall clock
    is_told = re.fullmatch(r"[1-9]\d{0,2}", length or "")
    end = f"-{start + timedelta(minutes=int(is_told[0])):%H:%M}" if is_told else ""
    return f"every {day} {start:%H:%M}{end}"
