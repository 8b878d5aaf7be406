"""What begins as somebody types: towns, the biggest first, and postcodes."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aggregator.place.keys import place_key
from aggregator.place.regions import country_name, region_name
from aggregator.place.towns import Spot, Town, label_of, without_repeats

MOST = 10
AT_HOME = 100
"""A town of one's own country counts for so many times its people: "san" is San Antonio before Santiago, and "london"
London in England all the same."""
_ENOUGH = 40
"""Rows that are looked at for so many: a town may be told twice."""

_ROWS = """
SELECT name, country, region, latitude, longitude, population, time_zone, is_own FROM names JOIN towns ON id = town
WHERE key >= ?1 AND key {last} AND (is_own OR key = ?1)
ORDER BY population * iif(country IS ?2, ?3, 1) DESC LIMIT ?4
"""
_BEGINNING = _ROWS.format(last="< ?1 || '\U0010ffff'")
_NAMED = _ROWS.format(last="<= ?1")
_ALL = -1
_POSTCODES = f"""
SELECT code, name, region FROM postcodes WHERE code >= ?1 AND code < ?1 || ':' ORDER BY code LIMIT {MOST}
"""  # noqa: S608
_DIGITS = re.compile(r"\d{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """`near` is what can be asked for, and means the spot alone; `label` is what a person reads."""

    near: str
    label: str
    spot: Spot


def is_postcode(text: str) -> bool:
    """Whether it is the beginning of one of the United States."""
    return _DIGITS.fullmatch(text) is not None


def postcodes_beginning(tables: sqlite3.Connection, digits: str) -> list[tuple[str, str]]:
    """Code and label of each, in order."""
    rows = tables.execute(_POSTCODES, (digits,))
    return [(code, f"{code}, {label_of(name, region, 'US')}") for code, name, region in rows]


def towns_beginning(
    tables: sqlite3.Connection, text: str, own: Iterable[tuple[str, Sequence[Town]]], home: str | None
) -> list[Town]:
    """The operator's `own` first, which stand under their keys; then the biggest. Another name of a town ("NYC") is
    known when it is whole. After a comma, or as a last word, a region or country may be begun: "salem, or"."""
    name, comma, area = text.partition(",")
    key = place_key(name)
    if not key:
        return []
    mine = [town for own_key, towns in own if own_key.startswith(key) for town in towns]
    theirs = _find(tables, _NAMED, key, home, _ALL) if comma else _find(tables, _BEGINNING, key, home, _ENOUGH)
    towns = [*mine, *theirs]
    if not towns and " " in key:
        name, _, area = name.strip().rpartition(" ")
        towns = _find(tables, _NAMED, place_key(name), home, _ALL)
    return list(without_repeats(town for town in towns if _is_in(town, area)))[:MOST]


def _find(tables: sqlite3.Connection, rows: str, key: str, home: str | None, most: int) -> list[Town]:
    return [Town._make(row) for row in tables.execute(rows, (key, home, AT_HOME, most))]


def _is_in(town: Town, begun: str) -> bool:
    wanted = place_key(begun)
    return not wanted or any(place_key(area).startswith(wanted) for area in _areas(town))


def _areas(town: Town) -> Iterator[str]:
    if town.region:
        yield town.region
        yield region_name(town.region, town.country)
    yield town.country
    yield country_name(town.country)
