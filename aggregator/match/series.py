"""Series beside single dates: a date that a rule names is compared as if its source had listed it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from msgspec import structs

from aggregator.event import Event, Occurrence, When
from aggregator.match.beside import Singles, is_beside
from aggregator.match.cluster import Cluster, Judged, Matched, cluster_traits
from aggregator.match.merge import merge
from aggregator.match.told import Key, Told, Word
from aggregator.match.traits import Traits, begun, dated, read_traits
from aggregator.recurrence import A_DAY, expand

AHEAD = timedelta(days=400)
"""How far dates of series are looked at; what is later is found when it comes nearer."""

Said = tuple[Told, Told, Word]
"""A series, a single date, and a person's word on both."""


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
    return read_traits(Told.of(event, role=first.role, trust=first.trust, home=first.home))


def _said(words: Iterable[Word], tellers: Mapping[Key, Told], singles: Mapping[Key, Told]) -> Iterator[Said]:
    for word in words:
        for series, single in (word.pair, word.pair[::-1]):
            if series in tellers and single in singles:
                yield tellers[series], singles[single], word


def _dates(series: Sequence[Traits], singles: Sequence[Traits], said: Iterable[Said], now: datetime) -> list[Traits]:
    """Those dates that some single one may be, or that a person spoke of; and those of other series that may be one of
    these, since a link is doubtful where another would do as well. To compare all would take minutes.
    """
    spoken_of: dict[Key, set[int]] = defaultdict(set)
    for teller, single, _ in said:
        spoken_of[teller.key].add(_day(single))
    found = {date.key: date for date in _beside(series, singles, spoken_of, now)}
    rivals = {date.key: date for date in _beside(series, list(found.values()), {}, now)} if found else {}
    return list((rivals | found).values())


def _beside(
    series: Sequence[Traits], singles: Sequence[Traits], wanted: Mapping[Key, set[int]], now: datetime
) -> Iterator[Traits]:
    """The dates of series that some single one may be, and those that are wanted."""
    there = Singles(singles, series)
    for one in series:
        days, own = there.beside(one.look), wanted.get(one.key, set())
        for date in _on_days(one, own.union(days), now):
            begins = begun(one, date.start)
            if begins.day in own or is_beside(begins, days):
                yield dated(begins, _date(one.told, date))


def _on_days(series: Traits, days: set[int], now: datetime) -> Iterator[Occurrence]:
    """The dates of a series that are on one of these days."""
    gist = series.look.gist
    if not days or (not gist.rrule and days.isdisjoint(gist.days)):
        return
    first, last = (datetime.fromordinal(day).replace(tzinfo=UTC) for day in (min(days), max(days)))
    for date in expand(series.told.event, max(now, first - A_DAY), min(last + 2 * A_DAY, now + AHEAD)):
        if date.start.toordinal() in days:
            yield date


def _day(told: Told) -> int:
    return told.gist.start.toordinal()


def _date(series: Told, date: Occurrence) -> Told:
    """One date, under a key that no listing has: identifiers hold no line feed."""
    start, end = date.start.isoformat(), date.end and date.end.isoformat()
    uid = f"{series.gist.uid}\n{start}"
    gist = structs.replace(series.gist, uid=uid, start_date=start, end_date=end, rrule=(), r_dates=(), except_dates=())
    return replace(series, gist=gist, read=partial(_read_date, series, uid, date), date_of=series.key)


def _read_date(series: Told, uid: str, date: Occurrence) -> Event:
    none: tuple[()] = ()
    return replace(
        series.event, uid=uid, start_date=date.start, end_date=date.end, rrule=none, r_dates=none, except_dates=none
    )


def _apart(one: When, other: When) -> int:
    """Minutes between two clock times, as far as both are told."""
    if not isinstance(one, datetime) or not isinstance(other, datetime):
        return 0
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)


def _words_on(dates: Iterable[Told], said: Iterable[Said]) -> Iterator[Word]:
    """A word on a series and a single date is one on the date of that day, and of several on the nearest."""
    of_day: dict[tuple[Key | None, int], list[Told]] = defaultdict(list)
    for date in dates:
        of_day[date.date_of, _day(date)].append(date)
    for series, single, word in said:
        there = of_day[series.key, _day(single)]
        if there:
            nearest = min((_apart(date.gist.start, single.gist.start), date.key) for date in there)
            yield replace(word, one=nearest[1], other=single.key)


def _once(questions: Iterable[Judged]) -> Iterator[Judged]:
    """Of a series and one listing a person is asked once."""
    seen: dict[tuple[Key, Key], Judged] = {}
    for judged in questions:
        seen.setdefault((judged.one, judged.other), judged)
    yield from seen.values()
