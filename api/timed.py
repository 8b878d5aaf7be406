"""A reader of the store whose searches are timed, and otherwise the one that it stands for."""

import time
from typing import TYPE_CHECKING, Any, cast

from aggregator.query import EventQuery
from aggregator.store import Answer, Reader
from aggregator.trace import span

if TYPE_CHECKING:
    from api.tally import Tally


class _Timed:
    def __init__(self, reader: Reader, tally: "Tally") -> None:
        self._reader = reader
        self._tally = tally

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    async def search(self, query: EventQuery, *, brief: bool = False) -> Answer:
        began = time.perf_counter()
        try:
            with span("search"):
                return await self._reader.search(query, brief=brief)
        finally:
            self._tally.count_search(time.perf_counter() - began)


def timed(reader: Reader, tally: "Tally") -> Reader:
    """The same reader, for everybody who is to search by it."""
    return cast("Reader", _Timed(reader, tally))
