"""Writes runs down, and what quarantined ones saw."""

import json
from zlib import compress

from sqlalchemy import Connection, Engine, bindparam, delete, insert, update

from aggregator.codec import write_events
from aggregator.errors import StoreError
from aggregator.run import REJECTED, Run
from aggregator.store.bulk import find_often, writing
from aggregator.store.instants import to_number
from aggregator.store.kept import Candidate
from aggregator.store.tables import candidates, runs

_TOLD = tuple(column.name for column in runs.columns if column is not runs.c.id)
_ADD = insert(runs).values({name: bindparam(name) for name in _TOLD}).returning(runs.c.id)


def add_run(connection: Connection, run: Run, candidate: Candidate | None = None) -> int:
    """Its id."""
    rejected = json.dumps([(rejection.name, rejection.reason) for rejection in run.rejected], ensure_ascii=False)
    told = {name: getattr(run, name) for name in _TOLD}
    times = {"started_at": to_number(run.started_at), "finished_at": to_number(run.finished_at)}
    values = {**told, **times, "outcome": run.outcome.value, "rejected": rejected, "fills": json.dumps(dict(run.fills))}
    run_id = int(find_often(connection, _ADD, values)[0])
    if candidate is not None:
        seen = compress(write_events(candidate.seen))
        connection.execute(insert(candidates).values(run=run_id, is_complete=candidate.is_complete, seen=seen))
    return run_id


def forget_candidate(engine: Engine, run_id: int) -> None:
    """Drop what a quarantined run saw, and say so in the run; StoreError when it kept nothing."""
    with writing(engine) as connection:
        told = runs.c.reason + f"; {REJECTED}"
        connection.execute(update(runs).where(runs.c.id == run_id).values(reason=told))
        if connection.execute(delete(candidates).where(candidates.c.run == run_id)).rowcount == 0:
            raise StoreError(f"run {run_id}: it was not held back, or what it saw is gone")
