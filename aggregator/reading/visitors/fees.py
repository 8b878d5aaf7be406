"""What a visitor and a member pay, where a page tells the two apart."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

_GUESTS = (
    r"(?:non-?\s?members?|not[- ]yet[- ]members?|guests?|visitors?|future members?|prospective members?"
    r"|first[ -]tim(?:e (?:guests?|visitors?)|ers?)|(?:general )?public|general admission|newcomers?)"
)
_MEMBERS = r"(?<!non-)(?<!non )(?<!non)(?<!future )(?<!prospective )(?<!yet )(?<!yet-)(?:chamber |club )?members?"
_MONEY = (
    r"(?:(?:US|CA|AU|NZ)?[$£€] ?(?P<amount>\d{1,4}(?:\.\d\d)?)(?!\d)|(?P<free>free|no (?:charge|cost)|complimentary))"
)
_BETWEEN = (
    r"(?:['’]s?)?(?: price| fee| rate| admission| cost| tickets?| registration| pay| attend| get in| meals?)*"
    r"\s*(?:is|are|for|pay|at|=|:|-|–|—|\(|\.{2,})?\s*(?:only |just |an? )?"
)
_AFTER = r"\s*(?:each |pp )?(?:for|per|to|/|-|–|—|\()?\s*(?:each |all |our |a |an |the |chamber )?"


def _both_ways(who: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """After the name, which is looked for first; and before it."""
    return (
        re.compile(rf"\b{who}\b{_BETWEEN}{_MONEY}", re.IGNORECASE),
        re.compile(rf"{_MONEY}{_AFTER}{who}\b", re.IGNORECASE),
    )


GUEST, MEMBER = _both_ways(_GUESTS), _both_ways(_MEMBERS)
_FREE_FOR_BOTH = re.compile(rf"\bfree (?:for|to) (?:all |both )?members (?:and|&) (?:their )?{_GUESTS}", re.IGNORECASE)
_FREE_FOR_ALL = re.compile(
    r"\bfree (?:and|&|,) open to (?:the |all\b|everyone|anyone)|\bfree (?:for|to) (?:all\b|everyone|anyone|the public)"
    r"|\bfirst (?:visit|meeting|time|breakfast|lunch)(?: is| as (?:a|our) guest is)?(?: always)?"
    r" (?:free|on us|complimentary)",
    re.IGNORECASE,
)


def guest_fee(sentence: str) -> Decimal | None:
    """What somebody pays who does not belong; None where the sentence does not say."""
    if _FREE_FOR_BOTH.search(sentence) or _FREE_FOR_ALL.search(sentence):
        return Decimal(0)
    return _read(sentence, GUEST, MEMBER)


def member_fee(sentence: str) -> Decimal | None:
    """What a member pays."""
    return Decimal(0) if _FREE_FOR_BOTH.search(sentence) else _read(sentence, MEMBER, GUEST)


def _read(
    sentence: str,
    ways: tuple[re.Pattern[str], re.Pattern[str]],
    others: tuple[re.Pattern[str], re.Pattern[str]],
) -> Decimal | None:
    """“Members $10 / guests $15” and “$10 members / $15 guests”: one order holds for the whole sentence."""
    after, before = ways
    is_before = not after.search(sentence) and not others[0].search(sentence)
    return next(_amounts((before if is_before else after).finditer(sentence)), None)


def _amounts(matches: Iterator[re.Match[str]]) -> Iterator[Decimal]:
    for match in matches:
        try:
            yield Decimal(0) if match["free"] else Decimal(match["amount"])
        except InvalidOperation:
            continue
