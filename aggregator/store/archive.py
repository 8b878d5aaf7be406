"""A town's archive: its texts <-> values; pure. The layout is in docs/operations.md."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from aggregator.codec import put_in_zone
from aggregator.errors import ArchiveError, RuleRefusedError
from aggregator.event import Event, Kind, When
from aggregator.reading.text import fold
from aggregator.recurrence import vet
from aggregator.store.rows import number_of

FORMAT = 1
MOST_OF_A_LINE = 1 << 20
"""Bytes."""

MOST_NUMBERS = 1 << 33
"""An id that began with a higher number would use up those that are left for events to come."""

MOST_COUNTED = 1 << 31
MOST_MONEY = Decimal(10) ** 9
MANIFEST, VETOES, SOURCES, LISTINGS = "manifest.json", "vetoes.jsonl", "sources.jsonl", "listings.jsonl"
_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many there are of each."""

    vetoes: int
    sources: int
    listings: int
    catalogs: int = 0
    places: int = 0
    corrections: int = 0
    hides: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive is. `moment` is when the store was last changed, None for an empty one."""

    format: int
    hobnob: str
    moment: AwareDatetime | None
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVeto:
    """What is told by nobody, folded."""

    words: str
    reason: str
    since: AwareDatetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSource:
    """A source as the store knows it; `every` in seconds."""

    name: str
    kind: Kind
    platform: str
    url: str
    every: int
    homepage: str | None = None
    organizer: str | None = None
    time_zone: str | None = None
    in_catalogue: bool = True
    enabled: bool = True
    paused_until: AwareDatetime | None = None
    last_complete_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptListing:
    """What a source told, and the permanent id of the event that it is told as."""

    id: str
    kind: Kind
    sequence: int = 0
    first_seen: AwareDatetime
    last_seen: AwareDatetime
    changed_at: AwareDatetime
    unseen_runs: int = 0
    unseen_since: AwareDatetime | None = None
    withdrawn_at: AwareDatetime | None = None
    event: Event

    @property
    def key(self) -> tuple[str, str]:
        """By which lines are in order."""
        return self.event.source, self.event.uid


_MANIFEST, _VETO = TypeAdapter(Manifest), TypeAdapter(KeptVeto)
_SOURCE, _LISTING = TypeAdapter(KeptSource), TypeAdapter(KeptListing)


def write_manifest(manifest: Manifest) -> bytes:
    """JSON on several lines, for people."""
    return _MANIFEST.dump_json(manifest, indent=2) + b"\n"


def write_veto(veto: KeptVeto) -> bytes:
    """A line."""
    return _VETO.dump_json(veto) + b"\n"


def write_source(source: KeptSource) -> bytes:
    """A line; what is as usual is left out."""
    return _SOURCE.dump_json(source, exclude_defaults=True) + b"\n"


def write_listing(listing: KeptListing) -> bytes:
    """A line; what is as usual is left out."""
    return _LISTING.dump_json(listing, exclude_defaults=True) + b"\n"


def read_manifest(text: bytes, where: str) -> Manifest:
    """ArchiveError when it is damaged, or of a format that this version does not read."""
    told = _read(TypeAdapter(dict[str, object]).validate_json, text, where)
    if told.get("format") != FORMAT:
        raise ArchiveError(
            f"{where}: is of format {told.get('format')!r:.20}, and this Hobnob reads {FORMAT}: update Hobnob"
        )
    return _read(_MANIFEST.validate_json, text, where)


def read_vetoes(lines: Iterable[bytes], where: str) -> Iterator[KeptVeto]:
    """ArchiveError names the line that is damaged; so for the next two."""
    return read_lines(_read_veto, lines, where, lambda veto: (veto.words,))


def read_sources(lines: Iterable[bytes], where: str) -> Iterator[KeptSource]:
    """In the order of their names."""
    return read_lines(_read_source, lines, where, lambda source: (source.name,))


def read_listings(lines: Iterable[bytes], where: str) -> Iterator[KeptListing]:
    """In the order of source and uid."""
    return read_lines(_read_listing, lines, where, lambda listing: listing.key)


def read_lines(
    read: Callable[[bytes], T], lines: Iterable[bytes], where: str, key: Callable[[T], tuple[str, ...]]
) -> Iterator[T]:
    """A value a line, in order, so that nothing is there twice; ArchiveError names the line that is damaged."""
    last: tuple[str, ...] = ()
    for number, line in enumerate(lines, 1):
        value = _read(read, line, f"{where}, line {number}")
        if key(value) <= last:
            raise ArchiveError(f"{where}, line {number}: is there twice, or not in order")
        last = key(value)
        yield value


def _read(read: Callable[[bytes], T], text: bytes, where: str) -> T:
    if len(text) > MOST_OF_A_LINE:
        raise ArchiveError(f"{where}: is longer than {MOST_OF_A_LINE:,} bytes")
    try:
        return read(text)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        member = ".".join(map(str, wrong["loc"]))
        raise ArchiveError(f"{where}: {f'{member}: ' if member else ''}{wrong['msg']}") from error
    except (ValueError, OverflowError, RuleRefusedError) as error:
        raise ArchiveError(f"{where}: {error}") from error


def _read_veto(line: bytes) -> KeptVeto:
    veto = _VETO.validate_json(line)
    require(fold(veto.words) == veto.words, f"words “{veto.words}” are not folded")
    return veto


def _read_source(line: bytes) -> KeptSource:
    source = _SOURCE.validate_json(line)
    require(_NAME.fullmatch(source.name) is not None, f"“{source.name}” is no name of a source")
    require(0 < source.every < MOST_COUNTED, f"every {source.every} seconds is out of range")
    return source


def _read_listing(line: bytes) -> KeptListing:
    listing = _LISTING.validate_json(line)
    require(0 < number_of(listing.id) < MOST_NUMBERS, f"“{listing.id}” is no id of an event")
    require(0 <= listing.sequence < MOST_COUNTED, "sequence is out of range")
    require(0 <= listing.unseen_runs < MOST_COUNTED, "unseen_runs is out of range")
    check_event(listing.event)
    return replace(listing, event=_zoned(listing.event))


def _zoned(event: Event) -> Event:
    """The event with its times in its zone, once it is sure that its rule can be expanded."""
    try:
        zoned = put_in_zone(event)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"{event.time_zone[:80]}: is no time zone") from error
    vet(zoned)
    return zoned


def check_event(event: Event) -> None:
    """ValueError for what `normalize` never makes."""
    require(bool(event.uid and event.name.strip()), "an event needs a uid and a name")
    require(all(map(is_sound, _times(event))), "a time without its offset from UTC, or out of range")
    alike = isinstance(event.start_date, datetime), isinstance(event.end_date, datetime)
    require(event.end_date is None or alike[0] == alike[1], "start_date and end_date are of two kinds")
    geo = event.location.geo
    require(geo is None or (abs(geo.latitude) <= 90 and abs(geo.longitude) <= 180), "a point that is not on earth")
    require(all(0 <= price <= MOST_MONEY for price in _prices(event)), "a price that nobody asks")
    for link in filter(None, _links(event)):
        require(urlsplit(link).scheme in {"http", "https"}, f"{link[:80]}: is no http address")


def _times(event: Event) -> Iterator[When]:
    dates = (event.start_date, event.end_date, event.previous_start_date)
    return chain(filter(None, dates), event.r_dates, event.except_dates)


def is_sound(when: When) -> bool:
    """Whether it is a time that is told: with its offset, and not in another age."""
    return 1700 <= when.year <= 2600 and not (isinstance(when, datetime) and when.utcoffset() is None)


def _links(event: Event) -> Iterator[str | None]:
    yield from (event.url, event.image, event.virtual_location, *event.same_as)
    yield event.organizer.url if event.organizer else None


def _prices(event: Event) -> Iterator[Decimal]:
    terms = event.visitor_terms
    told = [price for offer in event.offers for price in (offer.price, offer.high_price)]
    return (price for price in (*told, terms.guest_fee, terms.member_fee) if price is not None)


def require(is_right: bool, why: str) -> None:
    """ValueError with the reason where it is not."""
    if not is_right:
        raise ValueError(why)
