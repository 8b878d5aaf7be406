"""What people type in a search box -> an expression of SQLite's FTS5, in which every word is only a word."""

import re
from unicodedata import category

from aggregator.errors import QueryError

MOST_WORDS = 8
LONGEST_WORD = 64

_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')


def match_expression(text: str) -> str:
    """All words and quoted phrases, in any order; a ninth word, and what is past 64 characters of one, is left out."""
    found = (phrase or word for phrase, word in _PHRASE_OR_WORD.findall(text))
    wanted = [words[:LONGEST_WORD] for words in found if any(map(_is_indexed, words[:LONGEST_WORD]))]
    if not wanted:
        raise QueryError("q", text, "there is no word in it to look for")
    # A string in double quotes has no operators (sqlite.org/fts5.html, 3.1); neither kind of word can hold a quote.
    return " ".join(f'"{words}"' for words in wanted[:MOST_WORDS])


def _is_indexed(character: str) -> bool:
    """Whether FTS5's unicode61 takes it for part of a word: letters, numbers, private use."""
    found = category(character)
    return found[0] in "LN" or found == "Co"
