"""A week that works, as a page shows it: the chosen events, and why each was chosen; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from aggregator.event import Offer
from aggregator.render.cost import tell_cost
from api.planned import Choice, Wish, slot_of
from api.web.card import Card
from api.web.language import Language
from api.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One chosen event; what its card says itself is no reason again."""

    day: str
    card: Card
    because: tuple[str, ...]


def make_plan_lines(visit: Visit, choices: Sequence[Choice], cards: Sequence[Card], wish: Wish) -> tuple[PlanLine, ...]:
    """In order of start."""
    return tuple(
        PlanLine(
            day=visit.language.tell_day(_start(choice).date()),
            card=card,
            because=_tell_why(choice, wish, visit.language),
        )
        for choice, card in zip(choices, cards, strict=True)
    )


def tell_sum(choices: Sequence[Choice], language: Language) -> str:
    """What they cost as far as that is said, and of how many it is not."""
    spent, unknown = sum(choice.price or 0.0 for choice in choices), sum(choice.price is None for choice in choices)
    if choices and unknown == len(choices):
        return language.say("plan.unpriced", count=unknown)
    key = "plan.spent" if spent else "plan.nothing"
    words = language.say(key, count=len(choices), spent=_tell_money(spent, choices))
    return f"{words} {language.say('plan.unknown', count=unknown)}" if unknown else words


def _tell_money(amount: float, choices: Sequence[Choice]) -> str:
    """In the money of the first price that has one: a plan is for one place."""
    offers = (offer for choice in choices for offer in choice.event["offers"])
    currency = next((offer["priceCurrency"] for offer in offers if offer["priceCurrency"]), None)
    return tell_cost((Offer(price=Decimal(str(amount)), price_currency=currency),), None) or ""


def _tell_why(choice: Choice, wish: Wish, language: Language) -> tuple[str, ...]:
    weekday, part = slot_of(_start(choice))
    reasons = (
        language.say("plan.free", weekday=language.weekdays[weekday], part=language.say(f"daypart.{part}").lower())
        if wish.free
        else None,
        language.say("plan.first", kind=language.say(f"kind.{choice.event['kind']}"))
        if choice.is_first_of_kind
        else None,
    )
    return tuple(reason for reason in reasons if reason)


def _start(choice: Choice) -> datetime:
    return datetime.fromisoformat(choice.event["startDate"])
