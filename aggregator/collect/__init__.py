"""One run of one source, start to end."""

from aggregator.collect.once import Collected, Tools, collect, note_defect, settle_candidate

__all__ = ["Collected", "Tools", "collect", "note_defect", "settle_candidate"]
