"""What wildapricot.py reads on pages: the links of a list, and an event's own page."""

import re
from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import attribute, parse_html, text_at, text_of
from aggregator.reading.structured.empty import find_emptiness
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page

OF_EVENT = re.compile(r"/event-\d+/?(?:\?|$)", re.IGNORECASE)
_LINKS = "a.eventDetailsLink, .itemTitleContainer a, .boxHeaderTitleContainer a, .WaGadgetUpcomingEvents a"
_FIELDS = ("StartDate", "StartTime", "EndDate", "EndTime", "Location")


def read_page(page: Page) -> Iterator[Draft]:
    """The page of an event for members only leads to a login, and tells nothing."""
    if OF_EVENT.search(page.request.url):
        return iter(()) if "/sys/login" in page.url.lower() else iter((_own_page(page),))
    return _links(page)


def _links(page: Page) -> Iterator[Draft]:
    """Names and addresses: their times stand beside them, and on each event's page."""
    links: dict[str | None, str] = {}
    for link in parse_html(page.text).css(_LINKS):
        links.setdefault(clean_url(attribute(link, "href"), page.url), text_of(link))
    drafts = [Draft(identifier=url, name=name, url=url) for url, name in links.items() if url and OF_EVENT.search(url)]
    if not drafts and not find_emptiness(page.text):
        raise ParseError(f"{page.url}: neither a feed nor a list of events of Wild Apricot")
    return iter(drafts)


def _own_page(page: Page) -> Draft:
    tree = parse_html(page.text)
    told = {name: text_at(tree, f".eventInfo{name} .eventInfoBoxValue") for name in _FIELDS}
    if not told["StartDate"]:
        raise ParseError(f"{page.url}: no event of Wild Apricot")
    _, _, close = (told["StartTime"] or "").partition("-")
    day = told["EndDate"] or (told["StartDate"] if close else None)
    return Draft(
        identifier=page.url,
        name=text_at(tree, "h1.pageTitle, h1"),
        date_text=" ".join(filter(None, (told["StartDate"], told["StartTime"]))),
        end_date=" ".join(filter(None, (day, told["EndTime"] or close.strip()))) or None,
        location_text=told["Location"],
        description=text_at(tree, ".gadgetEventEditableArea"),
        price=text_at(tree, ".registrationInfo"),
        url=page.url,
    )
