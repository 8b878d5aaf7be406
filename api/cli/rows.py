"""The `[[source]]` rows of a catalogue file as text, so that what people wrote around them stays; pure."""

import re
import tomllib

from aggregator.errors import CatalogError

_HEAD = re.compile(r"^[ \t]*\[\[[ \t]*source[ \t]*\]\][ \t]*(?:#.*)?$", re.MULTILINE)


def find_row(text: str, name: str) -> str | None:
    """The row of that name, from its heading to the next; None when it does not stand there."""
    span = _span(text, name)
    return text[span[0] : span[1]].rstrip() + "\n" if span else None


def replace_row(text: str, name: str, row: str) -> str:
    """The file with another row in the place of the named one; CatalogError when either is none."""
    span = _span(text, name)
    if span is None:
        raise CatalogError(f"source {name} does not stand in this file")
    if _name_of(row) != name:
        raise CatalogError(f"a row that begins with [[source]] and says name = “{name}” is wanted")
    rest = text[span[1] :]
    return text[: span[0]] + row.strip() + "\n" + (f"\n{rest.lstrip()}" if rest.strip() else "")


def _span(text: str, name: str) -> tuple[int, int] | None:
    starts = [match.start() for match in _HEAD.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if _name_of(text[start:end]) == name:
            return start, end
    return None


def _name_of(row: str) -> str | None:
    """What the only row of this text is called; None when it is no row, or more than one."""
    try:
        rows = tomllib.loads(row).get("source", [])
    except tomllib.TOMLDecodeError:
        return None
    return rows[0].get("name") if isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], dict) else None
