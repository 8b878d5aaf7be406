"""The store on PostgreSQL: the same tables and SQL as on SQLite, through asyncpg."""
