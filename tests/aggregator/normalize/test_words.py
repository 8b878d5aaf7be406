"""What a name or a status says of a cancellation."""

import re
import time

import pytest

from aggregator.event import EventStatus
from aggregator.normalize.words import read_status

CANCELLED = [
    "CANCELLED: Mixer",
    "Canceled - Mixer",
    "CANCELLED Mixer",
    "*CANCELED* Mixer",
    "[Cancelled] Mixer",
    "Event Cancelled: Mixer",
    "CANCELLED – Mixer",
    "CANCELLED!! Mixer",
    "Cancelled due to smoke: Mixer",
    "This event has been cancelled - Mixer",
    "Cancelled",
    "Mixer *CANCELLED*",
    "Mixer **Cancelled**",
    "Mixer [Canceled]",
    "Mixer (Canceled)",
    "Mixer (event cancelled)",
    "Mixer (CANCELLED DUE TO RAIN)",
    "Mixer (Cancelled - see note)",
    "Mixer {cancelled}",
    "Mixer – Cancelled due to weather",
    "Mixer - Cancelled",
    "Mixer: canceled!",
    "Mixer | CANCELLED",
    "Mixer CANCELLED",
    "Mixer CANCELLED DUE TO HEAT",
    "MIXER HAS BEEN CANCELLED",
    "Mixer (cancelled) at Elm Hall",
    "Mixer - Cancelled until further notice",
]
HELD = [
    "Mixer",
    "Cancelled Plans Book Club",
    "How to cancel debt",
    "Cancelled stamps fair",
    "How to deal with cancelled plans",
    "Cancelled Flights and Your Rights",
    "Film – Cancelled Lives",
    "Stamp fair (cancelled stamps only)",
    "Not cancelled: Mixer",
    "Mixer (not cancelled)",
    "Mixer: NOT CANCELLED",
    "Mixer – rain or shine, never cancelled",
    "Un-cancelled Comedy",
    "The Un-cancelled",
    "Cancel culture: a debate",
    "Cancellation policies for small firms",
    "What if student debt were cancelled?",
    "Noise-cancelled listening room",
    "CANCELLATION: a workshop",
]


@pytest.mark.parametrize("name", CANCELLED)
def test_a_name_that_announces_a_cancellation_cancels(name: str) -> None:
    assert read_status(None, name) is EventStatus.CANCELLED


@pytest.mark.parametrize("name", HELD)
def test_a_name_that_speaks_of_cancelling_does_not(name: str) -> None:
    assert read_status(None, name) is EventStatus.SCHEDULED


@pytest.mark.parametrize("name", CANCELLED)
def test_a_postponement_is_announced_in_the_same_ways(name: str) -> None:
    name = re.sub("(?i)cancell?ed", lambda word: "POSTPONED" if word[0].isupper() else "Postponed", name)

    assert read_status(None, name) is EventStatus.POSTPONED


@pytest.mark.parametrize("name", ["Postponed Dreams, a play", "Why we postponed children", "Mixer (not postponed)"])
def test_a_name_that_speaks_of_postponing_does_not_postpone(name: str) -> None:
    assert read_status(None, name) is EventStatus.SCHEDULED


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Cancelled", EventStatus.CANCELLED),
        ("https://schema.org/EventCancelled", EventStatus.CANCELLED),
        ("Not cancelled", EventStatus.SCHEDULED),
        ("not_canceled", EventStatus.SCHEDULED),
        ("has not been cancelled", EventStatus.SCHEDULED),
        ("uncancelled", EventStatus.SCHEDULED),
        ("Postponed", EventStatus.POSTPONED),
        ("Not postponed", EventStatus.SCHEDULED),
        ("Not cancelled, but rescheduled", EventStatus.RESCHEDULED),
    ],
)
def test_a_stated_status_may_be_negated(words: str, status: EventStatus) -> None:
    assert read_status(words, "Mixer") is status


@pytest.mark.parametrize(
    "part", ["cancelled ", "(cancelled due to", "- ", "CANCELLED DUE TO ", " ", "(*[", "this event is "]
)
def test_a_hostile_name_takes_no_time(part: str) -> None:
    started = time.perf_counter()

    read_status(None, (part * 300)[:300] + "x")

    assert time.perf_counter() - started < 0.05
