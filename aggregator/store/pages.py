"""Keeps the last answer to each request of a source, so that an unchanged page is not read again."""

from collections.abc import Iterable
from zlib import compress

from sqlalchemy import Connection

from aggregator.store.bulk import insert_rows
from aggregator.store.instants import to_number
from aggregator.store.kept import StoredPage
from aggregator.store.tables import pages

_REPLACE = " ON CONFLICT (source, request) DO UPDATE SET " + ", ".join(
    f"{column.name} = excluded.{column.name}" for column in pages.columns if not column.primary_key
)


def keep_pages(connection: Connection, source: str, kept: Iterable[StoredPage]) -> None:
    """In the place of what the same requests were answered before."""
    rows = (
        (
            source,
            page.request,
            page.etag,
            page.last_modified,
            page.body_hash,
            compress(page.reading, 1),
            page.parser,
            to_number(page.fetched_at),
        )
        for page in kept
    )
    insert_rows(connection, pages, rows, _REPLACE)
