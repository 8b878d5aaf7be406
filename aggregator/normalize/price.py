"""What a page says of cost: free, a price, a range, or nothing that is sure."""

import re
from decimal import Decimal

from aggregator.event import Offer
from aggregator.reading.text import clean_line
from aggregator.source import Draft

AMOUNT = re.compile(r"(?P<sign>[$€£]|US\$|C\$|CA\$|A\$)? ?(?P<number>\d{1,6}(?:,\d{3})*(?:\.\d{1,2})?)(?![\d:/%])")
FREE = re.compile(r"\b(?:free|no (?:charge|cost)|gratis|complimentary)\b", re.IGNORECASE)
NOT_FREE = re.compile(
    r"\bfree (?:for|to) members\b|\bmembers[: ]+free\b|\bfree parking\b|\b(?:toll|gluten)[- ]free\b", re.IGNORECASE
)
CURRENCIES = {"$": "USD", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "€": "EUR", "£": "GBP"}
DOLLARS = {"CA": "CAD", "AU": "AUD", "NZ": "NZD"}
LENGTH = 200


def read_offers(draft: Draft, country: str | None) -> tuple[Offer, ...]:
    """One offer from the lowest to the highest price that the draft states; none when it states no amount."""
    text = clean_line(draft.price or "")[:LENGTH]
    amounts = _read_amounts(text)
    if not amounts:
        return ()
    sign = next((m["sign"] for m in AMOUNT.finditer(text) if m["sign"]), None)
    low, high = min(amounts), max(amounts)
    return (
        Offer(
            price=low,
            high_price=high if high > low else None,
            price_currency=draft.price_currency or _currency(sign, country),
            description=text if re.search(r"[A-Za-z]{3}", text) else None,
        ),
    )


def is_free(draft: Draft) -> bool | None:
    """Whether anybody may come without paying; None when the page does not say it plainly."""
    if draft.is_accessible_for_free is not None:
        return draft.is_accessible_for_free
    amounts = _read_amounts(clean_line(draft.price or "")[:LENGTH])
    if not amounts:
        return None
    if max(amounts) == 0:
        return True
    return False if min(amounts) > 0 else None


def _read_amounts(text: str) -> list[Decimal]:
    """Every amount in the words; "free" is 0, unless it is free only for some."""
    amounts = [Decimal(match["number"].replace(",", "")) for match in AMOUNT.finditer(text) if _is_price(match, text)]
    if FREE.search(NOT_FREE.sub("", text)):
        amounts.append(Decimal(0))
    return amounts


def _is_price(match: re.Match[str], text: str) -> bool:
    return bool(match["sign"]) or text.strip() == match[0].strip() or bool(re.search(r"[$€£]", text))


def _currency(sign: str | None, country: str | None) -> str | None:
    if sign == "$":
        return DOLLARS.get(country or "", "USD")
    return CURRENCIES.get(sign) if sign else None
