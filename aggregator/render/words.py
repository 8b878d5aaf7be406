"""Our names and values as JSON has them."""

from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

_PLAIN = frozenset({str, int, float, bool, type(None)})
"""What most values are, and what JSON has as it is."""


def told(value: Any) -> Any:
    """A dataclass becomes an object in camelCase, times ISO 8601, lengths of time seconds."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, tuple):
        return [told(one) for one in value]
    if is_dataclass(value):
        return {word: told(getattr(value, name)) for name, word in _words(value.__class__)}
    return _tell_one(value)


def _tell_one(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


@cache
def _words(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    """The names of a dataclass's fields, ours and JSON's."""
    return tuple((field.name, camel(field.name)) for field in fields(kind))


@cache
def names(kind: Any) -> tuple[str, ...]:
    """The names of a dataclass's fields."""
    return tuple(field.name for field in fields(kind))


@cache
def camel(name: str) -> str:
    """`start_date` -> `startDate`."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
