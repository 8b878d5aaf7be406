"""A town's archive as a zip file: written beside and renamed, and read as if a stranger had made it."""

import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo, is_zipfile

from aggregator.errors import ArchiveError
from aggregator.store.archive import (
    LISTINGS,
    MANIFEST,
    MOST_OF_A_LINE,
    SOURCES,
    VETOES,
    Counts,
    KeptListing,
    KeptSource,
    KeptVeto,
    Manifest,
    read_listings,
    read_manifest,
    read_sources,
    read_vetoes,
)
from aggregator.store.archived_words import (
    CORRECTIONS,
    HIDES,
    KeptCorrection,
    KeptHide,
    read_corrections,
    read_hides,
)
from api.cli.own import CATALOGS, PLACES, OwnFile, is_own_name

MEBIBYTE = 1 << 20
MOST_BYTES = {MANIFEST: MEBIBYTE, VETOES: 64 * MEBIBYTE, SOURCES: 64 * MEBIBYTE, LISTINGS: 4096 * MEBIBYTE}
_LATER = {CORRECTIONS: 64 * MEBIBYTE, HIDES: 64 * MEBIBYTE}
"""What older exports do not have."""

MOST_OF_A_FILE = 16 * MEBIBYTE
"""Inflated bytes of each member."""

MOST_MEMBERS = 1000
_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can name: one store gives one archive, to the byte."""

Members = Iterable[tuple[str, Iterable[bytes]]]


def write_zip(path: Path, members: Members) -> None:
    """Nothing half-written is ever at `path`. ArchiveError when something else than an archive is there."""
    if path.exists() and not is_zipfile(path):
        raise ArchiveError(f"{path}: is there already, and is no archive; nothing was written: choose another name")
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("wb") as file:
            _write_members(file, members)
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write_members(file: IO[bytes], members: Members) -> None:
    with ZipFile(file, "w") as archive:
        for name, lines in members:
            member = ZipInfo(name, _ALWAYS)
            member.compress_type, member.external_attr, member.create_system = ZIP_DEFLATED, 0o100644 << 16, 3
            with archive.open(member, "w", force_zip64=name == LISTINGS) as opened:
                for line in lines:
                    opened.write(line)


class ZippedTown:
    """A Town (aggregator.store.inbound), and the operator's own files; each ArchiveError names the file."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._advance: Callable[[], None] = lambda: None
        _check_members(path, archive.infolist())
        self.manifest: Manifest = read_manifest(self._whole(MANIFEST), f"{path}: {MANIFEST}")

    def vetoes(self) -> Iterator[KeptVeto]:
        """What is told by nobody."""
        return read_vetoes(self._lines(VETOES), f"{self._path}: {VETOES}")

    def sources(self) -> Iterator[KeptSource]:
        """By name."""
        return read_sources(self._lines(SOURCES), f"{self._path}: {SOURCES}")

    def corrections(self) -> Iterator[KeptCorrection]:
        """An editor's words, in order."""
        return read_corrections(self._lines(CORRECTIONS), f"{self._path}: {CORRECTIONS}")

    def hides(self) -> Iterator[KeptHide]:
        """By source and uid."""
        return read_hides(self._lines(HIDES), f"{self._path}: {HIDES}")

    def listings(self) -> Iterator[KeptListing]:
        """By source and uid."""
        for listing in read_listings(self._lines(LISTINGS), f"{self._path}: {LISTINGS}"):
            yield listing
            self._advance()

    def watch(self, advance: Callable[[], None]) -> None:
        """Call this after each listing."""
        self._advance = advance

    def own_files(self) -> tuple[OwnFile, ...]:
        """The operator's catalogue files and places; CatalogError or SettingsError for what they cannot say."""
        names = [name for name in self._archive.namelist() if name.startswith((CATALOGS, PLACES))]
        return tuple(OwnFile.from_text(name, self._text(name)) for name in names)

    def check(self) -> None:
        """Read all of it once, so that nothing is touched for the sake of an archive that is damaged at its end."""
        names = {source.name for source in self.sources()}
        told = 0
        for told, listing in enumerate(self.listings(), 1):
            if listing.event.source not in names:
                why = f"is of {listing.event.source}, which is not in {SOURCES}"
                raise ArchiveError(f"{self._path}: {LISTINGS}, line {told}: {why}")
        folders = [file.folder for file in self.own_files()]
        catalogs, places = folders.count(CATALOGS), folders.count(PLACES)
        vetoes, corrections, hides = (
            sum(1 for _ in some) for some in (self.vetoes(), self.corrections(), self.hides())
        )
        found = Counts(
            vetoes=vetoes,
            sources=len(names),
            listings=told,
            catalogs=catalogs,
            places=places,
            corrections=corrections,
            hides=hides,
        )
        if found != self.manifest.counts:
            raise ArchiveError(f"{self._path}: {MANIFEST} promises {self.manifest.counts}, and there are {found}")

    def _lines(self, name: str) -> Iterator[bytes]:
        if name in _LATER and name not in self._archive.namelist():
            return
        with _reading(self._path), self._archive.open(name) as opened:
            while line := opened.readline(MOST_OF_A_LINE + 1):
                yield line

    def _whole(self, name: str) -> bytes:
        with _reading(self._path):
            return self._archive.read(name)

    def _text(self, name: str) -> str:
        try:
            return self._whole(name).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ArchiveError(f"{self._path}: {name}: is not in UTF-8") from error


@contextmanager
def open_town(path: Path) -> Iterator[ZippedTown]:
    """ArchiveError for what no `hobnob export` wrote; OSError when there is no such file."""
    with path.open("rb") as file:
        with _reading(path):
            archive = ZipFile(file)
        with archive:
            yield ZippedTown(path, archive)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever zipfile raises on a damaged file, as one error."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError, struct.error) as error:
        raise ArchiveError(f"{path}: is damaged, or was not written by `hobnob export`: {error}") from error


def _check_members(path: Path, members: list[ZipInfo]) -> None:
    """Nothing is unpacked by name, and still no name, size or way of packing passes that an export does not write."""
    if len(members) > MOST_MEMBERS:
        raise ArchiveError(f"{path}: holds {len(members):,} files, and {MOST_MEMBERS:,} is the limit")
    for member in members:
        if why := _refusal(member):
            raise ArchiveError(f"{path}: {member.filename[:100]}: {why}")
    names = [member.filename.rpartition("/")[2].casefold() for member in members]
    if twins := {name for name in names if names.count(name) > 1}:
        raise ArchiveError(f"{path}: {min(twins)}: is there more than once")
    if missing := MOST_BYTES.keys() - names:
        raise ArchiveError(f"{path}: was not written by `hobnob export`: there is no {min(missing)} in it")


def _refusal(member: ZipInfo) -> str | None:
    folder, slash, name = member.filename.rpartition("/")
    is_own = f"{folder}/" in {CATALOGS, PLACES} and is_own_name(name)
    if not is_own and (slash or name not in MOST_BYTES | _LATER):
        return "is no part of a town's archive, and may not be written anywhere"
    most = MOST_OF_A_FILE if is_own else (MOST_BYTES | _LATER)[name]
    if member.file_size > most:
        return f"is {member.file_size:,} bytes when unpacked, and {most:,} is the limit"
    if member.flag_bits & 1 or member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return "is encrypted, or packed in a way that `hobnob export` does not use"
    return None
