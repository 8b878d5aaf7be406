"""DACdb (ismyrotaryclub.com): the events of a Rotary club."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["address", "ends_whole", "parse", "recognise", "request"]

_EVENTS = "https://www.ismyrotaryclub.com/wp_api_prod_1-1/R_GetEvents.cfm"
_CALL = re.compile(r"ismyrotaryclub\.com/wp_api[\w.-]*/R_GetEvents\.cfm\?[^\"'\s<>]*", re.IGNORECASE)
_NUMBERS = re.compile(r"\b(?:Account|Club)ID=(\d+)", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """An answer by what every event of it holds; a club's site by the call that fetches its calendar."""
    if page.text.lstrip()[:1] == "[":
        is_answer = _CALL.search(page.url) or ('"Speaker"' in page.text and '"Topic"' in page.text)
        return "an answer of DACdb" if is_answer else None
    return "a call for DACdb's events" if _CALL.search(unescape(page.text)) else None


def address(page: Page) -> str | None:
    """The events that the club's site asks for."""
    call = None if page.text.lstrip()[:1] == "[" else _CALL.search(unescape(page.text))
    return f"https://www.{call[0]}" if call else None


def request(url: str | None = None, account: str | int | None = None, club: str | int | None = None) -> Request:
    """An address with both numbers, or the numbers."""
    if len(_NUMBERS.findall(url)) < 2 if url else not (account and club):
        raise ValueError("an account and a club are needed, or a url with AccountID and ClubID")
    wanted = f"AccountID={account}&ClubID={club}&fixImages=0&fixTables=0&EventCategoryIDs=1,2,3,4,5,6,7"
    return Request(url=url or f"{_EVENTS}?{wanted}")


def parse(page: Page) -> Iterator[Draft]:
    """One draft an event; an empty list is a club without events."""
    answer = read_json(page.text)[0] if page.text.lstrip()[:1] == "[" else None
    if not isinstance(answer, list) or (answer and not recognise(page)):
        raise ParseError(f"{page.url}: no answer of DACdb")
    events = list(nodes(answer))
    times = Counter(text(event, "url") for event in events)
    yield from (_draft(event, is_own=times[text(event, "url")] == 1) for event in events)


def _draft(event: Node, *, is_own: bool) -> Draft:
    url = clean_url(text(event, "url"))
    return Draft(
        identifier=url if is_own else None,
        name=text(event, "title"),
        start_date=text(event, "start"),
        end_date=text(event, "end"),
        location_text=text(event, "Location"),
        url=url if is_own else None,
        description=text(event, "Topic"),
    )
