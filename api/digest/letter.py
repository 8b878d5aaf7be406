"""Letter: what one subscriber is told this week, in words; and who it is for."""

from dataclasses import dataclass

from api.digest.choose import Heading
from api.digest.happening import Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event in a letter. What nobody says is told as that; `note` is what has changed, `rhythm` how often it meets.

    A folded line, of a regular, has its dates in `when` and nothing else but its name, place and links.
    """

    name: str
    url: str
    calendar_url: str | None
    when: str
    where: str
    visitors: str | None = None
    cost: str | None = None
    organizer: str | None = None
    rhythm: str | None = None
    note: str | None = None
    is_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines under a heading."""

    heading: Heading
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`more` is how many events answer too and did not fit; `sent` what the ledger keeps once it is delivered."""

    title: str
    subject: str
    sections: tuple[Section, ...]
    more: int
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """What stands under every letter: links of this subscriber's own, why it came, and who sends it from where."""

    search_url: str
    manage_url: str
    stop_url: str
    reason: str
    postal_address: str
