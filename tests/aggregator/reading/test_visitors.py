"""What pages say of strangers, as real pages say it: never “open” without words that say so."""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import Authority, Evidence, Visitors, VisitorTerms
from aggregator.reading.visitors import read_terms

TABLE = Path(__file__).with_name("visitors.tsv")
SEATS = {"-": None, "yes": True, "no": False}


class Said(NamedTuple):
    """A phrase, and what it says."""

    phrase: str
    visitors: Visitors
    guest_fee: Decimal | None
    member_fee: Decimal | None
    visits: int | None
    one_seat: bool | None


def read_line(line: str) -> Said:
    visitors, guest, member, visits, seat, phrase = line.split("\t")
    fees = (None if fee == "-" else Decimal(fee) for fee in (guest, member))
    return Said(phrase, Visitors(visitors), *fees, None if visits == "-" else int(visits), SEATS[seat])


SAID = [read_line(line) for line in TABLE.read_text("utf-8").splitlines()]


def test_the_table_is_long_enough() -> None:
    assert len({said.phrase for said in SAID}) == len(SAID) >= 150


@pytest.mark.parametrize("said", SAID, ids=[said.phrase[:50] for said in SAID])
def test_a_phrase_says_this_and_no_more(said: Said) -> None:
    terms = read_terms([said.phrase])

    assert (
        said.phrase,
        terms.visitors,
        terms.guest_fee,
        terms.member_fee,
        terms.visits_allowed,
        terms.one_seat_per_profession,
    ) == said
    assert all(evidence.quote in said.phrase for evidence in terms.evidence)


def test_each_term_has_the_sentence_it_was_read_from() -> None:
    page = "We meet weekly. Visitors are welcome.\nMembers $5, guests $8. First-timers say hi!"

    terms = read_terms(["Coffee Club", page])

    assert terms == VisitorTerms(
        visitors=Visitors.OPEN,
        guest_fee=Decimal(8),
        member_fee=Decimal(5),
        newcomers_expected=True,
        evidence=(
            Evidence(about="visitors", quote="Visitors are welcome."),
            Evidence(about="guest_fee", quote="Members $5, guests $8."),
            Evidence(about="member_fee", quote="Members $5, guests $8."),
            Evidence(about="newcomers_expected", quote="First-timers say hi!"),
        ),
    )


def test_an_organisations_own_rule_is_told_as_such_and_gives_way_to_the_page() -> None:
    silent = read_terms(["Weekly meeting"], "BNI Elm Valley")
    said = read_terms(["Visitors may attend up to three meetings."], "BNI Elm Valley")

    assert (silent.visitors, silent.visits_allowed, silent.one_seat_per_profession) == (Visitors.UNKNOWN, 2, True)
    assert {evidence.authority for evidence in silent.evidence} == {Authority.ORGANIZATION}
    assert (said.visits_allowed, said.one_seat_per_profession) == (3, True)


@pytest.mark.parametrize(
    "phrase",
    [
        "Beginners welcome",
        "No experience necessary.",
        "New to town? Come and meet us.",
        "New Member Orientation",
        "First-timers get a tour",
        "Newcomers Club coffee",
    ],
)
def test_that_first_timers_are_expected_is_read(phrase: str) -> None:
    assert read_terms([phrase]).newcomers_expected is True


@pytest.mark.parametrize("phrase", ["First-time home buyers seminar", "Our new menu", "First come, first served"])
def test_other_first_and_new_things_say_nothing_of_first_timers(phrase: str) -> None:
    assert read_terms([phrase]).newcomers_expected is None


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_open_always_has_a_quotation(text: str) -> None:
    terms = read_terms([text])

    about = {evidence.about for evidence in terms.evidence}
    assert terms.visitors is Visitors.UNKNOWN or "visitors" in about


def test_a_long_text_is_read_in_time() -> None:
    assert read_terms(["open to members visitors $5 free for one " * 2000]).visitors is not None
