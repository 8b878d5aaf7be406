"""A claim that one process holds at a time, over all machines: it ends with the connection that holds it."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from aggregator.store.postgres.bridge import run
from aggregator.store.postgres.links import FAILURES, WAIT_SECONDS, unread


@contextmanager
def alone(address: str, lock: int) -> Iterator[bool]:
    """Whether nobody else holds the lock while the block runs."""
    try:
        connection = run(asyncpg.connect(address, timeout=WAIT_SECONDS))
        is_ours = run(connection.fetchval("SELECT pg_try_advisory_lock($1)", lock))
    except FAILURES as error:
        raise unread(address, error) from error
    try:
        yield is_ours
    finally:
        run(connection.close(timeout=WAIT_SECONDS))
