"""VEVENTs with one UID: a series, the dates taken out of it, and the dates told otherwise (RFC 5545 3.8.4.4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.draft import Draft
from aggregator.reading.ical.event import (
    Moment,
    Repeats,
    Vevent,
    make_draft,
    place_in,
    read_lines,
    write_identity,
    write_moment,
)
from aggregator.reading.ical.future import Stretch, split, wall
from aggregator.reading.ical.lines import Component
from aggregator.reading.ical.utc import without_utc
from aggregator.reading.ical.zones import Zones

REPEATS = frozenset({"RRULE", "RDATE"})
NOT_INHERITED = REPEATS | {"DTSTART", "DTEND", "DURATION", "EXDATE", "EXRULE", "RECURRENCE-ID", "SEQUENCE", "STATUS"}

MAX_TURNS = 20
"""Times that a series may be told otherwise from some date on; any more are taken for single dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A master, and what is said of single dates: in its own kind and zone."""

    master: Vevent
    overrides: tuple[Vevent, ...]
    excluded: frozenset[Moment]
    added: tuple[Moment, ...]
    periods: tuple[tuple[Moment, timedelta], ...]


def draft_series(events: list[Vevent], calendar: Component, zones: Zones) -> Iterator[Draft]:
    """The drafts of the VEVENTs that share a UID; each date told otherwise is a draft of its own."""
    overrides = _latest_overrides(events)
    masters = _latest_masters([event for event in events if event.recurrence is None])
    if not masters:
        yield from (_draft_override(event, calendar) for event in overrides)
    for master in masters:
        if overrides or any(name in master.component.lines for name in REPEATS):
            drafts = _draft_all(_read_series(master, overrides, zones), calendar)
            yield from drafts if zones.default is not None else map(without_utc, drafts)
            overrides = ()
        else:
            yield make_draft(master, calendar)


def _latest_overrides(events: Iterable[Vevent]) -> tuple[Vevent, ...]:
    latest: dict[str, Vevent] = {}
    for event in events:
        if event.recurrence is not None:
            key = write_identity(event.recurrence)
            if key not in latest or event.sequence > latest[key].sequence:
                latest[key] = event
    return tuple(latest.values())


def _latest_masters(events: list[Vevent]) -> list[Vevent]:
    """Those of the highest SEQUENCE: more than one when a careless exporter gives different events one UID."""
    if len(events) < 2:
        return events
    latest = max(event.sequence for event in events)
    told: dict[tuple[str, str], Vevent] = {}
    for event in events:
        if event.sequence == latest:
            told.setdefault(_what_and_when(event), event)
    return list(told.values())


def _what_and_when(event: Vevent) -> tuple[str, str]:
    return event.component.value("SUMMARY"), write_identity(event.start) if event.start is not None else ""


def _read_series(master: Vevent, overrides: tuple[Vevent, ...], zones: Zones) -> Series:
    excluded = {_align(moment, master) for moment, _ in read_lines(master.component, "EXDATE", zones)}
    told = [inherit(event, master) for event in overrides]
    added = [(_align(moment, master), end) for moment, end in read_lines(master.component, "RDATE", zones)]
    return Series(
        master=master,
        overrides=tuple(event for event in told if not _is_excluded(event, excluded)),
        excluded=frozenset(excluded),
        added=tuple(moment for moment, end in added if end is None),
        periods=tuple((moment, _period(moment, end, master)) for moment, end in added if end is not None),
    )


def _is_excluded(event: Vevent, excluded: set[Moment]) -> bool:
    moment = event.recurrence
    return moment in excluded or (isinstance(moment, datetime) and moment.date() in excluded)


def _align(moment: Moment, master: Vevent) -> Moment:
    """A date of a series in its kind and zone; a date alone in a timed series stays one, and means that whole day."""
    if not isinstance(moment, datetime):
        return moment
    here = place_in(moment, master.zone)
    return here if isinstance(master.start, datetime) else here.date()


def _period(start: Moment, end: Moment | timedelta, master: Vevent) -> timedelta:
    return end if isinstance(end, timedelta) else wall(_align(end, master)) - wall(start)


def inherit(event: Vevent, master: Vevent) -> Vevent:
    """An override with what it does not say itself: texts and length of its series, and its own date for a start."""
    recurrence = _align(event.recurrence, master) if event.recurrence is not None else None
    lines = {name: found for name, found in master.component.lines.items() if name not in NOT_INHERITED}
    start, zone = (event.start, event.zone) if event.start is not None else (recurrence, master.zone)
    end = event.end
    if end is None and start is not None and master.length is not None and type(start) is type(master.start):
        end = start + master.length
    return replace(
        event,
        component=replace(event.component, lines=lines | event.component.lines),
        start=start,
        end=end,
        zone=zone,
        recurrence=recurrence,
    )


def _draft_all(series: Series, calendar: Component) -> Iterator[Draft]:
    later = [event for event in series.overrides if event.is_later_too]
    turns = later[:MAX_TURNS]
    singles = [event for event in series.overrides if not event.is_later_too] + later[MAX_TURNS:]
    taken_out = series.excluded.union(event.recurrence for event in singles if event.recurrence is not None)
    taken_out |= {start for start, _ in series.periods}
    for stretch in split(series.master, turns):
        draft = _draft_stretch(stretch, series, taken_out, calendar)
        if draft.rrule or draft.r_dates or stretch.event.start not in taken_out:
            yield draft
    yield from (_draft_override(event, calendar) for event in singles)
    yield from (
        _draft_period(start, length, series.master, calendar)
        for start, length in series.periods
        if start not in series.excluded
    )


def _draft_stretch(stretch: Stretch, series: Series, taken_out: frozenset[Moment], calendar: Component) -> Draft:
    master = series.master
    event = stretch.event
    if event is not master:
        event = replace(event, zone=master.zone, start=place_in(event.start, master.zone))
    rules = (value for _, value in master.component.lines.get("RRULE", ()) if value.strip())
    repeats = Repeats(
        rrule=tuple(filter(None, (stretch.rule(rule, master) for rule in rules))),
        r_dates=_write_all(series.added, stretch, master),
        except_dates=_write_all(taken_out, stretch, master),
    )
    later = f"{write_identity(stretch.since)}+" if stretch.since is not None else None
    return make_draft(event, calendar, repeats, later)


def _write_all(moments: Iterable[Moment], stretch: Stretch, master: Vevent) -> tuple[str, ...]:
    return tuple(sorted(write_moment(each + stretch.shift, master.zone) for each in moments if stretch.has(each)))


def _draft_override(event: Vevent, calendar: Component) -> Draft:
    date_of = write_identity(event.recurrence) if event.recurrence is not None else None
    return make_draft(event, calendar, date_of=date_of)


def _draft_period(start: Moment, length: timedelta, master: Vevent, calendar: Component) -> Draft:
    """A date added with a length of its own."""
    end = start + length if length > timedelta() else None
    return _draft_override(replace(master, start=start, end=end, recurrence=start), calendar)
