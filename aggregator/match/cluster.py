"""Listings to clusters of one happening each: people's words first, then scores; the order of listings is no matter."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from aggregator.match.block import pairs
from aggregator.match.score import is_elsewhere, is_nearly_linked, is_opposed, is_weak, judge_traits, promoted
from aggregator.match.told import Band, Evidence, Key, Say, Told, Verdict, Word
from aggregator.match.traits import Traits, read_traits

Pair = tuple[int, int]
Claim = Callable[[int, int], bool]

CONTEST = 0.5
"""Points by which a listing has to be a better match than another one of its source; else a person is asked."""

DOORS = 15
"""Minutes from which on it may be the next showing: such links come last."""

TORN = 1.4
"""The same between two listings of other sources that cannot be one: a place untold suits either place."""

_SAID = {
    Say.SAME: Verdict(
        band=Band.LINK, score=100.0, evidence=(Evidence(about="word", points=100.0, why="a person joined them"),)
    ),
    Say.NOT_SAME: Verdict(
        band=Band.LEAVE, score=-100.0, evidence=(Evidence(about="word", points=-100.0, why="a person split them"),)
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Two listings, and what was concluded of them."""

    one: Key
    other: Key
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Listings of one happening, by key; `why` are the pairs that hold it together."""

    members: tuple[Told, ...]
    why: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Every listing in one cluster, most of them alone in it; `questions` are pairs that a person may decide."""

    clusters: tuple[Cluster, ...]
    questions: tuple[Judged, ...] = ()


def cluster(listings: Iterable[Told], words: Iterable[Word] = ()) -> Matched:
    """What belongs together. Of two listings with one key the order decides, so there should be none.

    A split always holds. A join holds unless a split stands across it. Taking a word back leaves what was before it.
    """
    return cluster_traits(map(read_traits, listings), words)


def cluster_traits(listings: Iterable[Traits], words: Iterable[Word] = ()) -> Matched:
    """As `cluster`, of what was read before."""
    traits = sorted({one.key: one for one in listings}.values(), key=_key)
    places = {one.key: place for place, one in enumerate(traits)}
    grouping = _Grouping(traits=traits, said=_latest(words, places))
    grouping.judge(pairs(traits))
    grouping.link()
    return grouping.told()


def _key(traits: Traits) -> Key:
    return traits.key


def _latest(words: Iterable[Word], places: Mapping[Key, int]) -> dict[Pair, Say]:
    """The last word on each pair that is here; of two at one instant the split counts."""
    said: dict[Pair, Say] = {}
    for word in sorted(words, key=lambda word: (word.said_at, word.say is Say.NOT_SAME)):
        one, other = (places.get(key) for key in word.pair)
        if one is not None and other is not None and one != other:
            said[one, other] = word.say
    return said


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _first_key(group: Cluster) -> Key:
    return group.members[0].key


@dataclass(slots=True, kw_only=True)
class _Grouping:
    """The work of one call: `groups` and `joined` hold, for each listing, those that it is with."""

    traits: Sequence[Traits]
    said: Mapping[Pair, Say]
    verdicts: dict[Pair, Verdict] = field(default_factory=dict)
    groups: list[frozenset[int]] = field(default_factory=list)
    joined: list[frozenset[int]] = field(default_factory=list)

    def judge(self, candidates: Iterable[Pair]) -> None:
        for pair in sorted(candidates):
            self.verdict(*pair)

    def verdict(self, one: int, other: int) -> Verdict:
        """By score alone: what people said is no evidence about third listings, so that taking it back undoes it."""
        pair = _ordered(one, other)
        if pair not in self.verdicts:
            self.verdicts[pair] = judge_traits(self.traits[pair[0]], self.traits[pair[1]])
        return self.verdicts[pair]

    def link(self) -> None:
        """Joins of people, then what is linked by itself, best first."""
        self.groups = [frozenset((place,)) for place in range(len(self.traits))]
        self.joined = list(self.groups)
        for pair in sorted(pair for pair, say in self.said.items() if say is Say.SAME):
            self._unite(*pair, can=self._is_unsplit)
        self.joined = list(self.groups)
        self._promote()
        linked = [
            (self._apart(*pair) > DOORS, -verdict.score, pair)
            for pair, verdict in self.verdicts.items()
            if verdict.band is Band.LINK
        ]
        contested = self._contested()
        for _, _, pair in sorted(linked):
            if pair not in contested:
                self._unite(*pair, can=self._agree)

    def _unite(self, one: int, other: int, can: Claim) -> None:
        mine, theirs = self.groups[one], self.groups[other]
        if mine is not theirs and all(can(a, b) for a in mine for b in theirs):
            whole = mine | theirs
            for place in whole:
                self.groups[place] = whole

    def _is_unsplit(self, one: int, other: int) -> bool:
        return self.said.get(_ordered(one, other)) is not Say.NOT_SAME

    def _agree(self, one: int, other: int) -> bool:
        """Whether the two may be in one cluster. What a person joined to its like vouches for a listing."""
        if not self._is_unsplit(one, other):
            return False
        verdict = self.verdict(one, other)
        if verdict.band is Band.LINK or self.said.get(_ordered(one, other)):
            return True
        if self.traits[one].key[0] == self.traits[other].key[0]:
            return False
        return not verdict.forbids or self._is_vouched(one, other) or self._is_vouched(other, one)

    def _is_vouched(self, one: int, other: int) -> bool:
        return any(self.verdict(friend, other).band is Band.LINK for friend in self.joined[one] if friend != one)

    def _suitors(self) -> dict[int, set[int]]:
        """For each listing those that may be the same."""
        suitors: dict[int, set[int]] = defaultdict(set)
        for (one, other), verdict in self.verdicts.items():
            if verdict.band is not Band.LEAVE and not verdict.forbids:
                suitors[one].add(other)
                suitors[other].add(one)
        return suitors

    def _promote(self) -> None:
        """What lacks a place is linked where nothing else is called so there then."""
        suitors = self._suitors()
        alone = [
            (one, other)
            for (one, other), verdict in list(self.verdicts.items())
            if verdict.band is Band.ASK
            and self._may_be_promoted(one, other)
            and all(self._is_of_both(third, one, other) for third in (suitors[one] | suitors[other]) - {one, other})
        ]
        for pair in alone:
            self.verdicts[pair] = promoted(self.verdicts[pair])

    def _may_be_promoted(self, one: int, other: int) -> bool:
        is_placed = self.traits[one].look.is_fine and self.traits[other].look.is_fine
        return not is_placed and is_nearly_linked(self.verdict(one, other))

    def _is_of_both(self, third: int, one: int, other: int) -> bool:
        """Whether a third listing is linked with one of two or nearly with both, and nothing speaks against either."""
        verdicts = (self.verdict(third, one), self.verdict(third, other))
        if any(map(is_opposed, verdicts)):
            return False
        return any(verdict.band is Band.LINK for verdict in verdicts) or all(map(is_nearly_linked, verdicts))

    def _contested(self) -> set[Pair]:
        """Links for which another happening would do as well: a guess is wrong half the time."""
        suitors = self._suitors()
        return {
            _ordered(one, other)
            for one, others in suitors.items()
            for other in others
            if any(self._is_rival(one, other, rival) for rival in others if rival != other)
            or self._is_common(one, other, others | suitors[other])
        }

    def _is_common(self, one: int, other: int, around: set[int]) -> bool:
        """Whether name and hour are all that two have in common, and others are told so at several places."""
        if not is_weak(self.verdict(one, other)):
            return False
        return any(is_elsewhere(self.verdict(a, b)) for a, b in combinations(sorted(around), 2))

    def _is_rival(self, one: int, other: int, rival: int) -> bool:
        """Whether `rival` is nearly as good for `one` as `other` is, and cannot be the same as that."""
        by = self.verdict(one, other).score - self.verdict(one, rival).score
        if self.traits[other].key[0] != self.traits[rival].key[0]:
            return by <= TORN and is_elsewhere(self.verdict(other, rival))
        if self._is_linked(other, rival):
            return False
        sooner = self._apart(one, rival) - self._apart(one, other)
        return by <= CONTEST if sooner == 0 else sooner < 0

    def _apart(self, one: int, other: int) -> int:
        """Minutes between the starts, as far as both tell them."""
        mine, theirs = self.traits[one].minute, self.traits[other].minute
        return 0 if mine is None or theirs is None else abs(mine - theirs)

    def _is_linked(self, one: int, other: int) -> bool:
        return self.verdict(one, other).band is Band.LINK

    def told(self) -> Matched:
        whole: dict[frozenset[int], list[Judged]] = {group: [] for group in self.groups}
        questions = []
        for one, other in sorted(self.verdicts.keys() | self.said.keys()):
            judged = self._judged(one, other)
            if other in self.groups[one]:
                whole[self.groups[one]] += [judged] if judged.verdict.band is Band.LINK else []
            elif judged.verdict.band is not Band.LEAVE:
                questions.append(judged)
        clusters = [self._cluster(group, why) for group, why in whole.items()]
        return Matched(clusters=tuple(sorted(clusters, key=_first_key)), questions=tuple(questions))

    def _judged(self, one: int, other: int) -> Judged:
        said = self.said.get((one, other))
        verdict = _SAID[said] if said else self.verdict(one, other)
        first, second = self.traits[one].told.listing, self.traits[other].told.listing
        return Judged(one=first, other=second, verdict=verdict)

    def _cluster(self, group: frozenset[int], why: list[Judged]) -> Cluster:
        return Cluster(members=tuple(self.traits[place].told for place in sorted(group)), why=tuple(why))
