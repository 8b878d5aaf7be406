"""What an event costs: the many shapes of `offers`."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from aggregator.reading.structured.json_repair import Json
from aggregator.reading.structured.values import Node, first_node, nodes, text, texts

_PLAIN_OFFER = frozenset({"@type", "price", "priceCurrency", "url", "availability", "validFrom"})


def price_of(offers: Json) -> str | None:
    """The price in the page's words; of several, the lowest and the highest ("0 – 15"); None when none is said."""
    if isinstance(offers, dict) and offers.keys() <= _PLAIN_OFFER:
        return text(offers, "price")
    prices = list(dict.fromkeys(words.strip() for offer in nodes(offers) for words in _prices(offer)))
    if len(prices) == 1:
        return prices[0]
    if not prices:
        return next(_plain(offers), None)
    amounts = [amount for price in prices if (amount := _amount(price)) is not None]
    if len(amounts) == len(prices) > 1:
        return f"{min(amounts)} – {max(amounts)}"
    return " / ".join(prices)


def currency_of(offers: Json) -> str | None:
    """The first currency that is named."""
    for offer in nodes(offers):
        found = text(offer, "priceCurrency") or text(first_node(offer.get("priceSpecification")) or {}, "priceCurrency")
        if found:
            return found
    return None


def _prices(offer: Node) -> Iterator[str]:
    for name in ("price", "lowPrice", "highPrice"):
        if name in offer:
            yield from texts(offer[name])
    for name in ("priceSpecification", "offers"):
        for inner in nodes(offer.get(name)):
            for told in ("price", "minPrice", "maxPrice"):
                yield from texts(inner.get(told))


def _plain(offers: Json) -> Iterator[str]:
    """Prices told as bare text ("$10-$20"), but not the addresses of ticket shops."""
    for one in offers if isinstance(offers, list) else [offers]:
        if isinstance(one, str) and one.strip() and "/" not in one:
            yield one.strip()


def _amount(price: str) -> Decimal | None:
    try:
        amount = Decimal(price)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
