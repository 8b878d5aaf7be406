"""Page -> the platforms that its site is on, best first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from aggregator.source import Page
from sources.load import platform, platform_names

FIRST = ("tec", "growthzone", "weblink", "chambernation", "squarespace", "wix", "wildapricot", "membershipworks")
"""Whole sites on one vendor; what they embed from others comes after."""

GENERAL = ("ics", "rss", "file", "html", "jsonld")
"""Formats that many platforms publish: a platform's own marks are looked for before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A platform, the address by which it reads this site, and what on the page speaks for it."""

    platform: str
    url: str
    evidence: str


def detect(page: Page) -> Iterator[Candidate]:
    """Every platform whose marks the page bears."""
    for name in sorted(platform_names(), key=_rank):
        module = platform(name, page.url)
        if evidence := module.recognise(page):
            url = _call(module, "address", page) or page.url
            yield Candidate(platform=name, url=url, evidence=evidence)
        elif found := _call(module, "linked", page):
            yield Candidate(platform=name, url=found, evidence=f"the page links to {found}")


def _call(module: ModuleType, name: str, page: Page) -> str | None:
    """What a function that not every platform has says of the page."""
    function: Callable[[Page], str | None] | None = getattr(module, name, None)
    return function(page) if function else None


def _rank(name: str) -> int:
    if name in FIRST:
        return FIRST.index(name) - len(FIRST)
    return 1 + GENERAL.index(name) if name in GENERAL else 0
