"""Are these Changes plausible enough to apply? Pure: events end by themselves, so waiting is always safe."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from aggregator.event import Event, ends_at
from aggregator.reconcile import Changes, Listing, is_over

SMALLEST = 5
"""Below so many events a ratio says nothing, and the rule for unseen events is guard enough."""

FLOOD = 5.0
MOVED = 0.3
CANCELLED = 0.5
ALIKE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether to apply; `reason` is a sentence with the numbers, empty when there is nothing to say."""

    is_plausible: bool
    reason: str = ""


def judge(
    changes: Changes,
    stored: Mapping[str, Listing],
    seen: Mapping[str, Event],
    history: Sequence[int],
    *,
    is_complete: bool = True,
    may_be_empty: bool = False,
    now: datetime,
) -> Verdict:
    """Judge a run before it is applied; `history` is how many events the last accepted runs kept.

    A run that is not complete may lack events, but not move, cancel or multiply them; out of season it may be empty.
    """
    expected = {uid: listing for uid, listing in stored.items() if _is_expected(listing, now)}
    told = {uid: event for uid, event in seen.items() if not is_over(event, now)}
    doubts = (
        _shrunk(expected, told) if is_complete and (told or not may_be_empty) else "",
        _flooded(len(expected), len(told), history),
        _moved(expected, seen),
        _cancelled(changes, expected, seen),
        _alike(expected, seen),
    )
    reason = "; ".join(doubt for doubt in doubts if doubt)
    return Verdict(is_plausible=not reason, reason=reason)


def _is_expected(listing: Listing, now: datetime) -> bool:
    """What was told and should still be there: missing it run after run is as implausible as missing it at once."""
    return listing.withdrawn_at is None and not is_over(listing.event, now)


def _shrunk(expected: Mapping[str, Listing], told: Mapping[str, Event]) -> str:
    still = sum(uid in told for uid in expected)
    if len(expected) < SMALLEST or still > len(expected) / 2:
        return ""
    return f"{still} of {len(expected)} expected events are still there; over half is plausible"


def _flooded(expected: int, told: int, history: Sequence[int]) -> str:
    usual = max(expected, median(history) if history else 0)
    if usual < SMALLEST or told <= usual * FLOOD:
        return ""
    return f"{told} events where {usual:.0f} are usual; up to {FLOOD:.0f} times as many is plausible"


def _moved(expected: Mapping[str, Listing], seen: Mapping[str, Event]) -> str:
    matched = [uid for uid in expected if uid in seen]
    moved = sum(seen[uid].start_date != expected[uid].event.start_date for uid in matched)
    if len(matched) < SMALLEST or moved < len(matched) * MOVED:
        return ""
    return f"{moved} of {len(matched)} known events moved; under {MOVED:.0%} is plausible"


def _cancelled(changes: Changes, expected: Mapping[str, Listing], seen: Mapping[str, Event]) -> str:
    """Of the known events: what is new may well be told as cancelled."""
    matched = sum(uid in seen for uid in expected)
    cancelled = sum(uid in expected for uid in changes.cancelled)
    if cancelled < SMALLEST or cancelled <= matched * CANCELLED:
        return ""
    return f"{cancelled} of {matched} known events cancelled at once; up to {CANCELLED:.0%} is plausible"


def _alike(expected: Mapping[str, Listing], seen: Mapping[str, Event]) -> str:
    """A calendar whose events suddenly all bear one date or one name was read wrongly."""
    if len(seen) < SMALLEST or len(expected) < SMALLEST:
        return ""
    before = [listing.event for listing in expected.values()]
    after = list(seen.values())
    for what, share_before, share_after in (
        ("start", _share(map(_start, before)), _share(map(_start, after))),
        ("name", _share(e.name for e in before), _share(e.name for e in after)),
    ):
        if share_after > ALIKE >= share_before:
            return f"{share_after:.0%} of the events share one {what}; {share_before:.0%} did before"
    return ""


def _start(event: Event) -> datetime:
    return ends_at(event.start_date, None, event.time_zone)


def _share(values: Iterable[object]) -> float:
    counts = Counter(values)
    return max(counts.values(), default=0) / max(1, sum(counts.values()))
