"""Which dates a letter tells, and under which heading; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from aggregator.event import EventStatus
from api.digest.happening import OFF, WITHDRAWN, Happening, Key, Sent, as_sent

WEEK = timedelta(days=7)


class Heading(StrEnum):
    """The parts of a letter, in the order in which they stand in it; the first is of an editor's letters alone."""

    PINNED = "Picked for you"
    CHANGED = "Changed or cancelled"
    NEW = "New since the last letter"
    WEEK = "This week"
    REGULARS = "Your regulars"
    LATER = "Still to come"


_FIRST = (Heading.CHANGED, Heading.WEEK, Heading.NEW, Heading.REGULARS, Heading.LATER)
"""Who has the first claim on the room of a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to tell: a date, or the dates of a regular in one. `before` is how a changed one was told.

    `dates` is empty for a date that is no longer there at all; then only `before` is known.
    """

    heading: Heading
    dates: tuple[Happening, ...]
    before: Sent | None = None

    @property
    def sent(self) -> tuple[Sent, ...]:
        """What the ledger keeps of it."""
        if self.dates:
            return tuple(map(as_sent, self.dates))
        return (_gone(self.before),) if self.before else ()


def choose(
    coming: Sequence[Happening],
    before: Mapping[Key, Sent],
    still: Mapping[Key, Happening | None],
    last: datetime | None,
    now: datetime,
    zone: ZoneInfo,
) -> list[Choice]:
    """All that is to be told, what is most pressing first.

    `coming` are the search's dates in order of start; `before` what earlier letters told, each as it was told last;
    `still` how those are now that the search does not give: None when there is no such date any more, and not in it at
    all when nothing may be told of it. `last` is when the letter before was composed.
    """
    changed = _changes(coming, before, still, now)
    known = {sent.series for sent in before.values() if sent.series}
    fresh = [one for one in coming if one.key not in before and one.status not in OFF and one.start >= now.timestamp()]
    week_ends = datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone) + WEEK
    singles = [Choice(heading=_heading(one, last, week_ends), dates=(one,)) for one in _first_of_each(fresh, known)]
    regulars = _fold(one for one in fresh if one.series in known and one.start < week_ends.timestamp())
    return sorted([*changed, *singles, *regulars], key=lambda choice: _FIRST.index(choice.heading))


def _changes(
    coming: Sequence[Happening], before: Mapping[Key, Sent], still: Mapping[Key, Happening | None], now: datetime
) -> list[Choice]:
    """What a reader of earlier letters should know, of dates that are not over in both tellings."""
    today: dict[Key, Happening | None] = {**still, **{one.key: one for one in coming}}
    found = []
    for key, sent in before.items():
        is_over = max(sent.start, one.start if (one := today.get(key)) else 0) < now.timestamp()
        if key in today and not is_over and _differs(sent, one):
            found.append(Choice(heading=Heading.CHANGED, dates=(one,) if one else (), before=sent))
    return sorted(found, key=lambda choice: choice.before.start if choice.before else 0)


def _differs(sent: Sent, one: Happening | None) -> bool:
    if one is None:
        return sent.status not in OFF
    told = as_sent(one)
    if told.status in OFF and sent.status in OFF:
        return told.status == EventStatus.CANCELLED.value != sent.status
    return (told.start_text, told.where, told.status in OFF) != (sent.start_text, sent.where, sent.status in OFF)


def _gone(sent: Sent | None) -> Sent:
    assert sent is not None  # noqa: S101 - only what was told before can be gone
    return replace(sent, status=WITHDRAWN)


def _heading(one: Happening, last: datetime | None, week_ends: datetime) -> Heading:
    if last is not None and one.first_seen > last.timestamp() * 1e6:
        return Heading.NEW
    return Heading.WEEK if one.start < week_ends.timestamp() else Heading.LATER


def _first_of_each(fresh: Iterable[Happening], known: set[str]) -> list[Happening]:
    """Single dates, and of each series that was never told its first date."""
    met = set(known)
    found = []
    for one in fresh:
        if one.series not in met:
            found.append(one)
        met.add(one.series or "\0")
    return found


def _fold(dates: Iterable[Happening]) -> list[Choice]:
    """One choice for each series, in order of their first dates."""
    series: dict[str, list[Happening]] = {}
    for one in dates:
        series.setdefault(one.series, []).append(one)
    return [Choice(heading=Heading.REGULARS, dates=tuple(its)) for its in series.values()]
