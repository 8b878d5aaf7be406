"""The cursor: where a page ended, in an opaque text that fits one query only."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from struct import Struct, error

from aggregator.errors import QueryError
from aggregator.query import Choice, EventQuery

_DAY = 86_400
_LAYOUT = Struct(">8sqqdqq")
_DIGEST = 8


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
        window = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
    except (ValueError, OverflowError, OSError, error) as cause:
        raise QueryError("cursor", query.cursor, "no cursor of ours; begin without one") from cause
    moved = query.start.timestamp() - start, query.end.timestamp() - end
    if fingerprint != _fingerprint(query) or not all(-1 < seconds <= _DAY for seconds in moved):
        raise QueryError("cursor", query.cursor, "the cursor of another query; begin without one")
    return replace(query, start=window[0], end=window[1]), Position(rank=rank, start=place[0], event=place[1])


def _fingerprint(query: EventQuery) -> bytes:
    return _digest(
        replace(query, start=datetime.min, end=datetime.min, limit=0, cursor=None)  # noqa: DTZ901 - only hashed
    )


@lru_cache(maxsize=256)
def _digest(query: EventQuery) -> bytes:
    told = "|".join(_canonical(getattr(query, name)) for name in query.__slots__)
    return blake2b(told.encode(), digest_size=_DIGEST).digest()


def _canonical(value: object) -> str:
    """One text for one value: a set's own order differs between processes."""
    if isinstance(value, frozenset):
        return repr(sorted(map(str, value)))
    if isinstance(value, Choice):
        return f"{_canonical(value.any_of)}!{_canonical(value.none_of)}"
    return str(value)
