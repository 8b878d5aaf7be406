"""One event told several times on a page becomes one draft."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from aggregator.draft import Draft
from aggregator.reading.dates.iso import read_iso
from aggregator.reading.text import clean_line, fold
from aggregator.reading.url import clean_url

_TIMES = frozenset({"start_date", "end_date", "duration", "time_zone", "rrule", "except_dates", "schedule"})
_PLACE = frozenset(
    {"location_name", "location_text", "street_address", "address_locality", "address_region"}
    | {"postal_code", "address_country"}
)
_COORDINATES = frozenset({"latitude", "longitude"})


def merge(tellings: Iterable[list[Draft]]) -> list[Draft]:
    """The drafts of all syntaxes of a page, best syntax first, each event once.

    Each draft is matched with at most one of each further syntax; what the better one leaves out the others fill in.
    A further syntax adds an event of its own only when it tells its name and start.
    """
    merged: list[Draft] = []
    for drafts in tellings:
        free = list(range(len(merged)))
        for draft in without_repeats(drafts):
            match = next((place for place in free if is_same(merged[place], draft)), None)
            if match is not None:
                free.remove(match)
                merged[match] = fill(merged[match], draft)
            elif not merged or (draft.name and draft.start_date):
                merged.append(draft)
    return merged


def without_repeats(drafts: list[Draft]) -> list[Draft]:
    """The drafts without those that say what another has said: same name, times, place and page."""
    starts = Counter(draft.start_date for draft in drafts)
    if len(starts) == len(drafts):
        return drafts
    told: dict[tuple[str | None, ...], Draft] = {}
    for draft in drafts:
        key = (_name(draft), draft.start_date, draft.end_date, draft.location_name, draft.location_text)
        told.setdefault((*key, draft.super_event, *draft.rrule, clean_url(draft.url)), draft)
    return list(told.values())


def is_same(one: Draft, other: Draft) -> bool:
    """Whether two syntaxes tell of one event: starts agree, and so do the names, or the pages."""
    if not _starts_agree(one.start_date, other.start_date):
        return False
    mine, theirs = _name(one), _name(other)
    if not mine or not theirs or mine == theirs:
        return bool(mine or theirs)
    return mine.startswith(theirs) or theirs.startswith(mine) or _pages_agree(one, other)


def fill(better: Draft, other: Draft) -> Draft:
    """The better draft with what it leaves out; times, address and coordinates are each taken whole, never mixed."""
    has_more_time = _is_day(better.start_date) and not _is_day(other.start_date)
    changes: dict[str, Any] = {}
    for group in _groups():
        is_silent = not any(_says(better, name) for name in group)
        if is_silent or (has_more_time and group is _TIMES and not better.rrule):
            changes |= {name: getattr(other, name) for name in group}
    if not better.end_date and not better.duration and better.start_date == other.start_date:
        changes["end_date"] = other.end_date
    return replace(better, **changes) if changes else better


def _groups() -> list[frozenset[str]]:
    together = (_TIMES, _PLACE, _COORDINATES)
    grouped = frozenset[str]().union(*together)
    return [*together, *(frozenset({field.name}) for field in fields(Draft) if field.name not in grouped)]


def _says(draft: Draft, name: str) -> bool:
    return getattr(draft, name) not in (None, ())


def _name(draft: Draft) -> str:
    return fold(clean_line(draft.name or ""))


def _pages_agree(one: Draft, other: Draft) -> bool:
    page = clean_url(one.url)
    return page is not None and page == clean_url(other.url)


def _is_day(start: str | None) -> bool:
    return start is None or not isinstance(read_iso(start), datetime)


def _starts_agree(one: str | None, other: str | None) -> bool:
    """Instants when both have an offset, wall clocks when one lacks it, days when one has no time."""
    if one is None or other is None:
        return one is other
    mine, theirs = read_iso(one), read_iso(other)
    if mine is None or theirs is None:
        return " ".join(one.split()) == " ".join(other.split())
    if not isinstance(mine, datetime) or not isinstance(theirs, datetime):
        return mine.isoformat()[:10] == theirs.isoformat()[:10]
    if mine.tzinfo and theirs.tzinfo:
        return mine == theirs
    return mine.replace(tzinfo=None, second=0) == theirs.replace(tzinfo=None, second=0)
