"""A letter for an editor to send by other means: nobody's own, with picks of theirs first and a note on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.digest.choose import Choice, Heading, choose
from api.digest.compose import Found, write_letter
from api.digest.happening import Happening
from api.digest.letter import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What an editor says of a letter, by ids of events: `pins` come first and in this order, where there are `picks`
    nothing else follows, and what is in `left_out` is not told. `blocked` are sources that are not told of.
    """

    pins: tuple[str, ...] = ()
    picks: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    note: str = ""
    title: str | None = None


def compose_edition(
    found: Found,
    pinned: Sequence[Happening],
    edition: Edition,
    *,
    now: datetime,
    zone: ZoneInfo,
    most: int,
    site: str,
) -> Letter | None:
    """`pinned` are the next dates of the pins; None when there is nothing to tell."""
    first = [Choice(heading=Heading.PINNED, dates=(one,)) for one in pinned if _is_told(one, edition)]
    apart = {choice.dates[0].id for choice in first}
    rest = [one for one in found.coming if one.id not in apart and _is_picked(one, edition) and _is_told(one, edition)]
    return write_letter(found, [*first, *choose(rest, {}, {}, None, now, zone)], most, site)


def _is_told(one: Happening, edition: Edition) -> bool:
    return one.id not in edition.left_out and one.members["source"] not in edition.blocked


def _is_picked(one: Happening, edition: Edition) -> bool:
    return not edition.picks or one.id in edition.picks
