"""The operator's own files in an archive: catalogues and places, without addresses of people."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.errors import ArchiveError
from aggregator.place.extra import load_places
from aggregator.reading.text import without_contacts
from aggregator.settings import CONFIG_FILE, Settings
from sources.load import load

CATALOGS, PLACES = "catalogs/", "places/"
_NAME = re.compile(r"[^\W_][\w .-]{0,99}\.toml")
_HELD_BACK = re.compile(r"^[^#\n]*confirm_to\s*=", re.MULTILINE)
_MAILBOX = re.compile(r"\s*confirm_to\s*=")
UNSHARED = frozenset({"note", "confirm_to"})
_NOTE = re.compile(r"\s*(note\s*=|#)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """`folder` is the archive's; on a disk the file is in the folder that commands are run from."""

    folder: str
    name: str
    text: str

    @classmethod
    def from_text(cls, name: str, text: str) -> "OwnFile":
        """CatalogError or SettingsError for what such a file cannot say."""
        (load if name.startswith(CATALOGS) else load_places)(text, name)
        folder, _, own = name.rpartition("/")
        return cls(folder=f"{folder}/", name=own, text=text)

    @property
    def is_here(self) -> bool:
        """Whether the same is on the disk, but for addresses of people."""
        path = Path(self.name)
        return path.is_file() and _as_shared(path) == self.text


def is_own_name(name: str) -> bool:
    """Whether a file of this name may be written: never the settings, nothing hidden, nowhere else."""
    return _NAME.fullmatch(name) is not None and name.casefold() != CONFIG_FILE


def own_files(settings: Settings, catalogs: Sequence[Path] | None) -> tuple[OwnFile, ...]:
    """Those of the command line, else of the settings, as they go into an archive."""
    paths = [(CATALOGS, path) for path in catalogs or map(Path, settings.catalogs)]
    if settings.places:
        paths.append((PLACES, settings.places))
    files = [_read(folder, path) for folder, path in sorted(paths)]
    names = [file.name.casefold() for file in files]
    if twins := {name for name in names if names.count(name) > 1}:
        raise ArchiveError(f"two files are called {min(twins)}, and an archive has room for one: rename the other")
    return tuple(files)


def plan_files(files: Sequence[OwnFile], *, is_forced: bool) -> tuple[OwnFile, ...]:
    """Those to be written; ArchiveError when another file of that name is here."""
    missing = tuple(file for file in files if not file.is_here)
    for file in missing:
        if Path(file.name).exists() and not is_forced:
            raise ArchiveError(
                f"{file.name}: is here already and differs; nothing was imported: move it away, or --force replaces it"
            )
    return missing


def write_file(file: OwnFile) -> None:
    """Beside and renamed."""
    beside = Path(f"{file.name}.new")
    beside.write_text(file.text, "utf-8", newline="")
    beside.replace(file.name)


def _read(folder: str, path: Path) -> OwnFile:
    if not is_own_name(path.name):
        raise ArchiveError(f"{path}: cannot go into an archive by this name: call it something like sources.toml")
    return OwnFile.from_text(folder + path.name, _as_shared(path))


def _as_shared(path: Path) -> str:
    """Its text, without addresses and numbers of people in notes and comments; links are as they were."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArchiveError(f"{path}: is not in UTF-8") from error
    lines = (line for line in text.splitlines(keepends=True) if not _MAILBOX.match(line))
    shared = "".join(map(_without_contacts, lines))
    if _HELD_BACK.search(shared) or (shared != text and _sayings(shared, path) != _sayings(text, path)):
        raise ArchiveError(
            f"{path}: an address of a person in it cannot be taken out: mend its notes and comments, and give each"
            " confirm_to a line of its own"
        )
    return shared


def _without_contacts(line: str) -> str:
    body = line.rstrip("\r\n")
    head, sign, comment = ("", "", body) if _NOTE.match(body) else body.rpartition(" #")
    if not head and not _NOTE.match(body):
        return line
    return head + sign + without_contacts(comment) + line[len(body) :]


def _sayings(text: str, path: Path) -> Any:
    """All that a file says but what is not shared."""
    try:
        return _without_unshared(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ArchiveError(f"{path}: {error}") from error


def _without_unshared(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _without_unshared(value) for key, value in told.items() if key not in UNSHARED}
    return [_without_unshared(value) for value in told] if isinstance(told, list) else told
