"""Which uid each event of a run bears, given those its source's events had before; pure."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from aggregator.event import Event
from aggregator.reading.text import fold
from aggregator.reconcile import is_over

_DATED = re.compile(r" \d{4}-\d\d-\d\d")
"""What `tell_apart` adds to a uid begins with this."""

LENGTH = 500

Look = Callable[[Event], Hashable]
"""What two tellings of one event have in common; None where an event does not say it."""


def tell_apart(events: Iterable[Event], known: Mapping[str, Event], now: datetime) -> dict[str, Event]:
    """The events by a uid of their own: one that is used for several dates, names or places names several events.

    What was told before keeps the uid it was told under, whatever stands beside it now. Events of one uid that are
    alike in all this are one event, told twice.
    """
    by_uid: dict[str, dict[Hashable, Event]] = defaultdict(dict)
    for event in events:
        by_uid[event.uid].setdefault(_what(event), event)
    uids, taken, apart = sorted(known), {*known, *by_uid}, dict[str, Event]()
    for uid in sorted(by_uid, key=len, reverse=True):  # “a 2026-06-10” may be a uid of its own, and “a” another
        names = (name for name in _family(uid, uids) if name == uid or name not in by_uid)
        family = {name: known[name] for name in names if name not in apart}
        apart.update(_name_all(uid, tuple(by_uid[uid].values()), family, taken, now))
    return apart


def recognise(seen: Mapping[str, Event], known: Mapping[str, Event], now: datetime) -> dict[str, Event]:
    """The events by uid, where a source gives its events new uids: those that are known get back the uids they had.

    Nothing changes while over half of the known events that are to come are seen by their uids. Else the others are
    matched by their pages, where each is of one event to come only, and then by name, start and place.
    """
    strange = [event for uid, event in seen.items() if uid not in known]
    missing = {uid: event for uid, event in known.items() if uid not in seen}
    if not strange or not missing:
        return dict(seen)
    coming = {uid: event for uid, event in known.items() if not is_over(event, now)}
    lost = {uid: event for uid, event in coming.items() if uid in missing}
    if 2 * len(lost) < len(coming) or not lost:  # the gate lets it pass
        return dict(seen)
    names = {event.uid: uid for event, uid in _pair(strange, lost, _page, is_own=True)}
    strange = [event for event in strange if event.uid not in names]
    recognised = set(names.values())
    free = {uid: event for uid, event in missing.items() if uid not in recognised}
    names |= {event.uid: uid for event, uid in _pair(strange, free, _what)}
    renamed = (_rename(event, names) for event in seen.values())
    return {event.uid: event for event in renamed}


def _rename(event: Event, names: Mapping[str, str]) -> Event:
    series = event.super_event
    return replace(
        event, uid=names.get(event.uid, event.uid), super_event=names.get(series, series) if series else None
    )


def _pair(
    events: Sequence[Event], known: Mapping[str, Event], look: Look, *, is_own: bool = False
) -> list[tuple[Event, str]]:
    """Events and the known uids that look alike, one to one; with `is_own`, only where no other looks like that."""
    before: dict[Hashable, list[str]] = defaultdict(list)
    for uid, event in known.items():
        before[look(event)].append(uid)
    after: dict[Hashable, list[Event]] = defaultdict(list)
    for event in events:
        after[look(event)].append(event)
    return [
        pair
        for sight, same in after.items()
        if sight is not None and not (is_own and max(len(same), len(before[sight])) > 1)
        for pair in zip(same, before[sight], strict=False)
    ]


def _name_all(
    uid: str, events: Sequence[Event], family: Mapping[str, Event], taken: set[str], now: datetime
) -> Iterator[tuple[str, Event]]:
    """The events of one uid: under the names they had by what they are or when, or, for the only one left, moved."""
    names: dict[Hashable, str] = {}
    left, free = list(events), dict(family)
    for look in (_what, _start):
        for event, name in _pair(left, free, look):
            names[_what(event)] = name
            del free[name]
        left = [event for event in left if _what(event) not in names]
    coming = [name for name, event in free.items() if not is_over(event, now)] if left else []
    if len(left) == len(coming) == 1:
        names[_what(left.pop())] = coming[0]
    if len(events) == len(left) == 1 and uid not in family:
        names[_what(left.pop())] = uid
    starts = Counter(map(_start, events))
    for event in left:
        fresh = _fresh_names(uid, event, is_alone=starts[_start(event)] == 1)
        names[_what(event)] = name = next(name for name in fresh if name not in taken)
        taken.add(name)
    for event in events:
        name = names[_what(event)]
        yield name, event if name == uid else replace(event, uid=name)


def _fresh_names(uid: str, event: Event, *, is_alone: bool) -> Iterator[str]:
    """Names that tell a new event from its siblings, the shortest first; `is_alone` at its time."""
    dated = f"{uid} {event.start_date.isoformat()}"
    if is_alone:
        yield dated
    place = event.location
    full = f"{dated} {event.name} {place.name or place.address.street_address or ''}".strip()[:LENGTH]
    yield full
    yield from (f"{full} {number}" for number in count(2))


def _family(uid: str, uids: Sequence[str]) -> Iterator[str]:
    """Those of the sorted uids that are this one, or this one told apart."""
    first = bisect_left(uids, uid)
    if first < len(uids) and uids[first] == uid:
        yield uid
    told_apart = f"{uid} "
    for place in range(bisect_left(uids, told_apart), len(uids)):
        if not uids[place].startswith(told_apart):
            return
        if _DATED.match(uids[place], len(uid)):
            yield uids[place]


def _page(event: Event) -> Hashable:
    return event.url


def _start(event: Event) -> Hashable:
    return event.is_all_day, event.start_date


def _what(event: Event) -> Hashable:
    """Name, start, place and rule; a date alone is another start than its midnight."""
    place = event.location
    where = fold(place.name or place.address.street_address or "")
    return fold(event.name), _start(event), where, event.rrule
