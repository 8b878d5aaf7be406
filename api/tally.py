"""What was answered, and how fast: plain counters on the hot path, told to Prometheus when it asks."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds; the upper ends of the buckets."""


class Tally(Collector):
    """Counts by route (its template, never a path that a caller makes up), method and status."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, int], int] = {}
        self._durations: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self._searches = [0] * (len(BOUNDS) + 1)
        self._searching = 0.0

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One answer more; this costs less than a microsecond, which prometheus-client's own counters do not."""
        key = (route, method, status)
        self._answers[key] = self._answers.get(key, 0) + 1
        if route not in self._durations:
            self._durations[route] = [0] * (len(BOUNDS) + 1)
            self._seconds[route] = 0.0
        self._durations[route][bisect_left(BOUNDS, seconds)] += 1
        self._seconds[route] += seconds

    def count_search(self, seconds: float) -> None:
        """One search of the store more, whatever became of it."""
        self._searches[bisect_left(BOUNDS, seconds)] += 1
        self._searching += seconds

    def collect(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        """The metrics as they stand."""
        answers = CounterMetricFamily(
            "hobnob_http_requests", "Requests answered.", labels=["route", "method", "status"]
        )
        for (route, method, status), number in self._answers.items():
            answers.add_metric([route, method, str(status)], number)
        yield answers
        durations = HistogramMetricFamily("hobnob_http_request_seconds", "Time to the last byte.", labels=["route"])
        for route, counts in self._durations.items():
            durations.add_metric([route], buckets_of(counts, BOUNDS), self._seconds[route])
        yield durations
        searches = HistogramMetricFamily("hobnob_search_seconds", "Time that the store took to search.", labels=[])
        searches.add_metric([], buckets_of(self._searches, BOUNDS), self._searching)
        yield searches


def buckets_of(counts: Sequence[int], bounds: Sequence[float]) -> list[tuple[str, float]]:
    """As Prometheus has them: each holds what is in those below it too."""
    return list(zip([*map(str, bounds), "+Inf"], map(float, accumulate(counts)), strict=True))
