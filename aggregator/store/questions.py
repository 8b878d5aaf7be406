"""Pairs of listings that may be one happening: kept by each matching, which takes seconds, and read at once."""

import json
from collections.abc import Iterable, Iterator

from aggregator.match import Band, Evidence, Judged, Verdict
from aggregator.store.link import Ask

_KEPT = "SELECT one_source, one_uid, other_source, other_uid, verdict FROM questions ORDER BY place"


def read_questions(ask: Ask) -> tuple[Judged, ...]:
    """In the order in which they were found."""
    return tuple(
        Judged(one=(one_source, one_uid), other=(other_source, other_uid), verdict=_read(verdict))
        for one_source, one_uid, other_source, other_uid, verdict in ask(_KEPT, ())
    )


def question_rows(found: Iterable[Judged]) -> Iterator[tuple[object, ...]]:
    """The rows of `questions`."""
    return ((*pair.one, *pair.other, place, _write(pair.verdict)) for place, pair in enumerate(found))


def _write(verdict: Verdict) -> str:
    evidence = [(one.about, one.points, one.why) for one in verdict.evidence]
    return json.dumps([verdict.band, verdict.score, evidence], ensure_ascii=False)


def _read(told: str) -> Verdict:
    band, score, evidence = json.loads(told)
    listed = tuple(Evidence(about=about, points=points, why=why) for about, points, why in evidence)
    return Verdict(band=Band(band), score=score, evidence=listed)
