"""Rows and tables that people write in the API's words, or words near them -> Drafts."""

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import get_args

from aggregator.draft import Draft
from aggregator.errors import ParseError, UnreadDateError
from aggregator.reading.dates import DateOrder, read_span

TABLE = re.compile(r"^[ \t]*\[\[[ \t]*event[ \t]*\]\]", re.MULTILINE)
_LISTS = frozenset({"rrule", "r_dates", "except_dates", "keywords", "same_as"})
_ALIASES = {
    "identifier": "identifier id uid",
    "name": "name title summary event eventname",
    "start_date": "startdate start dtstart starts date day when",
    "end_date": "enddate end dtend ends until",
    "start_time": "starttime time timestart begins doors",
    "end_time": "endtime timeend",
    "duration": "duration length",
    "time_zone": "timezone tz",
    "schedule": "schedule rhythm repeats",
    "rrule": "rrule recurrence",
    "r_dates": "rdates rdate",
    "except_dates": "exceptdates exceptdate exdate exdates",
    "event_status": "eventstatus status",
    "event_attendance_mode": "eventattendancemode attendance",
    "location_name": "locationname venue place venuename",
    "location_text": "location where",
    "street_address": "streetaddress street address",
    "address_locality": "addresslocality locality city town",
    "address_region": "addressregion region state province",
    "postal_code": "postalcode postcode zip zipcode",
    "address_country": "addresscountry country",
    "latitude": "latitude lat",
    "longitude": "longitude lon lng long",
    "virtual_location": "virtuallocation onlineurl joinurl",
    "organizer": "organizer organiser host organization organisation",
    "organizer_url": "organizerurl organiserurl",
    "url": "url link website eventurl",
    "description": "description details about notes",
    "image": "image imageurl photo",
    "keywords": "keywords tags categories category tag",
    "price": "price cost fee admission",
    "price_currency": "pricecurrency currency",
    "is_accessible_for_free": "isaccessibleforfree free isfree",
    "wheelchair_accessible": "wheelchairaccessible wheelchair",
    "same_as": "sameas",
}
_FIELDS = {alias: field for field, aliases in _ALIASES.items() for alias in aliases.split()}
_TRUE, _FALSE = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})


Told = Iterable[tuple[str, str]]
"""Field and text, lists joined by commas."""


def read_csv(text: str, name: str, now: date) -> Iterator[Draft]:
    """One draft a row. ParseError, naming the file (`name`) and the line, for a heading that cannot be read.

    A row or table that cannot be read gives a draft without a start, whose doubt says where and why. So does one
    whose day cannot be, when `now` is today.
    """
    heading = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count))
    try:
        fields = [_field(cell, f"{name} line 1") for cell in next(rows, [])]
        if not {"name", "schedule", "start_date"} & set(fields):
            raise ParseError(f"{name} line 1: no column for the name or the start of an event")
        line = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield _read(_tell(fields, cells, f"{name} line {line}"), f"{name} line {line}", now)
            line = rows.line_num + 1
    except csv.Error as error:
        raise ParseError(f"{name} line {rows.line_num}: {error}") from error


def read_tables(text: str, name: str, now: date) -> Iterator[Draft]:
    """One draft an `[[event]]` table of TOML; as `read_csv` otherwise. `[[recurring]]` is for another to read."""
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ParseError(f"{name}: {error}") from error
    tables = read.get("event", [])
    if read and not read.keys() & {"event", "recurring"}:
        raise ParseError(f"{name}: has neither [[event]] nor [[recurring]] tables")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ParseError(f"{name}: events are [[event]] tables")
    lines = [text.count("\n", 0, start.start()) + 1 for start in TABLE.finditer(text)]
    lines += [1] * (len(tables) - len(lines))
    for table, line in zip(tables, lines, strict=False):
        where = f"{name} line {line}"
        yield _read(_flatten(table, where), where, now)


def _tell(fields: list[str], cells: list[str], where: str) -> Told:
    yield from ((field, cell.strip()) for field, cell in zip(fields, cells, strict=False) if cell.strip())
    if len(cells) > len(fields):
        raise ParseError(f"{where}: {len(cells)} cells, but {len(fields)} columns")


def _flatten(table: Mapping[str, object], where: str) -> Iterator[tuple[str, str]]:
    """A `location` or `organizer` may be a table of its own."""
    for key, value in table.items():
        if isinstance(value, dict):
            named = {f"{key}_{inner}" if inner in {"name", "url"} else inner: deep for inner, deep in value.items()}
            named = {("organizer" if inner == "organizer_name" else inner): deep for inner, deep in named.items()}
            yield from _flatten(named, where)
        else:
            yield _field(key, where), _write(value)


def _field(key: str, where: str) -> str:
    field = _FIELDS.get(re.sub(r"[^a-z]", "", key.lower()))
    if field is None:
        raise ParseError(f"{where}: “{key[:40]}” is not known; known are {', '.join(_ALIASES)}")
    return field


def _write(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return ",".join(map(_write, value))
    return str(value).strip()


def _read(pairs: Told, where: str, now: date) -> Draft:
    told: dict[str, str] = {}
    try:
        told.update(pairs)
        draft = _draft(dict(told), where)
    except ParseError as error:
        return Draft(name=told.get("name"), doubts=(str(error),))
    return draft if _has_day(draft, now) else replace(draft, doubts=(where,))


def _draft(told: dict[str, str], where: str) -> Draft:
    """A time of day joins the day of its own column."""
    start, end = told.pop("start_time", None), told.pop("end_time", None)
    if start and "start_date" in told:
        told["start_date"] += f" {start}"
        if end and "end_date" not in told:
            told["date_text"] = f"{told.pop('start_date')} - {end}"
    if end and "end_date" in told:
        told["end_date"] += f" {end}"
    free = _read_flag(told.pop("is_accessible_for_free", ""), "free", where)
    wheelchair = told.pop("wheelchair_accessible", "")
    flags = Draft(
        is_accessible_for_free=free,
        wheelchair_accessible=_read_flag(wheelchair, "wheelchair", where),
        accessibility=f"wheelchair accessible: {wheelchair}" if wheelchair else None,
    )
    lists = {field: _split(field, told.pop(field)) for field in sorted(_LISTS & set(told))}
    return replace(flags, **told, **lists)  # type: ignore[arg-type]


def _read_flag(told: str, name: str, where: str) -> bool | None:
    if told.lower() not in _TRUE | _FALSE | {""}:
        raise ParseError(f"{where}: {name} is yes or no, not “{told[:40]}”")
    return told.lower() in _TRUE if told else None


def _split(field: str, text: str) -> tuple[str, ...]:
    """Rules hold commas themselves, so several are told apart by a bar or a line end."""
    parts = re.split(r"[|\n]", text) if field == "rrule" else re.split(r"[,|\n]", text)
    return tuple(part.strip() for part in parts if part.strip())


def _has_day(draft: Draft, now: date) -> bool:
    """Whether it has a name, and a schedule or a day in any order in which a source may write days."""
    words = draft.start_date or draft.date_text
    if draft.name is None or not words:
        return draft.name is not None and draft.schedule is not None
    return any(_is_date(words, now, order) for order in get_args(DateOrder))


def _is_date(words: str, now: date, order: DateOrder) -> bool:
    try:
        read_span(words, now=now, order=order)
    except UnreadDateError:
        return False
    return True
