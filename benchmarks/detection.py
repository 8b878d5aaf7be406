"""Detection: which platform each page is taken for.

    python benchmarks/detection.py CORPUS

Rows are what the corpus says a file's platform is, columns what detection says first. Exits 1 when a page is taken for
a platform that its row rules out.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.source import Page, Request
from sources.detect import GENERAL, detect

NAMED = {
    "chambermaster": "growthzone", "growthzone": "growthzone", "the-events-calendar": "tec",
    "the-events-calendar REST tec/v1": "tec", "squarespace": "squarespace",
    "squarespace (?format=json items)": "squarespace", "eventon": "eventon", "civicplus": "civicplus",
    "civicplus rss (calendarEvent module)": "civicplus", "libcal": "libcal", "meetup": "meetup",
    "meetup (__NEXT_DATA__)": "meetup", "meetup api v2": "meetup", "eventbrite api v3": "eventbrite",
    "eventbrite destination search": "eventbrite", "mobilize api v1": "mobilize", "google-calendar": "google",
    "sierra club (salesforce eventfeed)": "sierraclub", "trumba json": "trumba", "trumba rss": "trumba",
    "icalendar-ruby (localist)": "localist", "timely (all-in-one) xcal": "timely", "outlook": "outlook",
    "civicplus agenda center": "civicplus", "-//caldav.icloud.com//CALDAVJ 2514B607//EN": "icloud",
    "activitystreams": "mobilizon",
    "-//85.13.163.15//NONSGML kigkonsult.se iCalcreator 2.24.2//": "ai1ec",
}  # fmt: skip
"""The corpus's words for a platform, and ours."""

LOOSE = frozenset({"wordpress", "drupal", "microformats", "apple", "outlook", "civicplus agenda center"})
"""What says nothing of the calendar on the page: a WordPress site may bear any plugin's."""


ALSO = {"html/city-scrapers__chi_ssa_17.html": "tec", "html/city-scrapers__chi_ssa_8.html": "tec"}
"""Pages that say themselves by which plugin they are made, and link to the platform that the corpus names."""


def main() -> int:
    """1 when a page is taken for another's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    corpus = parser.parse_args().corpus
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[str] = []
    for line in (corpus / "MANIFEST.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        told, (found, evidence) = row.get("platform") or "not said", first(corpus, row)
        table[told][found] += 1
        if is_wrong(told, found) and ALSO.get(row["file"]) != found:
            wrong.append(f"{row['file']} ({told}): taken for {found}, by {evidence}")
    for told, counts in sorted(table.items(), key=lambda pair: -sum(pair[1].values())):
        print(f"{told[:44]:44} {'  '.join(f'{name} {count}' for name, count in counts.most_common())}")
    print("\n".join(["", *wrong, f"{len(wrong)} pages are taken for what they are not"]))
    return 1 if wrong else 0


def first(corpus: Path, row: dict[str, Any]) -> tuple[str, str]:
    """The best candidate, and its evidence."""
    url = row.get("url") or "https://page.example/"
    body = (corpus / row["file"]).read_bytes()
    page = Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 11, 1, tzinfo=UTC))
    best = next(detect(page), None)
    return (best.platform, best.evidence) if best else ("nothing", "")


def is_wrong(told: str, found: str) -> bool:
    """A general format, or nothing, is never wrong: it claims no vendor."""
    if found in {*GENERAL, "nothing"} or told in LOOSE:
        return False
    return NAMED.get(told, found if told == "not said" else told) != found


if __name__ == "__main__":
    sys.exit(main())
