"""Sierra Club: the feed of outings and meetings of chapters and groups."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.text import without_contacts
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import ics

_FEED = "https://act.sierraclub.org/events/services/apexrest/eventfeed/ent/"
_DETAILS = "https://act.sierraclub.org/events/details?formcampaignid="
_ENTITY = re.compile(r"eventfeed/ent/([\w,-]+)", re.IGNORECASE)
_PROXY = re.compile(r"//(?:www\.)?sierraclub\.org/sc/proxy\b", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """An answer by its list of events, a calendar by its host, a page by the feed that it asks for."""
    told = page.text
    if told.lstrip()[:1] == "{":
        is_feed = '"eventList"' in told and ('"startDate"' in told or "eventfeed/ent/" in page.url)
        return "Sierra Club's feed of events" if is_feed else None
    if ics.recognise(page):
        return "a calendar of Sierra Club" if urlsplit(page.url).hostname == "act.sierraclub.org" else None
    return "a page that shows Sierra Club's feed" if address(page) else None


def address(page: Page) -> str | None:
    """The feed that a chapter's page asks for; where that stands within another address, it is escaped."""
    if page.text.lstrip()[:1] == "{" or "eventfeed" not in page.text:
        return None
    found = _ENTITY.search(re.sub("%2F", "/", page.text.replace("\\/", "/").replace("%2C", ","), flags=re.IGNORECASE))
    return f"{_FEED}{found[1]}" if found else None


def request(url: str | None = None, entity: int | str | None = None) -> Request:
    """The feed of the chapters and groups by their numbers, or the one that their pages' proxy asks."""
    if not url and not entity:
        raise ValueError("a url or an entity (the number of a chapter or group) is needed")
    told = _ENTITY.search(unquote(url)) if url and _PROXY.search(url) else None
    entity = entity or (told[1] if told else None)
    return Request(url=f"{_FEED}{entity}" if entity else url or "")


def ends_whole(body: bytes) -> bool:
    """Whether the end of the answer, or of the calendar, has arrived."""
    return ics.ends_whole(body) if b"BEGIN:VCALENDAR" in body[:1000] else page_ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """One draft an event; for a chapter's page the error names the feed to give instead."""
    if ics.recognise(page) and recognise(page):
        yield from ics.parse(page)
        return
    answer = (first_node(read_json(page.text)) or {}) if page.text.lstrip()[:1] == "{" else {}
    if not isinstance(answer.get("eventList"), list):
        feed = address(page)
        hint = f"; the page asks for {feed}, which is the url to give" if feed else ""
        raise ParseError(f"{page.url}: no feed of Sierra Club's events{hint}")
    yield from map(_draft, nodes(answer["eventList"]))


def _draft(event: Node) -> Draft:
    sponsor, level, number = text(event, "sponsor", "entityName"), text(event, "level"), text(event, "Id")
    latitude, longitude = text(event, "lat"), text(event, "lng")
    is_pinned = any((degrees or "").strip("-0.") for degrees in (latitude, longitude))
    named = (text(event, "eventCategory"), text(event, "eventType"), level and f"Level: {level}")
    return Draft(
        identifier=number,
        name=text(event, "eventName"),
        start_date=_at(text(event, "startDate"), text(event, "startTime")),
        end_date=_end(event),
        event_status=None if text(event, "status") in {"Active", "Planned", "Full"} else text(event, "status"),
        description=_without_leaders(event),
        organizer=f"Sierra Club {sponsor}" if sponsor and "sierra club" not in sponsor.lower() else sponsor,
        url=clean_url(text(event, "urlToShare")) or (f"{_DETAILS}{number}" if number else None),
        keywords=tuple(filter(None, named)),
        price=text(event, "cost"),
        location_text=text(event, "location"),
        latitude=latitude if is_pinned else None,
        longitude=longitude if is_pinned else None,
        doubts=("its time is not certain yet",) if event.get("timeTentative") is True else (),
    )


def _at(day: str | None, clock: str | None) -> str | None:
    """A day alone, or with its clock in words, which `normalize` reads."""
    return f"{day} {clock}" if day and clock else day


def _end(event: Node) -> str | None:
    """A last day without a clock says nothing of an event that begins on it."""
    day, clock = text(event, "endDate"), text(event, "endTime")
    return None if not clock and day == text(event, "startDate") else _at(day, clock)


def _without_leaders(event: Node) -> str | None:
    """The description without mail and telephones, and without the names in the feed's own list of leaders."""
    told = without_contacts(text(event, "description") or "")
    for leader in nodes(event.get("leaderList")):
        name = " ".join((text(leader, "name") or "").split())
        if " " in name:
            told = re.sub(rf"\b{re.escape(name)}(?!\w)", "the leader", told)
    return told or None
