"""Which uid each event of a run bears, given those its source's events had before; pure."""

import re
from bisect import bisect_left
from collections import defaultdict
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
    uids, apart = sorted(known), dict[str, Event]()
    for uid, alike in by_uid.items():
        others = by_uid.keys() - {uid}
        family = {name: known[name] for name in _family(uid, uids) if name not in others and name not in apart}
        apart.update(_name_all(uid, tuple(alike.values()), family, {*known, *others, *apart}, now))
    return apart


def recognise(seen: Mapping[str, Event], known: Mapping[str, Event], now: datetime) -> dict[str, Event]:
    """The events by uid, where a source gives its events new uids: those that are known get back the uids they had.

    Nothing changes while over half of the known events that are to come are seen by their uids. Else the others are
    matched by their pages, where each is of one event only, and then by name, start and place.
    """
    strange = [event for uid, event in seen.items() if uid not in known]
    missing = {uid: event for uid, event in known.items() if uid not in seen}
    if not strange or not missing or _are_mostly_seen(known, seen, now):
        return dict(seen)
    names: dict[str, str] = {}
    for look, is_own in ((_page, True), (_what, False)):
        pairs = _pair([event for event in strange if event.uid not in names], missing, look, is_own=is_own)
        for event, uid in pairs:
            names[event.uid] = uid
            del missing[uid]
    renamed = (_rename(event, names) for event in seen.values())
    return {event.uid: event for event in renamed}


def _are_mostly_seen(known: Mapping[str, Event], seen: Mapping[str, Event], now: datetime) -> bool:
    """Whether the gate would let it pass."""
    coming = [uid for uid, event in known.items() if not is_over(event, now)]
    return 2 * sum(uid in seen for uid in coming) > len(coming)


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
    for event in left:
        fresh = _fresh_names(uid, event, events)
        names[_what(event)] = name = next(name for name in fresh if name not in taken)
        taken.add(name)
    for event in events:
        name = names[_what(event)]
        yield name, event if name == uid else replace(event, uid=name)


def _fresh_names(uid: str, event: Event, siblings: Sequence[Event]) -> Iterator[str]:
    """Names for an event that is new, the shortest that tells it from its siblings first."""
    if len(siblings) == 1:
        yield uid
    dated = f"{uid} {event.start_date.isoformat()}"
    if sum(_start(each) == _start(event) for each in siblings) == 1:
        yield dated
    place = event.location
    full = f"{dated} {event.name} {place.name or place.address.street_address or ''}".strip()[:LENGTH]
    yield full
    yield from (f"{full} {number}" for number in count(2))


def _family(uid: str, uids: Sequence[str]) -> Iterator[str]:
    """Those of the sorted uids that are this one, or this one told apart."""
    for name in uids[bisect_left(uids, uid) :]:
        if not name.startswith(uid):
            return
        if name == uid or _DATED.match(name, len(uid)):
            yield name


def _page(event: Event) -> Hashable:
    return event.url


def _start(event: Event) -> Hashable:
    return event.is_all_day, event.start_date


def _what(event: Event) -> Hashable:
    """Name, start, place and rule; a date alone is another start than its midnight."""
    place = event.location
    where = fold(place.name or place.address.street_address or "")
    return fold(event.name), _start(event), where, event.rrule
