"""Clock times as people write them: "7-9pm", "noon to 1:30pm", "17:30"."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal

from aggregator.errors import UnreadDateError
from aggregator.reading.dates.words import cut, essential

Half = Literal["am", "pm", "day", "digits", ""]
"""The half of the day that is said; "day" for a clock of 24 hours, "digits" for what may be one (07:00, 10:30)."""

NOON_HALVES: tuple[Half, Half] = ("am", "pm")
UNSAID: tuple[Half, Half] = ("digits", "")

_RANGE = re.compile("[CN](?:[-=>][CN])?")
_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?P<mark>[:.h])?(?P<minute>\d\d)?(?::\d\d)? ?(?P<half>[ap])?.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock as written: the hour still of twelve or of 24."""

    text: str
    hour: int
    minute: int
    half: Half

    @property
    def is_of_day(self) -> bool:
        """Whether it shows that another beside it is of 24 hours too: 17:30, 07:00, but not 10:30."""
        return self.half == "day" or (self.half == "digits" and self.hour < 10)

    def at(self, half: Half) -> time:
        """The time, were it in that half of the day."""
        if half in ("day", "digits") or (half == "pm" and self.hour > 12):
            return time(self.hour, self.minute)
        if half == "":
            raise UnreadDateError(f"“{self.text}” does not say am or pm")
        if not 1 <= self.hour <= 12 and not (half == "am" and self.hour == 0):
            raise UnreadDateError(f"“{self.text}” is no time of day")
        return time(self.hour % 12 + (12 if half == "pm" else 0), self.minute)


def read_clock(text: str) -> tuple[time, time | None]:
    """Start and, when it is said, end, which may be past midnight. UnreadDateError for no clock time, or for two."""
    words = essential(cut(text))
    if not _RANGE.fullmatch(words.kinds):
        raise UnreadDateError(f"“{text[:80]}” is no time of day")
    return settle(*(word for kind, word in words if kind in "CN"))


def settle(start: str, end: str | None = None) -> tuple[time, time | None]:
    """The times of clocks as written; the half of the day that only one names is the one that makes it shorter."""
    first = _read(start)
    if end is None:
        return first.at(first.half), None
    last = _read(end)
    if last.half in NOON_HALVES and first.half in UNSAID:
        closing = last.at(last.half)
        return min((first.at(half) for half in NOON_HALVES), key=lambda opening: _minutes(opening, closing)), closing
    if first.half in NOON_HALVES and last.half in UNSAID:
        opening = first.at(first.half)
        return opening, min((last.at(half) for half in NOON_HALVES), key=lambda closing: _minutes(opening, closing))
    if first.is_of_day or last.is_of_day:
        return first.at(first.half or "day"), last.at(last.half or "day")
    return first.at(first.half), last.at(last.half)


def _minutes(start: time, end: time) -> int:
    """From one to the other, 1 to 1440."""
    return ((end.hour - start.hour) * 60 + end.minute - start.minute - 1) % 1440 + 1


def _read(text: str) -> Clock:
    if text.endswith(("noon", "midnight")):
        return Clock(text=text, hour=12, minute=0, half="pm" if text.endswith("noon") else "am")
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise UnreadDateError(f"“{text}” is no time of day")
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if hour > 23 or minute > 59:
        raise UnreadDateError(f"“{text}” is no time of day")
    return Clock(text=text, hour=hour, minute=minute, half=_said(match))


def _said(match: re.Match[str]) -> Half:
    """A clock of 24 hours shows by an hour that no other has, or by its own mark (19h00, 1900 hrs)."""
    if match["half"]:
        return "pm" if match["half"] == "p" else "am"
    if int(match["hour"]) > 12 or match["hour"] in ("0", "00") or match["mark"] == "h":
        return "day"
    return "digits" if len(match["hour"]) == 2 and match["minute"] is not None else ""
