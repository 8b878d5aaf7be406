"""The regular groups of a source, found anew from what it tells; written when they differ."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Engine, delete, insert

from aggregator.event import VisitorTerms, starts_at
from aggregator.group.gather import Reading, gather
from aggregator.group.group import Group
from aggregator.reconcile import Listing
from aggregator.store.bulk import bump_version, writing
from aggregator.store.kept import KeptGroup, SourceStatus
from aggregator.store.tables import groups
from aggregator.veto import is_named

MOST_LISTINGS = 2000
_GROUP = TypeAdapter(KeptGroup)


def nearest(listings: Sequence[Listing], now: datetime) -> Sequence[Listing]:
    """At most MOST_LISTINGS, those whose dates are nearest: to look at more would take minutes."""
    if len(listings) <= MOST_LISTINGS:
        return listings
    return sorted(listings, key=lambda each: abs(starts_at(each.event.start_date, each.event.time_zone) - now))[
        :MOST_LISTINGS
    ]


def still_told(
    known: Iterable[KeptGroup], hidden: Collection[tuple[str, str]], vetoes: Iterable[str]
) -> tuple[KeptGroup, ...]:
    """Without groups of which everything is hidden, or which somebody does not want told: they would grow quiet."""
    vetoes = tuple(vetoes)
    shown = (kept for kept in known if not kept.group.listings or not set(kept.group.listings) <= set(hidden))
    return tuple(kept for kept in shown if not is_vetoed_group(kept, vetoes))


def is_vetoed_group(kept: KeptGroup, vetoes: Iterable[str]) -> bool:
    """Whether its organiser, its source or the host of its page is one of these, all folded."""
    return is_named(vetoes, kept.source, kept.group.organizer, kept.url)


def confirmed(found: Iterable[KeptGroup], at: datetime | None) -> tuple[KeptGroup, ...]:
    """With the organiser's word, given then, that those which were known are right."""
    return tuple(kept if at is None or kept.group.first_seen > at else _confirm(kept, at) for kept in found)


def _confirm(kept: KeptGroup, at: datetime) -> KeptGroup:
    group = kept.group
    return replace(kept, group=replace(group, last_confirmed=max(group.last_confirmed, at)))


def find_groups(
    status: SourceStatus, listings: Sequence[Listing], known: Iterable[KeptGroup], reading: Reading
) -> tuple[KeptGroup, ...]:
    """With what the newest listing of each says of visitors, and its page."""
    found = gather(listings, reading, known=[kept.group for kept in known])
    told = {(each.event.source, each.event.uid): each for each in listings}
    return tuple(_keep(group, [told[key] for key in group.listings if key in told], status) for group in found)


def _keep(group: Group, listings: Sequence[Listing], status: SourceStatus) -> KeptGroup:
    newest = max((each.event for each in listings), key=lambda event: str(event.start_date), default=None)
    terms = [each.event.visitor_terms for each in listings if each.event.visitor_terms.evidence]
    return KeptGroup(
        group=group,
        kind=status.kind,
        source=status.name,
        url=(newest.url if newest else None) or status.homepage,
        description=newest.description if newest else None,
        keywords=newest.keywords if newest else (),
        terms=terms[-1] if terms else VisitorTerms(),
    )


def write_groups(engine: Engine, source: str, known: Sequence[KeptGroup], found: Sequence[KeptGroup]) -> bool:
    """Whether anything changed."""
    if list(known) == list(found):
        return False
    with writing(engine) as connection:
        connection.execute(delete(groups).where(groups.c.source == source))
        rows = [
            {"id": kept.group.id, "source": source, "told": _GROUP.dump_json(kept, exclude_defaults=True).decode()}
            for kept in found
        ]
        if rows:
            connection.execute(insert(groups), rows)
        bump_version(connection)
    return True
