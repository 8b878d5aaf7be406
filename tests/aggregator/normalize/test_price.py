"""What pages say of cost, as they say it."""

import time
from decimal import Decimal

import pytest

from aggregator.normalize.price import is_free, read_offers
from aggregator.source import Draft

SAID: list[tuple[str, str, bool | None]] = [
    # (words, "low" or "low-high" or "" where nothing is said, is_free)
    ("$25 per person, ages 21+", "25", False),
    ("$5 at the door after 7pm", "5", False),
    ("$10 (2 drinks included)", "10", False),
    ("$20 early bird until 9/30", "20", False),
    ("$20 early bird until 9/30, $25 after", "20-25", False),
    ("$10, call (559) 555-9999", "10", False),
    ("$10. RSVP 555-9999", "10", False),
    ("cost is $8 per person. For more information, call 559.555.0123", "8", False),
    ("$20 for 3 sessions", "20", False),
    ("1 for $5, 2 for $8", "5-8", False),
    ("$75 individual / $600 table of 8", "75-600", False),
    ("Table of 8 - $400", "400", False),
    ("Class of 2026: $30", "30", False),
    ("$15", "15", False),
    ("15", "15", False),
    ("15.00", "15.00", False),
    ("10-20", "10-20", False),
    ("0 – 15", "0-15", None),
    ("Free / 10 / 15", "0-15", None),
    ("$10-$20", "10-20", False),
    ("10-$20", "10-20", False),
    ("$10-20", "10-20", False),
    ("$10 to 20", "10-20", False),
    ("$10 to 20 people", "10", False),
    ("$10 - 20 each", "10-20", False),
    ("$10 - 21 and over", "10", False),
    ("Ages 2 - $10", "10", False),
    ("$5-7pm", "5", False),
    ("Tickets: 10 – $20", "10-20", False),
    ("from $20", "20", False),
    ("$1,200.00", "1200", False),
    ("$20/person", "20", False),
    ("$25pp", "25", False),
    ("$.50", "0.5", False),
    ("10$", "10", False),
    ("£5", "5", False),
    ("C$12", "12", False),
    ("12 CAD", "12", False),
    ("EUR 10,50", "10.5", False),
    ("10,50 €", "10.5", False),
    ("€1.200,00", "1200", False),
    ("USD 10 - 15", "10-15", False),
    ("10-20 dollars", "10-20", False),
    ("10 dollars", "10", False),
    ("Members $15 / Guests $25", "15-25", False),
    ("Member price $15, guest price $25", "15-25", False),
    ("Members: free; guests: $15", "15", False),
    ("Kids free, adults $10", "10", False),
    ("Adults $10, kids 12 and under free", "10", False),
    ("$10, free for members", "10", False),
    ("$5, free for our current members", "5", False),
    ("RSVP $10, $15 at door", "10-15", False),
    ("Free", "0", True),
    ("FREE EVENT", "0", True),
    ("Free!", "0", True),
    ("100% free", "0", True),
    ("Free of charge", "0", True),
    ("free-of-charge", "0", True),
    ("Free and open to the public", "0", True),
    ("Free for all ages", "0", True),
    ("Free to attend, registration required", "0", True),
    ("Free with RSVP", "0", True),
    ("No charge", "0", True),
    ("No cover", "0", True),
    ("No admission fee", "0", True),
    ("no-cost", "0", True),
    ("Complimentary", "0", True),
    ("$0", "0", True),
    ("$0.00", "0", True),
    ("0", "0", True),
    ("Free admission, $5 parking", "0", True),
    ("Admission: free. Parking $10.", "0", True),
    ("Free, donations welcome", "0", True),
    ("Free; suggested donation $5", "0-5", True),
    ("Free – $15", "0-15", None),
    ("Free-$15", "0-15", None),
    ("Free for the first 50, $10 after", "0-10", None),
    ("$10 – Free", "0-10", None),
    ("Ages 0-5 free, all others $8", "8", False),
    ("Free for 12 and under, $8", "8", False),
    ("suggested donation $5", "5", None),
    ("$5 suggested donation", "5", None),
    ("Donation", "", None),
    ("There is a $7 recommended contribution for carpool drivers", "7", None),
    ("Sliding scale $10–$30, no one turned away", "10-30", None),
    ("pay what you can", "", None),
    ("Pay what you can ($5–$20)", "5-20", None),
    ("Free for members", "", None),
    ("Free with museum admission", "", None),
    ("Not free", "", None),
    ("Not a free event: $5", "5", False),
    ("It isn’t free", "", None),
    ("Smoke-free event", "", None),
    ("Alcohol-free, $10", "10", False),
    ("Gluten-free bake sale", "", None),
    ("Free-will offering", "", None),
    ("Feel free to bring a friend", "", None),
    ("Free parking", "", None),
    ("$25 includes a free t-shirt", "25", False),
    ("$40 with complimentary hot breakfast", "40", False),
    ("$10, $5 off with a library card", "10", False),
    ("Win $50! Entry $2", "2", False),
    ("Compete for $10K, entry $20", "20", False),
    ("$2 million in prizes", "", None),
    ("$", "", None),
    ("$$", "", None),
    ("TBD", "", None),
    ("Varies, see 2026 brochure", "", None),
    ("Guests pay their own meal", "", None),
    ("2026-10-08", "", None),
    ("7pm", "", None),
    ("50%", "", None),
    ("15.000", "", None),
]  # fmt: skip


@pytest.mark.parametrize(("words", "price", "free"), SAID, ids=[words for words, _, _ in SAID])
def test_only_what_is_a_price_is_read_as_one(words: str, price: str, free: bool | None) -> None:
    draft = Draft(price=words)

    offers = read_offers(draft, "US")

    low, _, high = price.partition("-")
    told = [(offer.price, offer.high_price) for offer in offers]
    assert told == ([(Decimal(low), Decimal(high) if high else None)] if price else [])
    assert is_free(draft) is free


@pytest.mark.parametrize(
    ("words", "country", "currency"),
    [
        ("$5", "US", "USD"),
        ("$5", "CA", "CAD"),
        ("$5", None, "USD"),
        ("US$5", "CA", "USD"),
        ("C$12", "US", "CAD"),
        ("$10 CAD", "US", "CAD"),
        ("10 dollars", "NZ", "NZD"),
        ("£5", "US", "GBP"),
        ("EUR 10,50", "US", "EUR"),
        ("5 euros", "US", "EUR"),
        ("at 7, $5", "US", "USD"),
        ("5", "US", None),
        ("Free", "US", None),
    ],
)
def test_a_sign_tells_the_currency(words: str, country: str | None, currency: str | None) -> None:
    (offer,) = read_offers(Draft(price=words), country)

    assert offer.price_currency == currency


def test_a_price_is_told_without_anybodys_number() -> None:
    (offer,) = read_offers(Draft(price="$10 at the door, call (559) 555-0123 or ann@elm.example"), "US")

    assert offer.description is not None
    assert "$10 at the door" in offer.description
    assert "555" not in offer.description
    assert "@" not in offer.description


def test_a_long_text_is_not_cut_within_an_amount() -> None:
    (offer,) = read_offers(Draft(price="Fees $5 " + "x" * 190 + "$1000"), "US")

    assert (offer.price, offer.high_price) == (Decimal(5), None)


def test_what_the_page_states_outweighs_its_words() -> None:
    assert is_free(Draft(price="$5", is_accessible_for_free=True)) is True
    assert is_free(Draft(price="Free", is_accessible_for_free=False)) is False


@pytest.mark.parametrize(
    "part", ["$", "1", "1,", "free ", "$1 ", "10 - ", "kids a ", "free / ", "not a a ", "complimentary a "]
)
def test_a_hostile_price_takes_no_time(part: str) -> None:
    started = time.perf_counter()

    read_offers(Draft(price=part * 200), "US")

    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize(
    ("description", "free"),
    [
        ("Swap leads, look over each other's CV. Free.", True),
        ("<p>Free and open to the public!</p><p>Bring a chair.</p>", True),
        ("Doors at 7\nAdmission: free", True),
        ("This workshop is free.", True),
        ("No charge.", True),
        ("Free parking.", None),
        ("Free for members.", None),
        ("Feel free.", None),
        ("Free. Lunch is $12.", None),
        ("A tax-free weekend.", None),
        ("Is it free?", None),
        ("", None),
    ],
)
def test_a_sentence_of_the_description_that_says_nothing_else_makes_it_free(
    description: str, free: bool | None
) -> None:
    assert is_free(Draft(description=description)) is free
    assert is_free(Draft(description=description, price="$5")) is False
