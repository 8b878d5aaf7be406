"""How often the rhythm of a group is named right from its dates, and how soon a dead group is called quiet.

    python benchmarks/rhythm.py [--seed 1] [--histories 2000] [--show 10]

Histories are made up: weekly, fortnightly, by the week of the month, two days, with holidays, pauses, a new day, an
end, and irregular ones; with a date that was moved, one too many, and the first or last not seen. Exits 1 when the
rule is named right in under 98 % of the regular ones, when over 1 % of the irregular ones are called regular, when
under 98 % of the dead groups are quiet on the day after their second missed meeting; and when over 2 % of those that
meet are called quiet on the eve of a date.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from random import Random

from _rhythm_histories import KINDS, History, histories

from aggregator.event import Occurrence
from aggregator.group.group import Group, HowKnown, State
from aggregator.group.infer import infer
from aggregator.group.rhythm import Rhythm, rule_days
from aggregator.group.state import state_of

RIGHT, FALSE, QUIET, WRONGLY_QUIET = 0.98, 0.01, 0.98, 0.02
A_DAY = timedelta(days=1)


@dataclass
class Score:
    """Of one kind: how often what was found."""

    counted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def share(self, of: str, among: str = "histories") -> float:
        return self.counted[of] / max(1, self.counted[among])


def main() -> int:
    options = _read_options()
    began = time.perf_counter()
    scores: dict[str, Score] = defaultdict(Score)
    for history in histories(options.seed, options.histories):
        _score(scores[history.kind], history)
    for kind in KINDS:
        print(_line(kind, scores[kind]))
    for kind in KINDS:
        for wrong in scores[kind].wrong[: options.show]:
            print(wrong)
    failures = _failures(scores)
    print("\n".join(failures) or "every bar is reached")
    print(f"{options.histories} histories of seed {options.seed} in {time.perf_counter() - began:.1f} s")
    return 1 if failures else 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--show", type=int, default=0, help="how many of the wrong ones of each kind to tell")
    return parser.parse_args()


def _score(score: Score, history: History) -> None:
    rhythm = infer(history.dates, now=history.now)
    score.counted["histories"] += 1
    if history.plan is None:
        score.counted["regular"] += rhythm is not None
        score.wrong += [_tell(history, rhythm)] if rhythm else []
        return
    is_right = rhythm is not None and _is_right(history, rhythm)
    score.counted["right"] += is_right
    score.wrong += [] if is_right else [_tell(history, rhythm)]
    if rhythm is None:
        return
    score.counted["clock"] += is_right and rhythm.start == _clock_of(history)
    if history.kind == "dying":
        _score_death(score, history)
    else:
        _score_life(score, history)


def _is_right(history: History, rhythm: Rhythm) -> bool:
    """The same rule, months among it, and fortnights counted from the same week."""
    assert history.plan
    ahead = [rhythm.since + timedelta(days=day) for day in range(400)]
    named = rule_days(rhythm, ahead[0], ahead[-1])
    return rhythm.rrules == (history.plan.rule,) and named == [day for day in ahead[:-1] if history.plan.falls_on(day)]


def _clock_of(history: History) -> clock:
    """The last three dates' most frequent."""
    starts = [each.start.time() for each in history.dates if isinstance(each.start, datetime)][-3:]
    return Counter(starts).most_common(1)[0][0]


def _score_death(score: Score, history: History) -> None:
    """The morning after its second missed meeting it is quiet; the morning after its last one it is not."""
    score.counted["early"] += _state(history.dates, history.now) is not State.ACTIVE
    score.counted["quiet"] += _state(history.dates, _after(history.due[1])) is State.QUIET
    late = _after(max(history.due[6], _day(history.dates[-1]) + timedelta(days=100)))
    score.counted["retired"] += _state(history.dates, late) is State.RETIRED


def _score_life(score: Score, history: History) -> None:
    """The eve of any date of its second half, of which only those before are known: it meets still."""
    half = len(history.dates) // 2
    place = Random(f"{history.now} {len(history.dates)}").randrange(half, len(history.dates))
    found = _state(history.dates[:place], _after(_day(history.dates[place]) - 2 * A_DAY))
    score.counted["asked"] += found is not None
    score.counted["wrongly quiet"] += found not in (None, State.ACTIVE)


def _state(dates: tuple[Occurrence, ...], now: datetime) -> State | None:
    """What is said then; None where no rhythm is known."""
    rhythm = infer(dates, now=now)
    if rhythm is None:
        return None
    group = Group(
        id="g", name="Mixer", time_zone="UTC", rhythm=rhythm, how_known=HowKnown.INFERRED, dates=dates,
        first_seen=now, last_seen=now, last_confirmed=now,
    )  # fmt: skip
    return state_of(group, now=now, last_read=now)


def _after(day: date) -> datetime:
    return datetime.combine(day + A_DAY, clock(9), UTC)


def _day(occurrence: Occurrence) -> date:
    return occurrence.start.date() if isinstance(occurrence.start, datetime) else occurrence.start


def _tell(history: History, rhythm: Rhythm | None) -> str:
    plan = history.plan.rule if history.plan else "none"
    days = " ".join(f"{_day(each):%y%m%d%a}" for each in history.dates[-40:])
    return f"{history.kind}: {plan} is told as {rhythm and rhythm.rrules}; {history.now:%y%m%d}: {days}"


def _line(kind: str, score: Score) -> str:
    parts = [f"{kind:18}{score.counted['histories']:5}"]
    if kind == "irregular":
        return f"{parts[0]}  called regular {score.share('regular'):6.1%}"
    parts.append(f"rule right {score.share('right'):6.1%}  clock right {score.share('clock', 'right'):6.1%}")
    if kind == "dying":
        parts.append(f"quiet after two missed {score.share('quiet'):6.1%}, early {score.share('early'):.1%}")
        parts.append(f"retired after six {score.share('retired'):6.1%}")
    else:
        parts.append(f"wrongly quiet {score.share('wrongly quiet', 'asked'):6.1%}")
    return "  ".join(parts)


def _failures(scores: dict[str, Score]) -> list[str]:
    every = Score(counted=sum((score.counted for kind, score in scores.items() if kind != "irregular"), Counter()))
    right, wrongly = every.share("right"), every.share("wrongly quiet", "asked")
    false, quiet = scores["irregular"].share("regular"), scores["dying"].share("quiet")
    print(f"all: rule right {right:.2%}; irregular called regular {false:.2%}; wrongly quiet {wrongly:.2%}")
    told = (
        (right >= RIGHT, f"the rule is right in {right:.2%}, under {RIGHT:.0%}"),
        (false <= FALSE, f"irregular ones are called regular in {false:.2%}, over {FALSE:.0%}"),
        (quiet >= QUIET, f"dead groups are called quiet in {quiet:.2%}, under {QUIET:.0%}"),
        (wrongly <= WRONGLY_QUIET, f"groups that meet are called quiet in {wrongly:.2%}, over {WRONGLY_QUIET:.0%}"),
    )
    return [words for is_reached, words in told if not is_reached]


if __name__ == "__main__":
    sys.exit(main())
