"""Why an event is good for meeting people, or is not: lines with their quotation, by open rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import MeetingLine
from aggregator.reading.meeting import read_lines, read_rules

GOOD, BAD = True, False


@pytest.mark.parametrize(
    ("phrase", "about", "speaks_for"),
    [
        ("October Mixer at Elm Hall", "time to mix", GOOD),
        ("Doors open at 5 for networking time", "time to mix", GOOD),
        ("Business After Hours", "time to mix", GOOD),
        ("Come and meet your neighbors", "time to mix", GOOD),
        ("Coffee Connections", "coffee or food together", GOOD),
        ("A light lunch is served", "coffee or food together", GOOD),
        ("Potluck in the park", "coffee or food together", GOOD),
        ("Each guest will introduce themselves", "everybody is introduced", GOOD),
        ("Bring your 30-second commercial", "everybody is introduced", GOOD),
        ("Speed networking", "everybody is introduced", GOOD),
        ("Limited to 12 hikers", "a small group", GOOD),
        ("A greeter meets you at the door", "somebody looks after you", GOOD),
        ("Your host for the evening is at the door", "somebody looks after you", GOOD),
        ("Moonlight hike to the ridge", "doing something together", GOOD),
        ("River clean-up", "doing something together", GOOD),
        ("Board game night", "doing something together", GOOD),
        ("Members exchange qualified referrals and business leads", "helping each other", GOOD),
        ("Job search circle", "helping each other", GOOD),
        ("Free webinar on taxes", "a talk on a screen", BAD),
        ("Planning commission: public hearing", "a formal meeting", BAD),
        ("Board of Directors meeting", "a formal meeting", BAD),
        ("Retirement seminar with a complimentary dinner", "a sales talk", BAD),
    ],
)
def test_a_phrase_gives_this_line_with_its_words(phrase: str, about: str, speaks_for: bool) -> None:
    assert MeetingLine(about=about, speaks_for=speaks_for, quote=phrase) in read_lines([phrase])


@pytest.mark.parametrize(
    "phrase",
    [
        "Cement mixing for beginners",
        "The coffee table book sale",
        "Social security explained",
        "Mix two cups of flour",
        "Walk-ins are not accepted",
        "The second Tuesday of the month",
        "Introduction to calculus",
        "Round Table Pizza, 1 Main St",
        "Host committee",
        "Roof gardens of Elm Valley: a film",
        "Building permits",
        "We support our troops",
    ],
)
def test_words_that_only_look_alike_give_none(phrase: str) -> None:
    assert read_lines([phrase]) == ()


def test_a_line_comes_once_with_the_first_sentence_that_says_it() -> None:
    lines = read_lines(["Mixer", "A second mixer follows. Coffee at 7. More coffee at 8."])

    assert lines == (
        MeetingLine(about="time to mix", speaks_for=GOOD, quote="Mixer"),
        MeetingLine(about="coffee or food together", speaks_for=GOOD, quote="Coffee at 7."),
    )


def test_every_line_is_told_apart() -> None:
    assert len(read_rules()) == len({rule.about for rule in read_rules()}) >= 10


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert all(line.quote for line in read_lines([text]))
