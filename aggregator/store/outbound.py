"""All that a store keeps of a town, as it was at one moment, for an archive."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from aggregator.codec import read_event
from aggregator.event import Kind
from aggregator.reading.text import without_contacts
from aggregator.render.privacy import keep_private
from aggregator.store.archive import Counts, KeptListing, KeptSource, KeptVeto
from aggregator.store.archived_words import KeptCorrection, KeptHide
from aggregator.store.corrections import read_hides, read_overrides
from aggregator.store.instants import to_moment, to_moment_or_none
from aggregator.store.link import Link

_COUNTED = ("vetoes", "sources", "listings", "corrections", "hides")
_COUNTS = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in _COUNTED)  # noqa: S608 - names of ours
_MOMENT = """
SELECT max(at) FROM (
  SELECT max(last_complete_at) AS at FROM sources UNION ALL SELECT max(finished_at) FROM runs
  UNION ALL SELECT max(last_seen) FROM listings UNION ALL SELECT max(changed_at) FROM events
  UNION ALL SELECT max(since) FROM vetoes UNION ALL SELECT max(since) FROM corrections
  UNION ALL SELECT max(since) FROM hides
) AS moments
"""
_VETOES = "SELECT words, reason, since FROM vetoes ORDER BY words"
_SOURCES = """
SELECT name, kind, platform, url, every, homepage, organizer, time_zone, in_catalogue, enabled, paused_until,
  last_complete_at
FROM sources ORDER BY name
"""
_LISTINGS = """
SELECT e.id, e.kind, e.sequence, e.first_seen, e.changed_at, l.last_seen, s.last_complete_at, l.unseen_runs,
  l.unseen_since, l.withdrawn_at, l.told
FROM listings l JOIN events e ON e.event = l.event JOIN sources s ON s.name = l.source ORDER BY l.source, l.uid
"""


class Snapshot:
    """One state of the store, whatever is written meanwhile; in the order of an archive."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection

    def counts(self) -> Counts:
        """How much there is."""
        return Counts(**dict(zip(_COUNTED, self._connection.execute(_COUNTS).fetchone(), strict=True)))

    def moment(self) -> datetime | None:
        """When the store was last changed; None for an empty one."""
        return to_moment_or_none(self._connection.execute(_MOMENT).fetchone()[0])

    def vetoes(self) -> Iterator[KeptVeto]:
        """What is told by nobody; a reason keeps no address of who asked."""
        for words, reason, since in self._connection.execute(_VETOES):
            yield KeptVeto(words=words, reason=without_contacts(reason), since=to_moment(since))

    def sources(self) -> Iterator[KeptSource]:
        """All of them, whether in the catalogue or not."""
        return (_source(row) for row in self._connection.execute(_SOURCES))

    def corrections(self) -> Iterator[KeptCorrection]:
        """An editor's words, in order; not whose they are."""
        for one in read_overrides(self._connection.execute):
            told = {
                name: getattr(one, name) for name in ("number", "source", "uid", "field", "patch", "since", "until")
            }
            yield KeptCorrection(**told, value=without_contacts(one.value), why=without_contacts(one.why))

    def hides(self) -> Iterator[KeptHide]:
        """What is told nobody."""
        for one in sorted(read_hides(self._connection.execute), key=lambda hide: (hide.source, hide.uid)):
            why = without_contacts(one.why)
            yield KeptHide(source=one.source, uid=one.uid, event=one.event, why=why, since=one.since)

    def listings(self) -> Iterator[KeptListing]:
        """What they told, without any person's address."""
        return (_listing(row) for row in self._connection.execute(_LISTINGS))


def _source(row: tuple[Any, ...]) -> KeptSource:
    name, kind, platform, url, every, homepage, organizer, time_zone, in_catalogue, enabled, paused, complete = row
    return KeptSource(
        name=name,
        kind=Kind(kind),
        platform=platform,
        url=_without_secret(url),
        every=every,
        homepage=homepage,
        organizer=organizer,
        time_zone=time_zone,
        in_catalogue=bool(in_catalogue),
        enabled=bool(enabled),
        paused_until=to_moment_or_none(paused),
        last_complete_at=to_moment_or_none(complete),
    )


def _listing(row: tuple[Any, ...]) -> KeptListing:
    """What is not unseen was seen by the source's last accepted run."""
    event_id, kind, sequence, first_seen, changed_at, last_seen, last_run, unseen_runs, unseen, withdrawn, told = row
    return KeptListing(
        id=event_id,
        kind=Kind(kind),
        sequence=sequence,
        first_seen=to_moment(first_seen),
        changed_at=to_moment(changed_at),
        last_seen=to_moment(last_seen if unseen_runs else max(last_seen, last_run or 0)),
        unseen_runs=unseen_runs,
        unseen_since=to_moment_or_none(unseen),
        withdrawn_at=to_moment_or_none(withdrawn),
        event=keep_private(read_event(told)),
    )


def _without_secret(url: str) -> str:
    """The address without a name and password before its host."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url
