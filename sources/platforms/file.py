"""Files dropped in a folder: CSV rows and TOML tables in the API's words, rules in TOML, calendars."""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from aggregator.errors import ParseError
from aggregator.source import Draft, Page
from sources.platforms import ics, recurring

_RULE = re.compile(r"^[ \t]*\[\[[ \t]*recurring[ \t]*\]\]", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*event[ \t]*\]\]", re.MULTILINE)
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
    "same_as": "sameas",
}
_FIELDS = {alias: field for field, aliases in _ALIASES.items() for alias in aliases.split()}
_TRUE, _FALSE = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})


def recognise(page: Page) -> str | None:
    """By the name of the file, and for TOML by its tables."""
    suffix = _suffix(page)
    if suffix == ".csv":
        return "a .csv file"
    is_ours = suffix in {".toml", ""} and (_TABLE.search(page.text) or _RULE.search(page.text))
    return "TOML with [[event]] or [[recurring]] tables" if is_ours else None


def parse(page: Page) -> Iterator[Draft]:
    """One draft a row or table; ParseError names the file and the line of what cannot be read."""
    text = page.text
    if ics.recognise(page):
        yield from ics.parse(page)
    elif _suffix(page) != ".toml" and not (_TABLE.search(text) or _RULE.search(text)):
        yield from _parse_csv(page)
    else:
        yield from _parse_toml(page)
        yield from recurring.parse(page) if _RULE.search(text) else ()


def _suffix(page: Page) -> str:
    return PurePosixPath(_file_name(page)).suffix.lower()


def _file_name(page: Page) -> str:
    return PurePosixPath(unquote(urlsplit(page.url).path)).name or page.url


def _parse_csv(page: Page) -> Iterator[Draft]:
    text = page.text
    heading = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count))
    try:
        fields = [_field(cell, page, 1) for cell in next(rows, [])]
        if not {"name", "schedule", "start_date"} & set(fields):
            raise ParseError(f"{_file_name(page)} line 1: no column for the name or the start of an event")
        line = rows.line_num + 1
        for cells in rows:
            if len(cells) > len(fields):
                raise ParseError(f"{_file_name(page)} line {line}: {len(cells)} cells, but {len(fields)} columns")
            told = {field: cell.strip() for field, cell in zip(fields, cells, strict=False) if cell.strip()}
            if told:
                yield _draft(told, page, line)
            line = rows.line_num + 1
    except csv.Error as error:
        raise ParseError(f"{_file_name(page)} line {rows.line_num}: {error}") from error


def _parse_toml(page: Page) -> Iterator[Draft]:
    text = page.text
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ParseError(f"{_file_name(page)}: {error}") from error
    tables = read.get("event", [])
    if read and not read.keys() & {"event", "recurring"}:
        raise ParseError(f"{_file_name(page)}: has neither [[event]] nor [[recurring]] tables")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ParseError(f"{_file_name(page)}: events are [[event]] tables")
    lines = [text.count("\n", 0, start.start()) + 1 for start in _TABLE.finditer(text)]
    lines += [1] * (len(tables) - len(lines))
    for table, line in zip(tables, lines, strict=False):
        yield _draft(dict(_flatten(table, page, line)), page, line)


def _flatten(table: Mapping[str, object], page: Page, line: int) -> Iterator[tuple[str, str]]:
    """(field, text) of a table; a `location` or `organizer` may be a table of its own."""
    for key, value in table.items():
        if isinstance(value, dict):
            named = {f"{key}_{inner}" if inner in {"name", "url"} else inner: deep for inner, deep in value.items()}
            named = {("organizer" if inner == "organizer_name" else inner): deep for inner, deep in named.items()}
            yield from _flatten(named, page, line)
        else:
            yield _field(key, page, line), _write(value)


def _field(key: str, page: Page, line: int) -> str:
    field = _FIELDS.get(re.sub(r"[^a-z]", "", key.lower()))
    if field is None:
        known = ", ".join(_ALIASES)
        raise ParseError(f"{_file_name(page)} line {line}: “{key[:40]}” is not known; known are {known}")
    return field


def _write(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return ",".join(map(_write, value))
    return str(value).strip()


def _draft(told: dict[str, str], page: Page, line: int) -> Draft:
    """`told` holds texts by field, lists joined by commas; a time of day joins the day of its own column."""
    start, end = told.pop("start_time", None), told.pop("end_time", None)
    if start and "start_date" in told:
        told["start_date"] += f" {start}"
        if end and "end_date" not in told:
            told["date_text"] = f"{told.pop('start_date')} - {end}"
    if end and "end_date" in told:
        told["end_date"] += f" {end}"
    free = told.pop("is_accessible_for_free", "").lower()
    if free and free not in _TRUE | _FALSE:
        raise ParseError(f"{_file_name(page)} line {line}: free is yes or no, not “{free[:40]}”")
    lists = {field: _split(field, told.pop(field)) for field in sorted(_LISTS & set(told))}
    draft = replace(Draft(is_accessible_for_free=free in _TRUE if free else None), **told, **lists)  # type: ignore[arg-type]
    if draft.name is None or not (draft.start_date or draft.date_text or draft.schedule):
        return replace(draft, doubts=(f"{_file_name(page)} line {line}",))
    return draft


def _split(field: str, text: str) -> tuple[str, ...]:
    """Rules hold commas themselves, so several are told apart by a bar or a line end."""
    parts = re.split(r"[|\n]", text) if field == "rrule" else re.split(r"[,|\n]", text)
    return tuple(part.strip() for part in parts if part.strip())
