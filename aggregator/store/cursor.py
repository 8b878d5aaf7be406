"""The cursor: where a page ended, in an opaque text that fits one query only."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from operator import attrgetter
from struct import Struct, error

from aggregator.errors import QueryError
from aggregator.query import Choice, EventQuery

_DAY = 86_400
_MONTH = 32 * _DAY
"""Seconds by which a window may have moved since its first page: `next_week` is another one from Monday on."""
_LAYOUT = Struct(">8sqqdqq")
_DIGEST = 8
_NOT_TELLING = {"start", "end", "asked_at", "limit", "cursor", "cancelled_since"}
_TELLING = [name for name in EventQuery.__slots__ if name not in _NOT_TELLING]
_tell = attrgetter(*_TELLING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last hit of a page: what it was sorted by (0 when by start alone), its start and its event's number."""

    rank: float
    start: int
    event: int


def write_cursor(query: EventQuery, position: Position) -> str:
    """The window travels in it, since a query of relative times ("from now") means a later one on the next page."""
    window = int(query.start.timestamp()), int(query.end.timestamp())
    packed = _LAYOUT.pack(_fingerprint(query), *window, position.rank, position.start, position.event)
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def read_cursor(query: EventQuery) -> tuple[EventQuery, Position | None]:
    """The query with the window of its first page, and where to go on; QueryError for another query's cursor."""
    if query.cursor is None:
        return query, None
    try:
        packed = urlsafe_b64decode(query.cursor + "=" * (-len(query.cursor) % 4))
        fingerprint, start, end, rank, *place = _LAYOUT.unpack(packed)
        zone = query.end.tzinfo or UTC
        window = datetime.fromtimestamp(start, zone), datetime.fromtimestamp(end, zone)
    except (ValueError, OverflowError, OSError, error) as cause:
        raise QueryError("cursor", query.cursor, "no cursor of ours; begin without one") from cause
    moved = query.start.timestamp() - start, query.end.timestamp() - end
    most = _MONTH if query.when else _DAY
    if fingerprint != _fingerprint(query) or not all(-1 < seconds <= most for seconds in moved):
        raise QueryError("cursor", query.cursor, "the cursor of another query; begin without one")
    return replace(query, start=window[0], end=window[1]), Position(rank=rank, start=place[0], event=place[1])


def _fingerprint(query: EventQuery) -> bytes:
    """The same for the same question, in all processes; most of what could be asked is not, and is left out."""
    asked = zip(_TELLING, _tell(query), strict=True)
    told = "|".join([f"{name}={_canonical(value)}" for name, value in asked if value or value is False])
    return blake2b(told.encode(), digest_size=_DIGEST).digest()


def _canonical(value: object) -> str:
    """One text for one value: a set's own order differs between processes."""
    if isinstance(value, frozenset):
        return repr(sorted(map(str, value)))
    if isinstance(value, Choice):
        return f"{_canonical(value.any_of)}!{_canonical(value.none_of)}"
    return str(value)
