"""VisitorTerms from sentences: each with the words it was read from, and unknown where a page contradicts itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from aggregator.event import Authority, Evidence, Visitors, VisitorTerms
from aggregator.reading.visitors import phrases
from aggregator.reading.visitors.fees import guest_fee, member_fee

LONGEST_QUOTE = 160
_SENTENCES = re.compile(r"(?<=[.!?])(?<!\bp\.m\.)(?<!\ba\.m\.)\s+|[\n•|;]+")
_SIGNS = re.compile(
    r"member|guest|visit|public|welcom|open to|every|any(?:one|body)|rsvp|regist|reserv|sign|ticket|walk|drop|show up"
    r"|turn up|free|invit|private|profession|industr|categor|first|new|beginner|experience|exclusiv|compet|closed"
    r"|appoint|all[ !,.]",
    re.IGNORECASE,
)
"""Without one of these a sentence says nothing of visitors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What an organisation holds in all its groups, known by its name."""

    name: re.Pattern[str]
    visits_allowed: int | None
    quote: str


RULES = (
    Rule(name=re.compile(r"\bBNI\b"), visits_allowed=2, quote="BNI: visitors may come twice; one seat a profession"),
    Rule(name=re.compile(r"\bLe ?Tip\b"), visits_allowed=None, quote="LeTip: one seat a profession"),
)


def read_terms(texts: Iterable[str | None], organizer: str | None = None) -> VisitorTerms:
    """What these texts of a page say of visitors, and what the organiser's own rules say where they are silent."""
    sentences = [sentence for text in texts if text for sentence in _split(text)]
    visitors, evidence = _read_visitors(sentences)
    said: dict[str, object] = {"visitors": visitors}
    for about, value, quote in _read_others(sentences):
        if about not in said:
            said[about] = value
            evidence += (_quote(about, quote),)
    for about, value, quote in _rules_of(organizer):
        if about not in said:
            said[about] = value
            evidence += (Evidence(about=about, quote=quote, authority=Authority.ORGANIZATION),)
    return VisitorTerms(**said, evidence=evidence)  # type: ignore[arg-type]


def _split(text: str) -> Iterator[str]:
    for part in _SENTENCES.split(text):
        sentence = " ".join(part.split())
        if sentence and _SIGNS.search(sentence):
            yield sentence


def _read_visitors(sentences: list[str]) -> tuple[Visitors, tuple[Evidence, ...]]:
    """The strictest that is said; unknown when one sentence opens the door and another shuts it."""
    found: dict[Visitors, str] = {}
    for sentence in sentences:
        for visitors in _say(sentence):
            found.setdefault(visitors, sentence)
    is_shut = Visitors.MEMBERS_ONLY in found or Visitors.GUEST_OF_MEMBER in found
    told = tuple(_quote("visitors", sentence) for sentence in dict.fromkeys(found.values()))
    if is_shut and Visitors.OPEN in found:
        return Visitors.UNKNOWN, told
    order = Visitors.GUEST_OF_MEMBER, Visitors.MEMBERS_ONLY, Visitors.RSVP, Visitors.OPEN
    return next((visitors for visitors in order if visitors in found), Visitors.UNKNOWN), told


def _say(sentence: str) -> Iterator[Visitors]:
    """What one sentence says; a door that it shuts is not open, however it puts it."""
    if phrases.GUEST_OF_MEMBER.search(sentence):
        yield Visitors.GUEST_OF_MEMBER
    elif phrases.MEMBERS_ONLY.search(sentence) and not phrases.NO_NEED.search(sentence):
        yield Visitors.MEMBERS_ONLY
    elif _lets_in(sentence):
        yield Visitors.OPEN
    if phrases.RSVP.search(sentence) and not phrases.NO_NEED.search(sentence):
        yield Visitors.RSVP


def _lets_in(sentence: str) -> bool:
    """Where strangers pay, they may come."""
    ways = phrases.NO_NEED, phrases.OPEN
    return any(way.search(sentence) for way in ways) or guest_fee(sentence) is not None


def _read_others(sentences: list[str]) -> Iterator[tuple[str, object, str]]:
    for sentence in sentences:
        fees: tuple[tuple[str, Decimal | None], ...] = (
            ("guest_fee", guest_fee(sentence)),
            ("member_fee", member_fee(sentence)),
        )
        values = (*fees, ("visits_allowed", _visits(sentence)), ("one_seat_per_profession", _seats(sentence)))
        yield from ((about, value, sentence) for about, value in values if value is not None)
        if phrases.NEWCOMERS.search(sentence):
            yield "newcomers_expected", True, sentence


def _visits(sentence: str) -> int | None:
    for pattern in phrases.VISITS:
        if found := pattern.search(sentence):
            word = found["number"].lower().partition(" ")[0]
            return phrases.NUMBERS.get(word) or int(word)
    return None


def _seats(sentence: str) -> bool | None:
    if phrases.MANY_SEATS.search(sentence):
        return False
    return True if phrases.ONE_SEAT.search(sentence) else None


def _rules_of(organizer: str | None) -> Iterator[tuple[str, object, str]]:
    for rule in RULES:
        if organizer and rule.name.search(organizer):
            yield "one_seat_per_profession", True, rule.quote
            if rule.visits_allowed is not None:
                yield "visits_allowed", rule.visits_allowed, rule.quote


def _quote(about: str, sentence: str) -> Evidence:
    short = sentence if len(sentence) <= LONGEST_QUOTE else f"{sentence[: LONGEST_QUOTE - 1].rpartition(' ')[0]}…"
    return Evidence(about=about, quote=short)
