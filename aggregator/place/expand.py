"""The gazetteer's compressed files, expanded once to a SQLite file that opens in about ten milliseconds."""

import lzma
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from aggregator.place.keys import place_key

LAYOUT = 2
"""Grows when the tables below, or `place_key`, change: an older version's file is then left alone."""
_FILES = ("gazetteer", "postcodes")
UNITS = 10_000
"""Coordinates are whole numbers of 1/10,000 degree."""

TABLES = """
CREATE TABLE towns (
  id INTEGER PRIMARY KEY, name TEXT, country TEXT, region TEXT, latitude REAL, longitude REAL, population INTEGER,
  time_zone TEXT
);
CREATE INDEX towns_by_latitude ON towns (latitude);
CREATE TABLE names (key TEXT, is_own INTEGER, town INTEGER, PRIMARY KEY (key, town)) WITHOUT ROWID;
CREATE TABLE postcodes (
  code TEXT PRIMARY KEY, name TEXT, region TEXT, latitude REAL, longitude REAL, time_zone TEXT
) WITHOUT ROWID;
"""


def open_tables(folder: Path | None = None) -> sqlite3.Connection:
    """The tables, read-only: from a file in `folder` (the user's cache), made when it is not there; in memory when
    nothing can be written there. The connection may be used by several threads.
    """
    towns, postcodes = (files("aggregator.place").joinpath(f"{name}.tsv.xz").read_bytes() for name in _FILES)
    version = blake2b(towns + postcodes, digest_size=8).hexdigest()
    folder = folder or cache_folder()
    connection = _open_or_make(folder / f"gazetteer-{LAYOUT}-{version}.db", towns, postcodes) if folder else None
    return connection or _fill(sqlite3.connect(":memory:", check_same_thread=False), towns, postcodes)


def cache_folder() -> Path | None:
    """Where files that can be made again belong (XDG Base Directory Specification); None for a user without a home."""
    own = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(own) if own.startswith("/") else Path.home() / ".cache") / "hobnob"
    except RuntimeError:
        return None


def _open_or_make(path: Path, towns: bytes, postcodes: bytes) -> sqlite3.Connection | None:
    """The tables of the file; None where the folder lets it be neither read nor written."""
    with suppress(OSError, sqlite3.Error):
        if connection := _open_whole(path):
            return connection
        _write_beside(path, towns, postcodes)
        return _open_whole(path)
    return None


def _open_whole(path: Path) -> sqlite3.Connection | None:
    """The file's tables, or None when there is no such file or it is not whole."""
    if not path.is_file():
        return None
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        if connection.execute("PRAGMA user_version").fetchone() == (LAYOUT,):
            return connection
    except sqlite3.DatabaseError:
        pass
    connection.close()
    return None


def _write_beside(path: Path, towns: bytes, postcodes: bytes) -> None:
    """Written under another name and renamed, so that another process sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.stem, dir=path.parent)
    os.close(handle)
    unfinished = Path(name)
    try:
        with closing(sqlite3.connect(unfinished)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA journal_mode=OFF")
            _fill(connection, towns, postcodes)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, towns: bytes, postcodes: bytes) -> sqlite3.Connection:
    connection.executescript(TABLES)
    names: list[tuple[str, int, int]] = []
    connection.executemany("INSERT INTO towns VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _town_rows(towns, names))
    connection.executemany("INSERT INTO names VALUES (?, ?, ?)", sorted(names))
    connection.executemany("INSERT INTO postcodes VALUES (?, ?, ?, ?, ?, ?)", _postcode_rows(postcodes))
    connection.execute(f"PRAGMA user_version={LAYOUT}")
    connection.commit()
    return connection


TownRow = tuple[int, str, str, str, float, float, int, str]


def _town_rows(body: bytes, names: list[tuple[str, int, int]]) -> Iterator[TownRow]:
    """Each town; and, into `names`, the keys it is found under: 1 with its own name, 0 with others."""
    for number, line in enumerate(lzma.decompress(body).decode().splitlines()):
        name, country, region, latitude, longitude, population, zone, others = line.split("\t")
        names.append((place_key(name), 1, number))
        names.extend((other, 0, number) for other in others.split("|") if other)
        yield number, name, country, region, int(latitude) / UNITS, int(longitude) / UNITS, int(population), zone


def _postcode_rows(body: bytes) -> Iterator[tuple[str, str, str, float, float, str]]:
    for line in lzma.decompress(body).decode().splitlines():
        code, latitude, longitude, name, region, zone = line.split("\t")
        yield code, name, region, int(latitude) / UNITS, int(longitude) / UNITS, zone
