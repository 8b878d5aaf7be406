"""What it costs, in the words that a person reads: the page's own where it had any."""

from decimal import Decimal
from functools import lru_cache

from aggregator.event import Offer

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
FREE = "Free"


@lru_cache(maxsize=4096)
def tell_cost(offers: tuple[Offer, ...], is_free: bool | None) -> str | None:
    """`$15 members, $25 guests`, `$15–25`, `Free`; None when nobody knows."""
    told = [words for words in map(_tell_offer, offers) if words]
    return ", ".join(told) or (FREE if is_free else None)


def cost_line(offers: tuple[Offer, ...], is_free: bool | None) -> str | None:
    """The same as a line among others: `Cost: $15–25`, and `Free`, which needs no word before it."""
    words = tell_cost(offers, is_free)
    return words if words is None or words == FREE else f"Cost: {words}"


def _tell_offer(offer: Offer) -> str | None:
    if offer.description or offer.price is None:
        return offer.description
    if offer.high_price is not None:
        return _amount(f"{_number(offer.price)}–{_number(offer.high_price)}", offer.price_currency)
    return _amount(_number(offer.price), offer.price_currency) if offer.price else FREE


def _amount(numbers: str, currency: str | None) -> str:
    """A sign stands before, a code behind: whose dollars they are is not lost."""
    sign = _SIGNS.get(currency or "")
    return f"{sign}{numbers}" if sign else f"{numbers} {currency or ''}".rstrip()


def _number(amount: Decimal) -> str:
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"
