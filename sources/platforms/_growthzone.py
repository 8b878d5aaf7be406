"""What growthzone.py reads on a listing: cards of either generation, and the lists that were before them."""

import re
from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import Node, attribute, parse_html, text_at, text_of
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page

_NUMBER = re.compile(r"-(\d{3,})(?:\.ics)?/?(?:\?|$)")
_DAY = re.compile(r"-(\d\d-\d\d-20\d\d)-\d{3,}")
_US = re.compile(r"(\d{1,2}/\d{1,2}/\d{4}) (\d{1,2}:\d\d)(?::\d\d)? ([AP]M)", re.IGNORECASE)
_EMPTY = re.compile(
    r"gz-events-empty|there are no events that meet|no (?:upcoming )?events (?:were )?found", re.IGNORECASE
)
_OLDER = "li.gz-cal-event a[href], .mn-CalendarItem a[href], .mn-title a[href], .mn-list .listing a[href]"
"""Links of a month's grid and of the themes before the cards, which tell a name, and a day in the address."""


def read_cards(page: Page) -> Iterator[Draft]:
    """No drafts for a listing that says it is empty; ParseError for a page that is no listing."""
    tree = parse_html(page.text)
    drafts = [draft for card in tree.css(".gz-events-card") if (draft := _card(card, page.url))]
    drafts = drafts or [draft for link in tree.css(_OLDER) if (draft := _link(link, page.url))]
    if not drafts and not _EMPTY.search(page.text):
        raise ParseError(f"{page.url}: neither a listing of GrowthZone nor an empty one")
    return iter(dict.fromkeys(drafts))


def _link(link: Node, base: str) -> Draft | None:
    """The day is in words of its own, since the event's calendar tells its time as well."""
    url = clean_url(attribute(link, "href"), base) or ""
    number, day = _NUMBER.search(url), _DAY.search(url)
    if not number or "/details/" not in url.lower():
        return None
    words = day[1].replace("-", "/") if day else None
    return Draft(identifier=number[1], name=text_of(link), date_text=words, url=url)


def _card(card: Node, base: str) -> Draft | None:
    link = card.css_first(".gz-card-title a[href], a.gz-event-card-title[href], .gz-card-title[href]")
    if link is None:
        return None
    url = clean_url(attribute(link, "href"), base)
    number = _NUMBER.search(url or "")
    image = card.css_first("img.gz-events-img")
    start, end = (_told(card, name, place) for name, place in (("startDate", "span"), ("endDate", "meta")))
    return Draft(
        identifier=number[1] if number else url,
        name=text_of(link),
        start_date=start,
        end_date=end,
        description=text_at(card, ".gz-events-description, [itemprop=about]"),
        image=clean_url(attribute(image, "src"), base) if image is not None else None,
        url=url,
    )


def _told(card: Node, name: str, place: str) -> str | None:
    """New cards write the American way in microdata, old ones ISO in the first elements with a content."""
    node = card.css_first(f"meta[itemprop={name}]") or card.css_first(f".gz-card-date {place}[content]")
    told = (attribute(node, "content") or "") if node is not None else ""
    american = _US.search(told)
    return f"{american[1]} {american[2]} {american[3]}" if american else told or None
