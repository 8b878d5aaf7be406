"""How the store and its sources are doing, as Prometheus reads it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from aggregator.run import Outcome
from aggregator.store import SourceStatus
from aggregator.store.mailing import Stage

NEVER = "never"
"""The outcome of a source that was not read yet."""


class Gauges(Collector):
    """Told what to show just before each scrape."""

    def __init__(self) -> None:
        self._shown: tuple[GaugeMetricFamily, ...] = ()

    def show(
        self, statuses: Sequence[SourceStatus], letters: Mapping[Stage, int], data_version: int, now: datetime
    ) -> None:
        """Sources and what is due, letters by stage, and how long ago anything was read well."""
        version = GaugeMetricFamily("hobnob_data_version", "Rises with each change of what is told.", data_version)
        self._shown = (_outcomes(statuses), *_due(statuses, now), *_age(statuses, now), version, _letters(letters))

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """What was shown last."""
        return self._shown


def _outcomes(statuses: Sequence[SourceStatus]) -> GaugeMetricFamily:
    outcomes = GaugeMetricFamily("hobnob_sources", "Sources by the outcome of their last run.", labels=["outcome"])
    counts = Counter(status.last_run.outcome.value if status.last_run else NEVER for status in statuses)
    for outcome in (*(each.value for each in Outcome), NEVER):
        outcomes.add_metric([outcome], counts[outcome])
    return outcomes


def _due(statuses: Sequence[SourceStatus], now: datetime) -> Iterable[GaugeMetricFamily]:
    """Those that are being read are among them: a source is due until its run is over."""
    waits = [(now - status.next_due_at).total_seconds() for status in statuses if is_due(status, now)]
    yield GaugeMetricFamily("hobnob_due_sources", "Sources that are due, or being read.", len(waits))
    yield GaugeMetricFamily(
        "hobnob_lag_seconds", "How long the source that is due longest waits.", max(waits, default=0)
    )


def is_due(status: SourceStatus, now: datetime) -> bool:
    """Whether its turn has come."""
    is_on = status.enabled and status.in_catalogue and (status.paused_until is None or status.paused_until <= now)
    return is_on and status.next_due_at <= now


def _letters(letters: Mapping[Stage, int]) -> GaugeMetricFamily:
    shown = GaugeMetricFamily("hobnob_letters", "Letters of the last 30 days by stage.", labels=["stage"])
    for stage in Stage:
        shown.add_metric([stage.value], letters.get(stage, 0))
    return shown


def _age(statuses: Sequence[SourceStatus], now: datetime) -> Iterable[GaugeMetricFamily]:
    """Nothing before the first accepted run: an age that nobody knows is not nought."""
    read = [status.last_accepted.finished_at for status in statuses if status.last_accepted]
    if read:
        seconds = (now - max(read)).total_seconds()
        yield GaugeMetricFamily("hobnob_store_age_seconds", "Time since the last accepted run.", seconds)
