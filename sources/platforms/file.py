"""Files dropped in a folder: CSV rows and TOML tables in the API's words, rules in TOML, calendars."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from aggregator.reading.rows import TABLE, read_csv, read_tables
from aggregator.source import Draft, Page
from sources.platforms import ics, recurring

_RULE = re.compile(r"^[ \t]*\[\[[ \t]*recurring[ \t]*\]\]", re.MULTILINE)


def recognise(page: Page) -> str | None:
    """By the name of the file, and for TOML by its tables."""
    suffix = _suffix(page)
    if suffix == ".csv":
        return "a .csv file"
    is_ours = suffix in {".toml", ""} and _has_tables(page.text)
    return "TOML with [[event]] or [[recurring]] tables" if is_ours else None


def ends_whole(body: bytes) -> bool:
    """Whether the end of a calendar has arrived; rows and tables have no mark of their end."""
    return b"BEGIN:VCALENDAR" not in body[:1000].upper() or ics.ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """One draft a row or table, without a start where that cannot be read; ParseError names the file and the line of
    what spoils all of it.
    """
    text, name, today = page.text, _file_name(page), page.fetched_at.date()
    if ics.recognise(page):
        yield from ics.parse(page)
    elif _suffix(page) != ".toml" and not _has_tables(text):
        yield from read_csv(text, name, today)
    else:
        yield from read_tables(text, name, today)
        yield from recurring.parse(page) if _RULE.search(text) else ()


def _has_tables(text: str) -> bool:
    return bool(TABLE.search(text) or _RULE.search(text))


def _suffix(page: Page) -> str:
    return PurePosixPath(_file_name(page)).suffix.lower()


def _file_name(page: Page) -> str:
    return PurePosixPath(unquote(urlsplit(page.url).path)).name or page.url
