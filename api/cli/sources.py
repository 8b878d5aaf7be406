"""`hobnob sources`: what there is, how it is doing, and a person's word on what was held back."""

import sys
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from aggregator.collect import settle_candidate
from aggregator.errors import QueryError, StoreError
from aggregator.run import Outcome, Run
from aggregator.schedule import LEASE, new_owner
from aggregator.settings import load_settings
from aggregator.store import Lease, SourceStatus
from aggregator.store.store import Store
from api.cli.known import open_known_reader, open_known_store
from api.cli.tools import now_in_utc
from api.cli.words import count, plain, tell_age

FORMATS = ("table", "json")
MOST_RUNS = 1000
"""How far back a run that was held back is looked for."""


def show_sources(format_: str) -> None:
    """All sources of the store by name."""
    if format_ not in FORMATS:
        raise QueryError("format", format_, f"is none of {', '.join(FORMATS)}")
    if format_ == "json":
        from api.cli.ask import ask

        sys.stdout.buffer.write(ask("/v1/sources") + b"\n")
        return
    with open_known_reader(load_settings().store) as store:
        statuses = store.sources()
    Console().print(_table(statuses, now_in_utc()) if statuses else "There are no sources yet: `hobnob collect`.")


def health(status: SourceStatus) -> str:
    """In words: how a person should read the last run."""
    run = status.last_run
    if not status.enabled:
        return "switched off"
    if not status.in_catalogue:
        return "no longer in the catalogue"
    if run is None:
        return "not yet collected"
    if run.outcome is Outcome.ACCEPTED:
        return "well"
    words = {
        Outcome.QUARANTINED: f"held back (run {run.id}), accept or reject it",
        Outcome.PARTIAL: "read in part",
        Outcome.FAILED: f"failed {status.failures} times in a row" if status.failures > 1 else "failed",
    }
    return f"{words[run.outcome]}: {plain(run.reason)}"


def accept_run(name: str, run_id: int | None) -> None:
    """Apply what the run saw."""
    with open_known_store(load_settings().store) as store:
        held, lease = _held(store, name, run_id), _take(store, name)
        try:
            run = settle_candidate(name, held, lease, store, now_in_utc())
        finally:
            store.finish(lease, next_due_at=_status(store, name).next_due_at)
    print(f"{name}: accepted run {held}: {run.new} new, {run.changed} changed, {run.unseen} not seen")


def reject_run(name: str, run_id: int | None) -> None:
    """Forget what the run saw; what was told before stays."""
    with open_known_store(load_settings().store) as store:
        held = _held(store, name, run_id)
        store.reject(held)
    print(f"{name}: rejected run {held}; what was told before stays")


def _held(store: Store, name: str, run_id: int | None) -> int:
    """The run that is meant: the named one, else the last that was held back."""
    _status(store, name)
    held = [run.id for run in store.history(name, MOST_RUNS, Outcome.QUARANTINED) if run_id in (None, run.id)]
    if not held or held[0] is None:
        raise StoreError(f"{name}: {'no run of it is' if run_id is None else f'run {run_id} is not'} held back")
    return held[0]


def _status(store: Store, name: str) -> SourceStatus:
    for status in store.sources():
        if status.name == name:
            return status
    raise StoreError(f"{name}: there is no such source; `hobnob sources` lists them")


def _take(store: Store, name: str) -> Lease:
    lease = store.lease(name, now_in_utc(), owner=new_owner(), ttl=LEASE)
    if lease is None:
        raise StoreError(f"{name}: is being collected right now; try again in a minute")
    return lease


def _table(statuses: Sequence[SourceStatus], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Source", "Platform", "Told", "Last run", "Gave"):
        table.add_column(
            title, no_wrap=title != "Source", overflow="fold", justify="right" if title == "Told" else "left"
        )
    table.add_column("Health", overflow="fold", ratio=1)
    for status in statuses:
        is_well = status.last_run is None or status.last_run.outcome is Outcome.ACCEPTED
        told = (status.name, status.platform, f"{status.events:,}", *_last(status.last_run, now))
        table.add_row(*told, Text(health(status), "" if is_well else "yellow"))
    return table


def _last(run: Run | None, now: datetime) -> tuple[str, str]:
    if run is None:
        return "never", ""
    dropped = f", {len(run.rejected)} dropped" if run.rejected else ""
    return tell_age(run.finished_at, now), f"{count(run.kept, 'event')}{dropped}"
