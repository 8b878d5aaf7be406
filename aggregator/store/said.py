"""Reads what people said: suggestions, organisers' confirmations, editors' letters; without SQLAlchemy."""

import json
from datetime import datetime

from aggregator.store.instants import to_moment, to_moment_or_none
from aggregator.store.kept import Asking, KeptEdition
from aggregator.store.link import Link
from aggregator.suggest import KeptSuggestion, Standing, Subject, Suggestion

_SUGGESTIONS = "SELECT number, at, subject, told, standing, reason, settled_at FROM suggestions ORDER BY number"
_ASKINGS = "SELECT token_hash, source, asked_at, expires_at, confirmed_at FROM confirmations WHERE token_hash = ?"
_CONFIRMED = "SELECT max(confirmed_at) FROM confirmations WHERE source = ?"
_EDITION = "SELECT name, letter, note, search_url, published_at FROM editions WHERE name = ?"
_EDITIONS = """
SELECT name, letter, note, search_url, published_at FROM editions
WHERE (published_at, name) < (SELECT published_at, name FROM editions WHERE name = :before) OR :before IS NULL
ORDER BY published_at DESC, name DESC LIMIT :limit
"""


def read_suggestions(connection: Link) -> tuple[KeptSuggestion, ...]:
    """All, in the order in which they came."""
    return tuple(
        KeptSuggestion(
            number=number,
            at=to_moment(at),
            standing=Standing(standing),
            suggestion=Suggestion(subject=Subject(subject), told=json.loads(told)),
            reason=reason,
            settled_at=to_moment_or_none(settled),
        )
        for number, at, subject, told, standing, reason, settled in connection.execute(_SUGGESTIONS)
    )


def read_asking(connection: Link, token_hash: str) -> Asking | None:
    """The letter whose token has this hash."""
    row = connection.execute(_ASKINGS, (token_hash,)).fetchone()
    if row is None:
        return None
    known, source, asked, expires, confirmed = row
    moments = {"asked_at": to_moment(asked), "expires_at": to_moment(expires)}
    return Asking(token_hash=known, source=source, **moments, confirmed_at=to_moment_or_none(confirmed))


def confirmed_at(connection: Link, source: str) -> datetime | None:
    """When its organiser last said that it is right."""
    return to_moment_or_none(connection.execute(_CONFIRMED, (source,)).fetchone()[0])


def read_edition(connection: Link, name: str) -> KeptEdition | None:
    """The one that was published under this name."""
    row = connection.execute(_EDITION, (name,)).fetchone()
    return _edition(*row) if row else None


def read_editions(connection: Link, limit: int, before: str | None) -> tuple[KeptEdition, ...]:
    """The newest first; `before` is the name of the one that they were published before."""
    return tuple(_edition(*row) for row in connection.execute(_EDITIONS, {"before": before, "limit": limit}))


def _edition(name: str, letter: str, note: str, search_url: str, published_at: int) -> KeptEdition:
    at = to_moment(published_at)
    return KeptEdition(name=name, letter=letter, note=note, search_url=search_url, published_at=at)
