"""How often it is read right whether a stranger may come, and for how much, and that "open" is never made up.

    python benchmarks/visitors.py [--seed 1] [--pages 3000] [--show 10]

A page is a phrase of visitors.tsv, as organisers say it, among sentences that say nothing of strangers, with other
amounts, capitals, quotation marks and spaces. Exits 1 when under 95 % of the pages are read right, or when one is
called open whose phrase does not say so.
"""

import argparse
import re
import sys
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from aggregator.event import Visitors, VisitorTerms
from aggregator.reading.visitors import read_terms

PHRASES = Path(__file__).with_suffix(".tsv")
RIGHT = 0.95
SEATS = {"-": None, "yes": True, "no": False}
AMOUNT = re.compile(r"\$(\d+)(\.00)?")

NEUTRAL = (
    "Doors open at 7:30.",
    "Parking is behind the building.",
    "We begin with introductions around the table.",
    "Coffee and pastries are served.",
    "The speaker is a local author.",
    "We meet at the community center on Elm Street.",
    "Bring business cards.",
    "Our members include bakers, bankers and builders.",
    "Founded in 1987, the club supports local schools.",
    "Questions? See our website.",
    "The program ends by 9:00.",
    "Proceeds go to the scholarship fund.",
    "Tables seat eight.",
    "Dress for the weather.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says, and what is to be read in it: visitors, the fees of guests and members, visits, seats."""

    text: str
    wanted: tuple[object, ...]


def main() -> int:
    options = read_options()
    phrases = [line.split("\t") for line in PHRASES.read_text("utf-8").splitlines()]
    random = Random(options.seed)
    right: Counter[object] = Counter()
    among: Counter[object] = Counter()
    made_up, shown = 0, 0
    for page in (make_page(random.choice(phrases), random) for _ in range(options.pages)):
        found = values_of(read_terms([page.text]))
        visitors = page.wanted[0]
        among[visitors] += 1
        right[visitors] += found == page.wanted
        made_up += found[0] is Visitors.OPEN is not visitors
        if found != page.wanted and (shown := shown + 1) <= options.show:
            print(f"{page.text!r}\n  wanted {told(page.wanted)}\n  found  {told(found)}")
    return tell(right, among, made_up, f"{options.pages} pages of seed {options.seed}, {len(phrases)} phrases")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--show", type=int, default=10, help="pages that are read wrongly")
    return parser.parse_args()


def make_page(columns: list[str], random: Random) -> Page:
    visitors, guest, member, visits, seat, phrase = columns
    amounts = {amount: str(random.randint(1, 200)) for amount in {found[1] for found in AMOUNT.finditer(phrase)}}
    phrase = AMOUNT.sub(lambda found: f"${amounts[found[1]]}{found[2] or ''}", phrase)
    fees = (None if fee == "-" else Decimal(amounts.get(fee, fee)) for fee in (guest, member))
    around = random.sample(NEUTRAL, random.randint(0, 6))
    around.insert(random.randint(0, len(around)), phrase)
    return Page(
        text=disguise(random.choice((" ", "\n", "\n\n")).join(map(ended, around)), random),
        wanted=(Visitors(visitors), *fees, None if visits == "-" else int(visits), SEATS[seat]),
    )


def ended(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?" else f"{sentence}."


def disguise(text: str, random: Random) -> str:
    """As other hands and other programs write it."""
    changes = (
        str.upper,
        lambda told: told.replace("'", "’"),
        lambda told: told.replace(" ", "  "),
        lambda told: told.replace(" ", "\N{NO-BREAK SPACE}"),
        lambda told: told.replace("- ", "– "),
    )
    for change in changes:
        if random.random() < 0.15:
            text = change(text)
    return text


def values_of(terms: VisitorTerms) -> tuple[object, ...]:
    return (
        terms.visitors,
        terms.guest_fee,
        terms.member_fee,
        terms.visits_allowed,
        terms.one_seat_per_profession,
    )


def told(values: tuple[object, ...]) -> str:
    return ", ".join("-" if value is None else str(value) for value in values)


def tell(right: Counter[object], among: Counter[object], made_up: int, what: str) -> int:
    for visitors in Visitors:
        print(f"{visitors:16} {right[visitors] / max(1, among[visitors]):.4f} of {among[visitors]}")
    share = right.total() / among.total()
    print(f"read right: {share:.4f} (at least {RIGHT}); called open without words that say so: {made_up} (none)")
    is_reached = share >= RIGHT and not made_up
    print(f"{'every bar is reached' if is_reached else 'a bar is missed'}: {what}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
