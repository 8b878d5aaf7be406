"""`hobnob sources`: what there is, how it is doing, and a person's word on what was held back."""

import json
import sys
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from aggregator.collect import settle_candidate
from aggregator.errors import StoreError
from aggregator.run import Outcome, Run
from aggregator.schedule import LEASE, new_owner
from aggregator.settings import load_settings
from aggregator.store import Lease, SourceStatus, open_reader, open_store
from aggregator.store.store import Store
from api.cli.tools import now_in_utc


def show_sources(format_: str) -> None:
    """All sources of the store by name."""
    with open_reader(load_settings().store) as store:
        statuses = store.sources()
    if format_ == "json":
        sys.stdout.write(json.dumps([_told(status) for status in statuses], ensure_ascii=False, indent=1) + "\n")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Source", "Platform", "Events", "Last run", "Gave", "Health"):
        table.add_column(title, overflow="fold")
    for status in statuses:
        table.add_row(status.name, status.platform, str(status.events), *_last(status.last_run), health(status))
    Console().print(table if statuses else "No source was collected yet: see `hobnob collect --help`.")


def health(status: SourceStatus) -> str:
    """In words: how a person should read the last run."""
    run = status.last_run
    if not status.enabled:
        return "switched off"
    if run is None:
        return "not yet collected"
    if run.outcome is Outcome.ACCEPTED:
        return "well"
    words = {
        Outcome.QUARANTINED: f"held back (run {run.id}): accept or reject it",
        Outcome.PARTIAL: "read in part",
        Outcome.FAILED: f"failed {status.failures} times in a row" if status.failures > 1 else "failed",
    }
    return f"{words[run.outcome]}: {run.reason}"


def accept_run(name: str, run_id: int | None) -> None:
    """Apply what the run saw."""
    with open_store(load_settings().store) as store:
        held, lease = _held(store, name, run_id), _take(store, name)
        run = settle_candidate(name, held, lease, store, now_in_utc())
        store.finish(lease, next_due_at=_next_due(store, name))
    Console().print(f"{name}: accepted run {held}: {run.new} new, {run.changed} changed, {run.unseen} not seen")


def reject_run(name: str, run_id: int | None) -> None:
    """Forget what the run saw; what was told before stays."""
    with open_store(load_settings().store) as store:
        held = _held(store, name, run_id)
        store.reject(held)
    Console().print(f"{name}: rejected run {held}; what was told before stays")


def _held(store: Store, name: str, run_id: int | None) -> int:
    """The run that is meant: the named one, else the last that was held back."""
    if run_id is not None:
        return run_id
    held = store.history(name, 1, Outcome.QUARANTINED)
    if not held or held[0].id is None:
        raise StoreError(f"{name}: no run of this source is held back")
    return held[0].id


def _take(store: Store, name: str) -> Lease:
    lease = store.lease(name, now_in_utc(), owner=new_owner(), ttl=LEASE)
    if lease is None:
        raise StoreError(f"{name}: is being collected right now; try again in a minute")
    return lease


def _next_due(store: Store, name: str) -> datetime:
    return next(status.next_due_at for status in store.sources() if status.name == name)


def _last(run: Run | None) -> tuple[str, str]:
    if run is None:
        return "never", ""
    return f"{run.finished_at:%Y-%m-%d %H:%M} UTC", f"{run.kept} kept, {len(run.rejected)} dropped"


def _told(status: SourceStatus) -> dict[str, Any]:
    run = status.last_run
    return {
        "name": status.name,
        "kind": status.kind,
        "platform": status.platform,
        "url": status.url,
        "events": status.events,
        "health": health(status),
        "nextDueAt": status.next_due_at.isoformat(),
        "lastRun": run
        and {
            "id": run.id,
            "finishedAt": run.finished_at.isoformat(),
            "outcome": run.outcome,
            "reason": run.reason,
            "found": run.found,
            "kept": run.kept,
            "new": run.new,
            "changed": run.changed,
            "unseen": run.unseen,
            "withdrawn": run.withdrawn,
            "cancelled": run.cancelled,
            "rejected": [{"name": rejection.name, "reason": rejection.reason} for rejection in run.rejected],
        },
    }
