"""Series beside single dates: a date that a rule names is compared as if its source had listed it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.event import Event, Occurrence, When, starts_at
from aggregator.match.block import APART, stems_of
from aggregator.match.cluster import Cluster, Judged, Matched, cluster, cluster_traits
from aggregator.match.merge import merge
from aggregator.match.told import Key, Told, Word
from aggregator.match.traits import Traits, read_traits
from aggregator.place.sphere import metres_between
from aggregator.recurrence import expand

NEAR = 50_000.0
"""Metres between two points, beyond which they are not looked at."""

AHEAD = timedelta(days=400)
"""How far dates of series are looked at; what is later is found when it comes nearer."""

Said = tuple[Told, Told, Word]
"""A series, a single date, and a person's word on both."""

Signs = Mapping[tuple[int, str], Sequence[Traits]]
"""What single dates are told by, by local day and by a word's beginning or end or a link."""


def cluster_all(listings: Iterable[Told], words: Iterable[Word], now: datetime) -> Matched:
    """As `cluster`, of series and single dates. First series are matched with series, by rhythm; then their dates with
    the single ones. So a cluster is of series, or it holds a single date, and beside it the dates of series that are
    the same; `date_of` is then the series whose word counts first in its own cluster.
    """
    told, words = list(listings), list(words)
    singles = [read_traits(one) for one in told if not one.event.is_series]
    whole = cluster([one for one in told if one.event.is_series], words)
    series = [(group, _teller(group)) for group in whole.clusters]
    tellers = {member.key: teller for group, teller in series for member in group.members}
    said = list(_said(words, tellers, {one.key: one.told for one in singles}))
    dates = _dates([teller for _, teller in series], singles, said, now)
    parts = cluster_traits([*singles, *map(read_traits, dates)], [*words, *_words_on(dates, said)])
    kept = (group for group in parts.clusters if any(member.date_of is None for member in group.members))
    asked = (one for one in parts.questions if not {one.one, one.other} <= tellers.keys())
    return Matched(clusters=(*whole.clusters, *kept), questions=(*whole.questions, *_once(asked)))


def _teller(group: Cluster) -> Told:
    """The series as all its sources tell it, in the name of whose word counts first."""
    event = merge(group).event
    first = next(member for member in group.members if member.key == (event.source, event.uid))
    return replace(first, event=event)


def _said(words: Iterable[Word], tellers: Mapping[Key, Told], singles: Mapping[Key, Told]) -> Iterator[Said]:
    for word in words:
        for series, single in (word.pair, word.pair[::-1]):
            if series in tellers and single in singles:
                yield tellers[series], singles[single], word


def _dates(series: Sequence[Told], singles: Sequence[Traits], said: Sequence[Said], now: datetime) -> list[Told]:
    """Those dates that some single one may be, or that a person spoke of: to compare all would take minutes."""
    if not singles or not series:
        return []
    signs, wanted = _signs(singles), {(teller.key, _day(single.event)) for teller, single, _ in said}
    last = max(starts_at(one.told.event.start_date, one.told.event.time_zone) for one in singles) + timedelta(days=1)
    found = []
    for teller in series:
        traits = read_traits(teller)
        for date in expand(teller.event, now, min(last, now + AHEAD)):
            day = date.start.toordinal()
            if (teller.key, day) in wanted or _is_beside(traits, date.start, signs):
                found.append(_dated(teller, date))
    return found


def _signs(singles: Iterable[Traits]) -> Signs:
    signs: dict[tuple[int, str], list[Traits]] = defaultdict(list)
    for traits in singles:
        for sign in _signs_of(traits):
            signs[traits.day, sign].append(traits)
    return signs


def _signs_of(traits: Traits) -> set[str]:
    return stems_of(traits) | traits.tickets | traits.pages


def _is_beside(series: Traits, start: When, signs: Signs) -> bool:
    day = start.toordinal()
    return any(_may_be(series, start, one) for sign in _signs_of(series) for one in signs.get((day, sign), ()))


def _may_be(series: Traits, start: When, single: Traits) -> bool:
    """Neither too far apart in time nor in place; of one source only what it may repeat."""
    if series.key[0] == single.key[0] and series.title.joined != single.title.joined:
        return False
    if _apart(start, single.told.event.start_date) > APART:
        return False
    return series.near is None or single.near is None or metres_between(series.near, single.near) <= NEAR


def _apart(one: When, other: When) -> int:
    """Minutes between two clock times, as far as both are told."""
    if not isinstance(one, datetime) or not isinstance(other, datetime):
        return 0
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)


def _day(event: Event) -> int:
    return event.start_date.toordinal()


def _dated(series: Told, date: Occurrence) -> Told:
    """One date, under a key that no listing has: identifiers hold no line feed."""
    event = replace(
        series.event,
        uid=f"{series.event.uid}\n{date.start.isoformat()}",
        start_date=date.start,
        end_date=date.end,
        rrule=(),
        r_dates=(),
        except_dates=(),
    )
    return replace(series, event=event, date_of=series.key)


def _words_on(dates: Iterable[Told], said: Iterable[Said]) -> Iterator[Word]:
    """A word on a series and a single date is one on the date of that day, and of several on the nearest."""
    of_day: dict[tuple[Key | None, int], list[Told]] = defaultdict(list)
    for date in dates:
        of_day[date.date_of, _day(date.event)].append(date)
    for series, single, word in said:
        there = of_day[series.key, _day(single.event)]
        if there:
            nearest = min((_apart(date.event.start_date, single.event.start_date), date.key) for date in there)
            yield replace(word, one=nearest[1], other=single.key)


def _once(questions: Iterable[Judged]) -> Iterator[Judged]:
    """Of a series and one listing a person is asked once."""
    seen: dict[tuple[Key, Key], Judged] = {}
    for judged in questions:
        seen.setdefault((judged.one, judged.other), judged)
    yield from seen.values()
