"""Words that stand where a place is told, and are none."""

# ruff: noqa: SIM905 - sets of words; as lists they would be a word a line

import re

LONGEST = 500
"""Characters that are read; who writes more tells a story, not a place."""
_WORD = re.compile(r"[\w&]+")
_ADDRESS = re.compile(
    r"(?:https?://|www\.|webcal:|zoommtg:)\S+|\S+@\S+\.\w+|\b(?:[\w-]{1,63}\.)+(?:com|org|net|gov|edu|us|io|tv)\b\S*",
    re.IGNORECASE,
)
_MAP = re.compile(r"https?://(?:\S*\bmaps\b|[\w.]*google\.\S+/maps|goo\.gl/maps|\S*openstreetmap\.)", re.IGNORECASE)
_ONLINE = frozenset(
    "online virtual virtually zoom webinar webex teams skype gotomeeting gotowebinar livestream livestreamed youtube"
    " facebook discord remote remotely internet teleconference videoconference jitsi streamyard hopin telephonic"
    " en-ligne".split()
)
_AROUND_ONLINE = frozenset(
    "a an and at be by call class conference conferencing email emailed event events for google hangouts here id in"
    " info information invite is join link links live location meet meeting meetings microsoft ms on only our passcode"
    " password platform provided registration register room see sent session stream the through to up upon url via"
    " video web webcast website will with world you zoom".split()
)
_NOWHERE = frozenset(
    "tbd tba tbc announced determined confirmed decided various multiple unknown none null nan undefined unspecified"
    " na varies n".split()
)
_AROUND_NOWHERE = frozenset(
    "a and be details description for in is location locations not of place places see site sites the to venue"
    " venues will address yet date time soon".split()
)


def is_online(text: str) -> bool:
    """Whether the words say "on the net" and nothing of a place: "Zoom", "Online event", an address of the web."""
    text = text[:LONGEST]
    if _MAP.search(text):
        return False
    words = _words(text)
    if not words:
        return _ADDRESS.search(text) is not None
    return any(word in _ONLINE for word in words) and all(
        word in _ONLINE or word in _AROUND_ONLINE or word.isdecimal() for word in words
    )


def is_nowhere(text: str) -> bool:
    """Whether the words tell no place: empty, "TBD", "Various locations", online, or an address of the web alone."""
    words = _words(text)
    return is_online(text) or all(word in _AROUND_NOWHERE or word in _NOWHERE for word in words)


def _words(text: str) -> list[str]:
    return _WORD.findall(_ADDRESS.sub(" ", text).casefold())
