"""What is left of a name when status, price, date, presenter and venue are taken off, and how alike two are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from aggregator.match.common import GENERIC, GROUPS, KINDS, LEAST, STOP, stem
from aggregator.reading.text import fold

_STATUS = re.compile(
    r"\b(?:sold[ -]?out|cancell?ed|postponed|rescheduled|fully booked|full|wait ?list(?: only)?|new (?:date|time)"
    r"|last chance|save the date|rsvp|register now|registration (?:open|closed|required))\b(?=\W*$)"
    r"|^\W*(?:sold[ -]?out|cancell?ed|postponed|rescheduled|full|new(?: date| time)?|save the date|free)\W*[:!\])|–-]"
    r"|[(\[*](?:sold[ -]?out|cancell?ed|postponed|rescheduled|full|free|new|fully booked|wait ?list)[)\]*]"
)
_PRICE = re.compile(r"[$€£] ?\d+(?:[.,]\d\d)?(?:\s*[-–/]\s*[$€£]?\d+(?:[.,]\d\d)?)?")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? 20\d\d)?|\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b|\b20\d\d\b"
    r"|\b\d{1,2}(?::\d\d)?(?:\s*[-–]\s*\d{1,2}(?::\d\d)?)? ?[ap]\.?m\b\.?|\b\d{1,2}:\d\d\b"
)
_PRESENTS = re.compile(r"^.{2,60}? (?:presents?|invites you to)\b[:\s]*(?=\S)")
_BY = re.compile(r"[\s(–|-]+(?:hosted|sponsored|presented|powered|organi[sz]ed|brought to you) by .*$")
_AT = re.compile(r"^(.*?\w.*?)(?:\s+at\s+|\s*@\s*)(?!\d)(.+)$")
_PARTS = re.compile(r":\s+|\s+[-–—|]\s+")
_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"\w ([a-z])(?=[)\]:,;|]|\s*$| [-–—])")
"""Room A is no article."""

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´"))
LONGEST = 300
"""Characters of a name that are looked at."""

_LONG = 9
"""Letters from which on one other letter makes no other word; “hike” and “bike”, “painting” and “printing” are two."""


_STEM = 4
"""Letters of a word that have to be right, at its beginning or its end."""


NEARLY = 0.92
"""The share of two names that are one but for how they are written."""


OTHERS = 0.59
"""The share, at most, of two names that each have a telling word of their own, whatever else they share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A name's words, those after its “at” (`tail`), and its marks: numbers and the words of `KINDS`.

    `order` are the words in their order; `parts` are those between its colons and dashes, if there are any.
    """

    words: frozenset[str]
    tail: frozenset[str]
    marks: frozenset[str]
    order: tuple[str, ...]
    parts: tuple[frozenset[str], ...]

    @property
    def joined(self) -> str:
        """Its words without spaces, which are often told otherwise: story time, storytime."""
        return "".join(self.order)

    @property
    def telling(self) -> frozenset[str]:
        """The words that few other events have."""
        return frozenset(word for word in self.words if _weight(word) == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two sets of words are, 0 to 1, and how much what they share tells, from 0 (nothing) up."""

    share: float
    telling: float


_NOISE: tuple[tuple[frozenset[str] | None, re.Pattern[str]], ...] = (
    (frozenset("$€£"), _PRICE),
    (None, _STATUS),
    (frozenset("0123456789"), _DATE),
    (None, _PRESENTS),
    (None, _BY),
    (None, _STATUS),
)
"""What is taken off, in this order, each where one of its signs is."""


@lru_cache(maxsize=10_000)
def read_title(name: str) -> Title:
    """The name without what is told elsewhere. A name that would be left empty keeps all of its words.

    Answers are kept: what meets again and again is told under one name.
    """
    text = fold(name[:LONGEST]).translate(_APOSTROPHES)
    for signs, pattern in _NOISE:
        if signs is None or not signs.isdisjoint(text):
            text = pattern.sub(" ", text)
    head, tail = _cut(text.strip())
    tokens = words_of(head) or words_of(text) or words_of(fold(name))
    marks = frozenset(mark for token in (*tokens, *_LETTER.findall(head)) if (mark := _mark(token)))
    words = tuple(token for token in tokens if not _is_number(token))
    return Title(words=frozenset(words), tail=frozenset(words_of(tail)), marks=marks, order=words, parts=_parts(head))


def _parts(head: str) -> tuple[frozenset[str], ...]:
    parts = _PARTS.split(head)
    if len(parts) < 2:
        return ()
    told = (frozenset(word for word in words_of(part) if not _is_number(word)) for part in parts)
    return tuple(part for part in told if part)


def _cut(text: str) -> tuple[str, str]:
    found = _AT.match(text) if "@" in text or " at " in text else None
    return (found[1], found[2]) if found else (text, "")


@lru_cache(maxsize=100_000)
def words_of(folded: str) -> tuple[str, ...]:
    """Its words in their order, without a plural's s, without stop words."""
    stems = (stem(word) for word in _WORD.findall(folded.translate(_APOSTROPHES)))
    return tuple(stem for stem in stems if stem not in STOP)


def stems_of(words: frozenset[str]) -> frozenset[str]:
    """Beginnings and ends, so that one wrong letter leaves one of them right."""
    return frozenset((*(word[:_STEM] for word in words), *(word[-_STEM:] for word in words if len(word) > _STEM + 1)))


def _is_number(word: str) -> bool:
    return word[0].isdecimal() or len(word) == 1


def _mark(word: str) -> str | None:
    if _is_number(word):
        return word
    return word if word in KINDS else None


def clash(one: Title, other: Title) -> str | None:
    """The marks by which two names are told apart, in words; a mark that only one has is no clash. Of numbers one that
    each has for itself is: “Solar 101, Studio 1” shares a number with “Solar 101, Studio 3”.
    """
    if not one.marks or not other.marks:
        return None
    for kind in ("number", "letter", *GROUPS):
        mine, theirs = _marks_of(one, kind), _marks_of(other, kind)
        if mine - theirs and theirs - mine and (kind == "number" or not mine & theirs):
            return f"{kind}: {', '.join(sorted(mine))} against {', '.join(sorted(theirs))}"
    return None


def _marks_of(title: Title, kind: str) -> frozenset[str]:
    return frozenset(mark for mark in title.marks if _kind(mark) == kind)


def _kind(mark: str) -> str:
    return KINDS.get(mark) or ("number" if mark[0].isdecimal() else "letter")


def alike(one: Title, other: Title, known: frozenset[str]) -> Likeness:
    """How alike two names are; `known` are words of their venues, organisers and towns, whose lack says nothing."""
    if one.words == other.words and not (one.tail and other.tail):
        return Likeness(share=1.0, telling=_weigh(one.words, known))
    mine, theirs = one.words, other.words
    if one.tail and other.tail:
        mine, theirs = mine | one.tail, theirs | other.tail
    likeness = compare(mine, theirs, known)
    if likeness.share < 0.9 and _is_written_otherwise(one, other, known):
        least = min(_weigh(one.words, known), _weigh(other.words, known))
        return Likeness(share=NEARLY, telling=max(likeness.telling, least))
    if likeness.share < 0.9 and bool(one.parts) != bool(other.parts):
        return max((likeness, *_by_parts(one, other, known)), key=lambda found: found.share)
    return likeness


def _is_written_otherwise(one: Title, other: Title, known: frozenset[str]) -> bool:
    if one.tail and other.tail and compare_proper(one.tail, other.tail, frozenset()) < 0.6:
        return False
    mine, theirs = ("".join(word for word in title.order if word not in known) for title in (one, other))
    return mine == theirs != "" or is_slip(mine, theirs)


def is_garbled(one: Title, other: Title) -> bool:
    """Whether the letters are much the same where the words are not: two typos, or two words that look alike."""
    return ratio(one.joined, other.joined) >= 80


def _by_parts(one: Title, other: Title, known: frozenset[str]) -> Iterator[Likeness]:
    """One adds a few words after a colon, or its host before it."""
    whole = other.words if one.parts else one.words
    for part in one.parts or other.parts:
        found = compare(part, whole, known)
        yield Likeness(share=min(found.share, NEARLY), telling=found.telling)


def compare(mine: frozenset[str], theirs: frozenset[str], known: frozenset[str] = frozenset()) -> Likeness:
    """What both lack of each other counts, a word that tells most of all; what one merely says more counts little."""
    shared, mine, theirs = _shared(mine, theirs)
    found = _likeness(_weigh(shared, known), _weigh(mine - known), _weigh(theirs - known))
    is_other = (mine - known - GENERIC) and (theirs - known - GENERIC)
    return Likeness(share=min(found.share, OTHERS), telling=found.telling) if is_other else found


def compare_proper(mine: frozenset[str], theirs: frozenset[str], known: frozenset[str]) -> float:
    """The share of two proper names: of the Elm Hall and the Elm Annex, what differs is no trifle."""
    shared, mine, theirs = _shared(mine, theirs)
    return _likeness(_weigh(shared, known), len(mine - known), len(theirs - known)).share


def _likeness(shared: float, mine: float, theirs: float) -> Likeness:
    less, more = sorted((mine, theirs))
    whole = shared + 1.5 * less + 0.25 * more
    return Likeness(share=shared / whole if whole else 0.0, telling=shared)


def _shared(mine: frozenset[str], theirs: frozenset[str]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What both have, typos among it, and what either has alone."""
    shared = mine & theirs
    mine, theirs = mine - shared, theirs - shared
    for word in sorted(mine):
        if near := next((other for other in sorted(theirs) if is_typo(word, other)), None):
            mine, theirs, shared = mine - {word}, theirs - {near}, shared | {near if near in GENERIC else word}
    return shared, mine, theirs


def is_typo(one: str, other: str) -> bool:
    """Whether two different words are one, written wrongly; short ones and other kinds never are."""
    if one in KINDS or other in KINDS:
        return False
    return is_slip(one, other) or (min(len(one), len(other)) >= _LONG and OSA.distance(one, other) == 1)


def is_slip(one: str, other: str) -> bool:
    """Whether one letter is missing or doubled, or two changed places."""
    if min(len(one), len(other)) < 3 or abs(len(one) - len(other)) > 1 or max(len(one), len(other)) < 4:
        return False
    if len(one) != len(other) and min(len(one), len(other)) < 4:
        return one[0] == other[0] and one[-1] == other[-1] and OSA.distance(one, other) == 1
    is_same_length = len(one) == len(other)
    return (not is_same_length or sorted(one) == sorted(other)) and OSA.distance(one, other) == 1


def _weigh(words: Iterable[str], known: frozenset[str] = frozenset()) -> float:
    return sum(min(_weight(word), 0.45) if word in known else _weight(word) for word in words)


@lru_cache(maxsize=100_000)
def _weight(word: str) -> float:
    """How much it tells: a common word that is written wrongly is as common as if it were not."""
    if word in LEAST:
        return 0.2
    if word in GENERIC:
        return 0.45
    return min((_weight(common) for common in _near_common(word) if is_slip(word, common)), default=1.0)


def _near_common(word: str) -> Iterator[str]:
    """The common words that it may be a slip of: of its own letters, or of one more or fewer."""
    yield from _COMMON_OF_LETTERS.get(_letters(word), ())
    for length in (len(word) - 1, len(word) + 1):
        yield from _COMMON_OF_LENGTH.get(length, ())


def _letters(word: str) -> str:
    return "".join(sorted(word))


_COMMON_OF_LETTERS = {key: tuple(alike) for key, alike in groupby(sorted(GENERIC, key=_letters), key=_letters)}
_COMMON_OF_LENGTH = {key: tuple(alike) for key, alike in groupby(sorted(GENERIC, key=len), key=len)}
