"""Induction: how well pages that no platform and no structured data tell are read without any configuration.

    python benchmarks/induction.py CORPUS [-v]

For each html file without a platform that we know and without structured data, the recipe that is induced reads it, and
its (name, day) pairs are compared with what the corpus expects. What is expected comes from scrapers of single bodies:
where a name is not on the page, or is one for all events of a page (the scraper's own), the day alone counts; and what
lies outside the days that the scraper took, or bears the name of another body, is not counted against us. Prints each
file, F1 over all, and the precision of what it is confident of; then the same with every name and every day counted.
Exits 1 below a bar.
"""

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.errors import HobnobError, ParseError, UnreadDateError
from aggregator.reading.dates import read_span
from aggregator.source import Draft, Page, Request
from sources.detect import detect
from sources.induce import Induced, induce
from sources.platforms import css, html

F1_BAR, PRECISION_BAR = 0.6, 0.9
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of one file: pairs that were hit, that were expected, and that were found."""

    file: str
    hits: int
    expected: int
    found: int
    induced: Induced


def main() -> int:
    """1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="show recipes, and what was missed")
    options = parser.parse_args()
    pages = [(page, row, induce(page)) for page, row in unknown_pages(options.corpus)]
    scores = [score(*told, is_strict=False, is_verbose=options.verbose) for told in pages]
    for one in sorted(scores, key=lambda one: one.hits - one.expected):
        print(f"{one.file[5:58]:54}{one.hits:4} of {one.expected:3}, found {one.found:3}  {one.induced.confidence:.2f}")
    f1, precision = tell(scores, f"(bars {F1_BAR}, {PRECISION_BAR})")
    tell([score(*told, is_strict=True) for told in pages], "with every name and day")
    return 0 if f1 >= F1_BAR and precision >= PRECISION_BAR else 1


def tell(scores: list[Score], which: str) -> tuple[float, float]:
    sure = [one for one in scores if one.induced.is_confident]
    f1, precision = f1_of(scores), precision_of(sure)
    print(f"{len(scores)} pages: F1 of (name, day) {f1:.3f}; {len(sure)} confident: precision {precision:.3f} {which}")
    return f1, precision


def unknown_pages(corpus: Path) -> Iterator[tuple[Page, dict[str, Any]]]:
    for line in (corpus / "MANIFEST.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["format"] == "html" and row.get("expected") and not row.get("expected_structured"):
            page = page_of(corpus, row)
            if all(way.platform == "html" for way in detect(page)) and not is_structured(page):
                yield page, row


def page_of(corpus: Path, row: dict[str, Any]) -> Page:
    """As it was fetched on the day that the corpus names, else on that of its first event."""
    told = row.get("now") or min(event["start"] for event in row["expected"] if event.get("start"))
    year, month, day = map(int, told[:10].rstrip("T").split("-"))
    url = row.get("source_url") or "https://page.example/"
    body = (corpus / row["file"]).read_bytes()
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(year, month, day, tzinfo=UTC))


def is_structured(page: Page) -> bool:
    try:
        return any(True for _ in html.parse(page))
    except ParseError:
        return False


def score(page: Page, row: dict[str, Any], induced: Induced, *, is_strict: bool, is_verbose: bool = False) -> Score:
    expected = [event for event in row["expected"] if is_on_page(event)]
    found = read(page, induced)
    if not is_strict and "repo-scraper" in (row.get("expected_scope") or ""):
        found = of_that_body(within(found, row["expected"]), expected)
    has_names = is_strict or len(expected) == 1 or len({event["title"] for event in expected}) > 1
    left, missed = list(found), []
    for event in expected:
        match = next((pair for pair in left if fits(event, pair, has_names)), None)
        left.remove(match) if match else missed.append((event["title"], event["start"][:10]))
    if is_verbose:
        print(f"\n{row['file']} {induced.recipe}\n  {induced.why}\n  missed {missed[:3]}\n  left {left[:3]}")
    hits = len(expected) - len(missed)
    return Score(file=row["file"], hits=hits, expected=len(expected), found=len(found), induced=induced)


def read(page: Page, induced: Induced) -> list[Pair]:
    if not induced.found:
        return []
    try:
        drafts = list(css.parse(page, induced.recipe))
    except HobnobError:
        return []
    return list(dict.fromkeys(pair for draft in drafts if (pair := pair_of(draft, page))))


def pair_of(draft: Draft, page: Page) -> Pair | None:
    try:
        span = read_span(draft.date_text or "", now=page.fetched_at.date())
    except UnreadDateError:
        return None
    return (folded(draft.name or ""), str(span.start)[:10]) if draft.name else None


def is_on_page(event: dict[str, Any]) -> bool:
    return bool(event.get("usable", True) and event.get("start") and (event.get("grounded") or {}).get("date", True))


def within(found: list[Pair], expected: list[dict[str, Any]]) -> list[Pair]:
    days = sorted(event["start"][:10] for event in expected if event.get("start"))
    return [pair for pair in found if days[0] <= pair[1] <= days[-1]]


def of_that_body(found: list[Pair], expected: list[dict[str, Any]]) -> list[Pair]:
    """Those that bear a name that is expected, where there are such; else all."""
    names = {folded(event["title"] or "") for event in expected}
    return [pair for pair in found if any(bears(name, pair) for name in names)] or found


def fits(event: dict[str, Any], pair: Pair, has_names: bool) -> bool:
    name, day = folded(event["title"] or ""), event["start"][:10]
    has_name = has_names and (event.get("grounded") or {}).get("title", True)
    return day == pair[1] and (not has_name or bears(name, pair))


def bears(name: str, pair: Pair) -> bool:
    return name in pair[0] or pair[0] in name


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def f1_of(scores: list[Score]) -> float:
    hits = sum(one.hits for one in scores)
    return 2 * hits / max(1, sum(one.expected + one.found for one in scores))


def precision_of(scores: list[Score]) -> float:
    return sum(one.hits for one in scores) / max(1, sum(one.found for one in scores))


if __name__ == "__main__":
    sys.exit(main())
