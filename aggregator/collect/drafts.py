"""Drafts of one run, told on several pages, to events; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from types import MappingProxyType

from aggregator.errors import HobnobError
from aggregator.event import Event
from aggregator.normalize import normalize
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.locate import locate
from aggregator.run import Rejection
from aggregator.source import Draft, Request, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one page gave. `at` is when it was fetched: dates without a year are read from there."""

    request: Request
    drafts: tuple[Draft, ...]
    at: datetime


def merge(pages: Sequence[Told]) -> list[tuple[Draft, datetime]]:
    """One draft for each identity, each page filling what those before it left open, in the order of the requests."""
    merged: dict[object, tuple[Draft, datetime]] = {}
    for page in pages:
        for key, draft in zip(_identify(page), page.drafts, strict=True):
            known = merged.get(key)
            if known and page.request.completes is None and _is_another_date(known[0], draft):
                key = (key, draft.start_date)
                known = merged.get(key)
            merged[key] = (_fill(known[0], draft), known[1]) if known else (draft, page.at)
    return list(merged.values())


def to_events(
    drafts: Iterable[tuple[Draft, datetime]],
    source: Source,
    gazetteer: Gazetteer,
    known: Mapping[str, Event] = MappingProxyType({}),
) -> tuple[dict[str, Event], tuple[Rejection, ...]]:
    """Events by uid, and a reason for every draft that is none. One bad event costs one event.

    `known` are the events that the source told before: a date keeps the uid it was told under.
    """
    events: list[Event] = []
    rejections: list[Rejection] = []
    for draft, at in drafts:
        try:
            event = normalize(draft, source, now=at, gazetteer=gazetteer)
            events.append(locate(event, source.location, gazetteer))
        except (HobnobError, ValueError, ArithmeticError, RecursionError) as error:
            name = (draft.name or draft.identifier or "").strip()[:100]
            rejections.append(Rejection(name=name, reason=str(error)[:300] or type(error).__name__))
    return {event.uid: event for event in _apart(events, known)}, tuple(rejections)


def _identify(page: Told) -> Iterator[object]:
    """A detail page tells of the draft it completes, whatever it calls it; one identifier may have several dates."""
    if page.request.completes is not None and len(page.drafts) == 1:
        yield page.request.completes
        return
    times = Counter(draft.identifier for draft in page.drafts)
    for number, draft in enumerate(page.drafts):
        if draft.identifier is None:
            yield page.request, number
        else:
            yield draft.identifier if times[draft.identifier] == 1 else (draft.identifier, draft.start_date)


def _is_another_date(known: Draft, draft: Draft) -> bool:
    return bool(known.start_date and draft.start_date) and known.start_date != draft.start_date


def _fill(known: Draft, more: Draft) -> Draft:
    """`known` with what only `more` says."""
    empty = {field.name: getattr(more, field.name) for field in fields(Draft) if not _is_told(known, field.name)}
    return replace(known, **empty)


def _is_told(draft: Draft, name: str) -> bool:
    return getattr(draft, name) not in (None, (), "")


def _apart(events: Iterable[Event], known: Mapping[str, Event]) -> Iterator[Event]:
    """The same identity on several dates is several events: the same ticket link twice a day, a UID used again."""
    by_uid: dict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        by_uid[event.uid].setdefault(event.start_date.isoformat(), event)
    for uid, dates in by_uid.items():
        for start, event in dates.items():
            dated = f"{uid} {start}"
            is_known = uid in known and known[uid].start_date == event.start_date
            is_plain = dated not in known and (is_known or len(dates) == 1)
            yield event if is_plain else replace(event, uid=dated)
