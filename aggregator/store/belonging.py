"""Which regular group or series each event is a date of: looked up in what is stored, and written where it differs."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, select, update

from aggregator.event import GeoCoordinates
from aggregator.group.group import State
from aggregator.group.rhythm import how_often
from aggregator.match import Key
from aggregator.query import Every
from aggregator.store.bulk import bump_version, chunks, writing
from aggregator.store.flags import REGULAR, rhythm_flag
from aggregator.store.rows import CellKey, cell_keys
from aggregator.store.tables import cells, events, groups, listings, occurrences

Known = Row[*tuple[Any, ...]]

_EVENTS = (
    select(events.c.event, events.c.id, events.c.members, events.c.series, events.c.rhythm)
    .add_columns(listings.c.source, listings.c.uid, listings.c.told)
    .join(listings, listings.c.event == events.c.event)
    .where(events.c.withdrawn.is_(False), events.c.merged_into.is_(None), events.c.withheld.is_(False))
    .order_by(events.c.event)
)
_BELONGS = (
    update(events)
    .where(events.c.event == bindparam("number"))
    .values(series=bindparam("of_series"), rhythm=bindparam("of_rhythm"))
)
_FLAGGED = (
    update(cells)
    .where(cells.c.cell == bindparam("of_cell"), cells.c.start == bindparam("of_start"))
    .where(cells.c.event == bindparam("of_event"))
    .values(flags=cells.c.flags.op("&")(~REGULAR).op("|")(bindparam("flag")))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """The id of a group, or of a series that is in none, and how often it meets."""

    series: str | None = None
    rhythm: Every | None = None


def assign(engine: Engine) -> int:
    """How many events belong otherwise than before."""
    with writing(engine) as connection:
        rows = connection.execute(_EVENTS).all()
        known = {group: _read_group(told) for group, told in connection.execute(select(groups.c.id, groups.c.told))}
    wanted = _wanted(rows, {group: told for group, told in known.items() if told["state"] != State.RETIRED})
    changed = {
        row.event: wanted[row.event]
        for row in rows
        if wanted[row.event] != Belonging(series=row.series, rhythm=row.rhythm)
    }
    if changed:
        with writing(engine) as connection:
            _write(connection, changed)
            bump_version(connection)
    return len(changed)


def _read_group(told: str) -> dict[str, Any]:
    """Without making a Group of it: only what is asked for here is looked at."""
    group = json.loads(told)["group"]
    return {"state": State.ACTIVE, "listings": [], **group}


def _wanted(rows: Sequence[Known], known: Mapping[str, Mapping[str, Any]]) -> dict[int, Belonging]:
    """An event belongs to the group that one of its listings is in, else to its series."""
    group_of = {(source, uid): group for group, told in known.items() for source, uid in told["listings"]}
    keys = {row.event: _keys(row) for row in rows}
    first = _first_of([group_of[key] for key in some if key in group_of] for some in keys.values())
    of_group = {
        group: Belonging(series=first[group], rhythm=how_often(known[first[group]]["rhythm"]["rrules"]))
        for group in first
    }
    homes = {(row.source, row.uid): Belonging(series=row.id, rhythm=how_often(rules)) for row, rules in _series(rows)}
    homes |= {key: of_group[group] for key, group in group_of.items() if group in of_group}
    return {event: next((homes[key] for key in some if key in homes), Belonging()) for event, some in keys.items()}


def _keys(row: Known) -> list[Key]:
    """Its own listing, the others that it tells, and the series that it was taken out of."""
    members = json.loads(row.members) if row.members else {}
    others = [(source, uid) for source, uid in (*members.get("listings", ()), *members.get("series", ()))]
    taken_from = json.loads(row.told).get("super_event") if '"super_event"' in row.told else None
    return [(row.source, row.uid), *others, *([(row.source, taken_from)] if taken_from else [])]


def _series(rows: Iterable[Known]) -> Iterator[tuple[Known, Sequence[str]]]:
    """Those with a rule or with several dates, and their rules."""
    for row in rows:
        told = json.loads(row.told) if '"rrule"' in row.told or '"r_dates"' in row.told else {}
        if told.get("rrule") or told.get("r_dates"):
            yield row, told.get("rrule", ())


def _first_of(shared: Iterable[Sequence[str]]) -> dict[str, str]:
    """For each group the first by id of all that are joined with it by an event that both tell."""
    together: dict[str, frozenset[str]] = {}
    for some in shared:
        whole = frozenset(some).union(*(together.get(group, ()) for group in some))
        together.update(dict.fromkeys(whole, whole))
    return {group: min(whole) for group, whole in together.items()}


def _write(connection: Connection, changed: Mapping[int, Belonging]) -> None:
    rows = [{"number": event, "of_series": of.series, "of_rhythm": of.rhythm} for event, of in changed.items()]
    connection.execute(_BELONGS, rows)
    for chunk in chunks(changed):
        flagged = [
            {"flag": rhythm_flag(changed[number].rhythm), "of_cell": cell, "of_start": start, "of_event": number}
            for cell, start, number in _places(connection, chunk)
        ]
        if flagged:
            connection.execute(_FLAGGED, flagged)


def _places(connection: Connection, numbers: Sequence[int]) -> Iterator[CellKey]:
    """The keys of the rows of the index that stand for their dates."""
    o, e = occurrences.c, events.c
    dates = select(o.event, o.start, o.span, e.latitude, e.longitude).join(events, e.event == o.event)
    for event, start, span, latitude, longitude in connection.execute(dates.where(o.event.in_(numbers))).all():
        yield from cell_keys(
            event, None if latitude is None else GeoCoordinates(latitude=latitude, longitude=longitude), start, span
        )
