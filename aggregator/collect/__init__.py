"""One run of one source, start to end."""

from aggregator.collect.once import (
    COLLECT,
    Collected,
    Held,
    Tools,
    collect,
    note_defect,
    settle_candidate,
    weigh_candidate,
)

__all__ = [
    "COLLECT",
    "Collected",
    "Held",
    "Tools",
    "collect",
    "note_defect",
    "settle_candidate",
    "weigh_candidate",
]
