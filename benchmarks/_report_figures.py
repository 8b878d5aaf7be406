"""The figures of README.md: which benchmark prints each, and on which of its lines."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`line` finds the number in what `benchmarks/{of}.py` prints; `bar` is what is wanted of it, in words."""

    of: str
    what: str
    line: str
    unit: str
    bar: str

    def find(self, printed: str) -> float | None:
        """None where the benchmark did not print it."""
        found = re.search(self.line, printed, re.MULTILINE)
        return float(found[1].replace(",", "")) if found else None


ARGUMENTS: dict[str, tuple[str, ...]] = {
    "search": ("100000",),
    "api": (),
    "ingest": ("100000",),
    "collect": ("--rounds", "1"),
    "matching": ("--listings", "5000"),
    "widget": (),
    "digest": ("speed", "--postfix", "/"),
}
"""Those that are run, in this order, and with what. `api.py --postgres ADDRESS` is run by hand, into a file `api….txt`
of a folder for --printed."""

_NUMBER = r"([\d.,]*\d)"

FIGURES = (
    Figure(
        of="search",
        what="A search by place and dates among 100,000 dates, 95 of 100, all places and radii together",
        line=rf"^  all +[\d.]+ +{_NUMBER}",
        unit="ms",
        bar="none together; at most 3 ms for each",
    ),
    Figure(
        of="search",
        what="The same search of New York, beside an R*Tree",
        line=rf"ours [\d.]+ ms: {_NUMBER} times",
        unit="times as fast",
        bar="at least 5",
    ),
    Figure(
        of="api",
        what="Pages of the API that nobody asked for before, beside FastAPI that says hello",
        line=rf"^uncached / FastAPI hello: {_NUMBER}",
        unit="of its rate",
        bar="at least 0.2",
    ),
    Figure(
        of="api",
        what="Pages that are kept, beside a bare ASGI app that says hello",
        line=rf"^cached / ASGI hello: {_NUMBER}",
        unit="of its rate",
        bar="at least 0.6",
    ),
    Figure(
        of="api",
        what="Pages that the reader has already (304), beside the same",
        line=rf"^304 / ASGI hello: {_NUMBER}",
        unit="of its rate",
        bar="at least 0.9",
    ),
    Figure(
        of="api",
        what="A page that nobody asked for before, on PostgreSQL beside one on SQLite",
        line=rf"^a page on PostgreSQL costs {_NUMBER}",
        unit="times its time",
        bar="at most 2",
    ),
    Figure(
        of="api",
        what="Memory of an API on PostgreSQL after 100,000 of these",
        line=rf"^PostgreSQL: .*, {_NUMBER} MB at the end",
        unit="MB",
        bar="at most 150",
    ),
    Figure(
        of="ingest",
        what="Dates written, with index and words",
        line=rf"^  write +{_NUMBER} dates/s",
        unit="a second",
        bar="at least 8,000",
    ),
    Figure(
        of="ingest",
        what="The time of that, beside a bare executemany of the same rows",
        line=rf"writing takes {_NUMBER} times",
        unit="times",
        bar="none",
    ),
    Figure(
        of="ingest",
        what="Dates made sense of, placed, written and matched",
        line=rf"^  whole +{_NUMBER} dates/s",
        unit="a second",
        bar="at least 2,500",
    ),
    Figure(
        of="ingest",
        what="Dates of pages that are as they were, but for asking the site",
        line=rf"^  unchanged +{_NUMBER} dates/s",
        unit="a second",
        bar="at least 300,000",
    ),
    Figure(
        of="ingest",
        what="Dates matched in the store",
        line=rf"^  match +{_NUMBER} dates/s",
        unit="a second",
        bar="at least 50,000",
    ),
    Figure(
        of="collect",
        what="Pages fetched and read in guarded children",
        line=rf"^Hobnob, guarded +{_NUMBER} pages/s",
        unit="a second",
        bar="none",
    ),
    Figure(
        of="collect",
        what="That rate, beside Scrapy's with the usual libraries",
        line=rf"rate is {_NUMBER} times Scrapy's",
        unit="times",
        bar="at least 2",
    ),
    Figure(
        of="collect",
        what="That rate, beside Scrapy's with Hobnob's readers",
        line=rf", {_NUMBER} times with the same readers",
        unit="times",
        bar="none",
    ),
    Figure(
        of="collect",
        what="The time of a run in which no source changed, of a first run's",
        line=rf"unchanged takes {_NUMBER} of",
        unit="",
        bar="at most 0.25",
    ),
    Figure(
        of="matching",
        what="Links between listings of one happening that are right",
        line=rf"^all +precision {_NUMBER}",
        unit="",
        bar="at least 0.995",
    ),
    Figure(
        of="matching",
        what="Links that are found",
        line=rf"^all +precision [\d.]+  recall {_NUMBER}",
        unit="",
        bar="at least 0.95",
    ),
    Figure(
        of="widget",
        what="The widget's first event on a slow line, beside FullCalendar's",
        line=rf"^widget, preloaded +.*, {_NUMBER} of FullCalendar's",
        unit="of its time",
        bar="at most 0.5",
    ),
    Figure(
        of="digest",
        what="Letters written, kept account of and handed to a mail server, beside a plain stack without a ledger",
        line=rf"^{_NUMBER} times the plain stack",
        unit="times",
        bar="at least 4",
    ),
    Figure(
        of="digest",
        what="The same beside smtp-source, which writes and keeps nothing",
        line=rf"; {_NUMBER} of smtp-source",
        unit="of its rate",
        bar="at least 0.25",
    ),
)
