"""The key under which a place's name is looked up, however it is written."""

import re
from functools import lru_cache

from aggregator.reading.text import fold

_APOSTROPHES = re.compile(r"['’ʻ`´.]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
_SHORT = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft", "and": "", "the": ""}


@lru_cache(maxsize=16_384)
def place_key(name: str) -> str:
    """Folded words with a space between; "Saint", "Mount" and "Fort" as they are abbreviated. Idempotent."""
    folded = _APOSTROPHES.sub("", fold(name).translate(_LETTERS))
    return " ".join(filter(None, (_SHORT.get(word, word) for word in _BETWEEN_WORDS.split(folded))))
