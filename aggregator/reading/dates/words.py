"""Words of dates and rhythms: text cut into kinds that a grammar can be written with."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aggregator.errors import UnreadDateError

MAX_LENGTH = 500
"""Characters of what may be a date; a longer text is prose, and prose is not read."""

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = ("first", "second", "third", "fourth", "fifth")

_KINDS = {
    "W": "mon tue tues wed weds thu thur thurs fri sat sun " + " ".join(WEEKDAYS),
    "P": " ".join(f"{day}s" for day in WEEKDAYS),
    "M": "jan feb mar apr jun jul aug sep sept oct nov dec " + " ".join(MONTHS),
    "O": " ".join(ORDINALS),
    "L": "last",
    ">": "to until till til thru through ends end ending",
    "&": "and",
    "|": "or nor",
    "B": "between",
    "R": "today tomorrow",
    "E": "every each weekly",
    "F": "other alternate alternating biweekly bi-weekly fortnightly fortnight",
    "J": "daily",
    "K": "weekday weekdays",
    "V": "weekend weekends",
    "T": "month months monthly",
    "Q": "week weeks",
    "S": "day days",
    "G": "two",
    "!": "except excepting excluding not no skip skips skipping without but",
    "H": "holiday holidays",
    "U": "year years round year-round",
    "^": "since",
    "p": "morning mornings afternoon afternoons evening evenings night nights",
    "": "at on from the of event happens start starts starting begin begins beginning in is "
    "meets meet meeting meetings during only for",
}
"""One letter a kind; the words of the last kind say nothing that the others do not, and are dropped.

Besides these: - a dash between spaces, = one without, D a date in numbers, I an ISO moment, C a clock, Z zone words,
X an offset, Y a year, N a number, A "all day".
"""

REPEATING = "PLEFJKVTQSG!HU^|"
"""Kinds that no single date has."""

KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}

_CLOCK = r"\d{1,2}(?:[:.]\d\d(?::\d\d)?)?"
_YEAR = r"(?:\d{4}(?=\d{1,2}:\d\d|\D|$)|\d\d(?!\d))"
_AREAS = "US|Canada|America|Europe|Asia|Africa|Australia|Pacific|Atlantic|Indian|Antarctica|Arctic|Etc"
_LONG_ZONES = "eastern|central|mountain|pacific|alaska|hawaii|atlantic|newfoundland"
_SHORT_ZONES = "[ECMPA][SD]?T|AK[SD]T|HST|NZ[SD]T|A[EWC][SD]T|[BI]ST|[CEW]ES?T|N[SD]T|SAST|JST|MSK"
_LEXEMES = {  # the first that fits is taken, so a clock stands before the number in it
    "A": r"\ball[ -]day\b(?: event)?",
    "I": r"\d{4}-\d\d-\d\dT\d\d:?\d\d(?::?\d\d(?:\.\d{1,9})?)?(?:Z\b|[+-]\d\d:?\d\d)?",
    "D": rf"(?<!\d)(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d)|\d{{1,2}}(?P<mark>[-/.])\d{{1,2}}(?P=mark){_YEAR}"
    rf"|\d{{1,2}}/\d{{1,2}}(?!\d)|\d{{1,2}}[-/][a-z]{{3,9}}[-/]{_YEAR})",
    "C": r"(?:12(?::00)? ?)?(?:noon|midnight|pm noon|am midnight)\b"
    rf"|{_CLOCK}(?: ?[ap]\.? ?m\b\.?|[ap]\b)|\d{{1,2}}:\d\d(?::\d\d)?(?!\d)"
    # 17.30 is a clock, since no month is 30 or 00; 10.24 may be a day
    r"|(?<![\d.])(?:1[3-9]|2[0-3])\.(?:00|1[3-9]|[2-5]\d)(?![\d.])"
    r"|\d{1,2}h(?:\d\d)?\b|\d{4} ?(?:hours|hrs|h)\b|(?<!\d)0\d{3}(?!\d)",
    "X": r"\b(?:GMT|UTC) ?[+-]\d{1,2}(?::?\d\d)?(?!\d)|(?<=:\d\d) [+-]\d{4}(?!\d)|(?<=:\d\d)\+\d\d:?\d\d(?!\d)"
    r"|\b(?-i:GMT|UTC|Z)\b",
    "Z": rf"\b(?:{_LONG_ZONES})(?: (?:standard|daylight))?(?: time)?\b|\b(?-i:{_SHORT_ZONES})\b"
    rf"|\b(?-i:{_AREAS})/[a-z_/]+|\b(?:[ECMP][SD]T)\b",
    "O": r"\d{1,2} ?(?:st|nd|rd|th)\b",
    "Y": r"(?<!\d)(?:19|20|21)\d\d(?!\d)|['’]\d\d(?!\d)",
    "length": r"\(?\d{1,3} (?:hours?|hrs|minutes|mins)\b\)?",
    "N": r"(?<!\d)\d{1,2}(?!\d)",
    "dash": " (?:-{1,2}|[‐‑‒–—−~]) ",
    "tight": r" ?(?:-{1,2}|[‐‑‒–—−~]) ?|(?<=[\dz])/(?=\d{4}-)",
    "and": "[&+]",
    "label": r"\bdates? (?:and|&) times?\b|\b(?:dates?|times?|when)(?:\(s\))?(?: ?[-–—:](?= ))?",
    "space": r"[ ,;:|•·@().\[\]\xad\u200b-\u200f\u2060\ufeff]+|/(?=[ a-z])",
    "word": r"(?:bi-)?[^\W\d_]+(?:-round)?",
    "unread": ".",
}
_WORDS = re.compile("|".join(f"(?P<{kind}>{lexeme})" for kind, lexeme in _LEXEMES.items()), re.IGNORECASE)
_DROPPED = {"", "label", "length", "space"}
_SYMBOLS = {"dash": "-", "tight": "=", "and": "&"}
_BETWEEN = re.compile("B(?=[CN]&[CN])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text that mean something: one letter of `kinds` for each of `texts`, which are in lower case."""

    kinds: str
    texts: tuple[str, ...]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return zip(self.kinds, self.texts, strict=True)

    def part(self, start: int, end: int) -> "Words":
        """The words from one place to another."""
        return Words(kinds=self.kinds[start:end], texts=self.texts[start:end])


def join(pairs: Iterable[tuple[str, str]]) -> Words:
    """Words from pairs of kind and text."""
    kept = tuple(pairs)
    return Words(kinds="".join(kind for kind, _ in kept), texts=tuple(text for _, text in kept))


def cut(text: str) -> Words:
    """UnreadDateError names the first word that has no place in a date or a rhythm."""
    words = join(_cut(_smooth(text)))
    between = _BETWEEN.search(words.kinds)
    if between is None:
        return words
    at = between.start()
    kinds = f"{words.kinds[:at]}{words.kinds[at + 1]}>{words.kinds[at + 3 :]}"
    return Words(kinds=kinds, texts=words.texts[:at] + words.texts[at + 1 :])


def essential(words: Words) -> Words:
    """Without zones and "all day", and without "evening" where a clock says it better."""
    passed = "ZXAp" if "C" in words.kinds else "ZXA"
    return join((kind, word) for kind, word in words if kind not in passed)


def _smooth(text: str) -> str:
    """Entities resolved and white space made single spaces; UnreadDateError when it is too long to be a date."""
    if len(text) > MAX_LENGTH:
        raise UnreadDateError(f"{len(text)} characters are too long for a date")
    return " ".join((html.unescape(html.unescape(text)) if "&" in text else text).split())


def _cut(text: str) -> Iterator[tuple[str, str]]:
    for match in _WORDS.finditer(text):
        kind, word = match.lastgroup or "", match[0]
        if kind == "word" and word.casefold() in KIND_OF:
            kind = KIND_OF[word.casefold()]
        elif kind in ("word", "unread"):
            raise UnreadDateError(f"“{word}” is not understood")
        if kind not in _DROPPED:
            yield _SYMBOLS.get(kind, kind), word if kind in "ZX" else word.casefold()
