"""Pairwise precision and recall of matching on invented towns, each trap by itself, beside two plain rivals.

    python benchmarks/matching.py [--seed 1] [--listings 5000] [--show 20] [--backwards]

Listings of `_town` are labelled with what they tell of in truth, and told with the noise of `_retold`; a third are the
traps of `_traps`. Exits 1 when precision, recall, or a trap falls below its bar. A rival may compare all pairs of one
day and town: exact titles, and rapidfuzz's token_set_ratio with the threshold that suits it best.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import combinations
from random import Random

from _retold import SPEAKS, Listing
from _town import make_towns
from _traps import make_listings
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.utils import default_process

from aggregator.event import starts_at
from aggregator.match import Key, Matched, cluster, cluster_all, judge
from aggregator.match.block import pairs
from aggregator.match.traits import read_traits

PRECISION, RECALL = 0.995, 0.95
TRAP_RECALL = {"(SOLD OUT)": 0.9}
SERIES_RECALL = 0.9
CANDIDATES = 1.2
ENOUGH = 30
"""True pairs, below which a share says little."""

Pair = tuple[Key, Key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Pairs that were linked rightly, linked in all, and to be linked."""

    hits: int
    linked: int
    true: int

    @property
    def precision(self) -> float:
        return self.hits / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.true if self.true else 1.0

    def __str__(self) -> str:
        wrong = self.linked - self.hits
        return f"precision {self.precision:.4f}  recall {self.recall:.4f}  ({self.true} pairs, {wrong} false links)"


def main() -> int:
    """1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--listings", type=int, default=5000)
    parser.add_argument("--show", type=int, default=0, help="how many wrong pairs to explain")
    parser.add_argument("--backwards", action="store_true", help="spell names in words that no list of ours knows")
    options = parser.parse_args()
    SPEAKS.backwards = options.backwards
    rng = Random(options.seed)
    towns = make_towns(max(4, options.listings // 80), rng)
    listings = make_listings(options.listings, rng, towns)
    began = time.perf_counter()
    matched = cluster(listing.told for listing in listings)
    seconds = time.perf_counter() - began
    truth, linked = true_pairs(listings), pairs_of(matched)
    print(f"seed {options.seed}: {len(listings)} listings of {len({one.truth for one in listings})} happenings")
    failures = [*overall(linked, truth), *each_trap(listings, linked, truth), *dates_of_series(listings)]
    failures += tell_work(listings, matched, linked, truth, seconds)
    tell_rivals(listings, truth)
    explain(listings, linked, truth, options.show)
    print("\n".join(failures) or "every bar is reached")
    return 1 if failures else 0


def measure(linked: set[Pair], truth: set[Pair]) -> Score:
    return Score(hits=len(linked & truth), linked=len(linked), true=len(truth))


def overall(linked: set[Pair], truth: set[Pair]) -> Iterator[str]:
    score = measure(linked, truth)
    print(f"{'all':28}{score}")
    if score.precision < PRECISION:
        yield f"precision {score.precision:.4f} is below {PRECISION}"
    if score.recall < RECALL:
        yield f"recall {score.recall:.4f} is below {RECALL}"


def each_trap(listings: Sequence[Listing], linked: set[Pair], truth: set[Pair]) -> Iterator[str]:
    """No false link may touch a trap's listings. What no trap holds is told as well, without a bar of its own."""
    members = defaultdict(set)
    for one in listings:
        members[one.trap].add(one.told.key)
    for trap, keys in sorted(members.items()):
        score = measure(touching(linked, keys), touching(truth, keys))
        print(f"{trap or 'no trap':28}{score}")
        if trap and score.precision < 1:
            yield f"{trap}: {score.linked - score.hits} false links"
        if score.true >= ENOUGH and score.recall < TRAP_RECALL.get(trap, 0):
            yield f"{trap}: recall {score.recall:.3f} is below {TRAP_RECALL[trap]}"


def dates_of_series(listings: Sequence[Listing]) -> Iterator[str]:
    """Single dates with the series that they are of, by the way that the store goes."""
    series = {one.truth: one.told.key for one in listings if one.told.event.is_series}
    truth = {(series[one.series], one.told.key) for one in listings if one.series is not None}
    now = min(starts_at(one.told.event.start_date, one.told.event.time_zone) for one in listings) - timedelta(days=1)
    found = cluster_all((one.told for one in listings), (), now)
    linked = {
        (date.date_of, single.key)
        for group in found.clusters
        for date in group.members
        for single in group.members
        if date.date_of is not None and single.date_of is None
    }
    score = measure(linked, truth)
    print(f"{'dates with their series':28}{score}")
    if score.precision < PRECISION:
        yield f"dates with their series: precision {score.precision:.4f} is below {PRECISION}"
    if score.true >= ENOUGH and score.recall < SERIES_RECALL:
        yield f"dates with their series: recall {score.recall:.3f} is below {SERIES_RECALL}"


def touching(some: Iterable[Pair], keys: set[Key]) -> set[Pair]:
    return {pair for pair in some if pair[0] in keys or pair[1] in keys}


def tell_work(
    listings: Sequence[Listing], matched: Matched, linked: set[Pair], truth: set[Pair], seconds: float
) -> Iterator[str]:
    """What a person is asked, how many pairs are compared, and how fast."""
    asked = {tuple(sorted((question.one, question.other))) for question in matched.questions}
    began = time.perf_counter()
    traits = [read_traits(one.told) for one in listings]
    read = time.perf_counter()
    candidates = len(pairs(traits))
    blocked = time.perf_counter()
    each = candidates / len(listings)
    print(f"asked of a person: {len(asked)} pairs, {len(asked & truth - linked)} of them true")
    print(f"candidate pairs: {each:.2f} per listing (bar {CANDIDATES})")
    print(
        f"listings/s: {len(listings) / seconds:,.0f} in all; reading {len(listings) / (read - began):,.0f}, "
        f"blocking {len(listings) / (blocked - read):,.0f}"
    )
    if each > CANDIDATES:
        yield f"{each:.2f} candidate pairs per listing are over {CANDIDATES}"


def true_pairs(listings: Sequence[Listing]) -> set[Pair]:
    told = defaultdict(list)
    for one in listings:
        told[one.truth].append(one.told.key)
    return {pair for keys in told.values() for pair in combinations(sorted(keys), 2)}


def pairs_of(matched: Matched) -> set[Pair]:
    return {pair for one in matched.clusters for pair in combinations([told.key for told in one.members], 2)}


def tell_rivals(listings: Sequence[Listing], truth: set[Pair]) -> None:
    """Both compare what is of one day and one town, of other sources; the town is given to them, told or not."""
    rivals: list[tuple[str, Callable[[str, str], bool]]] = [("exact title", str.__eq__)]
    rivals += [(f"token set, {least} or more", partial(_is_alike, least)) for least in (80, 90, 100)]
    blocks = defaultdict(list)
    for one in listings:
        event = one.told.event
        blocks[starts_at(event.start_date, event.time_zone).date(), one.told.home].append(one)
    for name, is_same in rivals:
        print(f"{name:28}{measure(set(_rival_pairs(blocks.values(), is_same)), truth)}")


def _is_alike(least: int, one: str, other: str) -> bool:
    return token_set_ratio(one, other) >= least


def _rival_pairs(blocks: Iterable[list[Listing]], is_same: Callable[[str, str], bool]) -> Iterator[Pair]:
    for block in blocks:
        for one, other in combinations(block, 2):
            a, b = (default_process(listing.told.event.name) for listing in (one, other))
            if one.told.key[0] != other.told.key[0] and is_same(a, b):
                first, second = sorted((one.told.key, other.told.key))
                yield first, second


def explain(listings: Sequence[Listing], linked: set[Pair], truth: set[Pair], most: int) -> None:
    """The first false links, then the first that were missed."""
    told = {one.told.key: one for one in listings}
    for wrong in (sorted(linked - truth)[:most], sorted(truth - linked)[:most]):
        for one, other in ((told[a], told[b]) for a, b in wrong):
            verdict = judge(one.told, other.told)
            kind = "true" if one.truth == other.truth else "FALSE"
            print(f"\n{kind} {one.trap}: {verdict.band} {verdict.score}")
            for listing in (one, other):
                event = listing.told.event
                place = f"{event.location.name} {event.location.precision}"
                print(f"  {event.source}: {event.name!r} {event.start_date} {place}")
            for piece in verdict.evidence:
                print(f"    {piece.points:+.2f} {piece.about}: {piece.why}")


if __name__ == "__main__":
    raise SystemExit(main())
