"""Reads what is kept beside events: sources, runs, listings, pages; each in one statement, without SQLAlchemy."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zlib import decompress

from aggregator.codec import content_hash, read_event, read_events, write_event
from aggregator.errors import StoreError
from aggregator.event import Event, Kind
from aggregator.reconcile import Listing
from aggregator.run import Outcome, Rejection, Run
from aggregator.store.instants import to_moment, to_moment_or_none, to_number
from aggregator.store.kept import Candidate, Settled, SourceStatus, StoredPage, Widget
from aggregator.store.link import Link

_RUN = (
    "id, source, started_at, finished_at, outcome, reason, requests, bytes_read, not_modified, found, kept, new,"
    " changed, unseen, withdrawn, cancelled, rejected, failure, fills, expected"
)
_HISTORY = f"SELECT {_RUN} FROM runs WHERE source = ?1 AND (outcome = ?2 OR ?2 IS NULL) ORDER BY id DESC LIMIT ?3"  # noqa: S608
_RUNS = f"SELECT {_RUN} FROM runs WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"  # noqa: S608 - columns of ours
_LISTINGS = """
SELECT l.uid, l.told, l.content_hash, l.first_seen, l.last_seen, l.unseen_runs, l.unseen_since, l.withdrawn_at,
  s.last_complete_at
FROM listings l JOIN sources s ON s.name = l.source WHERE l.source = ?
"""
_TOLD = "SELECT told FROM listings WHERE source = ? AND uid = ?"
_SETTLED = f"""
SELECT s.settled_until, {_RUN} FROM sources AS s CROSS JOIN runs AS r
WHERE s.name = ?1 AND s.settled_as = ?2 AND s.settled_until > ?3
  AND r.id = (SELECT max(id) FROM runs WHERE source = ?1 AND outcome = 'accepted')
"""  # noqa: S608 - columns of ours
_PAGES = "SELECT request, etag, last_modified, body_hash, reading, parser, fetched_at FROM pages WHERE source = ?"
_CANDIDATE = "SELECT is_complete, seen FROM candidates WHERE run = ?"
_WIDGETS = """
SELECT name, query, layout, link, title, pins, picks, blocked, updated_at FROM widgets
WHERE name = ?1 OR ?1 IS NULL ORDER BY name
"""
_SOURCES = """
SELECT name, kind, platform, url, homepage, organizer, time_zone, in_catalogue, enabled, every, next_due_at, failures,
  last_full_fetch_at, last_complete_at,
  (SELECT count(*) FROM listings l WHERE l.source = name AND l.withdrawn_at IS NULL),
  (SELECT started_at FROM runs r WHERE r.source = name ORDER BY id LIMIT 1),
  (SELECT max(id) FROM runs r WHERE r.source = name),
  (SELECT max(id) FROM runs r WHERE r.source = name AND r.outcome = 'accepted'), paused_until
FROM sources
"""
_DUE = """
SELECT name FROM sources
WHERE enabled AND in_catalogue AND next_due_at <= ?1
  AND (lease_until IS NULL OR lease_until <= ?1) AND (paused_until IS NULL OR paused_until <= ?1)
ORDER BY next_due_at, name LIMIT ?2
"""


def stored_listings(connection: Link, source: str, seen: Mapping[str, Event]) -> dict[str, Listing]:
    """What a source told so far, by uid. What is not unseen was seen by the source's last accepted run.

    An event that is `seen` again as it was told is taken from there: reading it back would cost five times as much.
    """
    hashes = {content_hash(write_event(event)): event for event in seen.values()}
    return {
        uid: _listing(hashes.get(told_hash) or read_event(told), *rest)
        for uid, told, told_hash, *rest in connection.execute(_LISTINGS, (source,))
    }


def told(connection: Link, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Event]:
    """What sources said of these listings, where they are known."""
    found = ((key, connection.execute(_TOLD, key).fetchone()) for key in keys)
    return {key: read_event(row[0]) for key, row in found if row}


def _listing(
    event: Event, first_seen: int, last_seen: int, unseen_runs: int, unseen_since: int, withdrawn_at: int, last_run: int
) -> Listing:
    return Listing(
        event=event,
        first_seen=to_moment(first_seen),
        last_seen=to_moment(last_seen if unseen_runs else max(last_seen, last_run or 0)),
        unseen_runs=unseen_runs,
        unseen_since=to_moment_or_none(unseen_since),
        withdrawn_at=to_moment_or_none(withdrawn_at),
    )


def history(connection: Link, source: str, limit: int, outcome: Outcome | None) -> tuple[Run, ...]:
    """The last runs of a source, newest first; only those that ended so, where an outcome is given."""
    return tuple(_run(row) for row in connection.execute(_HISTORY, (source, outcome, limit)))


def settled(connection: Link, source: str, reading_as: str, now: datetime) -> tuple[Run, Settled] | None:
    """The last accepted run, when the same pages read the same way would tell nothing else; and until when."""
    row = connection.execute(_SETTLED, (source, reading_as, to_number(now))).fetchone()
    return None if row is None else (_run(row[1:]), Settled(reading_as=reading_as, until=to_moment(row[0])))


def candidate(connection: Link, run_id: int) -> Candidate:
    """What a quarantined run saw; StoreError when it kept nothing."""
    row = connection.execute(_CANDIDATE, (run_id,)).fetchone()
    if row is None:
        raise StoreError(f"run {run_id}: it was not quarantined, or what it saw is gone")
    return Candidate(is_complete=bool(row[0]), seen=read_events(decompress(row[1])))


def stored_pages(connection: Link, source: str) -> dict[str, StoredPage]:
    """The last answers to the requests of a source, by request."""
    return {request: _page(request, *rest) for request, *rest in connection.execute(_PAGES, (source,))}


def _page(
    request: str, etag: str | None, last_modified: str | None, body_hash: bytes, reading: bytes, parser: str, at: int
) -> StoredPage:
    return StoredPage(
        request=request,
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash,
        reading=decompress(reading),
        parser=parser,
        fetched_at=to_moment(at),
    )


def last_full_fetch(connection: Link, source: str) -> datetime | None:
    """When all pages of a source were last asked for without conditions."""
    row = connection.execute("SELECT last_full_fetch_at FROM sources WHERE name = ?", (source,)).fetchone()
    return to_moment_or_none(row[0]) if row else None


def due_sources(connection: Link, now: datetime, limit: int) -> tuple[str, ...]:
    """Those that have been due longest and that nobody is at."""
    return tuple(name for (name,) in connection.execute(_DUE, (to_number(now), limit)))


def vetoes(connection: Link) -> dict[str, str]:
    """What is told by nobody, folded, and why."""
    return dict(connection.execute("SELECT words, reason FROM vetoes ORDER BY words"))


def widgets(connection: Link, name: str | None) -> tuple[Widget, ...]:
    """All that are saved, or the one of that name."""
    return tuple(_widget(*row) for row in connection.execute(_WIDGETS, (name,)))


def _widget(name: str, query: str, layout: str, link: str, title: str | None, *lists_and_time: Any) -> Widget:
    pins, picks, blocked, updated_at = lists_and_time
    return Widget(
        name=name,
        query=json.loads(query),
        layout=layout,
        link=link,
        title=title,
        pins=tuple(json.loads(pins)),
        picks=tuple(json.loads(picks)),
        blocked=tuple(json.loads(blocked)),
        updated_at=to_moment(updated_at),
    )


def failures(connection: Link, source: str) -> int:
    """How many runs in a row had no answer."""
    row = connection.execute("SELECT failures FROM sources WHERE name = ?", (source,)).fetchone()
    return int(row[0]) if row else 0


def source_statuses(connection: Link, name: str | None = None) -> tuple[SourceStatus, ...]:
    """All sources by name, or the one of that name."""
    only = "" if name is None else " WHERE name = ?"
    given = () if name is None else (name,)
    rows = connection.execute(f"{_SOURCES}{only} ORDER BY name", given).fetchall()
    wanted = {run_id for row in rows for run_id in row[16:18] if run_id is not None}
    runs = {row[0]: _run(row) for row in connection.execute(_RUNS, (json.dumps(sorted(wanted)),))}
    return tuple(_status(row, runs) for row in rows)


def _status(row: tuple[Any, ...], runs: dict[int, Run]) -> SourceStatus:
    return SourceStatus(
        name=row[0],
        kind=Kind(row[1]),
        platform=row[2],
        url=row[3],
        homepage=row[4],
        organizer=row[5],
        time_zone=row[6],
        in_catalogue=bool(row[7]),
        enabled=bool(row[8]),
        every=timedelta(seconds=row[9]),
        next_due_at=to_moment(row[10]),
        failures=row[11],
        last_full_fetch_at=to_moment_or_none(row[12]),
        last_complete_at=to_moment_or_none(row[13]),
        events=row[14],
        first_run_at=to_moment_or_none(row[15]),
        last_run=runs.get(row[16]),
        last_accepted=runs.get(row[17]),
        paused_until=to_moment_or_none(row[18]),
    )


def _run(row: Iterable[Any]) -> Run:
    run_id, source, started, finished, outcome, reason, requests, bytes_read, not_modified, *more = row
    found, kept, new, changed, unseen, withdrawn, cancelled, rejected, failure, fills, expected = more
    return Run(
        id=run_id,
        source=source,
        started_at=to_moment(started),
        finished_at=to_moment(finished),
        outcome=Outcome(outcome),
        reason=reason,
        requests=requests,
        bytes_read=bytes_read,
        not_modified=bool(not_modified),
        found=found,
        kept=kept,
        new=new,
        changed=changed,
        unseen=unseen,
        withdrawn=withdrawn,
        cancelled=cancelled,
        rejected=tuple(Rejection(name=name, reason=why) for name, why in json.loads(rejected)),
        failure=failure,
        fills=json.loads(fills or "{}"),
        expected=expected,
    )
