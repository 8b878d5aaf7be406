"""Retry-After: how long a site asks to be left alone."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST = 60.0
LONGEST = 7 * 86_400.0
SECONDS = re.compile(r"\d+")


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds, between a minute and a week (RFC 9110, 10.2.3); None when nothing usable or a time past is said."""
    words = (value or "").strip()
    wait = float(words[:10]) if SECONDS.fullmatch(words) else _seconds_until(words, now)
    return min(max(wait, SHORTEST), LONGEST) if wait > 0 else None


def _seconds_until(words: str, now: datetime) -> float:
    try:
        when = parsedate_to_datetime(words)
    except (ValueError, OverflowError):
        return 0.0
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now.timestamp()
