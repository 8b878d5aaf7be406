"""The last look at an event before it is told: no e-mail address or telephone number of a person gets through."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from aggregator.event import (
    Event,
    Evidence,
    MeetingLine,
    Offer,
    Organization,
    Place,
    PostalAddress,
    Statement,
    VisitorTerms,
)
from aggregator.reading.contacts import tells_address, without_contacts
from aggregator.render.words import names

T = TypeVar("T", Event, Place, PostalAddress, Organization, Offer, Evidence, MeetingLine, Statement)
Q = TypeVar("Q", Evidence, MeetingLine, Statement)


def keep_private(event: Event) -> Event:
    """The event without them; itself when it holds none, as `normalize` leaves it. A link that holds one is dropped."""
    return _clean(event, CLEANED)


def private_name(event: Event) -> str:
    """The name that `keep_private` leaves it."""
    return _clean_name(event.name)


def _clean(told: T, fields: Mapping[str, Callable[[Any], Any]]) -> T:
    """The same dataclass with what `fields` make of theirs; a copy is made only when something is to change."""
    changed = {}
    for name, clean in fields.items():
        value = getattr(told, name)
        if value is None or (kept := clean(value)) is value:
            continue
        if kept != value:
            changed[name] = kept
    return replace(told, **changed) if changed else told


def _clean_name(name: str) -> str:
    return without_contacts(name) or "Event"


def _clean_text(text: str) -> str | None:
    return without_contacts(text) or None


def _clean_texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(without_contacts, texts))) if texts else texts


def _clean_link(link: str) -> str | None:
    return None if tells_address(link) else link


def _clean_links(links: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(_clean_link, links))


@lru_cache(maxsize=4096)
def _clean_place(place: Place) -> Place:
    return _clean(place, _OF_PLACES)


def _clean_quotes(quotes: tuple[Q, ...]) -> tuple[Q, ...]:
    return tuple(_clean(quote, {"quote": _clean_name}) for quote in quotes)


def _clean_address(address: PostalAddress) -> PostalAddress:
    return _clean(address, dict.fromkeys(names(PostalAddress), _clean_text))


@lru_cache(maxsize=4096)
def _clean_organization(organization: Organization) -> Organization:
    return _clean(organization, {"name": _clean_name, "url": _clean_link})


def _clean_offers(offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    return tuple(_clean(offer, {"description": _clean_text}) for offer in offers)


def _clean_terms(terms: VisitorTerms) -> VisitorTerms:
    evidence = _clean_quotes(terms.evidence)
    return terms if evidence == terms.evidence else replace(terms, evidence=evidence)


_OF_PLACES: dict[str, Callable[[Any], Any]] = {
    "name": _clean_text,
    "address": _clean_address,
    "accessibility_evidence": _clean_quotes,
}
CLEANED: dict[str, Callable[[Any], Any]] = {
    "name": _clean_name,
    "location": _clean_place,
    "virtual_location": _clean_link,
    "organizer": _clean_organization,
    "url": _clean_link,
    "description": _clean_text,
    "image": _clean_link,
    "keywords": _clean_texts,
    "offers": _clean_offers,
    "visitor_terms": _clean_terms,
    "meeting_people": _clean_quotes,
    "same_as": _clean_links,
    "doubts": _clean_texts,
}
"""The fields in which a page's own words are; what is not here is ours, a code, a time or a number."""
