"""Words that many names share: those that say nothing, little or least, and the kinds that tell sessions apart."""

_SAYS_NOTHING = """
a an and at by for from in is of on or our the this to with your you w am pm
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
free rsvp ticket register registration cancelled canceled postponed rescheduled waitlist waitlisted
"""
"""Of which event it is: the day is the same in any case, and a status is not a name."""

_SAYS_LITTLE = """
adoption after annual appeal art baby band beer beginner bingo blood brewery breakout business cafe camp career center
ceremony chair chamber chi choir church city cleanup clinic commerce commission committee community concert connect
conversation council craft cutting dance dancing drive egg exchange exercise expo fair family farmer festival field film
flu food forum fundraiser gallery game gym happy hearing hike holiday hour hunt ice info job karaoke kid knitting lead
leadership learn library lunch luncheon market master member mixer movie museum orientation pantry parade parent park
pet picnic planning potluck practice professional public reading recital referral ribbon run sale screening seminar
senior series show shot singer special speed story storytime study summit support tai tasting teen theater toastmaster
toddler tournament town training trip trivia truck volunteer walk webinar wine women writer young youth zoning
"""
"""Since a thousand other events are called so as well."""

_SAYS_LEAST = """
all board book breakfast chat circle class clean club coffee come day dinner drop event evening everyone fun gathering
general grand group hall hangout house in join live meditation meet meeting meetup monthly morning music neighbor
network networking new night open opening party regular room session social talk tea time tour up week weekly welcome
work workshop yoga
"""
"""Since in one town several are called so on one evening."""

GROUPS = {
    "level": "beginner intermediate advanced",
    "age": "baby toddler preschool kid children tween teen adult senior family",
    "who": "men women girl boy",
    "part of day": "morning afternoon evening",
}
KINDS = {word: group for group, words in GROUPS.items() for word in words.split()}
"""Words that tell sessions of one name apart, by what they tell."""

_OTHERWISE = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "ctr": "center",
    "centre": "center",
    "theatre": "theater",
    "mtg": "meeting",
}


def stem(word: str) -> str:
    """One form of a word: abbreviations and spellings are brought together, and plurals lose their s."""
    word = _OTHERWISE.get(word, word)
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word


STOP = frozenset(map(stem, _SAYS_NOTHING.split()))
LEAST = frozenset(map(stem, _SAYS_LEAST.split()))
GENERIC = frozenset(map(stem, _SAYS_LITTLE.split())) | LEAST
