"""Galaxy Digital (Get Connected): the board of needs of a volunteer centre, and each need that has a date."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from urllib.parse import urljoin, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import Node, Tree, absolute, ancestors, attribute, ends_whole, parse_html, text_of
from aggregator.source import Draft, Page, Request

__all__ = ["address", "ends_whole", "follow", "parse", "recognise", "request"]

MOST_LINKS = 300
"""To needs on a page of the board, which shows twelve."""

_HOST = re.compile(r"(?!(?:www|api\d?|support|info|go)\.)[\w-]+\.galaxydigital\.com", re.IGNORECASE)
_FILES = re.compile(
    r"<(?:script|link|img)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//[\w.-]*galaxydigital\.com/", re.IGNORECASE
)
_EMBED = re.compile(r"<iframe\b[^>]*\bsrc=[\"'](?:https?:)?//([\w-]+\.galaxydigital\.com)\b", re.IGNORECASE)
_NEED = re.compile(r"/need/detail/\?(?:[^\"'#\s]*&(?:amp;)?)?need_id=(\d+)")
_BOARD = re.compile(r"/need(?:/|/index(?:/(\d+))?/?)?", re.IGNORECASE)

_DATE = r"[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"
_CLOCK = r"\d{1,2}(?::\d\d)? ?[ap]\.?m\b\.?"
_TO = r" ?(?:-|–|to) ?"
_ROLE = re.compile(rf"\bongoing\b|\buntil {_DATE}", re.IGNORECASE)
_HAPPENS = re.compile(rf"\bhappens on ({_DATE})(?: @)?(?: ({_CLOCK}(?:{_TO}{_CLOCK})?))?", re.IGNORECASE)
_SHIFT = re.compile(
    rf"((?:[A-Z][a-z]{{2,8}},? )?{_DATE} @ {_CLOCK}){_TO}(?:(?:[A-Z][a-z]{{2,8}},? )?{_DATE} @ )?{_CLOCK}",
    re.IGNORECASE,
)
"""When a shift begins and ends; until when one may register has no end."""

_ICONS = re.compile(r"Get Connected Icon|Location Dot(?: Shift)?")
_LABELS = frozenset(
    {"description", "opportunity description", "details", "location", "agency", "partner agency", "organization"}
    | {"program", "posted by", "interests", "qualifications", "shifts", "site supervisor", "contact", "calendar"}
)


def recognise(page: Page) -> str | None:
    """By its own host; on another's domain by its icons, or by its needs and Galaxy's files; or embedded."""
    host, told = urlsplit(page.url).hostname or "", page.text
    if _HOST.fullmatch(host):
        return "a page on galaxydigital.com"
    if "Get Connected Icon" in told:
        return "a page with Get Connected's icons"
    if re.search(rf"=[\"'](?:https?://{re.escape(host)})?/need/detail/\?", told) and _FILES.search(told):
        return "needs, and files of Galaxy Digital"
    return "a board of Galaxy Digital that it embeds" if _EMBED.search(told) else None


def address(page: Page) -> str | None:
    """The board of the portal that the page is of, or embeds."""
    found = _EMBED.search(page.text)
    if found and not _HOST.fullmatch(urlsplit(page.url).hostname or ""):
        return f"https://{found[1]}/need/"
    return request(page.url).url


def request(url: str) -> Request:
    """The board, for whichever page of the portal; a board that is filtered and a need stay."""
    path = urlsplit(url).path
    return Request(url=url if _BOARD.fullmatch(path) or path.startswith("/need/detail") else urljoin(url, "/need/"))


def parse(page: Page) -> Iterator[Draft]:
    """The date of a need, or one draft a shift; the board tells of no event, only which needs there are."""
    if not recognise(page):
        raise ParseError(f"{page.url}: no page of Galaxy Digital's Get Connected")
    need = _NEED.search(page.url)
    if need:
        yield from _dates(page, need[1])
    elif not _BOARD.fullmatch(urlsplit(page.url).path):
        raise ParseError(f"{page.url}: neither the board of needs nor a need; the board is {request(page.url).url}")


def follow(page: Page) -> Iterator[Request]:
    """The next page of the board, and the needs on it that have a date."""
    board = _BOARD.fullmatch(urlsplit(page.url).path)
    if not board:
        return
    tree = parse_html(page.text)
    offsets = dict(_boards(tree, page.url))
    further = [offset for offset in offsets if offset > int(board[1] or 0)]
    if further:
        yield Request(url=offsets[min(further)])
    seen: set[str] = set()
    for link in tree.css("a[href*='need_id=']")[:MOST_LINKS]:
        found = _NEED.search(attribute(link, "href") or "")
        if found and found[1] not in seen and not _ROLE.search(_card(link)):
            seen.add(found[1])
            yield Request(url=urljoin(page.url, f"/need/detail/?need_id={found[1]}"), completes=found[1])


def _boards(tree: Tree, base: str) -> Iterator[tuple[int, str]]:
    """The pages of the board that are linked, by the number of needs before them."""
    for link in tree.css("a[href*='/need/index/']"):
        url = absolute(attribute(link, "href"), base) or ""
        found = _BOARD.fullmatch(urlsplit(url).path)
        if found and found[1]:
            yield int(found[1]), url


def _card(link: Node) -> str:
    """The words of the largest element round the link that tells of no other need."""
    card = link
    for parent in takewhile(lambda parent: parent.tag not in ("body", "html"), ancestors(link)):
        if len(set(_NEED.findall(parent.html or ""))) > 1:
            break
        card = parent
    return text_of(card)


def _dates(page: Page, number: str) -> Iterator[Draft]:
    """The shifts where there are some, else the day on which it happens; a role that is open tells of none."""
    tree = parse_html(page.text)
    title, body = tree.css_first("h1"), tree.body
    if title is None or body is None:
        raise ParseError(f"{page.url}: a need without a title")
    lines = [line for told in text_of(body).split("\n") if (line := " ".join(_ICONS.sub("", told).split()))]
    draft = replace(_draft(lines), name=text_of(title), url=page.url)
    shifts = [found for line in lines if (found := _SHIFT.match(line))]
    for shift in shifts:
        yield replace(draft, identifier=f"{number}:{shift[1]}", date_text=shift[0])
    day = None if shifts else _HAPPENS.search(" ".join(lines))
    if day:
        yield replace(draft, identifier=number, date_text=" ".join(filter(None, day.groups())))


def _draft(lines: list[str]) -> Draft:
    """What stands under the headings; under those of persons nothing is read."""
    agency = next(filter(None, (_under(lines, label) for label in ("partner agency", "agency", "organization"))), [])
    marks = {line.lower().removeprefix("is ") for line in _under(lines, "details")}
    return Draft(
        organizer=agency[0] if agency else None,
        description="\n".join(_under(lines, "opportunity description") or _under(lines, "description")) or None,
        location_text=", ".join(_under(lines, "location")) or None,
        event_attendance_mode="OnlineEventAttendanceMode" if {"virtual opportunity", "virtual"} & marks else None,
        keywords=(*_under(lines, "interests"), *(("Family friendly",) if "family friendly" in marks else ())),
    )


def _under(lines: list[str], label: str) -> list[str]:
    """The lines below a heading, as far as the next one."""
    start = next((number for number, line in enumerate(lines, 1) if line.lower() == label), len(lines))
    return list(takewhile(lambda line: line.lower() not in _LABELS, lines[start:]))
