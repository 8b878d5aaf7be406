"""One run of one source, start to end."""

from aggregator.collect.once import Collected, Tools, collect, settle_candidate

__all__ = ["Collected", "Tools", "collect", "settle_candidate"]
