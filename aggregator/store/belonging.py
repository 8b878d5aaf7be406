"""Which regular group or series each event is a date of: looked up in what is stored, and written where it differs."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, bindparam, select, update

from aggregator.event import GeoCoordinates
from aggregator.group.group import State
from aggregator.group.rhythm import how_often
from aggregator.match import Gist, Key, read_gist
from aggregator.query import Every
from aggregator.store.bulk import bump_version, chunks, writing
from aggregator.store.flags import REGULAR, rhythm_flag
from aggregator.store.rows import CellKey, cell_keys
from aggregator.store.tables import cells, events, groups, occurrences

Known = Row[*tuple[Any, ...]]

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


class Belonging(NamedTuple):
    """The id of a group, or of a series that is in none, and how often it meets."""

    series: str | None = None
    rhythm: Every | None = None


_NOWHERE = Belonging()


def assign(engine: Engine, rows: Iterable[Known]) -> int:
    """How many events belong otherwise than before: of listings, with the rows of their events, those that are told.
    What was written since they were read is left to the next time.
    """
    rows = [row for row in rows if not (row.withdrawn or row.merged_into or row.withheld)]
    with writing(engine) as connection:
        known = {group: _read_group(told) for group, told in connection.execute(select(groups.c.id, groups.c.told))}
    wanted = _wanted(rows, {group: told for group, told in known.items() if told["state"] != State.RETIRED})
    changed = {row.event: wanted[row.event] for row in rows if wanted[row.event] != (row.series, row.rhythm)}
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
    gists = [read_gist(row.told) for row in rows]
    keys = {row.event: ((row.source, row.uid), *_others(row, gist)) for row, gist in zip(rows, gists, strict=True)}
    first = _first_of([group_of[key] for key in some if key in group_of] for some in keys.values() if group_of)
    of_group = {
        group: Belonging(series=first[group], rhythm=how_often(known[first[group]]["rhythm"]["rrules"]))
        for group in first
    }
    homes = {
        (row.source, row.uid): Belonging(series=row.id, rhythm=how_often(gist.rrule))
        for row, gist in zip(rows, gists, strict=True)
        if gist.is_series
    }
    homes |= {key: of_group[group] for key, group in group_of.items() if group in of_group}
    return {event: next((homes[key] for key in some if key in homes), _NOWHERE) for event, some in keys.items()}


def _others(row: Known, gist: Gist) -> Iterator[Key]:
    """Beside its own listing the others that it tells, and the series that it was taken out of."""
    if row.members:
        members = json.loads(row.members)
        yield from ((source, uid) for source, uid in (*members.get("listings", ()), *members.get("series", ())))
    if gist.super_event:
        yield row.source, gist.super_event


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
