"""Finding: one thing that was looked at; and how findings are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from rich.console import Console

from api.cli.words import plain


class Grade(IntEnum):
    """How bad it is; the worst is told first."""

    WRONG, DOUBTFUL, UNKNOWN, WELL = range(4)


MARKS = {
    Grade.WRONG: ("✗", "red"),
    Grade.DOUBTFUL: ("!", "yellow"),
    Grade.UNKNOWN: ("?", "cyan"),
    Grade.WELL: ("✓", "green"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`about` is what was looked at, `seen` what was found, `advice` what to do; None where nothing is to be done."""

    grade: Grade
    about: str
    seen: str
    advice: str | None = None


def show(findings: Iterable[Finding], console: Console) -> None:
    """A line each, the worst first, and what to do beneath it."""
    for finding in sorted(findings, key=lambda finding: finding.grade):
        mark, style = MARKS[finding.grade]
        console.print(f"{mark} {finding.about}: {plain(finding.seen)}", style=style, markup=False, highlight=False)
        if finding.advice:
            console.print(f"    {plain(finding.advice)}", markup=False, highlight=False)
