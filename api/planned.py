"""A week that works: events that do not clash, of several kinds, that one can pay for and may come to; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from aggregator.group.names import key_of, stem_of
from aggregator.render.visitors import visitor_line
from api.words import offers_of, visitors_of

Told = Mapping[str, Any]

DAYPARTS = {
    "early": time(5),
    "morning": time(8),
    "lunch": time(11),
    "afternoon": time(14),
    "evening": time(17),
    "night": time(22),
}
"""When each begins; a night ends at five."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = timedelta(hours=6)
"""What lasts longer, or all day, is no appointment."""

BETWEEN = timedelta(minutes=30)
"""To get from one to the next."""

Slot = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the plan is to keep to: `free` times (any, when empty), a `budget` for all of it, and how many at `most`."""

    free: frozenset[Slot] = frozenset()
    budget: float | None = None
    most: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An event that was chosen, what it costs as far as that is said, and why it was chosen; `is_first_of_kind` when
    none of its kind had been chosen before."""

    event: Told
    price: float | None
    because: tuple[str, ...]
    is_first_of_kind: bool = False


def plan(events: Iterable[Told], wish: Wish) -> list[Choice]:
    """In order of start. Kinds that were chosen least come first, then what is good for meeting people, then what is
    near: one rule after the other, no score.
    """
    left = [event for event in events if _is_possible(event, wish)]
    chosen: list[Choice] = []
    while left and len(chosen) < wish.most:
        left = [event for event in left if _fits(event, chosen, wish)]
        if not left:
            break
        best = min(left, key=lambda event: _rank(event, chosen))
        chosen.append(
            Choice(
                event=best,
                price=price_of(best),
                because=tuple(_tell_why(best, chosen, wish)),
                is_first_of_kind=_is_first_of_kind(best, chosen),
            )
        )
        left.remove(best)
    return sorted(chosen, key=lambda choice: _start(choice.event))


def slot_of(moment: datetime) -> Slot:
    """Weekday and part of the day, by the clock of the place; the small hours belong to the night before."""
    name = next((name for name, begin in reversed(DAYPARTS.items()) if moment.time() >= begin), None)
    return (moment.weekday(), name) if name else ((moment.weekday() - 1) % 7, "night")


def price_of(event: Told) -> float | None:
    """The most that a stranger pays; None when nobody says."""
    terms = event["visitorTerms"]
    if terms and terms["guestFee"] is not None:
        return float(terms["guestFee"])
    if event["isAccessibleForFree"]:
        return 0.0
    told = [price for offer in offers_of(dict(event)) for price in (offer.price, offer.high_price) if price is not None]
    return float(max(told)) if told else None


def _is_possible(event: Told, wish: Wish) -> bool:
    if event["allDay"] or event["eventStatus"] == "EventCancelled":
        return False
    start, end = _span(event)
    return end - start <= LONGEST and (not wish.free or slot_of(start) in wish.free)


def _fits(event: Told, chosen: Sequence[Choice], wish: Wish) -> bool:
    """Nothing clashes, the money is enough, and a group is not visited more often than it may be."""
    spent = sum(choice.price or 0.0 for choice in chosen)
    if wish.budget is not None and spent + (price_of(event) or 0.0) > wish.budget:
        return False
    visits = sum(_group(choice.event) == _group(event) for choice in chosen)
    allowed = (event["visitorTerms"] or {}).get("visitsAllowed") or 1
    return visits < allowed and not any(_clash(event, choice.event) for choice in chosen)


def _clash(one: Told, other: Told) -> bool:
    (start, end), (from_, to) = _span(one), _span(other)
    return start < to + BETWEEN and from_ < end + BETWEEN


def _rank(event: Told, chosen: Sequence[Choice]) -> tuple[Any, ...]:
    kinds = Counter(choice.event["kind"] for choice in chosen)
    good = sum(1 if line["speaksFor"] else -1 for line in event["meetingPeople"])
    is_again = any(_group(choice.event) == _group(event) for choice in chosen)
    distance = event["distance"] if event["distance"] is not None else float("inf")
    return is_again, kinds[event["kind"]], good <= 0, distance, _start(event), event["id"]


def _tell_why(event: Told, chosen: Sequence[Choice], wish: Wish) -> Iterator[str]:
    start = _start(event)
    if wish.free:
        yield f"{start:%A} {slot_of(start)[1]} is free"
    if _is_first_of_kind(event, chosen):
        yield f"nothing of its kind ({event['kind']}) is in the plan yet"
    yield from (f"{line['about']}: “{line['quote']}”" for line in event["meetingPeople"] if line["speaksFor"])
    if line := visitor_line(visitors_of(dict(event))):
        yield line
    if event["distanceText"]:
        yield f"{event['distanceText']} away"
    price = price_of(event)
    yield "what it costs is not said" if price is None else f"costs {price:g}" if price else "free"


def _is_first_of_kind(event: Told, chosen: Sequence[Choice]) -> bool:
    return event["kind"] not in {choice.event["kind"] for choice in chosen}


def _group(event: Told) -> tuple[str, str]:
    organizer = (event["organizer"] or {}).get("name") or event["source"]
    return _group_named(organizer, event["name"])


@lru_cache(maxsize=4096)
def _group_named(organizer: str, name: str) -> tuple[str, str]:
    """Kept, since a plan asks it of each event once for every choice."""
    return key_of(organizer), key_of(stem_of(name))


def _start(event: Told) -> datetime:
    return datetime.fromisoformat(event["startDate"])


def _span(event: Told) -> tuple[datetime, datetime]:
    start = _start(event)
    end = event["endDate"]
    return start, datetime.fromisoformat(end) if end else start + timedelta(hours=1)
