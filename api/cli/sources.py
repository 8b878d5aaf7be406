"""`hobnob sources`: what there is, how it is doing, and a person's word on what was held back."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from aggregator.alert import RUNS
from aggregator.collect import settle_candidate
from aggregator.errors import QueryError, StoreError
from aggregator.health import Health, State, examine
from aggregator.run import REJECTED, Outcome, Run
from aggregator.settings import load_settings
from aggregator.store import Lease, SourceStatus
from aggregator.store.store import Store
from aggregator.turn import LEASE, new_owner
from api.cli.known import open_known_reader, open_known_store
from api.cli.tools import now_in_utc
from api.cli.words import count, plain, tell_age

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
FORMATS = ("table", "json")
MOST_RUNS = 1000
"""How far back a run that was held back is looked for."""


def show_sources(format_: str) -> None:
    """All sources of the store, those that want a person first."""
    if format_ not in FORMATS:
        raise QueryError("format", format_, f"is none of {', '.join(FORMATS)}")
    if format_ == "json":
        from api.cli.ask import ask

        sys.stdout.buffer.write(ask("/v1/sources") + b"\n")
        return
    now = now_in_utc()
    with open_known_reader(load_settings().store) as store:
        rows = [(status, examine(status, store.history(status.name, RUNS), now)) for status in store.sources()]
    rows.sort(key=lambda row: (not row[1].state.is_down, row[0].name))
    Console().print(_table(rows, now) if rows else "There are no sources yet: `hobnob collect`.")


def accept_run(name: str, run_id: int | None) -> None:
    """Apply what the run saw."""
    with_store(lambda store: settle_held(store, name, run_id, now_in_utc()))


def reject_run(name: str, run_id: int | None) -> None:
    """Forget what the run saw; what was told before stays."""
    with_store(lambda store: reject_held(store, name, run_id))


def with_store(act: Callable[[Store], str]) -> None:
    """Do it, and print what was done."""
    with open_known_store(load_settings().store) as store:
        print(act(store))


def show_vetoes() -> None:
    """A line each."""
    with open_known_reader(load_settings().store) as store:
        for words, reason in store.vetoes().items():
            print(f"{words}: {plain(reason)}")


def settle_held(store: Store, name: str, run_id: int | None, now: datetime) -> str:
    """Apply what the run saw; what was done, in words."""
    held, lease = _held(store, name, run_id), _take(store, name, now)
    try:
        run = settle_candidate(name, held, lease, store, now)
    finally:
        store.finish(lease, next_due_at=known_status(store, name).next_due_at)
    return f"{name}: accepted run {held}: {run.new} new, {run.changed} changed, {run.unseen} not seen"


def reject_held(store: Store, name: str, run_id: int | None) -> str:
    """Forget what the run saw; what was done, in words."""
    held = _held(store, name, run_id)
    store.reject(held)
    return f"{name}: rejected run {held}; what was told before stays"


def pause_source(store: Store, name: str, until: str | None) -> str:
    """Collect it no more until that day, or until it is resumed; what was done, in words."""
    known_status(store, name)
    store.pause(name, read_day(until) if until else FOREVER)
    return f"{name}: paused{f' until {until}' if until else ''}; what it told stays"


def resume_source(store: Store, name: str) -> str:
    """Collect it again, now."""
    known_status(store, name)
    store.pause(name, None)
    store.enable(name, enabled=True)
    store.make_due(name, now_in_utc())
    return f"{name}: is due now"


def remove_source(store: Store, name: str, *, is_purged: bool) -> str:
    """Collect it no more; with a purge, as if it had never been."""
    known_status(store, name)
    if is_purged:
        return (
            f"{name}: {count(store.purge(name, now_in_utc()), 'event')} and all its runs are gone; take its row out too"
        )
    store.enable(name, enabled=False)
    return f"{name}: switched off; what it told stays until it is over. --purge takes it away"


def veto_words(store: Store, words: str, reason: str) -> str:
    """Tell nothing more of an organiser, a source or a host, whoever tells of it."""
    gone = store.veto(words, reason, now_in_utc())
    return f"“{words}”: vetoed; {count(gone, 'event')} went at once"


def lift_veto(store: Store, words: str) -> str:
    """StoreError when there is no such veto."""
    if not store.lift_veto(words):
        raise StoreError(f"“{words}”: there is no such veto; `hobnob sources vetoes` lists them")
    return f"“{words}”: told again from the next runs on"


def read_day(text: str) -> datetime:
    """The first moment of a day, or a moment; in UTC where no offset is given."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError as error:
        raise QueryError("until", text, "is no day such as 2026-12-31") from error


def _held(store: Store, name: str, run_id: int | None) -> int:
    """The run that is meant: the named one, else the last that was held back."""
    held = [run for run in held_runs(store, known_status(store, name)) if run_id in (None, run)]
    if not held:
        raise StoreError(f"{name}: {'no run of it is' if run_id is None else f'run {run_id} is not'} held back")
    return held[0]


def held_runs(store: Store, status: SourceStatus) -> list[int]:
    """The runs that wait for a person's word, newest first: not judged yet, nor outdated by one that was accepted."""
    settled = status.last_accepted.id or 0 if status.last_accepted else 0
    runs = store.history(status.name, MOST_RUNS, Outcome.QUARANTINED)
    return [run.id for run in runs if run.id and run.id > settled and not run.reason.endswith(REJECTED)]


def known_status(store: Store, name: str) -> SourceStatus:
    for status in store.sources():
        if status.name == name:
            return status
    raise StoreError(f"{name}: there is no such source; `hobnob sources` lists them")


def _take(store: Store, name: str, now: datetime) -> Lease:
    lease = store.lease(name, now, owner=new_owner(), ttl=LEASE)
    if lease is None:
        raise StoreError(f"{name}: is being collected right now; try again in a minute")
    return lease


def _table(rows: Sequence[tuple[SourceStatus, Health]], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Source", "Platform", "Told", "Last run", "Gave"):
        table.add_column(
            title, no_wrap=title != "Source", overflow="fold", justify="right" if title == "Told" else "left"
        )
    table.add_column("Health", overflow="fold", ratio=1)
    for status, health in rows:
        told = (status.name, status.platform, f"{status.events:,}", *_last(status.last_run, now))
        table.add_row(*told, Text(tell_health(health), "yellow" if health.state.is_down else ""))
    return table


def tell_health(health: Health) -> str:
    """In words: how it is, why, and what to do."""
    if health.state is State.HEALTHY:
        return "well" + (f": {plain(health.reason)}" if health.reason else "")
    state = health.state.value.replace("_", " ")
    return f"{state}: {plain(health.reason)}" + (f" → {health.advice}" if health.state.is_down else "")


def _last(run: Run | None, now: datetime) -> tuple[str, str]:
    if run is None:
        return "never", ""
    dropped = f", {len(run.rejected)} dropped" if run.rejected else ""
    return tell_age(run.finished_at, now), f"{count(run.kept, 'event')}{dropped}"
