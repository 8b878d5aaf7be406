"""What somebody sent -> Suggestion: bounded, and without any person's address or number; pure."""

from collections.abc import Mapping

from aggregator.correct.read import read_field
from aggregator.errors import QueryError
from aggregator.reading.contacts import tells_address
from aggregator.reading.text import clean_text, without_contacts
from aggregator.reading.url import clean_url
from aggregator.suggest.suggestion import Subject, Suggestion

LONGEST = {"name": 200, "startDate": 60, "endDate": 60, "rhythm": 120, "location": 200, "organizer": 120, "url": 500}
LONGEST |= {"description": 2000, "price": 120, "about": 40, "field": 40, "value": 2000, "note": 500}
"""Characters of each member."""


NEEDED = {
    Subject.EVENT: ("name", "startDate", "location"),
    Subject.GROUP: ("name", "rhythm", "location"),
    Subject.FIX: ("about", "field", "value"),
}
_ABOUT_EVENTS = ("organizer", "url", "description", "price", "note")
POSSIBLE = {Subject.EVENT: ("endDate", *_ABOUT_EVENTS), Subject.GROUP: _ABOUT_EVENTS, Subject.FIX: ("note",)}


def read_suggestion(given: Mapping[str, object]) -> Suggestion:
    """QueryError names the first member that is missing, not known, no text, or too long."""
    subject = _read_subject(given.get("type"))
    known = (*NEEDED[subject], *POSSIBLE[subject])
    for name in given:
        if name != "type" and name not in known:
            raise QueryError(str(name)[:40], "", f"not known for {subject}; {', '.join(known)}")
    told = {name: text for name in known if (text := _read_text(name, given.get(name)))}
    for name in NEEDED[subject]:
        if name not in told:
            raise QueryError(name, "", "is needed")
    if subject is Subject.FIX:
        told["field"] = read_field(told["field"]).value
    return Suggestion(subject=subject, told=told)


def _read_subject(told: object) -> Subject:
    if not isinstance(told, str) or told not in set(Subject):
        raise QueryError("type", str(told or "")[:40], f"is none of {', '.join(Subject)}")
    return Subject(told)


def _read_text(name: str, told: object) -> str:
    if told is None:
        return ""
    if not isinstance(told, str):
        raise QueryError(name, str(told)[:40], "a text is wanted")
    if len(told) > LONGEST[name]:
        raise QueryError(name, told[:40], f"has more than {LONGEST[name]:,} characters")
    if name != "url":
        return without_contacts(clean_text(told)).strip()
    url = clean_url(told.strip())
    if told.strip() and (url is None or tells_address(url)):
        raise QueryError("url", told[:40], "is no address of a page")
    return url or ""
