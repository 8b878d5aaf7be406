"""VisitorTerms from sentences: each with the words it was read from, and unknown where a page contradicts itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aggregator.event import Authority, Evidence, Visitors, VisitorTerms
from aggregator.reading.keep import keep_answers
from aggregator.reading.visitors import phrases
from aggregator.reading.visitors.fees import guest_fee, member_fee

LONGEST_QUOTE = 160
_SENTENCES = re.compile(r"(?<=[.!?])(?<!\bp\.m\.)(?<!\ba\.m\.)\s+|[\n•|;]+")


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
    sentences = [sentence for text in texts if text for sentence in split_sentences(text)]
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


@keep_answers
def split_sentences(text: str) -> tuple[str, ...]:
    """Each on one line; a line of its own is a sentence too."""
    return tuple(filter(None, (" ".join(part.split()) for part in _SENTENCES.split(text))))


def _read_visitors(sentences: list[str]) -> tuple[Visitors, tuple[Evidence, ...]]:
    """The strictest that is said; unknown when one sentence opens the door and another shuts it."""
    found: dict[Visitors, str] = {}
    for sentence in sentences:
        for visitors in _tell_visitors(sentence):
            found.setdefault(visitors, sentence)
    is_shut = Visitors.MEMBERS_ONLY in found or Visitors.GUEST_OF_MEMBER in found
    told = tuple(_quote("visitors", sentence) for sentence in dict.fromkeys(found.values()))
    if is_shut and Visitors.OPEN in found:
        return Visitors.UNKNOWN, told
    order = Visitors.GUEST_OF_MEMBER, Visitors.MEMBERS_ONLY, Visitors.RSVP, Visitors.OPEN
    return next((visitors for visitors in order if visitors in found), Visitors.UNKNOWN), told


@keep_answers
def _tell_visitors(sentence: str) -> tuple[Visitors, ...]:
    """Kept, since an organiser says the same of each of its events."""
    return tuple(_say(sentence.lower()))


def _say(sentence: str) -> Iterator[Visitors]:
    """What one sentence says; a door that it shuts is not open, however it puts it."""
    if phrases.GUEST_OF_MEMBER.find(sentence):
        yield Visitors.GUEST_OF_MEMBER
    elif phrases.MEMBERS_ONLY.find(sentence) and not phrases.NO_NEED.find(sentence):
        yield Visitors.MEMBERS_ONLY
    elif _lets_in(sentence):
        yield Visitors.OPEN
    if phrases.RSVP.find(sentence) and not phrases.NO_NEED.find(sentence):
        yield Visitors.RSVP


def _lets_in(sentence: str) -> bool:
    """Where strangers pay, they may come."""
    return bool(phrases.NO_NEED.find(sentence) or phrases.OPEN.find(sentence)) or guest_fee(sentence) is not None


def _read_others(sentences: list[str]) -> Iterator[tuple[str, object, str]]:
    for sentence in sentences:
        yield from ((about, value, sentence) for about, value in _tell_others(sentence))


@keep_answers
def _tell_others(sentence: str) -> tuple[tuple[str, object], ...]:
    lowered = sentence.lower()
    values: tuple[tuple[str, object], ...] = (
        ("guest_fee", guest_fee(lowered)),
        ("member_fee", member_fee(lowered)),
        ("visits_allowed", _visits(lowered)),
        ("one_seat_per_profession", _seats(lowered)),
        ("newcomers_expected", True if phrases.NEWCOMERS.find(lowered) else None),
    )
    return tuple((about, value) for about, value in values if value is not None)


def _visits(sentence: str) -> int | None:
    found = phrases.VISITS.find(sentence)
    if found is None:
        return None
    word = found["number"].partition(" ")[0]
    return phrases.NUMBERS.get(word) or int(word)


def _seats(sentence: str) -> bool | None:
    if phrases.MANY_SEATS.find(sentence):
        return False
    return True if phrases.ONE_SEAT.find(sentence) else None


def _rules_of(organizer: str | None) -> Iterator[tuple[str, object, str]]:
    for rule in RULES:
        if organizer and rule.name.search(organizer):
            yield "one_seat_per_profession", True, rule.quote
            if rule.visits_allowed is not None:
                yield "visits_allowed", rule.visits_allowed, rule.quote


def _quote(about: str, sentence: str) -> Evidence:
    return Evidence(about=about, quote=shorten(sentence))


def shorten(sentence: str) -> str:
    """At most so long as a quotation may be, cut at a word."""
    return sentence if len(sentence) <= LONGEST_QUOTE else f"{sentence[: LONGEST_QUOTE - 1].rpartition(' ')[0]}…"
