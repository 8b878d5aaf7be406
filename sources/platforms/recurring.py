"""A regular meeting that no page lists by its dates: a rule in words or RFC 5545, as a catalogue row or a file."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from aggregator.errors import CatalogError, ParseError, UnreadDateError
from aggregator.reading.rhythm import FIRST_DAY, Rhythm, falls_on, read_rhythm, start_of
from aggregator.reading.rhythm.holidays import holidays
from aggregator.source import Draft, Page, Request

STALE = timedelta(days=120)
"""A rule that nobody has confirmed for so long may have rotted."""

TEXTS = ("identifier", "name", "url", "organizer", "description", "price", "time_zone")
DATES = ("since", "verified")
PLACE = {
    "name": "location_name",
    "street_address": "street_address",
    "locality": "address_locality",
    "region": "address_region",
    "postal_code": "postal_code",
    "country": "address_country",
    "latitude": "latitude",
    "longitude": "longitude",
}
KEYS = frozenset({*TEXTS, *DATES, "rule", "location", "except_holidays", "except_dates"})

Row = Mapping[str, Any]


def request(  # noqa: PLR0913 - the keys of a catalogue row
    name: str,
    rule: str,
    *,
    title: str | None = None,
    url: str | None = None,
    organizer: str | None = None,
    time_zone: str | None = None,
    location: Row | None = None,
    since: date | None = None,
    verified: date | None = None,
    except_holidays: str | None = None,
    except_dates: Sequence[date] = (),
    description: str | None = None,
    price: str | None = None,
) -> Request:
    """The row itself as a `data:` address (RFC 2397); `title` is what the meeting is called, else its organiser."""
    row = {"identifier": name, "name": title or organizer or name, "rule": rule, "url": url, "organizer": organizer}
    row |= {"time_zone": time_zone, "description": description, "price": price, "except_holidays": except_holidays}
    row |= {"location": location, "since": since, "verified": verified, "except_dates": except_dates}  # type: ignore[dict-item]
    said = {key: value for key, value in row.items() if value}
    return Request(url="data:application/json," + quote(json.dumps(said, default=str)))


def recognise(page: Page) -> str | None:
    """The evidence that the page is one such rule; files of several are `file`'s."""
    try:
        return f"a rule: {_rows(page)[0]['rule']}" if page.text.lstrip().startswith("{") else None
    except (ParseError, LookupError, TypeError):
        return None


def parse(page: Page) -> Iterator[Draft]:
    """One draft a rule: a row, or several under `recurring`, in JSON or TOML. ParseError names what is wrong."""
    for row in _rows(page):
        where = f"recurring “{row.get('name', '?')}”"
        try:
            yield _draft(row, page.fetched_at.date())
        except (UnreadDateError, CatalogError, ValueError, TypeError) as error:
            raise ParseError(f"{where}: {error}") from error


def _rows(page: Page) -> list[Row]:
    text = page.text
    try:
        read = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ParseError(f"{page.url[:80]}: {error}") from error
    rows = read.get("recurring", [read])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ParseError(f"{page.url[:80]}: rules are written as [[recurring]] tables")
    return rows


def _draft(row: Row, today: date) -> Draft:
    unknown = sorted(row.keys() - KEYS) + sorted(_location(row).keys() - PLACE.keys())
    if unknown or not row.get("name") or not row.get("rule"):
        raise ValueError(f"“{unknown[0]}” is not a key" if unknown else "a name and a rule are needed")
    since, verified = _date(row.get("since")), _date(row.get("verified"))
    rhythm = read_rhythm(str(row["rule"]), since=since)
    first = start_of(rhythm, since or FIRST_DAY)
    is_stale = verified is not None and today - verified > STALE
    texts: dict[str, Any] = {key: str(row[key]) for key in TEXTS if row.get(key)}
    texts |= {PLACE[key]: str(value) for key, value in _location(row).items()}
    return Draft(
        **{"identifier": str(row["name"]), **texts},
        start_date=_at(first, rhythm.start),
        end_date=_at(_end_day(first, rhythm), rhythm.end) if rhythm.end else None,
        rrule=rhythm.rrules,
        except_dates=tuple(_at(day, rhythm.start) for day in sorted(_free_days(row, rhythm, first, today))),
        doubts=(*rhythm.doubts, *((f"not confirmed since {verified}",) if is_stale else ())),
    )


def _free_days(row: Row, rhythm: Rhythm, first: date, today: date) -> set[date]:
    """Those days of the rhythm, from its first to the end of the year after next, on which nobody meets."""
    years = range(min(first.year, today.year), today.year + 3)
    named = holidays(row["except_holidays"], years) if row.get("except_holidays") else frozenset()
    told = {day for value in row.get("except_dates", ()) if (day := _date(value)) is not None}
    return {day for day in named | told if day >= first and falls_on(rhythm, day)}


def _location(row: Row) -> Row:
    location = row.get("location", {})
    if not isinstance(location, dict):
        raise ValueError("a location is a table")
    return location


def _date(value: object) -> date | None:
    if isinstance(value, date) or value is None:
        return value.date() if isinstance(value, datetime) else value
    return date.fromisoformat(str(value))


def _end_day(first: date, rhythm: Rhythm) -> date:
    is_next_day = rhythm.start is not None and rhythm.end is not None and rhythm.end <= rhythm.start
    return first + timedelta(days=is_next_day)


def _at(day: date, clock: time | None) -> str:
    return day.isoformat() if clock is None else datetime.combine(day, clock).isoformat()
