"""All the regular groups of a town in one file: CSV rows, [[meeting]] tables of TOML, or JSON in TSML's words."""

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from aggregator.errors import ParseError, UnreadDateError
from aggregator.reading.dates import read_span
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page
from sources.platforms import recurring

_ALIASES = {
    "identifier": "id slug identifier",
    "name": "name title meeting meetingname",
    "organizer": "group organization organisation organizer organiser club",
    "rule": "rule schedule rhythm day days meets",
    "time": "time start starttime",
    "end": "endtime end",
    "venue": "venue place location locationname venuename",
    "street_address": "address street streetaddress",
    "locality": "city town locality",
    "region": "state region province",
    "postal_code": "postalcode postcode zip",
    "latitude": "latitude lat",
    "longitude": "longitude lon lng",
    "types": "types type keywords tags categories category",
    "description": "notes description details",
    "url": "url link website",
    "online": "onlinelink online onlineurl conferenceurl joinurl",
    "attendance": "attendanceoption attendance",
    "since": "since from",
    "verified": "verified confirmed lastconfirmed updated",
    "time_zone": "timezone tz",
}
_ALONE = ("formatted_address", "country", "price", "except_holidays", "except_dates")
_ALIASES |= {name: name.replace("_", "") for name in _ALONE}
_COLUMNS = {alias for aliases in _ALIASES.values() for alias in aliases.split()}
_PERSONAL = re.compile(r"contact|mail|phone|president|secretary|leader|chair")
_COMMA = re.compile(r"\s*[,;|]\s*")
_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*meeting[ \t]*\]\]", re.MULTILINE)
_JSON = re.compile(rb"\s*(?:\[\s*[{\]]|\{)")
_ACCESS = {"X", "Wheelchair Access", "Wheelchair access"}
"""By these TSML says that a place is accessible."""

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


class Row(NamedTuple):
    """What a row says, by the names of `_ALIASES`; where it stands; and why it cannot be read."""

    told: Mapping[str, str]
    where: str
    fault: str | None = None


def recognise(page: Page) -> str | None:
    """By a name and a rhythm with its time in one of the first rows, where all columns are known."""
    try:
        is_list = any("T" in (_read(row, page).start_date or "") for row in islice(_rows(page), 5))
    except ParseError:
        return None
    return "a list of regular meetings" if is_list else None


def ends_whole(body: bytes) -> bool:
    """Whether the end of JSON has arrived; rows and tables have no mark of their end."""
    return not _JSON.match(body) or body.rstrip()[-1:] in {b"}", b"]"}


def parse(page: Page) -> Iterator[Draft]:
    """One draft a meeting: without a start, and with a doubt that says where and why, for one that cannot be read."""
    drafts = [_read(row, page) for row in _rows(page) if row.told and row.told.get("attendance") != "inactive"]
    if drafts and all(draft.start_date is None for draft in drafts):
        raise ParseError(drafts[0].doubts[0])
    yield from drafts


def _rows(page: Page) -> Iterator[Row]:
    name = PurePosixPath(unquote(urlsplit(page.url).path)).name or page.url
    if _JSON.match(page.body):
        return _json_rows(page.text, name)
    return _toml_rows(page.text, name) if _TABLE.search(page.text) else _csv_rows(page.text, name)


def _load(read: Callable[[str], Any], text: str, name: str) -> Any:
    try:
        return read(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"{name}: {error}") from error


def _json_rows(text: str, name: str) -> Iterator[Row]:
    """A list, or an object that holds it as `meetings`. A `region` beside a whole address is a part of the town."""
    answer = _load(json.loads, text, name)
    meetings = answer.get("meetings") if isinstance(answer, dict) else answer
    if not isinstance(meetings, list) or not all(isinstance(meeting, dict) for meeting in meetings):
        raise ParseError(f"{name}: JSON, but no list of meetings")
    for number, meeting in enumerate(meetings, 1):
        is_part = "formatted_address" in meeting
        yield Row(_told(meeting | {"region": None} if is_part else meeting), f"{name} meeting {number}")


def _toml_rows(text: str, name: str) -> Iterator[Row]:
    meetings = _load(tomllib.loads, text, name)["meeting"]
    lines = [text.count("\n", 0, table.start()) + 1 for table in _TABLE.finditer(text)]
    for meeting, line in zip(meetings, lines, strict=False):
        yield Row(_told(meeting), f"{name} line {line}", _find_fault(meeting))


def _csv_rows(text: str, name: str) -> Iterator[Row]:
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", restval="")
    try:
        columns = dict.fromkeys(rows.fieldnames or [], "-")
        if fault := _find_fault(columns) or ({"name", "rule"} - _told(columns).keys() and "no name or no rule"):
            raise ParseError(f"{name} line 1: {fault}")
        for row in rows:
            yield Row(_told(row), f"{name} line {rows.line_num}", "more cells than columns" if "" in row else None)
    except csv.Error as error:
        raise ParseError(f"{name} line {rows.reader.line_num}: {error}") from error


def _find_fault(columns: Iterable[str]) -> str | None:
    """A column that is not known. What is of persons may stand in the file, and is passed over."""
    for column in columns:
        if _plain(column) not in _COLUMNS and not _PERSONAL.search(_plain(column)):
            return f"“{column[:40]}” is not known; known are {', '.join(_ALIASES)}"
    return None


def _plain(column: str) -> str:
    return re.sub(r"[^a-z]", "", column.lower())


def _told(row: Mapping[str, Any]) -> dict[str, str]:
    """Of the columns that mean the same the first that says anything."""
    named = {_plain(column): _write(value) for column, value in row.items()}
    found = {key: next(filter(None, map(named.get, aliases.split())), "") for key, aliases in _ALIASES.items()}
    rough = {"latitude", "longitude"} if named.get("approximate") == "yes" else set()
    return {key: words for key, words in found.items() if words and key not in rough}


def _write(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_write, value))
    return "" if value is None or isinstance(value, dict) else str(value).strip()


def _rule(told: Mapping[str, str]) -> str:
    """The words, with days as of TSML (Sunday 0) by their names, and the times of their own columns."""
    days = told.get("rule", "")
    if re.fullmatch(r"[0-6](?:, [0-6])*", days):
        days = " and ".join(_DAYS[int(day)] for day in days.split(", "))
    return f"{days} {'-'.join(told[key] for key in ('time', 'end') if key in told)}".strip()


def _read(row: Row, page: Page) -> Draft:
    try:
        if row.fault:
            raise ParseError(row.fault)
        return _draft(row.told, page)
    except (ParseError, UnreadDateError) as error:
        return Draft(name=row.told.get("name"), doubts=(f"{row.where}: {error}",))


def _draft(told: Mapping[str, str], page: Page) -> Draft:
    """By `recurring`, with what a rule of its own cannot say."""
    own = ", ".join(told[key] for key in ("name", "organizer", "locality") if key in told)
    types, dates = (list(filter(None, _COMMA.split(told.get(key, "")))) for key in ("types", "except_dates"))
    access = [word for word in types if word in _ACCESS]
    rule: dict[str, object] = {"identifier": own, "rule": _rule(told), "except_dates": dates}
    rule |= {key: told[key] for key in (*recurring.TEXTS, "except_holidays") if key in told}
    rule |= {
        key: str(read_span(told[key], now=page.fetched_at.date()).start)[:10] for key in recurring.DATES if key in told
    }
    place = {key: told[key] for key in recurring.PLACE if key in told and key != "name"}
    rule["location"] = place | ({"name": told["venue"]} if "venue" in told else {})
    (draft,) = recurring.parse(replace(page, body=json.dumps(rule).encode()))
    return replace(
        draft,
        location_text=told.get("formatted_address"),
        event_attendance_mode=told.get("attendance"),
        virtual_location=clean_url(told.get("online")),
        wheelchair_accessible=True if access else None,
        accessibility=", ".join(access) or None,
        keywords=tuple(word for word in types if word not in access),
    )
