"""Series beside single dates: a date that a rule names is compared as if its source had listed it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.event import Event, Occurrence, When, starts_at
from aggregator.match.block import APART, cells_around, stems_of
from aggregator.match.cluster import Cluster, Judged, Matched, cluster_traits
from aggregator.match.merge import merge
from aggregator.match.told import Key, Told, Word
from aggregator.match.traits import Traits, dated, read_traits
from aggregator.place.sphere import metres_between
from aggregator.recurrence import expand

NEAR = 50_000.0
"""Metres between two points, beyond which they are not looked at."""

_CELLS, _MARGIN = 2, 0.46
"""Cells in a degree, and degrees of latitude that are a little more than NEAR."""

AHEAD = timedelta(days=400)
"""How far dates of series are looked at; what is later is found when it comes nearer."""

Said = tuple[Told, Told, Word]
"""A series, a single date, and a person's word on both."""

Days = Mapping[int, Sequence[Traits]]
"""Single dates by local day."""

Signs = Mapping[str, Mapping[tuple[int, int] | None, Days]]
"""What single dates are told by: by a word's beginning or end or a link, then by cell, None where no place is known."""


def cluster_all(listings: Iterable[Told], words: Iterable[Word], now: datetime) -> Matched:
    """As `cluster`, of series and single dates. First series are matched with series, by rhythm; then their dates with
    the single ones. So a cluster is of series, or it holds a single date, and beside it the dates of series that are
    the same; `date_of` is then the series whose word counts first in its own cluster.
    """
    words = list(words)
    traits = [read_traits(one) for one in listings]
    singles = [one for one in traits if one.rhythm is None]
    series = {one.key: one for one in traits if one.rhythm is not None}
    whole = cluster_traits(series.values(), words)
    groups = [(group, _teller(group, series)) for group in whole.clusters]
    tellers = {member.key: teller.told for group, teller in groups for member in group.members}
    said = list(_said(words, tellers, {one.key: one.told for one in singles}))
    dates = _dates([teller for _, teller in groups], singles, said, now)
    parts = cluster_traits([*singles, *dates], [*words, *_words_on([date.told for date in dates], said)])
    kept = (group for group in parts.clusters if any(member.date_of is None for member in group.members))
    asked = (one for one in parts.questions if not {one.one, one.other} <= tellers.keys())
    return Matched(clusters=(*whole.clusters, *kept), questions=(*whole.questions, *_once(asked)))


def _teller(group: Cluster, series: Mapping[Key, Traits]) -> Traits:
    """The series as all its sources tell it, in the name of whose word counts first."""
    if len(group.members) == 1:
        return series[group.members[0].key]
    event = merge(group).event
    first = next(member for member in group.members if member.key == (event.source, event.uid))
    return read_traits(replace(first, event=event))


def _said(words: Iterable[Word], tellers: Mapping[Key, Told], singles: Mapping[Key, Told]) -> Iterator[Said]:
    for word in words:
        for series, single in (word.pair, word.pair[::-1]):
            if series in tellers and single in singles:
                yield tellers[series], singles[single], word


def _dates(series: Sequence[Traits], singles: Sequence[Traits], said: Sequence[Said], now: datetime) -> list[Traits]:
    """Those dates that some single one may be, or that a person spoke of: to compare all would take minutes."""
    if not singles or not series:
        return []
    signs, wanted = _signs(singles), {(teller.key, _day(single.event)) for teller, single, _ in said}
    last = max(starts_at(one.told.event.start_date, one.told.event.time_zone) for one in singles) + timedelta(days=1)
    around = ((teller, _around(teller, signs)) for teller in series)
    spoken_of = {key for key, _ in wanted}
    return [
        dated(teller, _dated(teller.told, date))
        for teller, days in around
        if days or teller.key in spoken_of
        for date in expand(teller.told.event, now, min(last, now + AHEAD))
        if (teller.key, date.start.toordinal()) in wanted or _is_beside(teller, date.start, days)
    ]


def _signs(singles: Iterable[Traits]) -> Signs:
    signs: dict[str, dict[tuple[int, int] | None, dict[int, list[Traits]]]] = {}
    for traits in singles:
        cell = next(cells_around(traits.near, _CELLS)) if traits.near else None
        for sign in _signs_of(traits):
            signs.setdefault(sign, {}).setdefault(cell, {}).setdefault(traits.day, []).append(traits)
    return signs


def _around(series: Traits, signs: Signs) -> list[Days]:
    """The single dates that have a sign of the series and are in a cell near it, or anywhere where that is unknown."""
    of_signs = [signs[sign] for sign in _signs_of(series) if sign in signs]
    if series.near is None:
        return [days for cells in of_signs for days in cells.values()]
    near = (None, *cells_around(series.near, _CELLS, _MARGIN))
    return [cells[cell] for cells in of_signs for cell in near if cell in cells]


def _signs_of(traits: Traits) -> set[str]:
    return stems_of(traits) | traits.tickets | traits.pages


def _is_beside(series: Traits, start: When, around: Iterable[Days]) -> bool:
    day = start.toordinal()
    return any(_may_be(series, start, one) for days in around for one in days.get(day, ()))


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
