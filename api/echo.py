"""A question in its canonical form: made of values, so that it is the same however it was written."""

from datetime import date, time

from aggregator.query import BoundingBox, Choice
from api.parameters import ATTENDANCE, STATUS, Parameters
from api.values import quote_part

Echo = dict[str, str | int | float]

_WORDS: dict[object, str] = {value: word for words in (ATTENDANCE, STATUS) for word, value in words.items()}


def write_echo(given: Parameters) -> Echo:
    """What was given, in order of name. Asked again, it means the same."""
    return {name: _write(getattr(given, name)) for name in sorted(given.model_fields_set)}


def _write(value: object) -> str | int | float:
    match value:
        case int() | float():
            return value
        case Choice() | frozenset():
            return ",".join(_words(value))
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case BoundingBox():
            return ",".join(f"{edge:.15g}" for edge in (value.west, value.south, value.east, value.north))
    return str(value)


def _words(values: Choice[object] | frozenset[object]) -> list[str]:
    if isinstance(values, Choice):
        return [*_words(values.any_of), *(f"!{word}" for word in _words(values.none_of))]
    return sorted(_WORDS.get(value) or quote_part(str(value)) for value in values)
