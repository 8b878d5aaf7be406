"""What people type in a search box -> what either database looks for, in which every word is only a word."""

import re
from unicodedata import category

from aggregator.errors import QueryError
from aggregator.reading.text import fold

MOST_WORDS = 8
LONGEST_WORD = 64

_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')


def match_expression(text: str) -> str:
    """For SQLite's FTS5: all words and quoted phrases, in any order; a ninth word, and what is past 64 characters of
    one, is left out.
    """
    # A string in double quotes has no operators (sqlite.org/fts5.html, 3.1); neither kind of word can hold a quote.
    return " ".join(f'"{words}"' for words in _wanted(text))


def plain_expression(text: str) -> str:
    """The same for PostgreSQL's `websearch_to_tsquery`, of words as `plain_words` has them."""
    return " ".join(f'"{plain_words(words)}"' for words in _wanted(text))


def plain_words(text: str) -> str:
    """Folded, and parted by spaces alone, so that PostgreSQL finds no addresses, signs or compounds in them."""
    return "".join(c if _is_indexed(c) else " " for c in fold(text))


def _wanted(text: str) -> list[str]:
    found = (phrase or word for phrase, word in _PHRASE_OR_WORD.findall(text))
    wanted = [words[:LONGEST_WORD] for words in found if any(map(_is_indexed, words[:LONGEST_WORD]))]
    if not wanted:
        raise QueryError("q", text, "there is no word in it to look for")
    return wanted[:MOST_WORDS]


def _is_indexed(character: str) -> bool:
    """Whether FTS5's unicode61 takes it for part of a word: letters, numbers, private use."""
    found = category(character)
    return found[0] in "LN" or found == "Co"
