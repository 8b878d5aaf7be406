"""Midnight in UTC that stands for a day: GrowthZone and its like write a local date so."""

import re
from collections.abc import Iterable
from dataclasses import replace

from aggregator.draft import Draft

_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)", re.ASCII)
_CLOCK = re.compile(r"\b(\d{1,2})(?::([0-5]\d))?(?::00)?\s?(?:&nbsp;)?([ap])\.?m\b", re.ASCII | re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
_UTC_MIDNIGHTS = frozenset({(hour, "p") for hour in range(2, 9)} | {(hour, "a") for hour in (12, 1, 2, 3)})
"""What clocks show at midnight in UTC, from Honolulu to Newfoundland and from London to Athens."""


def without_false_midnights(drafts: list[Draft], html: str) -> list[Draft]:
    """The drafts, days instead of midnights in UTC where the page shows times and none that midnight could be."""
    if not any(_is_midnight(draft) for draft in drafts) or not _shows_other_times(html):
        return drafts
    return [_as_day(draft) if _is_midnight(draft) else draft for draft in drafts]


def _is_midnight(draft: Draft) -> bool:
    ends = (draft.start_date, draft.end_date)
    return draft.start_date is not None and all(_MIDNIGHT.fullmatch(end) for end in ends if end)


def _as_day(draft: Draft) -> Draft:
    return replace(draft, start_date=(draft.start_date or "")[:10], end_date=draft.end_date and draft.end_date[:10])


def _shows_other_times(html: str) -> bool:
    clocks = list(_shown(html))
    return bool(clocks) and not any(clock in _UTC_MIDNIGHTS for clock in clocks)


def _shown(html: str) -> Iterable[tuple[int, str]]:
    """Hours on the full, with "a" or "p"; a time that is not on the full hour is no (0, "") midnight anywhere."""
    for hour, minute, half in _CLOCK.findall(_SCRIPT.sub("", html)):
        yield (int(hour), half.lower()) if minute in ("", "00") else (0, "")
