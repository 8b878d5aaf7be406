"""Page -> the platforms it could be read with, best first."""

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.source import Page
from sources.load import platform, platform_names

GENERAL = ("ics", "rss", "file", "html", "jsonld")
"""Formats that many platforms publish: a platform's own marks are looked for before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A platform, and what on the page speaks for it."""

    platform: str
    evidence: str


def detect(page: Page) -> Iterator[Candidate]:
    """Every platform whose marks the page bears."""
    for name in sorted(platform_names(), key=_rank):
        evidence = platform(name, page.url).recognise(page)
        if evidence:
            yield Candidate(platform=name, evidence=evidence)


def _rank(name: str) -> int:
    return GENERAL.index(name) if name in GENERAL else -1
