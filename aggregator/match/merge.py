"""A cluster to one event: each field from who tells it best, with its origin; no link is lost."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.event import Event, EventStatus, Precision, VisitorTerms
from aggregator.match.cluster import Cluster
from aggregator.match.told import Key, Told
from aggregator.sift import Role

ROLES: tuple[Role, ...] = ("organiser", "venue", "chamber", "aggregator")
"""Whose word counts first."""

_PRECISIONS = tuple(Precision)
_TIMES = ("start_date", "end_date", "end_date_assumed", "time_zone", "rrule", "r_dates", "except_dates")
_PLAIN = (
    *("name", "url", "organizer", "virtual_location", "image", "keywords", "event_attendance_mode"),
    "meeting_people",
)
_PRICE = ("is_accessible_for_free", "offers")
_SHORT = 80
"""Characters: a description that is shorter gives way to one that is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which listing a field was taken from: `location.name` is its venue's name, `location.geo` with its precision."""

    field: str
    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What people are told. `event.source` and `event.uid` are those of the listing whose word counts first; beside
    dates of a series, of the single dates, and `event.super_event` is then that series. `first` is whose word counts
    first of all.
    """

    event: Event
    origins: tuple[Origin, ...]
    members: tuple[Key, ...]
    first: Key

    def origin(self, field: str) -> Key | None:
        """The listing that the field was taken from; None where no listing tells it."""
        return next((origin.key for origin in self.origins if origin.field == field), None)


def merge(cluster: Cluster) -> Merged:
    """One listing alone stays as it is. `url` is the first that counts, `same_as` holds all the others."""
    ranked = sorted(cluster.members, key=_rank)
    chosen = dict(_choose(ranked))
    return Merged(
        event=_combined(ranked, chosen) if len(ranked) > 1 else ranked[0].event,
        origins=tuple(Origin(field=field, key=told.listing) for field, told in chosen.items()),
        members=tuple(sorted({told.listing for told in cluster.members})),
        first=ranked[0].listing,
    )


def _combined(ranked: Sequence[Told], chosen: Mapping[str, Told]) -> Event:
    event = _own(ranked)
    for field, told in chosen.items():
        event = _taken(event, field, told.event)
    return replace(event, same_as=_links(ranked, event), doubts=tuple(dict.fromkeys(_doubts(ranked, event))))


def _own(ranked: Sequence[Told]) -> Event:
    """What the first tells, under the name of the first that is no date of a series, which has none of its own."""
    own = next((told.event for told in ranked if told.date_of is None), ranked[0].event)
    series = next((told.date_of[1] for told in ranked if told.date_of), None)
    return replace(ranked[0].event, source=own.source, uid=own.uid, super_event=own.super_event or series)


def _rank(told: Told) -> tuple[int, int, bool, int, Key]:
    """First whose word counts: by role, trust, and how much is told; the date itself says more of it than a rule."""
    return ROLES.index(told.role), -told.trust, told.date_of is not None, -_completeness(told.event), told.key


def _completeness(event: Event) -> int:
    return sum(bool(getattr(event, field)) for field in (*_PLAIN, "end_date", "description", "offers"))


def _choose(ranked: Sequence[Told]) -> Iterator[tuple[str, Told]]:
    """For each field the listing that tells it best; fields that nobody tells are left out."""
    for field in _PLAIN:
        yield from _first(field, (told for told in ranked if getattr(told.event, field)))
    timed = min(ranked, key=lambda told: told.event.is_all_day)
    yield "start_date", timed
    yield from _first("end_date", _ends(ranked, timed.event))
    yield from _first("description", sorted((t for t in ranked if t.event.description), key=_is_short))
    yield from _first("visitor_terms", (told for told in ranked if told.event.visitor_terms != VisitorTerms()))
    yield from _first("offers", (told for told in ranked if _tells_price(told.event)))
    yield "event_status", _status(ranked)
    yield from _first("location.geo", sorted((t for t in ranked if t.event.location.geo), key=_precision))
    yield from _first("location.name", (told for told in ranked if told.event.location.name))
    yield from _first("location.wheelchair_accessible", sorted(filter(_tells_access, ranked), key=_is_torn))
    yield from _first("location.address", sorted(filter(_has_address, ranked), key=_vagueness))


def _first(field: str, tellers: Iterable[Told]) -> Iterator[tuple[str, Told]]:
    yield from ((field, told) for told in list(tellers)[:1])


def _ends(ranked: Sequence[Told], timed: Event) -> list[Told]:
    """Those with an end of the start's own kind after it: said before assumed, the start's own first."""
    tellers = [told for told in ranked if _is_end_of(told.event, timed)]
    return sorted(tellers, key=lambda told: (told.event.end_date_assumed, told.event is not timed))


def _is_end_of(event: Event, timed: Event) -> bool:
    end, start = event.end_date, timed.start_date
    if event is timed:
        return end is not None
    if isinstance(end, datetime) and isinstance(start, datetime):
        return end > start
    return end is not None and not isinstance(end, datetime) and not isinstance(start, datetime) and end >= start


def _is_short(told: Told) -> bool:
    return len(told.event.description or "") < _SHORT


def _tells_price(event: Event) -> bool:
    return bool(event.offers) or event.is_accessible_for_free is not None


def _status(ranked: Sequence[Told]) -> Told:
    """Of those of the first role, one that says more than “scheduled”: what others say of it is a doubt. That a rule
    names a date says nothing of whether it takes place.
    """
    tellers = [told for told in ranked if told.date_of is None or _says_more(told)] or ranked
    peers = [told for told in tellers if told.role == tellers[0].role]
    return next(filter(_says_more, peers), tellers[0])


def _says_more(told: Told) -> bool:
    return told.event.event_status is not EventStatus.SCHEDULED


def _precision(told: Told) -> int:
    return _PRECISIONS.index(told.event.location.precision)


def _has_address(told: Told) -> bool:
    address = told.event.location.address
    return any((address.street_address, address.address_locality, address.postal_code, address.address_region))


def _tells_access(told: Told) -> bool:
    return bool(told.event.location.accessibility_evidence)


def _is_torn(told: Told) -> bool:
    """Whether the listing says both yes and no."""
    return told.event.location.wheelchair_accessible is None


def _vagueness(told: Told) -> tuple[bool, bool]:
    address = told.event.location.address
    return address.street_address is None, address.address_locality is None


def _taken(event: Event, field: str, told: Event) -> Event:
    """The event with the field, and what goes with it, as `told` has it."""
    place = told.location
    match field:
        case "location.geo":
            return replace(event, location=replace(event.location, geo=place.geo, precision=place.precision))
        case "location.wheelchair_accessible":
            said = {name: getattr(place, name) for name in ("wheelchair_accessible", "accessibility_evidence")}
            return replace(event, location=replace(event.location, **said))
        case "location.name":
            return replace(event, location=replace(event.location, name=place.name))
        case "location.address":
            return replace(event, location=replace(event.location, address=place.address))
    return replace(event, **{name: getattr(told, name) for name in _with(field)})


def _with(field: str) -> tuple[str, ...]:
    companions = {
        "start_date": _TIMES,
        "end_date": ("end_date", "end_date_assumed"),
        "offers": _PRICE,
        "event_status": ("event_status", "previous_start_date"),
    }
    return companions.get(field, (field,))


def _links(ranked: Sequence[Told], event: Event) -> tuple[str, ...]:
    """All pages but the one that is `url`, by rank, each once; where one joins in, if it is not told already."""
    pages = [told.event.url for told in ranked]
    others = [link for told in ranked for link in (*told.event.same_as, told.event.virtual_location)]
    return tuple(dict.fromkeys(link for link in (*pages, *others) if link and not _is_told(link, event)))


def _is_told(link: str, event: Event) -> bool:
    return link in (event.url, event.virtual_location)


def _doubts(ranked: Sequence[Told], event: Event) -> Iterator[str]:
    for told in ranked:
        yield from told.event.doubts
    for told in ranked:
        if told.event.event_status not in (event.event_status, EventStatus.SCHEDULED):
            yield f"{told.event.source} says {told.event.event_status.removeprefix('Event').lower()}"
