"""How collecting goes, as Prometheus reads it: runs by outcome, and the time and failures of each stage of a run."""

import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from aggregator.collect import COLLECT
from aggregator.errors import SettingsError
from aggregator.run import Outcome
from aggregator.sandbox import CHILD
from aggregator.settings import Settings
from aggregator.trace import Span, watched_by
from api.tally import buckets_of

BOUNDS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
"""Seconds; the upper ends of the buckets."""


class Course(Collector):
    """Watches the stages of runs. One loop counts and another thread reads, so no lock is needed for whole numbers."""

    def __init__(self) -> None:
        self._runs: Counter[str] = Counter({outcome.value: 0 for outcome in Outcome})
        self._failures: Counter[tuple[str, str]] = Counter()
        self._durations: dict[str, list[int]] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def watch(self, stage: str, told: dict[str, str]) -> Iterator[Span]:
        """One stretch of work: its time, its failure by class, and a run's outcome."""
        noted, began = _Noted(told), time.perf_counter()
        try:
            yield noted
        except Exception as error:
            self._failures[stage, type(error).__name__] += 1
            raise
        finally:
            seconds = time.perf_counter() - began
            self._durations.setdefault(stage, [0] * (len(BOUNDS) + 1))[bisect_left(BOUNDS, seconds)] += 1
            self._seconds[stage] += seconds
            if stage == COLLECT and "outcome" in noted.told:
                self._runs[noted.told["outcome"]] += 1

    def collect(self) -> Iterable[CounterMetricFamily | HistogramMetricFamily]:
        """The metrics as they stand."""
        runs = CounterMetricFamily("hobnob_runs", "Runs that ended, by outcome.", labels=["outcome"])
        for outcome, number in self._runs.items():
            runs.add_metric([outcome], number)
        failures = CounterMetricFamily("hobnob_stage_failures", "Failures by stage.", labels=["stage", "error"])
        for (stage, error), number in list(self._failures.items()):
            failures.add_metric([stage, error], number)
        durations = HistogramMetricFamily("hobnob_stage_seconds", "Time of each stage of a run.", labels=["stage"])
        for stage, counts in list(self._durations.items()):
            durations.add_metric([stage], buckets_of(counts, BOUNDS), self._seconds[stage])
        started = sum(self._durations.get(CHILD, ()))
        children = CounterMetricFamily("hobnob_parsing_children", "Parsing children that were started.", started)
        return runs, failures, durations, children


class _Noted:
    def __init__(self, told: dict[str, str]) -> None:
        self.told = told

    def tell(self, name: str, value: str) -> None:
        self.told[name] = value


@contextmanager
def metrics_served(settings: Settings) -> Iterator[int]:
    """In a thread, until the block ends; the port; 0 where the settings name none. SettingsError when it is taken."""
    if settings.metrics_port is None:
        yield 0
        return
    course, registry = Course(), CollectorRegistry()
    registry.register(course)
    ProcessCollector(registry=registry)
    with ExitStack() as stack:
        try:
            server, thread = start_http_server(settings.metrics_port, settings.host, registry)
        except OSError as error:
            where = f"{settings.host}, port {settings.metrics_port}"
            raise SettingsError(
                f"cannot tell metrics on {where}: {error.strerror}; set another metrics_port"
            ) from error
        stack.callback(thread.join)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        stack.enter_context(watched_by(course.watch))
        yield server.server_port
