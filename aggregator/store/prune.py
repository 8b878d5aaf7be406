"""What nobody will ask for again goes: readings of pages that are no longer read, and what old runs held back."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select

from aggregator.run import Outcome
from aggregator.store.bulk import writing
from aggregator.store.people import confirmations, suggestions
from aggregator.store.public import forget_over
from aggregator.store.tables import candidates, changes, pages, runs

PAGES_FOR = timedelta(days=60)
"""A page that is still read is read whole once a week at least."""

NEWS_FOR = timedelta(days=90)
HELD_FOR = timedelta(days=30)
RUNS_FOR = timedelta(days=400)
RUNS_LEFT = 100
"""Of each source its last runs stay, however old they are, and the last that was accepted."""


def prune(engine: Engine, now: datetime) -> int:
    """How many rows went; to be done daily. Nothing that is told changes."""
    settled = select(runs.c.id).where(runs.c.finished_at < now - HELD_FOR)
    recent = (
        select(runs.c.id, func.row_number().over(partition_by=runs.c.source, order_by=runs.c.id.desc()).label("place"))
    ).subquery()
    old = select(recent.c.id).where(recent.c.place > RUNS_LEFT)
    accepted = select(func.max(runs.c.id)).where(runs.c.outcome == Outcome.ACCEPTED.value).group_by(runs.c.source)
    statements = (
        delete(changes).where(changes.c.at < now - NEWS_FOR),
        delete(suggestions).where(suggestions.c.settled_at < now - RUNS_FOR),
        delete(confirmations).where(confirmations.c.confirmed_at.is_(None), confirmations.c.asked_at < now - RUNS_FOR),
        delete(pages).where(pages.c.fetched_at < now - PAGES_FOR),
        delete(candidates).where(candidates.c.run.in_(settled)),
        delete(runs).where(runs.c.finished_at < now - RUNS_FOR, runs.c.id.in_(old), runs.c.id.not_in(accepted)),
    )
    with writing(engine) as connection:
        return sum(connection.execute(statement).rowcount for statement in statements) + forget_over(connection, now)
