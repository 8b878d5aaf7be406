"""Composes a letter from what the search gives now, and what was sent before; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.digest.choose import Choice, Heading, choose
from api.digest.happening import Happening, Key, Sent
from api.digest.letter import Letter, Section
from api.digest.lines import write_line

LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, for all who asked the same: its title, and its dates in order of start."""

    title: str
    country: str | None
    coming: Sequence[Happening]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What earlier letters told, each date as it was told last; how those dates are now that the search does not give;
    and when the letter before was composed, None before the first.
    """

    sent: Mapping[Key, Sent]
    still: Mapping[Key, Happening | None]
    last: datetime | None


NO_PAST = Past(sent={}, still={}, last=None)


def compose(found: Found, past: Past, *, now: datetime, zone: ZoneInfo, most: int, site: str) -> Letter | None:
    """At most so many lines; None when there is nothing to tell. `site` is what links begin with."""
    return write_letter(found, choose(found.coming, past.sent, past.still, past.last, now, zone), most, site)


def write_letter(found: Found, every: Sequence[Choice], most: int, site: str) -> Letter | None:
    """The first so many of these, under their headings."""
    chosen = every[:most]
    if not chosen:
        return None
    sections = tuple(
        Section(heading=heading, lines=tuple(write_line(one, site, found.country) for one in its))
        for heading in Heading
        if (its := [one for one in chosen if one.heading is heading])
    )
    return Letter(
        title=found.title,
        subject=_subject(found.title, chosen),
        sections=sections,
        more=len(every) - len(chosen),
        sent=tuple(sent for one in chosen for sent in one.sent),
    )


def _subject(title: str, chosen: Sequence[Choice]) -> str:
    """`Events near Visalia, CA: 1 changed or cancelled, 3 new, 5 this week`."""
    words = {
        Heading.PINNED: "picked",
        Heading.CHANGED: "changed or cancelled",
        Heading.NEW: "new",
        Heading.WEEK: "this week",
        Heading.REGULARS: "regulars",
        Heading.LATER: "still to come",
    }
    counts = {heading: sum(one.heading is heading for one in chosen) for heading in Heading}
    told = ", ".join(f"{number} {words[heading]}" for heading, number in counts.items() if number)
    return f"{' '.join(title.split())[:LONGEST_SUBJECT]}: {told}"
