"""Whether a place can be reached in a wheelchair: read from what a page says, never guessed."""

import re
from collections.abc import Iterator

from aggregator.reading.keep import keep_answers
from aggregator.reading.visitors.terms import shorten, split_sentences

_SIGNS = (
    "wheelchair",
    "step-free",
    "step free",
    "stairs",
    "accessible",
    "handicap",
    "disabled access",
    "level access",
    "ada ",
    "ada-",
)
"""Without one of these a sentence says nothing of it: to look for them is far faster."""

_PLACE = (
    r"(?:venue|building|space|facility|site|location|room|hall|place|entrance|trail|path|route|event|meeting|property)"
)
_ASIDE = r"(?! (?:bus|van|vehicle|shuttle|transport\w*|parking|restrooms?|bathrooms?|toilets?|seating|seats?|website))"
_WITH = r"(?:wheelchair|handicap(?:ped)?|disabled|disability|ada|mobility)"
_NO = re.compile(
    rf"(?:\bnot|n['’]t)(?: \w+)? (?:{_WITH}[ -]?)?accessible\b|\bnot ada[ -](?:accessible|compliant)"
    rf"|\bno (?:{_WITH}|step[- ]?free|level)[ -]access|\bwithout (?:{_WITH}|step[- ]free)[ -]access"
    r"|\b(?:inaccessible|not suitable|unsuitable) (?:to|for|by) (?:wheelchairs?|people (?:in|with|using) wheelchairs?)"
    r"|\bno (?:elevator|lift|ramp)\b.*\bstairs\b|\bstairs (?:only|and no (?:elevator|lift|ramp))\b"
    r"|\b(?:only (?:accessible |reached )?(?:by|via|up)|access(?:ible)? (?:is )?only (?:by|via)) (?:\w+ ){0,3}stairs\b"
)
_YES = re.compile(
    rf"\b(?:{_WITH})[ -]?(?:accessible|friendly)\b{_ASIDE}"
    rf"|\b(?:wheelchair|step[- ]free|level|disabled) access\b{_ASIDE}"
    r"|\baccessible (?:to|for|by|with) (?:a |all |people (?:in|using) |those (?:in|using) )?wheelchairs?\b"
    rf"|\b(?:fully|entirely|completely) accessible {_PLACE}\b|\bada[ -]compliant\b{_ASIDE}"
    rf"|\b{_PLACE} (?:is|are) (?:fully |completely )?(?:accessible|step[- ]free)\b"
    r"(?! (?:by|from|via|through|only|off|to))"
    r"|\bwheelchairs? (?:are )?(?:welcome|ramp)\b"
)
_UNSURE = re.compile(
    r"\?$|\b(?:if|whether|should) (?:you|your|anyone|it|the)\b|\b(?:part(?:ly|ially)|limited|some|mostly|may|might)\b"
    r"|\bnot (?:fully|entirely|completely)\b"
    r"|\b(?:request|requests|require[sd]?|requiring|requirements?|let us know|contact|call|ask) .*(?:access|wheelchair)"
    r"|\b(?:access|wheelchair)\w* .*(?:upon|on|by) request\b"
)


def read_access(*texts: str | None) -> tuple[bool | None, tuple[str, ...]]:
    """Yes, no, or None where nobody says or one sentence contradicts another; and the sentences."""
    found: dict[bool, str] = {}
    for sentence in (sentence for text in texts if text for sentence in split_sentences(text)):
        for is_accessible in _tell(sentence):
            found.setdefault(is_accessible, shorten(sentence))
    return (next(iter(found)) if len(found) == 1 else None), tuple(found.values())


@keep_answers
def _tell(sentence: str) -> tuple[bool, ...]:
    return tuple(_say(sentence.lower()))


def _say(sentence: str) -> Iterator[bool]:
    if not any(sign in sentence for sign in _SIGNS) or _UNSURE.search(sentence):
        return
    if _NO.search(sentence):
        yield False
    elif _YES.search(sentence):
        yield True
