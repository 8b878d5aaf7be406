"""What of a source is not to be told, and why: its own filters, and what is no event for people; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from aggregator.event import Event, Kind, Place, ends_at, starts_at

LocationPolicy = Literal["event", "default_if_empty", "always_default"]
Role = Literal["organiser", "venue", "chamber", "aggregator"]
Audience = Literal["public", "members", "unknown"]

NOISE = {
    "the office is closed": r"\b(?:(?:office|branch|chamber|center|building)s?|library|city hall|we are)"
    r" (?:is |are |will be )?closed\b",
    "closed that day": r"^closed\b|\bclosed (?:for|in observance of|on) ",
    "a staff meeting": r"\bstaff (?:meeting|training|retreat)\b",
    "a private event": r"\bprivate (?:event|party|booking|rental|function)\b"
    r"|\b(?:room|hall) (?:rental|reserved|hold)\b",
    "a test": r"^test(?:ing)?(?: event)?\W*\d*$|\btest event\b",
    "a deadline": r"\b(?:registration|application|sponsorship|early[ -]bird|nomination)s?"
    r" (?:deadline|opens?|closes?|ends?|due)\b|\bdeadline(?: for| to)?\b",
}
"""By the name alone: what a description mentions is never enough."""

OF_CHAMBERS = {
    "a meeting of a board": r"\b(?:board of directors|board|executive committee|ambassador committee) meeting\b"
}
"""A town's boards are open to everybody; a chamber's are not."""

_NOISE = {why: re.compile(pattern, re.IGNORECASE) for why, pattern in NOISE.items()}
_OF_CHAMBERS = {why: re.compile(pattern, re.IGNORECASE) for why, pattern in OF_CHAMBERS.items()}
_MEMBERS = re.compile(r"\bmembers?[ -]only\b|\bfor members only\b|\binvitation only\b|\bby invitation\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """A source's own filters.

    `include` and `exclude` are looked for in name, keywords and page; with `include` one of them has to be there.
    `collapse_runs` is from how many days on a stretch is told once, on its first day. Outside `active_months` an empty
    calendar is nothing amiss; fewer events than `expect_min` are told in its health. `role` and `trust` (0 to 100) say
    whose word counts where two sources tell of the same.
    """

    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()
    drops_noise: bool = True
    audience: Audience = "unknown"
    members_only: re.Pattern[str] | None = None
    location_policy: LocationPolicy = "default_if_empty"
    role: Role = "organiser"
    trust: int = 50
    collapse_runs: int | None = None
    active_months: frozenset[int] = frozenset()
    expect_min: int | None = None
    verified: bool | date | None = None


def why_left_out(event: Event, sieve: Sieve, kind: Kind) -> str | None:
    """The rule that leaves the event out, in words; None for one that is told."""
    if sieve.include and not _find(event, sieve.include):
        return "left out: matches nothing of “include”"
    if found := _find(event, sieve.exclude):
        return f"left out: matches “{found.pattern}” of “exclude”"
    if sieve.drops_noise and (noise := _noise(event.name, kind)):
        return f"left out: {noise}; drop_noise = false keeps it"
    if sieve.audience == "public" and _is_for_members(event, sieve):
        return "left out: for members only"
    return None


def _find(event: Event, patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str] | None:
    told = [event.name, *event.keywords, event.url or ""]
    return next((pattern for pattern in patterns if any(pattern.search(text) for text in told)), None)


def _noise(name: str, kind: Kind) -> str | None:
    rules = {**_NOISE, **(_OF_CHAMBERS if kind is Kind.CHAMBER else {})}
    return next((why for why, pattern in rules.items() if pattern.search(name)), None)


def _is_for_members(event: Event, sieve: Sieve) -> bool:
    pattern = sieve.members_only or _MEMBERS
    return any(pattern.search(text) for text in (event.name, *event.keywords))


def placed(event: Event, default: Place, sieve: Sieve) -> tuple[Event, Place]:
    """The event, and the place to take where it tells none, as the source's `location_policy` has it."""
    if sieve.location_policy == "always_default":
        return replace(event, location=_with_access_of(event.location, default)), default
    return event, Place() if sieve.location_policy == "event" else default


def _with_access_of(told: Place, place: Place) -> Place:
    said = {name: getattr(told, name) for name in ("wheelchair_accessible", "accessibility_evidence")}
    return replace(place, **said)


def collapsed(event: Event, sieve: Sieve) -> Event:
    """A stretch of days, such as an exhibition, as its first day, with its last one in words."""
    if sieve.collapse_runs is None or event.end_date is None or event.rrule:
        return event
    start = starts_at(event.start_date, event.time_zone)
    end = ends_at(event.start_date, event.end_date, event.time_zone)
    if end - start < timedelta(days=sieve.collapse_runs):
        return event
    day = event.start_date if event.is_all_day else start.astimezone(ZoneInfo(event.time_zone)).date()
    until = f"Until {end - timedelta(seconds=1):%Y-%m-%d}."
    told = "\n".join(filter(None, (until, event.description)))
    return replace(event, start_date=day, end_date=day, end_date_assumed=False, description=told)


def fewest(sieve: Sieve, day: date) -> int | None:
    """How many events the source is to tell then at least: 0 out of season, None where nobody says."""
    is_in_season = not sieve.active_months or day.month in sieve.active_months
    return sieve.expect_min if is_in_season else 0
