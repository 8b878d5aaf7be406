"""Collect: fetch, parse, normalize, locate, reconcile, gate, apply; and what becomes of a run that was held back."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from aggregator.collect.drafts import merge, to_events
from aggregator.collect.fills import fills_of
from aggregator.collect.refine import refine
from aggregator.collect.same import reading_as, told_again
from aggregator.collect.walk import Walk, Walked, usable
from aggregator.errors import HobnobError, ParseError, ParserKilledError, StatusError, StoreError
from aggregator.event import Event
from aggregator.fetch import Fetcher, Tally
from aggregator.gate import judge
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.geocode import Geocoder
from aggregator.reconcile import Changes, Listing, reconcile, settled_until
from aggregator.run import Outcome, Rejection, Run
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings
from aggregator.sift import fewest
from aggregator.source import Source, dated
from aggregator.store import Candidate, Lease, Reader, Settled
from aggregator.store.store import Store
from aggregator.trace import span
from aggregator.veto import is_vetoed

P = ParamSpec("P")
T = TypeVar("T")

COLLECT = "collect"
"""The stretch of work that is one run; the name of its source, and its outcome, are told of it."""

FULL_FETCH = timedelta(days=7)
"""At least so often a source is read without conditions: a server may say "not modified" for ever."""

HISTORY = 5
"""How many accepted runs tell what is usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a run works with. `writer` is one thread, so that runs settle one after the other. `settings` say where
    alerts go beside the log.
    """

    store: Store
    writer: Executor
    fetcher: Fetcher
    sandbox: Sandbox
    gazetteer: Gazetteer
    now: Callable[[], datetime]
    geocoder: Geocoder | None = None
    settings: Settings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a run saw, before anybody judged it."""

    events: Mapping[str, Event]
    rejected: tuple[Rejection, ...] = ()
    gaps: tuple[str, ...] = ()
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A run, and why it failed if it did; `is_full` when nothing was asked conditionally."""

    run: Run
    failure: HobnobError | None = None
    is_full: bool = False


async def collect(source: Source, lease: Lease, tools: Tools) -> Collected:
    """Run the source, then its fallbacks in order while nothing is found; what counts in the end.

    StaleLeaseError when another collector has taken the source over: then nothing was written.
    """
    with span(COLLECT, source=source.name) as told:
        collected = await _collect(source, lease, tools)
        told.tell("outcome", collected.run.outcome)
    return collected


async def _collect(source: Source, lease: Lease, tools: Tools) -> Collected:
    last = tools.store.last_full_fetch(source.name)
    is_full = last is None or tools.now() - last >= FULL_FETCH
    left = len(source.fallbacks)
    best = await _try(source, lease, tools, is_full=is_full, is_last=not left)
    for fallback in source.fallbacks:
        if best.failure is None and best.run.kept:
            break
        left -= 1
        second = await _try(replace(fallback, name=source.name), lease, tools, is_full=is_full, is_last=not left)
        if second.failure is None and (best.failure is not None or second.run.kept):
            best = second
    return best


async def _try(source: Source, lease: Lease, tools: Tools, *, is_full: bool, is_last: bool) -> Collected:
    """One way to read a source, into the store. With the run that counts the source stops being due: killed after that,
    the run is not done again.
    """
    started, tally = tools.now(), Tally()
    due_at = started + source.every
    source = replace(source, request=dated(source.request, started))
    pages = {} if is_full else usable(tools.store.stored_pages(source.name).values(), source)
    walk = Walk(source=source, fetcher=tools.fetcher, sandbox=tools.sandbox, known=pages, tally=tally)
    blank = Run(source=source.name, started_at=started, finished_at=started, outcome=Outcome.FAILED, reason="")
    blank = replace(blank, expected=fewest(source.sieve, started.date()))
    try:
        walked = await walk.walk()
    except HobnobError as error:
        run = await _in_writer(
            tools, _settle_failure, error, _count(blank, tally), lease, tools, due_at if is_last else None
        )
        return Collected(run=run, failure=error)
    if walked.is_unchanged and (before := _told_before(source, tools)):
        with span("apply"):
            run = await _in_writer(tools, _settle_same, before, _count(blank, tally), lease, tools, due_at)
        return Collected(run=run)
    with span("normalize"):
        seen = await _in_writer(tools, _see, source, walked, tools)
    if tools.geocoder:
        seen = replace(seen, events=await refine(seen.events, tools.geocoder))
    put_off = due_at if is_last or seen.events else None
    with span("apply"):
        run = await _in_writer(tools, _settle, seen, walked, source, _count(blank, tally), lease, tools, put_off)
    return Collected(run=run, is_full=is_full and not walked.gaps)


async def _in_writer(tools: Tools, work: Callable[P, T], *given: P.args, **_: P.kwargs) -> T:
    return await asyncio.get_running_loop().run_in_executor(tools.writer, work, *given)


def _told_before(source: Source, tools: Tools) -> tuple[Run, Settled] | None:
    """What the same pages tell again; a geocoder may know more by now."""
    if tools.geocoder:
        return None
    return tools.store.settled(source.name, reading_as(source, tools.gazetteer), tools.now())


def _settle_same(before: tuple[Run, Settled], run: Run, lease: Lease, tools: Tools, due_at: datetime) -> Run:
    (last, settled), now = before, tools.now()
    run = told_again(last, run, now)
    return replace(run, id=tools.store.apply(Changes(), run, lease=lease, now=now, due_at=due_at, settled=settled))


def _settle(
    seen: Seen, walked: Walked, source: Source, run: Run, lease: Lease, tools: Tools, due_at: datetime | None
) -> Run:
    stored, now = tools.store.stored_listings(run.source), tools.now()
    unread = frozenset(rejection.uid for rejection in seen.rejected if rejection.uid)
    changes = reconcile(stored, seen.events, is_complete=not seen.gaps, unread=unread, now=now)
    run, changes = _decide(run, changes, stored, seen, tools, now)
    is_held = run.outcome is Outcome.QUARANTINED
    until = settled_until(stored, seen.events, changes, now + FULL_FETCH) if run.outcome is Outcome.ACCEPTED else None
    run_id = tools.store.apply(
        changes,
        run,
        lease=lease,
        now=now,
        pages=() if is_held else walked.fresh,
        candidate=Candidate(seen=tuple(seen.events.values()), is_complete=not seen.gaps) if is_held else None,
        due_at=due_at,
        settled=Settled(reading_as=reading_as(source, tools.gazetteer), until=until) if until else None,
    )
    return replace(run, id=run_id)


def _see(source: Source, walked: Walked, tools: Tools) -> Seen:
    """Pages that did not change may be made sense of again too: what the catalogue says of them may have changed."""
    known = {uid: listing.event for uid, listing in tools.store.stored_listings(source.name).items()}
    events, rejected = to_events(merge(walked.told), source, tools.gazetteer, known)
    events, vetoed = _without_vetoed(events, tools.store.vetoes())
    return Seen(events=events, rejected=(*rejected, *vetoed), gaps=walked.gaps, is_unchanged=walked.is_unchanged)


def _without_vetoed(
    events: Mapping[str, Event], vetoes: Mapping[str, str]
) -> tuple[dict[str, Event], tuple[Rejection, ...]]:
    """A veto holds whatever source tells of it; its rejection bears no uid, so that what was told is let go."""
    gone = {uid: event for uid, event in events.items() if vetoes and is_vetoed(event, vetoes)}
    kept = {uid: event for uid, event in events.items() if uid not in gone}
    return kept, tuple(Rejection(name=event.name, reason="a veto: it is not to be told") for event in gone.values())


def _decide(
    run: Run, changes: Changes, stored: Mapping[str, Listing], seen: Seen, tools: Tools, now: datetime
) -> tuple[Run, Changes]:
    """The run with its outcome, and what of the changes is to be applied."""
    usual = tools.store.history(run.source, HISTORY, Outcome.ACCEPTED)
    counts = [past.kept for past in usual]
    may_be_empty = run.expected == 0
    verdict = judge(changes, stored, seen.events, counts, is_complete=not seen.gaps, may_be_empty=may_be_empty, now=now)
    run = replace(
        run,
        finished_at=now,
        not_modified=seen.is_unchanged,
        found=len(seen.events) + len(seen.rejected),
        kept=len(seen.events),
        fills=fills_of(seen.events.values()),
        rejected=seen.rejected,
    )
    if not verdict.is_plausible:
        return replace(run, outcome=Outcome.QUARANTINED, reason=verdict.reason), Changes()
    outcome = Outcome.PARTIAL if seen.gaps else Outcome.ACCEPTED
    return _count_changes(replace(run, outcome=outcome, reason="; ".join(seen.gaps)), changes), changes


def _settle_failure(error: HobnobError, run: Run, lease: Lease, tools: Tools, due_at: datetime | None) -> Run:
    """A whole page in which nothing is recognised is a run that saw nothing: held back where that is implausible."""
    now = tools.now()
    run, held = replace(run, finished_at=now, reason=str(error), failure=_name_of(error)), None
    if isinstance(error, ParseError) and not isinstance(error, ParserKilledError):
        stored = tools.store.stored_listings(run.source)
        verdict = judge(Changes(), stored, {}, (), now=now)
        if not verdict.is_plausible:
            run = replace(run, outcome=Outcome.QUARANTINED, reason=f"{verdict.reason}: {error}")
            held = Candidate(seen=(), is_complete=True)
    return replace(run, id=tools.store.apply(Changes(), run, lease=lease, now=now, candidate=held, due_at=due_at))


def _name_of(error: HobnobError) -> str:
    """The class, and the status of an answer that was none."""
    name = type(error).__name__
    return f"{name} {error.status}" if type(error) is StatusError else name


def note_defect(source: Source, lease: Lease, tools: Tools, error: Exception) -> Collected:
    """A run that ended in an error nobody foresaw, as a failed run."""
    reason, now = f"a defect of Hobnob: {type(error).__name__}: {error}", tools.now()
    run = Run(source=source.name, started_at=now, finished_at=now, outcome=Outcome.FAILED, reason=reason)
    run = replace(run, id=tools.store.apply(Changes(), run, lease=lease, now=now, due_at=now + source.every))
    return Collected(run=run, failure=HobnobError(reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A run that was held back, and what it would change of what its source told so far."""

    run: Run
    stored: Mapping[str, Listing]
    changes: Changes


def weigh_candidate(name: str, run_id: int, store: Reader, now: datetime) -> Held:
    """What a person's word would apply: what the run did not show is withdrawn at once.

    StoreError when there is nothing of the run, or a newer one was accepted.
    """
    held = next((run for run in store.history(name, 1000, Outcome.QUARANTINED) if run.id == run_id), None)
    if held is None:
        raise StoreError(f"{name}: run {run_id} was not held back")
    if any((run.id or 0) > run_id for run in store.history(name, 1, Outcome.ACCEPTED)):
        raise StoreError(f"{name}: after run {run_id} a newer one was accepted")
    candidate, stored = store.candidate(run_id), store.stored_listings(name)
    seen = {event.uid: event for event in candidate.seen}
    changes = reconcile(stored, seen, is_complete=candidate.is_complete, now=now)
    return Held(run=held, stored=stored, changes=replace(changes, withdrawn=changes.unseen))


def settle_candidate(name: str, run_id: int, lease: Lease, store: Store, now: datetime) -> Run:
    """Apply what a held-back run saw, on a person's word; StoreError as when it is weighed."""
    held = weigh_candidate(name, run_id, store, now)
    reason = f"run {run_id} was accepted by a person"
    blank = replace(held.run, id=None, started_at=now, finished_at=now, outcome=Outcome.ACCEPTED, reason=reason)
    run = _count_changes(blank, held.changes)
    return replace(run, id=store.apply(held.changes, run, lease=lease, now=now))


def _count_changes(run: Run, changes: Changes) -> Run:
    return replace(
        run,
        new=len(changes.new),
        changed=len(changes.changed),
        unseen=len(changes.unseen),
        withdrawn=len(changes.withdrawn),
        cancelled=len(changes.cancelled),
    )


def _count(run: Run, tally: Tally, **known: object) -> Run:
    return replace(run, requests=tally.requests, bytes_read=tally.bytes_read, **known)  # type: ignore[arg-type]
