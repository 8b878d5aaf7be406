"""RANGE=THISANDFUTURE: a series that is told otherwise from one of its dates on (RFC 5545 3.8.4.4)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from aggregator.errors import RuleRefusedError
from aggregator.reading.ical.event import Moment, Vevent
from aggregator.reading.ical.rule import WEEKDAYS, Rule, last_wall, read_rule, walk

A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a series told in one way: the original dates in [since, before), each moved by `shift`."""

    event: Vevent
    since: Moment | None = None
    before: Moment | None = None
    shift: timedelta = timedelta()

    def has(self, moment: Moment) -> bool:
        """Whether an original date belongs to it."""
        if self.since is None and self.before is None:
            return True
        clock = wall(moment)
        return (self.since is None or clock >= wall(self.since)) and (self.before is None or clock < wall(self.before))

    def rule(self, text: str, master: Vevent) -> str | None:
        """The master's rule for this part; None where COUNT was used up before it."""
        if self.since is None and self.before is None:
            return text
        try:
            rule = read_rule(text)
        except RuleRefusedError:
            return text
        parts = dict(part.split("=", 1) for part in text.upper().removeprefix("RRULE:").split(";") if "=" in part)
        if rule.count is not None:
            left = rule.count - self._used_up(rule, master)
            if left < 1:
                return None
            parts["COUNT"] = str(left)
        if (until := self._until(rule, master)) is not None:
            parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
        if rule.days and rule.frequency == "WEEKLY" and (days := self._moved_days()):
            parts["BYDAY"] = ",".join(WEEKDAYS[(day + days) % 7] for _, day in rule.days)
        return ";".join(f"{key}={value}" for key, value in parts.items())

    def _used_up(self, rule: Rule, master: Vevent) -> int:
        if self.since is None or master.start is None:
            return 0
        start = wall(master.start)
        return sum(1 for _ in walk(rule, start, start, wall(self.since)))

    def _until(self, rule: Rule, master: Vevent) -> datetime | None:
        zone = master.zone if isinstance(master.start, datetime) else None
        ends = [last_wall(rule.until, zone)] if rule.until is not None else []
        if self.before is not None:
            ends.append(wall(self.before) - A_SECOND)
        return min(ends) + self.shift if ends else None

    def _moved_days(self) -> int:
        if self.since is None:
            return 0
        origin = wall(self.since)
        return ((origin + self.shift).date() - origin.date()).days


def split(master: Vevent, turns: list[Vevent]) -> list[Stretch]:
    """The master up to the first turn, and from each turn up to the next; turns have all that they inherit."""
    turns = sorted(turns, key=lambda turn: wall(turn.recurrence or date.min))
    ends = [*(turn.recurrence for turn in turns), None]
    later = (
        Stretch(event=turn, since=turn.recurrence, before=end, shift=_shift(turn))
        for turn, end in zip(turns, ends[1:], strict=True)
    )
    return [Stretch(event=master, before=ends[0]), *later]


def _shift(turn: Vevent) -> timedelta:
    if turn.start is None or turn.recurrence is None:
        return timedelta()
    if isinstance(turn.start, datetime) and isinstance(turn.recurrence, datetime):
        return wall(turn.start) - wall(turn.recurrence)
    return wall(turn.start).replace(hour=0, minute=0) - wall(turn.recurrence).replace(hour=0, minute=0)


def wall(moment: Moment) -> datetime:
    """On the clock, naive; a date is its midnight."""
    return datetime.combine(moment, moment.time() if isinstance(moment, datetime) else time())
