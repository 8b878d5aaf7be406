"""ClubRunner (Rotary and other clubs): when and where the club meets, and the events on its home page."""

import re
from collections.abc import Iterator
from itertools import takewhile
from urllib.parse import urlsplit

from aggregator.errors import ParseError, UnreadDateError
from aggregator.reading.html import Node, absolute, attribute, ends_whole, parse_html, text_of
from aggregator.reading.rhythm import read_rhythm
from aggregator.source import Draft, Page

__all__ = ["ends_whole", "parse", "recognise"]

_MARK = re.compile(
    r"<(?:script|link)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//[\w.-]*clubrunner(?:\.ca|\.blob\.core\.windows\.net)/",
    re.IGNORECASE,
)
_MEETS = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b.*\d", re.IGNORECASE)
_LEFT_OUT = re.compile(
    r"^we meet\s*(?:in[ -]person|online)?(?:\s*(?:and|&)\s*online)?\s*|\s+at(?=\s+\d)|[.,]$", re.IGNORECASE
)
_PLACE_ENDS = re.compile(
    r"(?:view )?map|venue map|district site|united states(?: of america)?|canada|.*[@:].*|.*\d{3}-\d{4}.*",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}\b", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}:\d{2}\s*[ap]m\b.*", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """By its own host, or by the scripts and styles that a club's own domain loads from there."""
    if (urlsplit(page.url).hostname or "").endswith(".clubrunner.ca"):
        return "a page on clubrunner.ca"
    return "scripts or styles of ClubRunner" if _MARK.search(page.text) else None


def parse(page: Page) -> Iterator[Draft]:
    """The regular meeting and the events that the page announces; ParseError when it tells neither."""
    tree = parse_html(page.text)
    title, body = tree.css_first("title"), tree.body
    lines = text_of(body).split("\n") if body else []
    drafts = [*_meetings(lines, text_of(title) if title else "", page.url), *_events(tree.css("a[href]"), page.url)]
    if not recognise(page) or not drafts:
        raise ParseError(f"{page.url}: no page of ClubRunner that says when the club meets")
    yield from drafts


def _meetings(lines: list[str], title: str, url: str) -> Iterator[Draft]:
    """The first line that is a rhythm (“We meet Tuesdays at 12:15 PM”), and the place in the lines below it."""
    for number, line in enumerate(lines):
        schedule = _LEFT_OUT.sub("", line).strip()
        if _MEETS.match(schedule) and _is_rhythm(schedule):
            place = list(takewhile(lambda told: not _PLACE_ENDS.fullmatch(told), lines[number + 1 : number + 5]))
            yield Draft(
                identifier=f"meetings@{urlsplit(url).hostname}{urlsplit(url).path.rstrip('/')}",
                name=re.split(r"\s+[|–-]\s+", title.removeprefix("Home Page").lstrip(" |-–"))[0] or "Club meeting",
                schedule=schedule,
                location_name=place[0] if place else None,
                location_text=", ".join(place[1:]) or None,
                url=url,
            )
            return


def _is_rhythm(words: str) -> bool:
    try:
        rhythm = read_rhythm(words)
    except UnreadDateError:
        return False
    return rhythm.start is not None and rhythm.since is None


def _events(links: list[Node], base: str) -> Iterator[Draft]:
    """Each link to an event's page, with the date in the words round it."""
    seen: set[str] = set()
    for link in links:
        url, name = absolute(attribute(link, "href"), base), text_of(link)
        if not url or url in seen or not name or not re.match(r"/(?:\d+/)?event/", urlsplit(url).path, re.IGNORECASE):
            continue
        lines = _announcement(link)
        date = next((match[0] for line in lines if (match := _DATE.search(line))), None)
        if date:
            seen.add(url)
            time = next((match[0] for line in lines if (match := _TIME.search(line))), "")
            place = [line for line in lines if line != name and not _DATE.search(line) and not _TIME.search(line)]
            yield Draft(
                identifier=url,
                name=name,
                date_text=f"{date} {time}".strip(),
                location_text=", ".join(place[:1]) or None,
                url=url,
            )


def _announcement(link: Node) -> list[str]:
    """The lines of the nearest element round the link that holds a date, as long as it is of this link alone."""
    near = link.parent
    for _ in range(4):
        if near is None or len({attribute(other, "href") for other in near.css("a[href*='vent/']")}) > 1:
            return []
        lines = text_of(near).split("\n")
        if any(_DATE.search(line) for line in lines):
            return lines
        near = near.parent
    return []
