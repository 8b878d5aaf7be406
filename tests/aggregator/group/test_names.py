"""Names without what is of one date only."""

import pytest

from aggregator.group.names import key_of, plain_name, stem_of


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Business Mixer", "Business Mixer"),
        ("Business Mixer - March 12, 2026", "Business Mixer"),
        ("March 2026 Business Mixer", "Business Mixer"),
        ("March Business Mixer", "Business Mixer"),
        ("Business Mixer (October)", "Business Mixer"),
        ("Business Mixer 3/12/26", "Business Mixer"),
        ("2026-03-12 Business Mixer", "Business Mixer"),
        ("Business Mixer #42", "Business Mixer"),
        ("Business Mixer, Session 3", "Business Mixer"),
        ("12th Business Mixer", "Business Mixer"),
        ("Business Mixer 7:00 PM", "Business Mixer"),
        ("CANCELLED: Business Mixer", "Business Mixer"),
        ("Business Mixer (SOLD OUT)", "Business Mixer"),
        ("Toastmasters: Table Topics", "Toastmasters: Table Topics"),
        ("May Contain Nuts", "Contain Nuts"),
        ("The Juneau Club", "The Juneau Club"),
        ("Full House Comedy", "Full House Comedy"),
        ("March 12", "March 12"),
        ("#42", "#42"),
    ],
)
def test_dates_numbers_and_announcements_are_left_out(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Toastmasters: Table Topics", "Toastmasters"),
        ("Coffee Hour – The Budget", "Coffee Hour"),
        ("Coffee Hour with the Mayor", "Coffee Hour"),
        ("Toastmasters", "Toastmasters"),
        ("9:30 Coffee", "Coffee"),
        ("Meet-up", "Meet-up"),
    ],
)
def test_a_topic_is_no_part_of_the_stem(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_names_that_are_written_alike_have_one_key() -> None:
    assert key_of("Café  Hour!") == key_of("cafe hour")
    assert key_of("Café Hour") != key_of("Café Hours")
    assert key_of("♥") == "♥"
