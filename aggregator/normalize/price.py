"""What a page says of cost: free, a price, a range, or nothing that is sure."""

import re
from collections.abc import Iterator
from decimal import Decimal

from aggregator.event import Offer
from aggregator.normalize.free import says_free, tells_free
from aggregator.reading.text import clean_line, clean_text, without_contacts
from aggregator.source import Draft

_NUMBER = r"(?:\d[\d.,]{0,12}\d|\d|\.\d\d)(?!\d)"
_CODES = "USD|CAD|AUD|NZD|EUR|GBP"
_SIGN = rf"(?:(?:US|CA?|AU?|NZ)?\$|€|£|\b(?:{_CODES})\b)"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<before>{_SIGN})? {{0,2}}(?<!\d)(?P<number>{_NUMBER})"
    rf"(?: ?(?P<after>€|£|\$(?! ?\d)|(?:{_CODES}|dollars?|euros?)\b))?(?! ?(?:k|m|million|billion)\b|\d|%)",
    re.IGNORECASE,
)
_JOINT = re.compile(r" ?[-–—] ?| (?:to|and) ")
"""What stands between the two ends of a range."""

_BEFORE_RANGE = re.compile(
    r"(?:^|[:(,;=]|\b(?:from|between|costs?|price|fees?|admission|tickets?|entry|donation))\s*$", re.IGNORECASE
)
_AFTER_RANGE = re.compile(
    r" ?(?:$|[.,;:!)*/](?!\d)|(?:per|each|a|an|at|in|or|for|depending|sliding|suggested|donations?|plus|pp)\b)",
    re.IGNORECASE,
)
"""What surrounds an end of a range without a sign: after “$10 -”, “20 each” is a price, and “21 and over” is none."""

_BARE = r"(?:free|\d[\d.,]*)"
_BARE_AMOUNTS = re.compile(rf"{_BARE}(?: ?(?:[-–—]|to) ?{_BARE})?(?: / {_BARE}){{0,20}}", re.IGNORECASE)
_OTHER_COST = re.compile(
    rf"\b(?:parking(?: fee)?(?: is)?:?|save(?: up to)?|worth|valued? (?:at|of)|discount of|win) {_SIGN} ?{_NUMBER}"
    rf"|{_SIGN} ?{_NUMBER} (?:for |of |in )?"
    r"(?:parking|off|discounts?|savings|value|gift|credits?|coupons?|vouchers?|raffle|prizes?|rebate)\b",
    re.IGNORECASE,
)
_VOLUNTARY = re.compile(
    r"\b(?:donat(?:e|ions?)|suggested|recommended|contributions?|pay[- ]what|pay[- ]as[- ]you|turned away)\b",
    re.IGNORECASE,
)
_CURRENCIES = {"US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "€": "EUR", "£": "GBP"}
_DOLLARS = {"CA": "CAD", "AU": "AUD", "NZ": "NZD"}
LENGTH = 200


def read_offers(draft: Draft, country: str | None) -> tuple[Offer, ...]:
    """One offer from the lowest to the highest price that the draft states; none when it states no amount.

    `country` (ISO 3166-1) says whose dollars a bare “$” means.
    """
    text = _text_of(draft)
    amounts = [Decimal(0)] if says_free(text) else []
    amounts += _read_amounts(text)
    if not amounts:
        return ()
    low, high = min(amounts), max(amounts)
    return (
        Offer(
            price=low,
            high_price=high if high > low else None,
            price_currency=draft.price_currency or _currency(text, country),
            description=text if re.search(r"[A-Za-z]{3}", text) else None,
        ),
    )


def is_free(draft: Draft) -> bool | None:
    """Whether anybody may come without paying; None when the page does not say it plainly, as with a donation."""
    if draft.is_accessible_for_free is not None:
        return draft.is_accessible_for_free
    text = _text_of(draft)
    if not text:
        return True if tells_free(clean_text(draft.description or "")) else None
    amounts, is_voluntary = _read_amounts(text), _VOLUNTARY.search(text)
    if says_free(text):
        return True if is_voluntary or not any(amounts) else None
    if not amounts or (is_voluntary and any(amounts)):
        return None
    if any(amounts):
        return False if all(amounts) else None
    return True


def _text_of(draft: Draft) -> str:
    """Cut at a word, since half an amount is another amount."""
    text = without_contacts(clean_line(draft.price or ""))
    return text if len(text) <= LENGTH else text[:LENGTH].rpartition(" ")[0]


def _read_amounts(text: str) -> list[Decimal]:
    return [amount for match in _find_prices(text) if (amount := _read_number(match["number"])) is not None]


def _find_prices(text: str) -> Iterator[re.Match[str]]:
    """Numbers with a sign of their own, at the other end of a range from one that has, or with nothing beside them."""
    text = _OTHER_COST.sub(" ", text)
    matches = list(_AMOUNT.finditer(text))
    if _BARE_AMOUNTS.fullmatch(text.strip()):
        yield from matches
        return
    for place, match in enumerate(matches):
        if _has_sign(match):
            if place and not _has_sign(matches[place - 1]) and _is_range(matches[place - 1], match, text):
                yield matches[place - 1]
            yield match
        elif place and _has_sign(matches[place - 1]) and _is_range(matches[place - 1], match, text):
            yield match


def _has_sign(match: re.Match[str]) -> bool:
    return bool(match["before"] or match["after"])


def _is_range(first: re.Match[str], second: re.Match[str], text: str) -> bool:
    joint = text[first.end() : second.start() + len(second[0]) - len(second[0].lstrip())]
    low, high = _read_number(first["number"]), _read_number(second["number"])
    if not _JOINT.fullmatch(joint) or low is None or high is None or low >= high:
        return False
    if _has_sign(second):
        return bool(_BEFORE_RANGE.search(text[: first.start()]))
    return bool(_AFTER_RANGE.match(text[second.end() :]))


def _read_number(words: str) -> Decimal | None:
    """Decimals after a point or a comma, thousands in threes; None for what could be either, and for a great many."""
    if re.fullmatch(r"\d{0,6}(?:[.,]\d{1,2})?", words):
        return Decimal(words.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d\d?)?", words):
        return Decimal(words.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d\d", words):
        return Decimal(words.replace(".", "").replace(",", "."))
    return None


def _currency(text: str, country: str | None) -> str | None:
    """Of the first price with a sign; a code after it outweighs a sign before it ("$10 CAD")."""
    match = next(filter(_has_sign, _AMOUNT.finditer(text)), None)
    if match is None:
        return None
    signs = [sign.upper() for sign in (match["after"], match["before"]) if sign]
    sign = next((s for s in signs if s in _CODES.split("|")), signs[0])
    if sign == "$" or sign.startswith("DOLLAR"):
        return _DOLLARS.get(country or "", "USD")
    return "EUR" if sign.startswith("EURO") else _CURRENCIES.get(sign, sign)
