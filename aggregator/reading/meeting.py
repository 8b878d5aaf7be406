"""Why an event is good for meeting people, or not: lines with the sentence each was found in, by open rules."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from aggregator.event import MeetingLine
from aggregator.reading.keep import keep_answers
from aggregator.reading.visitors.phrases import Phrases
from aggregator.reading.visitors.terms import shorten, split_sentences

RULES = "meeting.toml"


class Rule(NamedTuple):
    """What has to be said for a line."""

    about: str
    speaks_for: bool
    phrases: Phrases


def read_lines(texts: Iterable[str | None]) -> tuple[MeetingLine, ...]:
    """Each line once, with the first sentence that says it, in the order of the rules."""
    quotes: dict[Rule, str] = {}
    for sentence in (sentence for text in texts if text for sentence in split_sentences(text)):
        for rule in _find(sentence):
            quotes.setdefault(rule, sentence)
    said = (rule for rule in read_rules() if rule in quotes)
    return tuple(
        MeetingLine(about=rule.about, speaks_for=rule.speaks_for, quote=shorten(quotes[rule])) for rule in said
    )


@keep_answers
def _find(sentence: str) -> tuple[Rule, ...]:
    """Kept, since an organiser says the same of each of its events."""
    lowered = sentence.lower()
    return tuple(rule for rule in read_rules() if rule.phrases.find(lowered))


@cache
def read_rules() -> tuple[Rule, ...]:
    """As they stand in the file, for everybody to read."""
    rows = tomllib.loads(files(__package__).joinpath(RULES).read_text("utf-8"))["line"]
    return tuple(
        Rule(
            about=row["about"],
            speaks_for=row["speaks_for"],
            phrases=Phrases(
                signs=tuple(row["signs"]), ways=(re.compile("|".join(f"(?:{words})" for words in row["words"])),)
            ),
        )
        for row in rows
    )
