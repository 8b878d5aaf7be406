"""Precision, recall and F1 of (name, start) on a corpus of real pages, read with the code of `hobnob read`.

    python benchmarks/extraction.py ../shared/corpus [--show 20] [--only ics]

Exits 1 when a format falls below its bar, when a file crashes, takes over 10 s or 1 GiB, and when an empty calendar
gives an event.
"""

import argparse
import html
import json
import multiprocessing
import re
import resource
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.errors import HobnobError
from aggregator.event import Event, EventStatus

# Beside this file stands one called api, and a script's own folder is searched first.
sys.path.remove(str(Path(__file__).parent))
from api.cli.read import dates_of, read_events
from sources.load import platform, platform_names

SECONDS = 10.0
GIBIBYTE = 1 << 30
BARS = {"ics": 0.99, "jsonld": 0.97, "microdata + rdfa + hcalendar": 0.97, "structured data in html": 0.97}
EXACT = ("the-events-calendar rest", "civicplus rss", "trumba rss")


@dataclass
class Score:
    """What one file gave: `found` counts only what its expectation covers."""

    file: str
    group: str
    hits: int = 0
    expected: int = 0
    found: int = 0
    seconds: float = 0.0
    failure: str = ""
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    options = _read_options()
    for name in platform_names():
        platform(name, name)  # imported once here, and not in every child
    rows = [json.loads(line) for line in (options.corpus / "MANIFEST.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if not options.only or options.only in row["file"]]
    scores = [score for score in (_run_apart(options.corpus, row) for row in rows) if score]
    groups = defaultdict(list)
    for score in scores:
        groups[score.group].append(score)
    for name in sorted(groups):
        print(_line(name, groups[name]))
    for score in sorted(scores, key=lambda s: s.hits - s.expected - s.found)[: options.show]:
        _explain(score)
    failures = [*_failures(scores), *_missed(groups)]
    print("\n".join(failures) or f"every bar is reached; {len(scores)} files")
    return 1 if failures else 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", type=int, default=15, help="how many of the worst files to explain")
    parser.add_argument("--only", help="part of a file's name")
    return parser.parse_args()


def _run_apart(corpus: Path, row: dict[str, Any]) -> Score | None:
    """Score a file in a child of its own, so that a hang or a leak is a failure of that file only."""
    expected = _expected(row)
    if expected is None:
        return None
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_score_in_child, args=(corpus, row, expected, sender))
    child.start()
    sender.close()
    score = Score(file=row["file"], group=_group(row), expected=len(expected), failure="no answer")
    try:
        score = receiver.recv() if receiver.poll(SECONDS) else score
    except EOFError:
        score.failure = "the child died"
    child.kill()
    child.join()
    return score


def _score_in_child(corpus: Path, row: dict[str, Any], expected: list[dict[str, Any]], sender: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (GIBIBYTE, GIBIBYTE))
    began = time.perf_counter()
    score = Score(file=row["file"], group=_group(row))
    try:
        _compare(score, row, expected, list(_read(corpus, row)))
    except Exception as error:  # noqa: BLE001 - a crash is what this benchmark looks for
        score.failure = f"{type(error).__name__}: {error}"
    score.seconds = time.perf_counter() - began
    sender.send(score)


def _read(corpus: Path, row: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """(name, start, whether it takes place) of each date the reader tells."""
    now = datetime.fromisoformat(row["now"]) if row.get("now") else datetime.now(UTC)
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    window = tuple(datetime.fromisoformat(end) for end in row["window"]) if row.get("window") else None
    try:
        told = read_events(
            (corpus / row["file"]).read_bytes(), url=row.get("source_url") or "", time_zone=row.get("timezone"), now=now
        )
        for event in told:
            if isinstance(event, Event):
                for date in dates_of(event, window):  # type: ignore[arg-type]
                    yield event.name, date.start.isoformat(), event.event_status is not EventStatus.CANCELLED
    except HobnobError:
        return


def _compare(
    score: Score, row: dict[str, Any], expected: list[dict[str, Any]], found: list[tuple[str, str, bool]]
) -> None:
    disputed = _disputed(row)
    found = [told for told in found if _minute(told[1]) not in disputed]
    left = list(found)
    for wanted in expected:
        match = next((told for told in left if _is_same(wanted, told)), None)
        if match:
            left.remove(match)
        else:
            score.wrong.append(f"missing  {wanted['start']}  {wanted['title']}")
    score.expected = len(expected)
    score.hits = len(found) - len(left)
    score.found = score.hits if _is_partial(row) else len(found)
    if not _is_partial(row):
        score.wrong += [f"too much {start}  {name}" for name, start, _ in left]
    if row.get("expected") == [] and any(takes_place for *_, takes_place in found):
        score.failure = "an empty calendar gave an event"


def _expected(row: dict[str, Any]) -> list[dict[str, Any]] | None:
    """What a generic reader can know of the file; [] when only crashes count; None when it is not scored."""
    expected = row.get("expected") or []
    if "repo-scraper" in (row.get("expected_scope") or ""):
        if not row.get("expected_structured"):
            return None
        expected = row["expected_structured"]["events"]
    disputed = _disputed(row)
    usable = [e for e in expected if isinstance(e, dict) and e.get("usable", True) and e.get("start")]
    return [e for e in usable if _minute(e["start"]) not in disputed]


def _is_partial(row: dict[str, Any]) -> bool:
    scope = row.get("expected_scope") or ""
    is_cut = row.get("expected_total", 0) > len(row.get("expected") or [])
    marks = ("only", "one row a record", "less", "repo-scraper")
    return row.get("expected") is None or is_cut or any(mark in scope for mark in marks)


def _group(row: dict[str, Any]) -> str:
    platform = str(row.get("platform") or "").casefold()
    if row.get("expected") is None:
        return "(robustness only)"
    for exact in EXACT:
        if platform.startswith(exact):
            return exact
    if row["format"] in ("microdata", "rdfa", "hcalendar"):
        return "microdata + rdfa + hcalendar"
    if row["format"] == "html":
        is_structured = "structured" in str(row.get("expected_scope")) or row.get("expected_structured")
        return "structured data in html" if is_structured else "html by platform"
    return str(row["format"])


def _disputed(row: dict[str, Any]) -> set[str]:
    told = row.get("disputed") or {}
    return {start for key in ("only_here", "only_in_second_opinion") for start in told.get(key, [])}


def _is_same(wanted: dict[str, Any], told: tuple[str, str, bool]) -> bool:
    grounded = wanted.get("grounded") or {}
    if grounded.get("title", True) and _name(wanted["title"]) != _name(told[0]):
        return False
    if not grounded.get("time", True):
        return bool(wanted["start"][:10] == told[1][:10])
    return _is_same_moment(wanted["start"], told[1])


def _is_same_moment(one: str, other: str) -> bool:
    """Instants where both have an offset, else wall clocks, else days."""
    if len(one) == 10 or len(other) == 10:
        return one[:10] == other[:10]
    a, b = _moment(one), _moment(other)
    if a is None or b is None:
        return one[:10] == other[:10]
    if a.tzinfo is None or b.tzinfo is None:
        return one[:16] == other[:16]
    return a == b


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _minute(text: str) -> str:
    moment = _moment(text) if len(text) > 10 else None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if moment else text[:10]


def _name(text: str | None) -> str:
    plain = html.unescape(re.sub(r"<[^>]+>", "", text or ""))
    return " ".join(unicodedata.normalize("NFKC", plain).split()).casefold()


def _f1(scores: Iterable[Score]) -> tuple[float, float, float]:
    told = list(scores)
    hits, expected, found = (sum(getattr(s, key) for s in told) for key in ("hits", "expected", "found"))
    precision, recall = (hits / found if found else 1.0), (hits / expected if expected else 1.0)
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _line(name: str, scores: list[Score]) -> str:
    precision, recall, f1 = _f1(scores)
    expected = sum(s.expected for s in scores)
    told = f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"
    return f"{name:32} files {len(scores):4}  expected {expected:5}  {told}"


def _explain(score: Score) -> None:
    if score.wrong or score.failure:
        print(f"  {score.file}: {score.hits}/{score.expected}, {score.found} told {score.failure}")
        for line in score.wrong[:6]:
            print(f"      {line}")


def _failures(scores: list[Score]) -> Iterator[str]:
    for score in scores:
        if score.failure:
            yield f"FAILED {score.file}: {score.failure}"
        elif score.seconds > SECONDS:
            yield f"FAILED {score.file}: {score.seconds:.1f} s"


def _missed(groups: dict[str, list[Score]]) -> Iterator[str]:
    for name, bar in BARS.items():
        if name in groups and _f1(groups[name])[2] < bar:
            yield f"BELOW THE BAR {name}: F1 {_f1(groups[name])[2]:.3f} < {bar}"
    for name in EXACT:
        for score in groups.get(name, []):
            if score.wrong:
                yield f"NOT RIGHT {score.file}: {score.hits}/{score.expected}"


if __name__ == "__main__":
    sys.exit(main())
