"""How the store and its sources are doing, as Prometheus reads it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from aggregator.run import Outcome
from aggregator.store import SourceStatus

NEVER = "never"
"""The outcome of a source that was not read yet."""


class Gauges(Collector):
    """Told what to show just before each scrape."""

    def __init__(self) -> None:
        self._shown: tuple[GaugeMetricFamily, ...] = ()

    def show(self, statuses: Sequence[SourceStatus], now: datetime) -> None:
        """Sources by the outcome of their last run, and how long ago anything was read well."""
        outcomes = GaugeMetricFamily("hobnob_sources", "Sources by the outcome of their last run.", labels=["outcome"])
        counts = Counter(status.last_run.outcome.value if status.last_run else NEVER for status in statuses)
        for outcome in (*(each.value for each in Outcome), NEVER):
            outcomes.add_metric([outcome], counts[outcome])
        self._shown = (outcomes, *_age(statuses, now))

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """What was shown last."""
        return self._shown


def _age(statuses: Sequence[SourceStatus], now: datetime) -> Iterable[GaugeMetricFamily]:
    """Nothing before the first accepted run: an age that nobody knows is not nought."""
    read = [status.last_accepted.finished_at for status in statuses if status.last_accepted]
    if read:
        seconds = (now - max(read)).total_seconds()
        yield GaugeMetricFamily("hobnob_store_age_seconds", "Time since the last accepted run.", seconds)
