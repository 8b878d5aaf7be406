"""What Alembic runs: the revisions, on the connection and inside the transaction that `migrate` opened."""

from alembic import context

import aggregator.store.mailing.tables  # noqa: F401 - its tables belong to the schema
from aggregator.store.people import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite's DDL is transactional; Alembic does not count on it because its driver usually commits before DDL.
    transactional_ddl=True,
)
context.run_migrations()
