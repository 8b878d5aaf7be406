"""The same searches of a store on PostgreSQL, and PostGIS over the same dates in the same database."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from aggregator.query import EventQuery
from aggregator.store import Reader, open_reader
from aggregator.store.copying import copy_store
from aggregator.store.database import is_there

ROUNDS = 3
_POSTGIS = """
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE IF NOT EXISTS places AS
  SELECT o.event, to_timestamp(o.start) AS start, to_timestamp(o."end") AS last,
    ST_MakePoint(e.longitude, e.latitude)::geography AS place
  FROM occurrences AS o JOIN events AS e USING (event);
CREATE INDEX IF NOT EXISTS places_by_place ON places USING gist (place, start);
ANALYZE places
"""
_ASK = """
SELECT event, start FROM places
WHERE ST_DWithin(place, ST_MakePoint($1, $2)::geography, $3) AND start < $5 AND last > $4
ORDER BY start, event LIMIT 20
"""


async def open_copy(server: str, path: Path, size: int) -> str:
    """The address of a database on the server that holds the store of that file; made when it is not there."""
    name = f"hobnob_bench_{size}"
    connection = await asyncpg.connect(f"{server.rstrip('/')}/postgres")
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    address = f"{server.rstrip('/')}/{name}"
    if not await asyncio.to_thread(is_there, address):
        sys.stderr.write(f"copying {path} …\n")
        await asyncio.to_thread(copy_store, str(path), address)
        connection = await asyncpg.connect(address)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
    return address


async def timed(address: str, cells: dict[Any, list[EventQuery]], *, brief: bool = False) -> dict[Any, list[float]]:
    """The best of some rounds of each query, in milliseconds: with all that a feed tells, or brief, as the API asks for
    a page of JSON, of which what was told lately is in memory.
    """
    with open_reader(address) as reader:
        async with reader.here():
            rounds = [
                {cell: [await milliseconds(reader, query, brief=brief) for query in its] for cell, its in cells.items()}
                for _ in range(ROUNDS)
            ]
    return {cell: [min(its) for its in zip(*(round_[cell] for round_ in rounds), strict=True)] for cell in cells}


async def milliseconds(reader: Reader, query: EventQuery, *, brief: bool) -> float:
    """How long one search takes."""
    began = time.perf_counter()
    await reader.search(query, brief=brief)
    return (time.perf_counter() - began) * 1000


async def postgis(address: str, queries: Sequence[EventQuery]) -> list[float] | None:
    """The best of some rounds of each query by gist(geography, start), which tells numbers and starts of events and
    nothing more; None where the server has no PostGIS.
    """
    connection = await asyncpg.connect(address)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"):
            return None
        await connection.execute(_POSTGIS)
        rounds = [[await _ask(connection, query) for query in queries] for _ in range(ROUNDS)]
    finally:
        await connection.close()
    return [min(its) for its in zip(*rounds, strict=True)]


async def _ask(connection: Any, query: EventQuery) -> float:
    assert query.center is not None
    began = time.perf_counter()
    center = query.center.longitude, query.center.latitude
    await connection.fetch(_ASK, *center, query.within, query.start, query.end)
    return (time.perf_counter() - began) * 1000
