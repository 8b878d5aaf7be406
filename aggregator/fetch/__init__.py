"""The only door to the network: one guarded connect, robots, pace, conditional GET, limits."""

from aggregator.fetch.fetcher import Fetcher
from aggregator.fetch.result import NotModified, Tally, Validators

__all__ = ["Fetcher", "NotModified", "Tally", "Validators"]
