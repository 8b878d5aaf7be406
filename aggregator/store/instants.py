"""Instants as the store keeps them: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_number(moment: datetime) -> int:
    """Exact, unlike a float of seconds."""
    return (moment - _EPOCH) // _MICROSECOND


def to_moment(number: int) -> datetime:
    """What `to_number` was made of, in UTC."""
    return _EPOCH + number * _MICROSECOND


def to_moment_or_none(number: int | None) -> datetime | None:
    """The same of a column that may be NULL."""
    return None if number is None else to_moment(number)


def to_second(moment: datetime) -> int:
    """Whole seconds since 1970, as dates of events are kept and asked for."""
    return int(moment.timestamp() // 1)
