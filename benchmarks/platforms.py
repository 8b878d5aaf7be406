"""Platforms: real captures, each read by the adapter of the platform that it is from.

    python benchmarks/platforms.py CORPUS [--show 20]

A capture is one page, and is read as such: what a further page would add is not expected. Prints for each platform F1
of (name, start), and how often the place is told where one is expected. Exits 1 below a bar.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extraction import Score, _compare, _expected, _f1, _name

from aggregator.errors import HobnobError
from aggregator.event import Event
from aggregator.normalize import normalize
from aggregator.source import Page, Request
from sources.detect import GENERAL, detect
from sources.load import source_at

F1_BAR, PLACE_BAR = 0.97, 0.95
ELSEWHERE = {"html/capital-nature__ans_event_2.html", "html/capital-nature__vnps_events_page.html"}
"""What is expected of them stood on other pages: the one shows January 2018 and “a repeating event”, where 2019 is
expected; the other has an event of May 2019, and not the two of February.
"""

SAVED = {"permission": "granted", "note": "a saved page", "fallbacks": []}


def main() -> int:
    """1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", type=int, default=20, help="how many wrong lines to show of a file")
    options = parser.parse_args()
    scores: defaultdict[str, list[Score]] = defaultdict(list)
    places: defaultdict[str, list[bool]] = defaultdict(list)
    for line in (options.corpus / "MANIFEST.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        expected = expected_of(row)
        if not expected or row["format"] == "ics" or row["file"] in ELSEWHERE:
            continue
        for platform, events in read(options.corpus, row):
            score = Score(file=row["file"], group=platform)
            _compare(score, row, expected, [(e.name, start_of(e), True) for e in events])
            scores[platform].append(score)
            places[platform] += compare_places(expected, events)
    failures = [tell(name, scores[name], places[name], options.show) for name in sorted(scores)]
    return 1 if any(failures) else 0


def expected_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Also what a scraper of that page alone asserts, which an adapter of its platform has to find."""
    told = _expected(row)
    return told if told is not None else [e for e in row["expected"] if e.get("usable", True) and e.get("start")]


def read(corpus: Path, row: dict[str, Any]) -> Iterator[tuple[str, list[Event]]]:
    """The first platform, not a general format, whose marks the page bears and that can read it."""
    now = datetime.fromisoformat(row["now"]) if len(row.get("now") or "") == 10 else datetime.now(UTC)
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    url = row.get("source_url") or "https://page.example/events/"
    page = Page(request=Request(url=url), url=url, body=(corpus / row["file"]).read_bytes(), fetched_at=now)
    zone = {"time_zone": row["timezone"]} if row.get("timezone") else {}
    for way in detect(page):
        if way.platform in GENERAL:
            return
        try:
            source = source_at(way.url, way.platform, **SAVED, **zone)
            drafts = list(source.parse(page))
        except HobnobError:
            continue
        yield way.platform, [event for draft in drafts if (event := event_of(draft, source, now))]
        return


def event_of(draft: Any, source: Any, now: datetime) -> Event | None:
    try:
        return normalize(draft, source, now=now)
    except (HobnobError, ValueError):
        return None


def start_of(event: Event) -> str:
    return event.start_date.isoformat()


def compare_places(expected: list[dict[str, Any]], events: list[Event]) -> Iterator[bool]:
    """For each event that was found and whose place is known: whether it was told."""
    for wanted in expected:
        place = wanted.get("location")
        grounded = (wanted.get("grounded") or {}).get("location", True)
        found = next(
            (e for e in events if _name(e.name) == _name(wanted["title"]) and start_of(e)[:10] == wanted["start"][:10]),
            None,
        )
        if place and grounded and found:
            yield bool(words(place) & words(place_of(found)))


def place_of(event: Event) -> str:
    address = event.location.address
    return f"{event.location.name or ''} {address.street_address or ''} {address.address_locality or ''}"


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w{3,}", text.casefold()) if word not in {"the", "and", "street"}}


def tell(name: str, scores: list[Score], places: list[bool], shown: int) -> bool:
    """Whether a bar was missed."""
    f1, told = _f1(scores)[2], sum(places) / len(places) if places else 1.0
    expected = sum(score.expected for score in scores)
    mark = "" if f1 >= F1_BAR and told >= PLACE_BAR else "  BELOW THE BAR"
    print(f"{name:14} files {len(scores):3}  expected {expected:4}  F1 {f1:.3f}  place {told:.3f}{mark}")
    if mark:
        for score in scores:
            for line in score.wrong[:shown]:
                print(f"      {score.file}: {line}")
    return bool(mark)


if __name__ == "__main__":
    sys.exit(main())
