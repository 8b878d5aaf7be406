"""What was answered, and how fast: plain counters on the hot path, told to Prometheus when it asks."""

from bisect import bisect_left
from collections.abc import Iterator

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

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One answer more; this costs less than a microsecond, which prometheus-client's own counters do not."""
        key = (route, method, status)
        self._answers[key] = self._answers.get(key, 0) + 1
        if route not in self._durations:
            self._durations[route] = [0] * (len(BOUNDS) + 1)
            self._seconds[route] = 0.0
        self._durations[route][bisect_left(BOUNDS, seconds)] += 1
        self._seconds[route] += seconds

    def collect(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        """Both metrics as they stand."""
        answers = CounterMetricFamily(
            "hobnob_http_requests", "Requests answered.", labels=["route", "method", "status"]
        )
        for (route, method, status), number in self._answers.items():
            answers.add_metric([route, method, str(status)], number)
        yield answers
        durations = HistogramMetricFamily("hobnob_http_request_seconds", "Time to the last byte.", labels=["route"])
        for route, counts in self._durations.items():
            sums = [sum(counts[: place + 1]) for place in range(len(counts))]
            buckets = list(zip([*map(str, BOUNDS), "+Inf"], map(float, sums), strict=True))
            durations.add_metric([route], buckets, self._seconds[route])
        yield durations
