"""A search in words, filter by filter, for whoever is to say yes to it; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from api.digest.wish import SEARCH
from api.query import Asked
from api.values import WEEKDAYS
from api.web.form import tell_value
from api.web.language import Language
from api.web.results import tell_title
from api.web.visit import Visit

_OF_TITLE = frozenset({"near", "lat", "lon", "bbox", "units"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """`filters` are labels and words; `country` says how its people write a clock, None where that is not known."""

    title: str
    filters: tuple[tuple[str, str], ...] = ()
    country: str | None = None


def tell_search(visit: Visit, asked: Asked) -> Search:
    """In the language of the page."""
    country = asked.place.country if asked.place else None
    return Search(
        title=tell_title(visit, asked), filters=tuple(_filters(visit.language, asked, country)), country=country
    )


def _filters(language: Language, asked: Asked, country: str | None) -> Iterator[tuple[str, str]]:
    for name, value in asked.echo.items():
        if name in SEARCH and name not in _OF_TITLE:
            key = f"label.{name}" if f"label.{name}" in language.texts else f"chip.{name}"
            yield language.say(key), _words(language, name, str(value), country)


def _words(language: Language, name: str, value: str, country: str | None) -> str:
    if name in ("time_from", "time_to"):
        return language.tell_clock(time.fromisoformat(value), country)
    if f"{name}.{value.lower()}" in language.texts:
        return language.say(f"{name}.{value.lower()}")
    parts = value.split(",")
    if name == "weekday":
        return ", ".join(words for day, words in zip(WEEKDAYS, language.weekdays, strict=True) if day in parts)
    return ", ".join(_word(language, name, one) for one in parts)


def _word(language: Language, name: str, value: str) -> str:
    if value.startswith("!"):
        return language.say("search.not", words=_word(language, name, value[1:]))
    return tell_value(language, name, value)
