"""A memory for what is asked again and again of short texts."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")

LONGEST = 2_000
"""Characters of a text that is kept, so that a page of long ones cannot fill the memory."""


def keep_answers(function: Callable[[str], T]) -> Callable[[str], T]:
    """The same function, which remembers what it made of the last texts; it must be pure."""
    kept = lru_cache(maxsize=4096)(function)

    @wraps(function)
    def answer(text: str) -> T:
        return kept(text) if len(text) <= LONGEST else function(text)

    return answer
