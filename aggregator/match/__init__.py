"""The same happening told by several sources: explainable, reversible, and pure."""

from aggregator.match.cluster import Cluster, Judged, Matched, cluster
from aggregator.match.merge import Merged, Origin, merge
from aggregator.match.score import judge
from aggregator.match.told import Band, Evidence, Key, Say, Told, Verdict, Word

__all__ = [
    "Band",
    "Cluster",
    "Evidence",
    "Judged",
    "Key",
    "Matched",
    "Merged",
    "Origin",
    "Say",
    "Told",
    "Verdict",
    "Word",
    "cluster",
    "judge",
    "merge",
]
