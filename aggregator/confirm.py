"""“Still right?”: the letter in which an organiser is asked, and the token that its link bears."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import NamedTuple

from aggregator.group.group import Meeting, State
from aggregator.group.words import words_of
from aggregator.store import KeptGroup, SourceStatus
from aggregator.store.kept import Asking

GOOD_FOR = timedelta(days=30)
"""How long the link of a letter can be used."""

MOST_TOLD = 20
"""Groups that a letter lists."""

_POLICY = SMTP.clone(max_line_length=998)
"""Python's own would break a long link in two."""


def new_token() -> str:
    """43 url-safe characters, which nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token: who reads the store cannot confirm with it."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def new_asking(source: str, token: str, now: datetime) -> Asking:
    """That the source's organiser is asked now."""
    return Asking(token_hash=hash_of(token), source=source, asked_at=now, expires_at=now + GOOD_FOR)


def meeting_lines(groups: Sequence[KeptGroup]) -> list[str]:
    """What is told of its groups, a line each, for a letter and the page that its link opens."""
    told = [kept.group for kept in groups if kept.group.state is not State.RETIRED]
    lines = [
        f"{group.name}: {words_of(group.rhythm)}{_place(group.place.name)}{_next(group.meetings)}" for group in told
    ]
    more = [f"and {len(lines) - MOST_TOLD} more"] if len(lines) > MOST_TOLD else []
    return [*lines[:MOST_TOLD], *more]


def _place(name: str | None) -> str:
    return f", {name}" if name else ""


def _next(meetings: Sequence[Meeting]) -> str:
    return f"; next on {meetings[0].start:%A, %B %d}" if meetings else ""


class Ends(NamedTuple):
    """Whom a letter is from, who reads the answers, and whom it is to."""

    sender: str
    answers_to: str
    to: str


def write_letter(ends: Ends, status: SourceStatus, lines: Sequence[str], link: str) -> EmailMessage:
    """Plain text; the operator reads the answers (RFC 3834: no program answers it)."""
    name = status.organizer or status.name
    letter = EmailMessage(policy=_POLICY)
    letter["From"], letter["Reply-To"], letter["To"] = ends
    letter["Subject"] = f"Still right? What we tell of {name}"[:200]
    letter["Auto-Submitted"] = "auto-generated"
    told = [f"  {line}" for line in lines] or [f"  the calendar at {status.homepage or 'your site'}"]
    letter.set_content(
        "\n".join(
            [
                f"We tell people who look for local events of {name}:",
                "",
                *told,
                "",
                "Is that still right? Then open this page and press its button:",
                "",
                link,
                "",
                "If something is wrong, answer this letter and say what. You are asked once in three months at most;",
                "if you would rather not be asked, or not be told of at all, answer and say so.",
                "",
            ]
        )
    )
    return letter
