"""Our names and values as JSON has them."""

from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any


def told(value: Any) -> Any:
    """A dataclass becomes an object in camelCase, times ISO 8601, lengths of time seconds."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return [told(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {camel(name): told(getattr(value, name)) for name in names(type(value))}
    return value


@cache
def names(kind: type[Any]) -> tuple[str, ...]:
    """The names of a dataclass's fields."""
    return tuple(field.name for field in fields(kind))


@cache
def camel(name: str) -> str:
    """`start_date` -> `startDate`."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
