"""Whether words of cost say that anybody comes in without paying."""

import re

_FREE = r"(?:free|no (?:admission |entry |entrance |cover )?(?:charge|cost|fee|cover)|gratis|complimentary)"
_SOME = (
    r"(?:members?|subscribers|pass ?holders|kids?|child(?:ren)?|infants|toddlers|babies|bab(?:y|ies)|youths?|teens?"
    r"|students?|seniors?|veterans?|military|residents?|staff|volunteers|first[- ]time\w*|ages?|under|ladies)"
)
_PERK = (
    r"(?:parking|wi-?fi|food|snacks?|lunch(?:es)?|breakfasts?|dinners?|pizza|drinks?|beer|wine|coffee|refreshments"
    r"|popcorn|child ?care|shuttles?|t-?shirts?|gifts?|swag|samples?|shipping|rentals?|raffle|trials?|consultations?"
    r"|appetizers|book|tote)"
)
_NOT_FREE = re.compile(
    rf"(?:\b(?:not?|never|no longer|without|non)|n['’]t)[ -](?:\w+ ){{0,2}}free\b"
    rf"|\b{_FREE}(?: (?:admission|entry))? (?:for|to) (?!all ages)"
    rf"(?:(?:all|the|our|current|chamber|active|museum) ){{0,2}}(?:{_SOME}|\d+ (?:and|&|or) (?:under|younger|over))\b"
    rf"|\b{_SOME}(?: [\w-]+){{0,4}} ?[:–-]? ?(?:(?:are|is|get in|admitted|enter|come) )?{_FREE}\b"
    rf"|\b(?:free|complimentary)(?: \w+){{0,2}} {_PERK}\b"
    rf"|\b{_FREE} with (?:\w+ ){{0,3}}(?:admission|membership|purchase|ticket|pass|entry)\b"
    r"|\bfeel free\b|\bget (?:one|another|\d)(?: \w+)? free\b",
    re.IGNORECASE,
)
_SAYS_FREE = re.compile(
    rf"\bfree[ -]of[ -]charge\b|\b(?:cost|charge)[ -]free\b|\bno-(?:cost|charge)\b|(?<!\w-)\b{_FREE}\b(?!-[a-z])",
    re.IGNORECASE,
)


_PLAIN = re.compile(
    r"(?:this (?:event|program|programme|class|workshop|meeting|talk|hike|walk|concert) is "
    r"|(?:admission|entry|entrance|cost|price|fee)(?: is|:)? ?)?(?:always |completely |absolutely )?"
    r"(?:free|free of charge|free admission|free entry|free event|no (?:charge|cost|fee))"
    r"(?:(?:,| and| &) open to (?:all|everyone|everybody|the public))?[.!]*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|[\n•|;]+")


def tells_free(description: str) -> bool:
    """Whether a sentence says nothing but that it is free, and no other names a price."""
    return "$" not in description and any(_PLAIN.fullmatch(one.strip()) for one in _SENTENCE.split(description))


def says_free(text: str) -> bool:
    """Not where it is free for some only, or something else is ("free parking"), or it says "not free"."""
    return bool(_SAYS_FREE.search(_NOT_FREE.sub(" ", text)))
