"""Red Cross events, known by their words: drives, classes, meetings and volunteers' events, in anybody's calendar."""

import re
from urllib.parse import urlsplit

RED_CROSS = "Red Cross"

_NAMED = re.compile(
    r"\bred cross\b(?!,? (?:road|rd|street|st|ave(?:nue)?|lane|ln|pharmacy|nc|north carolina)\b)",
    re.IGNORECASE,
)
"""Not the town and the streets of that name."""

_FUNDRAISER = re.compile(
    r"\b(?:gala|ball|golf|luncheon|auction|raffle|fundrais\w+|benefit|concert|5k|10k|fun run|awards?|breakfast)\b",
    re.IGNORECASE,
)
_KINDS = {
    "blood drive": re.compile(
        r"\bblood[- ]?(?:drives?|mobiles?|donations?|donor (?:day|drive|session)s?)\b|\b(?:donate|give) blood\b"
        r"|\b(?:platelet|plasma) (?:drive|donation)s?\b",
        re.IGNORECASE,
    ),
    "class": re.compile(
        r"(?<!world )(?<!world-)\bclass(?:es)?\b|(?<!golf )(?<!of )\bcourses?\b|\btrainings?\b|\bworkshops?\b"
        r"|\bcertification\b|\b(?:cpr|aed|bls)\b|\bfirst[- ]aid\b(?! kit)|\blifeguard(?:ing)?\b"
        r"|\bbaby-?sit(?:ting|ters?)\b|\bwater safety\b",
        re.IGNORECASE,
    ),
    "meeting": re.compile(r"\bmeetings?\b|\btown hall\b", re.IGNORECASE),
    "volunteer": re.compile(
        r"\bvolunteer(?:s|ing)?\b|\bsound the alarm\b|\bsmoke alarms? install\w*|\bhome fire campaign\b"
        r"|\bdisaster action team\b|\borientation\b",
        re.IGNORECASE,
    ),
}
_BLOOD_SITES = re.compile(r"(?:^|\.)(?:redcrossblood|rcblood)\.org\.?$", re.IGNORECASE)


def kinds(name: str, description: str) -> tuple[str, ...]:
    """What a Red Cross event is, by its name, else by its description; nothing for one that only raises money."""
    told = tuple(kind for kind, words in _KINDS.items() if words.search(name))
    if told or _FUNDRAISER.search(name):
        return told
    return tuple(kind for kind, words in _KINDS.items() if words.search(description))


def tags(name: str, description: str) -> tuple[str, ...]:
    """The keywords of an event in anybody's calendar: none for what is neither of the Red Cross nor a blood drive.

    A mention in the description alone counts for drives, classes and volunteers' events: mixers have sponsors.
    """
    if _NAMED.search(name):
        return (RED_CROSS, *kinds(name, description))
    told = tuple(kind for kind, words in _KINDS.items() if kind != "meeting" and words.search(name))
    if told and _NAMED.search(description):
        return (RED_CROSS, *told)
    return tuple(kind for kind in told if kind == "blood drive")


def refuse(url: str) -> None:
    """ValueError, which says where to look instead, for the site of the blood drives, which no program may search."""
    if _BLOOD_SITES.search(urlsplit(url).hostname or urlsplit(f"//{url}").hostname or ""):
        raise ValueError(
            f"{url} is not fetched: the Red Cross closes its search for blood drives to programs. A person finds them"
            " at https://www.redcrossblood.org/give.html/find-drive; many are in the calendars of chambers, libraries"
            " and towns too, which can be sources"
        )
