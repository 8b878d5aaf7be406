"""How the event of each listing is to stand after matching: as itself, with others' words, or told by another; pure."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from aggregator.codec import write_event
from aggregator.event import Event, Kind, When, starts_at
from aggregator.match import Cluster, Judged, Key, Matched, Merged, merge
from aggregator.store.corrections import Corrections, read_when
from aggregator.store.rows import Telling, render_telling, telling_of

Known = Row[*tuple[Any, ...]]
"""A listing that is told, its event's row beside it, and the kind of its source."""

Told = Mapping[Key, Known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A date of a series that an event of its own tells; `id` is that event's, None where an editor hid it."""

    start: When
    id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a listing's event is to stand. `kind` is that of the source whose word counts first; where an editor hid it,
    it is `withheld`.
    """

    row: Known
    event: Event
    kind: Kind
    withheld: bool = False
    merged_into: str | None = None
    members: str | None = None
    sources: tuple[str, ...] = ()

    @property
    def telling(self) -> Telling:
        """As it would be written now, but for what rises with each change."""
        return replace(
            telling_of(self.row, self.event, self.kind),
            withheld=self.withheld,
            merged_into=self.merged_into,
            members=self.members,
            sources=self.sources,
        )

    @property
    def differs(self) -> bool:
        """Whether it is told otherwise until now."""
        row = self.row
        if row.merged_into != self.merged_into or row.withheld != self.withheld:
            return True
        if row.withheld or row.members is self.members is None:
            return False
        return row.members != self.members or self._is_shown_otherwise

    @property
    def is_news(self) -> bool:
        """Whether people are told: not where answers stay as they are, and only whose word each field is differs."""
        return self.row.members is None or self.members is None or self._is_shown_otherwise

    @property
    def _is_shown_otherwise(self) -> bool:
        return bool(render_telling(self.telling).json != self.row.json)


def stand(found: Matched, told: Told, corrections: Corrections, now: datetime) -> Iterator[Wanted]:
    """All but those that stand alone and stay so. A date of a series that an event of its own tells is taken out of the
    series, as a source itself may do it (RFC 5545's RECURRENCE-ID): so it is told once, and may be cancelled by itself.
    """
    apart: dict[Key, list[Apart]] = defaultdict(list)
    alone = {key for key, row in told.items() if _is_alone(row)} - corrections.hidden
    for group in found.clusters:
        if not (group.members[0].gist.is_series or _stays(group, alone)):
            wanted = list(_stand(group, told, corrections, ()))
            teller = next((one.row.id for one in wanted if not (one.merged_into or one.withheld)), None)
            for member in group.members:
                if member.date_of is not None:
                    apart[member.date_of].append(Apart(start=member.event.start_date, id=teller))
            yield from wanted
    alone -= apart.keys()
    for group in found.clusters:
        if group.members[0].gist.is_series and not _stays(group, alone):
            merged = group.members[0].event if len(group.members) == 1 else merge(group).event
            past = [one for member in group.members for one in _past(told[member.key], merged.time_zone, now)]
            dates = {one.start: one for one in (*past, *apart[merged.source, merged.uid])}
            yield from _stand(group, told, corrections, sorted(dates.values(), key=_start))


def _is_alone(row: Known) -> bool:
    return row.merged_into is row.members is None and not row.withheld


def _stays(group: Cluster, alone: Collection[Key]) -> bool:
    """Whether it is told by itself, now as before."""
    return len(group.members) == 1 and group.members[0].key in alone


def _stand(group: Cluster, told: Told, corrections: Corrections, apart: Sequence[Apart]) -> Iterator[Wanted]:
    """The event that tells it already goes on to tell it, else that of whose word counts first; all its members' words
    are its own, and the others are told by it; on what they make together the editor's word is put. Where one is hidden
    all are.
    """
    rows = [(told[member.key], member.event) for member in group.members if member.date_of is None]
    if corrections.hides(member.listing for member in group.members):
        yield from (_withheld(row, event) for row, event in rows)
    elif len(group.members) == 1 and not apart:
        ((row, event),) = rows
        yield Wanted(row=row, event=corrections.corrected(event), kind=Kind(row.source_kind))
    else:
        yield from _together(group, rows, told, corrections, apart)


def _withheld(row: Known, event: Event) -> Wanted:
    kind = Kind(row.source_kind)
    return Wanted(row=row, event=event, kind=kind, merged_into=row.merged_into, members=row.members, withheld=True)


def _together(
    group: Cluster,
    rows: Sequence[tuple[Known, Event]],
    told: Told,
    corrections: Corrections,
    apart: Sequence[Apart],
) -> Iterator[Wanted]:
    merged = merge(group)
    leader, _ = min(rows, key=lambda row: _is_later(row[0], merged))
    series = {member.date_of for member in group.members if member.date_of is not None}
    event = replace(
        merged.event,
        source=leader.source,
        uid=leader.uid,
        except_dates=(*merged.event.except_dates, *(one.start for one in apart)),
    )
    event = corrections.corrected_as_date(event, sorted(series))
    own = [key for key in merged.members if key not in series]
    for row, its in rows:
        if row.event != leader.event:
            yield Wanted(row=row, event=its, kind=Kind(row.source_kind), merged_into=leader.id)
            continue
        yield Wanted(
            row=row,
            event=corrections.corrected(event, own),
            kind=Kind(told[merged.first].source_kind),
            members=_write(group, merged, event, own, apart),
            sources=tuple(sorted({source for source, _ in merged.members})),
        )


def _is_later(row: Known, merged: Merged) -> tuple[bool, bool, int]:
    return row.members is None, (row.source, row.uid) != (merged.event.source, merged.event.uid), row.event


def _write(group: Cluster, merged: Merged, event: Event, own: Sequence[Key], apart: Sequence[Apart]) -> str:
    """JSON of its listings, the series that it is a date of, which field is whose, what speaks for their being one, the
    dates that others tell, and what all of them say together.
    """
    members = {
        "listings": [list(key) for key in own],
        "series": [list(key) for key in merged.members if key not in own],
        "origins": {origin.field: list(origin.key) for origin in merged.origins},
        "why": [{"one": list(one.one), "other": list(one.other), "evidence": _tell(one)} for one in group.why],
        "apart": [[one.start.isoformat(), one.id] for one in apart],
        "told": write_event(event).decode(),
    }
    return json.dumps({name: told for name, told in members.items() if told or name not in ("series", "apart")})


def _tell(judged: Judged) -> list[str]:
    return [one.why for one in judged.verdict.evidence]


def _past(row: Known, zone: str, now: datetime) -> Iterator[Apart]:
    """What was told apart stays so when it is over: nothing is matched any more then."""
    for text, event_id in json.loads(row.members).get("apart", ()) if row.members else ():
        start = read_when(text)
        if starts_at(start, zone) <= now:
            yield Apart(start=start, id=event_id)


def _start(apart: Apart) -> str:
    return apart.start.isoformat()
