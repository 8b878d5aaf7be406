"""The same happening told by several sources: explainable, reversible, and pure."""

from aggregator.match.cluster import Cluster, Judged, Matched, cluster
from aggregator.match.gist import Gist, read_gist
from aggregator.match.merge import Merged, Origin, merge
from aggregator.match.score import judge
from aggregator.match.series import AHEAD, cluster_all
from aggregator.match.told import Band, Evidence, Key, Say, Told, Verdict, Word

__all__ = [
    "AHEAD",
    "Band",
    "Cluster",
    "Evidence",
    "Gist",
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
    "cluster_all",
    "judge",
    "merge",
    "read_gist",
]
