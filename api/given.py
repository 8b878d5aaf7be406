"""From what was written in an address to Parameters: names, spellings and values checked, or a QueryError."""

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import ValidationError

from aggregator.errors import QueryError
from api.parameters import ALIASES, LISTS, MAX_LIST, MAX_TEXT, NAMES, Parameters
from api.values import UnknownWordError


def collect(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One cleaned text a parameter, under its own name; a list that is repeated is joined by commas."""
    texts: dict[str, str] = {}
    for spelling, value in pairs:
        name = ALIASES.get(spelling, spelling)
        if name not in NAMES:
            raise QueryError(_shown(spelling), _shown(value), "no such parameter", _near(spelling, NAMES))
        text = _clean(name, value)
        if name not in texts:
            texts[name] = text
        elif name in LISTS:
            texts[name] += f",{text}"
        else:
            raise QueryError(name, _shown(value), "given more than once")
    return _join_radius(texts) if "radius" in texts or "unit" in texts else texts


def validate(texts: dict[str, str]) -> Parameters:
    """The values that the texts mean."""
    try:
        return Parameters.model_validate(texts)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name, cause = str(first["loc"][0]), first.get("ctx", {}).get("error")
        near = _near(cause.word, cause.known) if isinstance(cause, UnknownWordError) else ()
        raise QueryError(name, _shown(texts[name]), str(cause or first["msg"]), near) from error


def _clean(name: str, value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise QueryError(name, value[:MAX_TEXT], "given without a value: leave it out instead")
    if len(text) > (MAX_LIST if name in LISTS else MAX_TEXT):
        raise QueryError(name, _shown(text), "too long")
    if not text.isprintable():
        raise QueryError(name, _shown(text), "holds a character that cannot be printed")
    return text


def _join_radius(texts: dict[str, str]) -> dict[str, str]:
    radius, unit = texts.pop("radius", None), texts.pop("unit", None)
    if radius is None:
        raise QueryError("unit", unit or "", "needs radius beside it", ("within=10mi",))
    if unit is None:
        raise QueryError("radius", radius, "needs unit beside it", (f"within={radius}mi", f"within={radius}km"))
    if "within" in texts:
        raise QueryError("radius", radius, "cannot be asked together with within")
    return {**texts, "within": radius + unit}


def _near(word: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(word[:MAX_TEXT].lower(), list(known), n=3, cutoff=0.6)


def _shown(value: str) -> str:
    """What may be said back: bounded, and without what a terminal would obey."""
    return "".join(c if c.isprintable() else "�" for c in value[:MAX_TEXT])
