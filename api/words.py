"""An event's members in the words of a person: whether it is on, when, where, and what it costs."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from aggregator.event import Offer, Visitors

AMERICAN = frozenset({"US", "PR", "GU", "VI", "AS", "MP"})
"""Countries whose people write am and pm."""

Told = Mapping[str, Any]
_STATUS = {
    "EventCancelled": "Cancelled",
    "EventPostponed": "Postponed",
    "EventRescheduled": "Rescheduled",
    "EventMovedOnline": "Moved online",
}
_SAID = re.compile(r"\W*(cancel+ed|postponed|rescheduled|moved online)\b", re.IGNORECASE)
_CENTERS = frozenset({"postcode", "town", "region"})
"""Precisions at which the point is the middle of something larger than the venue."""
NEARBY = 80
"""Metres; from the middle of a postcode, what is nearer would be about 0.0 mi away."""
AN_EVENING = timedelta(hours=12)
"""What is shorter belongs to the day on which it begins."""
MIDNIGHT = time()


def mark(told: Told) -> str:
    """The word before a name, `Cancelled: `; empty when all is well, and when the name begins with it itself."""
    word = _STATUS.get(told["eventStatus"]) or ("No longer listed" if told["withdrawn"] else "")
    said = _SAID.match(told["name"])
    return "" if not word or (said and said[1][0].upper() == word[0]) else f"{word}: "


def tell_days(told: Told) -> str:
    """`Tue 24 Nov`, or the first and the last: `Sat 17 Oct – Sun 18 Oct`."""
    first, last = _day(told["startDate"]), last_day(told)
    return f"{_short(first)} – {_short(last)}" if last else _short(first)


def tell_when(told: Told, country: str | None) -> str:
    """`Tue 24 Nov 2026, 7:00–8:30 am`, without an end that nobody stated; `country` is for a place that has none."""
    first, last = _day(told["startDate"]), last_day(told)
    if told["allDay"]:
        return f"{_short(first)} – {_long(last)}" if last else f"{_long(first)}, all day"
    country = ((told["location"] or {}).get("address") or {}).get("addressCountry") or country
    from_, end = tell_clock(datetime.fromisoformat(told["startDate"]), country), stated_end(told)
    if end is None:
        return f"{_long(first)}, {from_}"
    to = tell_clock(end, country) if end.time() != MIDNIGHT else "midnight"
    if last:
        return f"{_long(first)}, {from_} – {_long(last)}, {to}"
    shared = from_[-3:] in (" am", " pm") and from_[-3:] == to[-3:]
    return f"{_long(first)}, {from_[:-3] if shared else from_}–{to}"


def tell_where(told: Told) -> str:
    """Venue, street, town, and how far: only about, when the point is but the middle of a town or postcode."""
    place = place_of(told) or ("Online" if told["virtualLocation"] else "")
    return " · ".join(part for part in (place, _tell_distance(told)) if part)


def _tell_distance(told: Told) -> str:
    is_about = told["placePrecision"] in _CENTERS
    if not told["distanceText"]:
        return ""
    if is_about and told["distance"] < NEARBY:
        return "somewhere nearby"
    return f"{'about ' if is_about else ''}{told['distanceText']} away"


def place_of(told: Told) -> str:
    """Venue, street and town; empty when none is known."""
    location = told["location"] or {}
    address = location.get("address") or {}
    parts = (location.get("name"), address.get("streetAddress"), address.get("addressLocality"))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def visitors_of(told: Told) -> Visitors:
    """Whether a stranger may come."""
    return Visitors((told["visitorTerms"] or {"visitors": Visitors.UNKNOWN})["visitors"])


def offers_of(told: Told) -> tuple[Offer, ...]:
    """The offers, as the words of cost are made of them."""
    return tuple(
        Offer(
            price=_decimal(offer["price"]),
            high_price=_decimal(offer["highPrice"]),
            price_currency=offer["priceCurrency"],
            description=offer["description"],
        )
        for offer in told["offers"]
    )


def tell_clock(moment: datetime, country: str | None) -> str:
    """`7:00 pm` or `19:00`."""
    if country not in AMERICAN:
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def stated_end(told: Told) -> datetime | None:
    """When it ends, if its source says so and it has a clock time."""
    end = told["endDate"] if told["endDateSource"] == "stated" and not told["allDay"] else None
    return datetime.fromisoformat(end) if end and end != told["startDate"] else None


def last_day(told: Told) -> date | None:
    """The day of its end, when that is another than that of its start; an evening past midnight has but one."""
    first = _day(told["startDate"])
    if told["allDay"]:
        last = _day(told["endDate"] or told["startDate"])
        return last if last > first else None
    end = stated_end(told)
    if end is None or end - datetime.fromisoformat(told["startDate"]) < AN_EVENING:
        return None
    last = end.date() - timedelta(days=end.time() == MIDNIGHT)
    return last if last > first else None


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _short(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _long(day: date) -> str:
    return f"{_short(day)} {day.year}"


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))
