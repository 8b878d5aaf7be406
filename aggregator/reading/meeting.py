"""Why an event is good for meeting people, or not: lines with the sentence each was found in, by open rules."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from aggregator.event import MeetingLine
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
    sentences = [(sentence, sentence.lower()) for text in texts if text for sentence in split_sentences(text)]
    return tuple(_find(sentences))


def _find(sentences: list[tuple[str, str]]) -> Iterator[MeetingLine]:
    for rule in read_rules():
        quote = next((sentence for sentence, lowered in sentences if rule.phrases.find(lowered)), None)
        if quote is not None:
            yield MeetingLine(about=rule.about, speaks_for=rule.speaks_for, quote=shorten(quote))


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
