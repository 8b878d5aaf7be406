"""PgQueuer's own tables, made or brought up to date by PgQueuer; one process at a time."""

from pgqueuer.queries import Queries

from aggregator.store.postgres.schema import migrating


async def install(address: str) -> None:
    """StoreError when the database cannot be reached."""
    async with migrating(address) as connection:
        queries = Queries.from_asyncpg_connection(connection)
        await (queries.upgrade() if await queries.schema_is_installed() else queries.install())
