"""When a source is due again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.collect.pace import GONE, JITTER, LONGEST_BACK_OFF, SHORTEST, SLOWEST, time_to_next
from aggregator.run import Outcome, Run

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)
OUTCOMES = {"a": Outcome.ACCEPTED, "q": Outcome.QUARANTINED, "p": Outcome.PARTIAL, "f": Outcome.FAILED}


def runs(letters: str) -> list[Run]:
    """Newest first: `a` accepted without a change, `A` with one, `q` held back, `p` partial, `f` failed."""
    return [
        Run(
            source="chamber",
            started_at=NOW,
            finished_at=NOW,
            outcome=OUTCOMES[letter.lower()],
            reason="",
            changed=int(letter == "A"),
        )
        for letter in letters
    ]


def until_next(every: timedelta, letters: str, **told: Any) -> timedelta:
    """After these runs, of which those that failed last were collections without any answer."""
    failures = len(letters) - len(letters.lstrip("f"))
    return time_to_next(every, runs(letters), failures=failures, **told)


@pytest.mark.parametrize(
    ("letters", "minutes"),
    [
        ("", 360),
        ("A", 360),
        ("aaa", 360),
        ("aaaa", 720),
        ("aaaaaaa", 720),
        ("aaaaaaaa", 1440),
        ("a" * 20, 1440),
        ("Aaaaa", 360),
        ("aaaA", 360),
        ("q", 360),
        ("p", 360),
        ("f", 30),
        ("ff", 60),
        ("fff", 120),
        ("ffffff", 960),
        ("fffffff", 1440),
        ("f" * 20, 1440),
        ("faaaa", 30),
        ("aff", 360),
        ("qff", 360),
    ],
)
def test_the_time_between_runs_follows_from_how_they_went(letters: str, minutes: int) -> None:
    assert until_next(SIX_HOURS, letters, chance=0) == timedelta(minutes=minutes)


def test_a_site_that_is_gone_is_looked_at_once_a_week() -> None:
    assert until_next(SIX_HOURS, "f", is_gone=True, chance=0) == GONE


@pytest.mark.parametrize(("chance", "hours"), [(-1, 5.4), (0, 6), (0.5, 6.3), (1, 6.6)])
def test_chance_spreads_runs_by_a_tenth(chance: float, hours: float) -> None:
    assert until_next(SIX_HOURS, "A", chance=chance) == timedelta(hours=hours)


histories = st.text(alphabet="aAqpf", max_size=25)
lengths = st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=30))
chances = st.floats(min_value=-1, max_value=1)


@given(every=lengths, letters=histories, chance=chances, is_gone=st.booleans())
def test_nobody_is_asked_again_within_a_quarter_of_an_hour(
    every: timedelta, letters: str, chance: float, is_gone: bool
) -> None:
    assert until_next(every, letters, is_gone=is_gone, chance=chance) >= SHORTEST


@given(every=lengths, failures=st.integers(min_value=1, max_value=25), chance=chances)
def test_a_source_that_fails_is_tried_every_day_at_least(every: timedelta, failures: int, chance: float) -> None:
    longest = LONGEST_BACK_OFF * (1 + JITTER)

    assert until_next(every, "f" * failures, chance=chance) <= longest


@given(every=lengths, letters=histories.filter(lambda letters: not letters.startswith("f")), chance=chances)
def test_a_source_that_answers_is_read_at_no_less_than_a_quarter_of_its_pace(
    every: timedelta, letters: str, chance: float
) -> None:
    longest = max(SHORTEST, every * SLOWEST * (1 + JITTER))

    assert until_next(every, letters, chance=chance) <= longest + timedelta(microseconds=1)


@given(letters=histories, chance=chances, wait=st.floats(min_value=0, max_value=7 * 86_400))
def test_a_site_is_left_alone_for_as_long_as_it_asks(letters: str, chance: float, wait: float) -> None:
    asked = timedelta(seconds=wait)
    unasked = until_next(SIX_HOURS, letters, chance=chance)

    assert until_next(SIX_HOURS, letters, wait=wait, chance=chance) == max(asked, unasked)
