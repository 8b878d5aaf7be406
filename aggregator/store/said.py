"""Reads what the public said: suggestions, and organisers' confirmations; without SQLAlchemy."""

import json
from datetime import datetime

from aggregator.store.instants import to_moment, to_moment_or_none
from aggregator.store.kept import Asking
from aggregator.store.link import Link
from aggregator.suggest import KeptSuggestion, Standing, Subject, Suggestion

_SUGGESTIONS = "SELECT number, at, subject, told, standing, reason, settled_at FROM suggestions ORDER BY number"
_ASKINGS = "SELECT token_hash, source, asked_at, expires_at, confirmed_at FROM confirmations WHERE token_hash = ?"
_CONFIRMED = "SELECT max(confirmed_at) FROM confirmations WHERE source = ?"


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
