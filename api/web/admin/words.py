"""Events and their differences as the operator reads them; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.web.card import web_link
from api.web.event import tell_address

Told = Mapping[str, Any]
LONGEST = 400
"""Characters of a description that is compared."""
_DATES = ("startDate", "endDate", "previousStartDate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A member on two sides; an empty text is what nobody says."""

    name: str
    one: str
    other: str

    @property
    def is_same(self) -> bool:
        """Whether there is no difference."""
        return self.one == self.other


def tell_moment(text: str | None) -> str:
    """`2026-10-07 18:30 UTC`; `never` where there is none."""
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC" if text else "never"


def tell_when(text: str | None) -> str:
    """`Thu, Oct 8 2026, 07:00` on the clock of its place, or the day alone."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    clock = "" if len(text) == 10 else f"{moment:, %H:%M}"
    return f"{moment:%a, %b} {moment.day} {moment.year}{clock}"


def tell_place(event: Told) -> str:
    """In one line; empty where nobody says."""
    return ", ".join(tell_address(event["location"] or {})) or event["virtualLocation"] or ""


def tell_differences(fields: Mapping[str, Told]) -> tuple[Line, ...]:
    """A line for each part that differs: `location.name`."""
    return tuple(line for name, one in fields.items() for line in _parts(name, one["before"], one["after"]))


def _parts(name: str, before: Any, after: Any) -> Iterator[Line]:
    if name in _DATES:
        before, after = tell_when(before), tell_when(after)
    old, new = dict(_leaves(name, before)), dict(_leaves(name, after))
    for part in {**old, **new}:
        line = Line(name=part, one=old.get(part, ""), other=new.get(part, ""))
        if not line.is_same:
            yield line


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(f"{name}.{key}", part)
    elif isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value):
        for place, part in enumerate(value, 1):
            yield from _leaves(f"{name}.{place}", part)
    else:
        yield name, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def compare(one: Told, other: Told) -> tuple[Line, ...]:
    """Two listings side by side, each with its dates and its event."""
    return tuple(
        Line(name=name, one=told, other=of_other)
        for (name, told), (_, of_other) in zip(_sides(one), _sides(other), strict=True)
        if told or of_other
    )


def _sides(listing: Told) -> Iterator[tuple[str, str]]:
    event = listing["event"]
    yield "Name", event["name"]
    yield "Starts", tell_when(listing["startDate"])
    yield "Ends", tell_when(listing["endDate"])
    yield "Place", tell_place(event)
    yield "Organiser", (event["organizer"] or {}).get("name") or ""
    yield "Cost", _tell_cost(event)
    yield "Page", web_link(event["url"]) or ""
    yield "Description", _cut(event["description"] or "")


def _tell_cost(event: Told) -> str:
    prices = (
        f"{offer['price']} {offer['priceCurrency'] or ''}".strip()
        for offer in event["offers"]
        if offer["price"] is not None
    )
    return "free" if event["isAccessibleForFree"] else " · ".join(dict.fromkeys(prices))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def correctable(event: Told, starts: str, ends: str) -> tuple[tuple[str, str], ...]:
    """What the sources say of each field that an editor may correct, by its name there."""
    terms = event["visitorTerms"] or {}
    place = event["location"] or {}
    return (
        ("name", event["name"]),
        ("startDate", starts),
        ("endDate", ends),
        ("location", ", ".join(tell_address(place))),
        ("wheelchairAccessible", _text(place.get("wheelchairAccessible"))),
        ("virtualLocation", event["virtualLocation"] or ""),
        ("organizer", (event["organizer"] or {}).get("name") or ""),
        ("url", event["url"] or ""),
        ("image", event["image"] or ""),
        ("price", _tell_cost(event)),
        ("eventStatus", _text(event["eventStatus"])),
        ("visitors", _text(terms.get("visitors"))),
        ("description", event["description"] or ""),
    )
