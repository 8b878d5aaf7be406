"""Induction: how well pages that no platform and no structured data tell are read without any configuration.

    python benchmarks/induction.py CORPUS [-v]

For each html file without a platform that we know and without structured data, the recipe that is induced reads it, and
its (name, day) pairs are compared with what the corpus expects; where a name is not on the page, the day alone. Prints
each file, F1 over all, and the precision of what it is confident of. Exits 1 below a bar.
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
    scores = [score(page, row, options.verbose) for page, row in unknown_pages(options.corpus)]
    for one in sorted(scores, key=lambda one: one.hits - one.expected):
        print(f"{one.file[5:58]:54}{one.hits:4} of {one.expected:3}, found {one.found:3}  {one.induced.confidence:.2f}")
    f1, precision = f1_of(scores), precision_of([one for one in scores if one.induced.is_confident])
    sure = sum(one.induced.is_confident for one in scores)
    print(f"\n{len(scores)} pages: F1 of (name, day) {f1:.3f} (bar {F1_BAR})")
    print(f"{sure} of them confident: precision {precision:.3f} (bar {PRECISION_BAR})")
    return 0 if f1 >= F1_BAR and precision >= PRECISION_BAR else 1


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


def score(page: Page, row: dict[str, Any], is_verbose: bool) -> Score:
    induced = induce(page)
    found = read(page, induced)
    left, missed = list(found), []
    expected = [event for event in row["expected"] if is_on_page(event)]
    for event in expected:
        match = next((pair for pair in left if fits(event, pair)), None)
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


def fits(event: dict[str, Any], pair: Pair) -> bool:
    name, day = folded(event["title"] or ""), event["start"][:10]
    has_name = (event.get("grounded") or {}).get("title", True)
    return day == pair[1] and (not has_name or name in pair[0] or pair[0] in name)


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def f1_of(scores: list[Score]) -> float:
    hits = sum(one.hits for one in scores)
    return 2 * hits / max(1, sum(one.expected + one.found for one in scores))


def precision_of(scores: list[Score]) -> float:
    return sum(one.hits for one in scores) / max(1, sum(one.found for one in scores))


if __name__ == "__main__":
    sys.exit(main())
