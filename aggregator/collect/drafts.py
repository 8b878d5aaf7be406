"""Drafts of one run, told on several pages, to events; pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from types import MappingProxyType

from aggregator.collect.identity import recognise, tell_apart
from aggregator.errors import HobnobError
from aggregator.event import Event
from aggregator.normalize import normalize
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.locate import locate
from aggregator.reading.text import clean_text
from aggregator.run import Rejection
from aggregator.sift import collapsed, placed, why_left_out
from aggregator.source import Draft, Request, Source

_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one page gave. `at` is when it was fetched: dates without a year are read from there."""

    request: Request
    drafts: Sequence[Draft]
    at: datetime


def merge(pages: Sequence[Told]) -> list[tuple[Draft, datetime]]:
    """One draft for each identity, each page filling what those before it left open, in the order of the requests."""
    merged: dict[object, tuple[Draft, datetime]] = {}
    # What is kept is read once: drafts of a page that did not change are made as they are looked at.
    for page in (replace(page, drafts=tuple(page.drafts)) for page in pages):
        for name, draft in zip(_identify(page), page.drafts, strict=True):
            key = (name, draft.start_date) if _is_another_date(merged.get(name), draft, page) else name
            known = merged.get(key)
            merged[key] = (_fill(known[0], draft), known[1]) if known else (draft, page.at)
    return list(merged.values())


def to_events(
    drafts: Sequence[tuple[Draft, datetime]],
    source: Source,
    gazetteer: Gazetteer,
    known: Mapping[str, Event] = MappingProxyType({}),
) -> tuple[dict[str, Event], tuple[Rejection, ...]]:
    """Events by uid, and a reason for every draft that is none. One bad event costs one event.

    `known` are the events that the source told before: what is told again keeps the uid it was told under.
    """
    events: list[Event] = []
    rejections: list[Rejection] = []
    for draft, at in drafts:
        try:
            event = collapsed(normalize(draft, source, now=at, gazetteer=gazetteer), source.sieve)
            if why := why_left_out(event, source.sieve, source.kind):
                rejections.append(Rejection(name=event.name, reason=why))
                continue
            event, default = placed(event, source.location, source.sieve)
            events.append(locate(event, default, gazetteer))
        except (HobnobError, ValueError, ArithmeticError, RecursionError) as error:
            name = (draft.name or draft.identifier or "").strip()[:100]
            reason = "; ".join((str(error)[:300] or type(error).__name__, *draft.doubts))
            rejections.append(Rejection(name=name, reason=reason, uid=draft.identifier or draft.url))
    latest = max((at for _, at in drafts), default=None)
    seen = recognise(tell_apart(events, known, latest), known, latest) if latest is not None else {}
    return seen, tuple(rejections)


def _identify(page: Told) -> Iterator[object]:
    """A detail page tells of the draft it completes, whatever it calls it; one identifier may name several events."""
    if page.request.completes is not None and len(page.drafts) == 1:
        yield page.request.completes
        return
    times = Counter(draft.identifier for draft in page.drafts)
    for number, draft in enumerate(page.drafts):
        if draft.identifier is None:
            yield page.request, number
        else:
            yield draft.identifier if times[draft.identifier] == 1 else (draft.identifier, *_what(draft))


def _what(draft: Draft) -> tuple[object, ...]:
    return draft.start_date, draft.name, draft.location_name or draft.location_text, draft.rrule


def _is_another_date(known: tuple[Draft, datetime] | None, draft: Draft, page: Told) -> bool:
    """A list that goes on with another date of an identity tells another event; a detail page words it otherwise."""
    if known is None or page.request.completes is not None or not draft.start_date:
        return False
    return known[0].start_date not in (None, draft.start_date)


def _fill(known: Draft, more: Draft) -> Draft:
    """`known` with what only `more` says, and the whole of what `known` breaks off."""
    empty = {field.name: getattr(more, field.name) for field in fields(Draft) if not _is_told(known, field.name)}
    whole = {"description": more.description} if _is_teaser(known.description, more.description) else {}
    return replace(known, **empty | whole)


def _is_teaser(short: str | None, whole: str | None) -> bool:
    """Whether a list told the first words of what the event's own page tells whole."""
    if not short or not whole:
        return False
    first, told = (_NO_WORD.sub("", clean_text(text)).casefold() for text in (short, whole))
    return len(first) < len(told) and told.startswith(first)


def _is_told(draft: Draft, name: str) -> bool:
    return getattr(draft, name) not in (None, (), "")
