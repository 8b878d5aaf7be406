"""Listings -> the regular groups among them, with all that is known of each."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count

from aggregator.event import EventStatus, Occurrence, Place, starts_at
from aggregator.group.alike import ListingId, alike, by_clock, is_same_clock, is_same_place, listing_id
from aggregator.group.customs import CALENDAR
from aggregator.group.evidence import Evidence, confidence, reasons, weigh
from aggregator.group.group import Group, HowKnown
from aggregator.group.infer import HORIZON, day_of, infer
from aggregator.group.names import key_of, plain_name, stem_of
from aggregator.group.rhythm import Rhythm, rule_days
from aggregator.group.state import next_meetings, state_of
from aggregator.group.stated import dates_of, join_rhythms, stated_rhythm, together
from aggregator.reconcile import Listing

HELD = frozenset({EventStatus.SCHEDULED, EventStatus.RESCHEDULED, EventStatus.MOVED_ONLINE})
OFTEN = 3
"""Dates under one whole name that may be a group of its own beside others that begin alike."""

A_YEAR = timedelta(days=370)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """When it is now, when each source was read last, and whose holidays count."""

    now: datetime
    last_read: Mapping[str, datetime]
    calendar: str | None = CALENDAR


def gather(
    listings: Iterable[Listing],
    reading: Reading,
    *,
    known: Iterable[Group] = (),
    links: Iterable[tuple[ListingId, ListingId]] = (),
) -> tuple[Group, ...]:
    """The regular groups, by id. `known` are those of last time: they keep their ids, and dates that are forgotten by
    now; one of which nothing is listed any more stays, and grows quiet. `links` are listings of several sources that
    tell the same event.
    """
    left = {group.id: group for group in known}
    taken = set(left)
    groups = []
    for part in _parts([each for each in listings if _is_told(each)], reading, links, list(left.values())):
        former = min(
            (group for group in left.values() if _is_former(group, part)), key=_distance_to(part), default=None
        )
        former = former or left.get(_id_of(part))
        made = _make(part, former, reading, taken)
        if made is not None:
            left.pop(made.id, None)
            taken.add(made.id)
            groups.append(made)
    groups += [_judge(_unlisted(group, reading.now), reading) for group in left.values()]
    return tuple(sorted(groups, key=lambda group: group.id))


def _is_told(listing: Listing) -> bool:
    """Not a date that was withdrawn before it came, nor a series that was."""
    event, gone = listing.event, listing.withdrawn_at
    return gone is None or (not event.rrule and gone >= starts_at(event.start_date, event.time_zone))


def _is_held(listing: Listing) -> bool:
    return listing.event.event_status in HELD


def _is_series(listing: Listing) -> bool:
    return bool(listing.event.rrule) and _is_held(listing)


def _parts(
    listings: Sequence[Listing],
    reading: Reading,
    links: Iterable[tuple[ListingId, ListingId]],
    known: Sequence[Group],
) -> Iterator[list[Listing]]:
    """Listings that may be one group each."""
    for part in alike(listings, links):
        for at_one_time in by_clock(part):
            if series := [each for each in at_one_time if _is_series(each)]:
                yield from _beside_series(list(together(series)), at_one_time)
            else:
                yield from _by_whole_name(at_one_time, reading, known)


def _beside_series(parts: list[list[Listing]], listings: Sequence[Listing]) -> Iterator[list[Listing]]:
    """Each series with the dates that are told apart: those that say so, else those that follow it, else the first."""
    for listing in listings:
        if not _is_series(listing):
            next((part for part in parts if _is_date_of(listing, part)), parts[0]).append(listing)
    yield from parts


def _is_date_of(listing: Listing, part: Sequence[Listing]) -> bool:
    series = [each.event for each in part if _is_series(each)]
    if listing.event.super_event is not None:
        return any(event.uid == listing.event.super_event for event in series)
    day = day_of(listing.event.start_date)
    return any(rule_days(stated_rhythm(event), day, day + timedelta(days=1)) for event in series)


def _by_whole_name(listings: Sequence[Listing], reading: Reading, known: Sequence[Group]) -> Iterator[list[Listing]]:
    """Names that begin alike are one group with topics, but for those that have a rhythm of their own.

    Names of several sources, which are linked, differ for no such reason.
    """
    if len({listing.event.source for listing in listings}) > 1:
        yield list(listings)
        return
    named: dict[str, list[Listing]] = {}
    for listing in listings:
        named.setdefault(key_of(plain_name(listing.event.name)), []).append(listing)
    names = {key_of(group.name) for group in known}
    alone = [part for key, part in named.items() if len(named) > 1 and (key in names or _is_regular(part, reading))]
    rest = [each for part in named.values() if part not in alone for each in part]
    yield from alone
    if rest:
        yield sorted(rest, key=lambda each: (day_of(each.event.start_date), listing_id(each)))


def _is_regular(part: Sequence[Listing], reading: Reading) -> bool:
    dates = [date for listing in part if _is_held(listing) for date in dates_of(listing.event, reading.now)]
    return len(dates) >= OFTEN and infer(dates, now=reading.now, calendar=reading.calendar) is not None


def _is_former(group: Group, part: Sequence[Listing]) -> bool:
    """Whether they are of that group: a listing in common, or the same source, name and place."""
    ids = {listing_id(listing) for listing in part}
    if ids & set(group.listings):
        return True
    first = part[0].event
    is_named_so = key_of(group.name) in {key_of(plain_name(first.name)), key_of(stem_of(first.name))}
    is_there = group.place == Place() or is_same_place(group.place, first.location) or first.location == Place()
    return is_named_so and is_there and first.source in {source for source, _ in group.listings}


def _distance_to(part: Sequence[Listing]) -> Callable[[Group], tuple[bool, bool, str]]:
    """A group that has a listing in common is nearest, then one that meets at about the same time of day."""
    ids, event = {listing_id(listing) for listing in part}, part[-1].event
    return lambda group: (not ids & set(group.listings), not is_same_clock(group.rhythm.start, event), group.id)


def _make(part: Sequence[Listing], former: Group | None, reading: Reading, taken: Container[str]) -> Group | None:
    """The group of listings; None where they have no rhythm, and had none."""
    dates = _dates(part, former, reading)
    known = _rhythm(part, former, infer(dates, now=reading.now, calendar=reading.calendar), reading)
    if known is None:
        return None
    rhythm, how = known
    held = {day_of(each.start) for each in dates}
    off = {day_of(each.event.start_date) for each in part if not _is_held(each)} - held
    rhythm = replace(rhythm, except_dates=tuple(sorted({*rhythm.except_dates, *off})))
    group_id = former.id if former else next(one for one in _ids_of(part) if one not in taken)
    return _judge(_describe(part, former, dates, rhythm, how, group_id), reading)


def _rhythm(
    part: Sequence[Listing], former: Group | None, inferred: Rhythm | None, reading: Reading
) -> tuple[Rhythm, HowKnown] | None:
    """What is stated before what is inferred, and that before what was known."""
    series = [stated_rhythm(each.event, calendar=reading.calendar) for each in part if _is_series(each)]
    if not series:
        known = (former.rhythm, former.how_known) if former else None
        return (inferred, HowKnown.INFERRED) if inferred else known
    stated = join_rhythms(series)
    if inferred is None:
        return stated, HowKnown.STATED
    how = HowKnown.BOTH if _agree(stated, inferred, reading.now.date()) else HowKnown.STATED
    return replace(stated, on_holidays=stated.on_holidays or inferred.on_holidays, shift=inferred.shift), how


def _id_of(part: Sequence[Listing], place: int = 0) -> str:
    first = min(map(listing_id, part))
    return sha256("\n".join((*first, str(place)) if place else first).encode()).hexdigest()[:16]


def _ids_of(part: Sequence[Listing]) -> Iterator[str]:
    """Of its first listing; further ones for when another group has that, which this listing has left."""
    return (_id_of(part, place) for place in count())


def _describe(
    part: Sequence[Listing],
    former: Group | None,
    dates: tuple[Occurrence, ...],
    rhythm: Rhythm,
    how: HowKnown,
    group_id: str,
) -> Group:
    latest = max(part, key=lambda each: (each.last_seen, day_of(each.event.start_date), listing_id(each)))
    listings = tuple(listing_id(each) for each in part)
    firsts = [each.first_seen for each in part] + ([former.first_seen] if former else [])
    return Group(
        id=group_id,
        name=_name(part),
        time_zone=latest.event.time_zone,
        rhythm=rhythm,
        how_known=how,
        first_seen=min(firsts),
        last_seen=max(each.last_seen for each in part),
        last_confirmed=_confirmed(part, rhythm, former),
        organizer=latest.event.organizer,
        place=_place(part, latest, former),
        dates=dates,
        listings=listings,
    )


def _unlisted(group: Group, now: datetime) -> Group:
    """Without the dates to come, which nobody tells any more."""
    return replace(group, dates=tuple(each for each in group.dates if starts_at(each.start, group.time_zone) <= now))


def _judge(group: Group, reading: Reading) -> Group:
    """With what follows from its dates: how sure it is, whether it still meets, and when next."""
    evidence: Evidence = weigh(group.rhythm, [day_of(each.start) for each in group.dates], reading.now.date())
    is_stated = group.how_known is not HowKnown.INFERRED
    reads = [reading.last_read[source] for source, _ in group.listings if source in reading.last_read]
    judged = replace(
        group,
        counted=evidence.followed,
        confidence=confidence(evidence, is_stated=is_stated),
        reasons=reasons(evidence, is_stated=is_stated),
        state=state_of(group, now=reading.now, last_read=max(reads, default=None)),
    )
    return replace(judged, meetings=next_meetings(judged, now=reading.now))


def _dates(part: Sequence[Listing], former: Group | None, reading: Reading) -> tuple[Occurrence, ...]:
    """Each day once: what is listed now, and what was known of days that are past."""
    past = [each for each in former.dates if day_of(each.start) < reading.now.date()] if former else []
    told = [date for listing in part if _is_held(listing) for date in dates_of(listing.event, reading.now)]
    oldest = (reading.now - HORIZON).date()
    by_day: dict[date, Occurrence] = {day_of(each.start): each for each in (*past, *reversed(told))}
    return tuple(by_day[day] for day in sorted(by_day) if day >= oldest)


def _agree(stated: Rhythm, inferred: Rhythm, today: date) -> bool:
    """Whether both name the same days for a year."""
    return rule_days(stated, today, today + A_YEAR) == rule_days(inferred, today, today + A_YEAR)


def _confirmed(part: Sequence[Listing], rhythm: Rhythm, former: Group | None) -> datetime:
    """When a source last stated it, or told a date that follows it."""
    named = set(rule_days(rhythm, rhythm.since, max(day_of(each.event.start_date) for each in part) + A_YEAR))
    follow = [each.last_seen for each in part if each.event.rrule or day_of(each.event.start_date) in named]
    return max([*follow, *([former.last_confirmed] if former else [])], default=max(each.last_seen for each in part))


def _name(part: Sequence[Listing]) -> str:
    """The whole name where all have it, else what they have in common; as it is written most often."""
    wholes = {key_of(plain_name(each.event.name)) for each in part}
    names = Counter((plain_name if len(wholes) == 1 else stem_of)(each.event.name) for each in part)
    return min(names, key=lambda name: (-names[name], name))


def _place(part: Sequence[Listing], latest: Listing, former: Group | None) -> Place:
    """The one that was told last."""
    told = [each.event.location for each in (latest, *reversed(part)) if each.event.location != Place()]
    return next(iter(told), former.place if former else Place())
