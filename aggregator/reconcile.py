"""(stored, seen) -> Changes; pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.event import Event, EventStatus, ends_at, starts_at
from aggregator.recurrence import expand

UNSEEN_RUNS = 3
UNSEEN_TIME = timedelta(hours=48)
"""A listing is withdrawn when so many complete runs, over so long, did not show it."""

KEPT = timedelta(days=30)
"""How long an event is told after its end."""

HORIZON = timedelta(days=400)
"""How far ahead a rule is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one source says of one event, and when it last said so."""

    event: Event
    first_seen: datetime
    last_seen: datetime
    unseen_runs: int = 0
    unseen_since: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by: its source, and the source's own identifier."""
        return self.event.source, self.event.uid


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a run would change; events by value, the others by uid.

    `cancelled` tells which of `new` and `changed` the organiser cancelled since they were last seen. `seen_again` were
    unseen or withdrawn. `unseen` are counted one run more, and `withdrawn` are those of them that are told no longer.
    `expired` ended so long ago that they are forgotten.
    """

    new: tuple[Event, ...] = ()
    changed: tuple[Event, ...] = ()
    cancelled: tuple[str, ...] = ()
    seen_again: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.new, self.changed, self.seen_again, self.unseen, self.expired))


def reconcile(
    stored: Mapping[str, Listing],
    seen: Mapping[str, Event],
    *,
    is_complete: bool,
    unread: AbstractSet[str] = frozenset(),
    now: datetime,
) -> Changes:
    """What changes when a source that told `stored` shows `seen`. Only a complete run can miss an event, and not one
    that is `unread`: still on the page, but no longer to be understood.
    """
    known = {uid: event for uid, event in seen.items() if uid in stored}
    new = tuple(event for uid, event in seen.items() if uid not in stored and not is_over(event, now - KEPT))
    changed = tuple(event for uid, event in known.items() if event != stored[uid].event)
    missing = [uid for uid in stored if uid not in seen and uid not in unread] if is_complete else []
    unseen = tuple(uid for uid in missing if _is_missed(stored[uid], now))
    return Changes(
        new=new,
        changed=changed,
        cancelled=tuple(event.uid for event in (*new, *changed) if _is_cancelled_now(stored.get(event.uid), event)),
        seen_again=tuple(uid for uid in known if stored[uid].unseen_since is not None),
        unseen=unseen,
        withdrawn=tuple(uid for uid in unseen if _is_gone(stored[uid], seen, now)),
        expired=tuple(uid for uid in stored if uid not in seen and _is_forgotten(stored[uid], now)),
    )


def settled_until(
    stored: Mapping[str, Listing], seen: Mapping[str, Event], changes: Changes, until: datetime
) -> datetime | None:
    """Up to when, `until` at most, the same events would change nothing more once `changes` are applied.

    None when that cannot be said: what is unseen is counted run by run, and a series has no end of its own.
    """
    if changes.unseen:
        return None
    left = [listing for uid, listing in stored.items() if uid not in seen and uid not in changes.expired]
    if any(listing.event.is_series for listing in left):
        return None
    ends = (ends_at(one.event.start_date, one.event.end_date, one.event.time_zone) + KEPT for one in left)
    return min((until, *ends))


def is_over(event: Event, at: datetime) -> bool:
    """Whether the event and all its dates have ended by then."""
    if not event.is_series:
        return ends_at(event.start_date, event.end_date, event.time_zone) <= at
    begin = starts_at(event.start_date, event.time_zone)
    return not expand(event, at, max(at, begin) + HORIZON, limit=1)


def _is_missed(listing: Listing, now: datetime) -> bool:
    return listing.withdrawn_at is None and not is_over(listing.event, now)


def _is_gone(listing: Listing, seen: Mapping[str, Event], now: datetime) -> bool:
    """Unseen for long; or a date told apart from a series that is seen, and so told by the series again."""
    if listing.event.super_event in seen:
        return True
    since = listing.unseen_since
    return since is not None and listing.unseen_runs + 1 >= UNSEEN_RUNS and now - since >= UNSEEN_TIME


def _is_cancelled_now(listing: Listing | None, event: Event) -> bool:
    was = listing.event.event_status if listing else None
    return event.event_status is EventStatus.CANCELLED and was is not EventStatus.CANCELLED


def _is_forgotten(listing: Listing, now: datetime) -> bool:
    """A withdrawn series has no end of its own: its withdrawal is one."""
    if listing.event.is_series and listing.withdrawn_at is not None and listing.withdrawn_at <= now - KEPT:
        return True
    return is_over(listing.event, now - KEPT)
