"""A rhythm in plain English: "2nd and 4th Thursday, 07:00-08:30, not in August"."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from aggregator.group.rhythm import OnHolidays, Rhythm
from aggregator.reading.ical.rule import Rule, read_rule

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
NTHS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "last", -2: "last but one"}
UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


def words_of(rhythm: Rhythm) -> str:
    """What `read_rhythm` reads again, but for holidays and the day from which weeks are counted."""
    rules = [read_rule(text) for text in rhythm.rrules]
    parts = [join(_days(rule, rhythm.since) for rule in rules)]
    parts += [
        words
        for words in (_clocks(rhythm.start, rhythm.end), _months(rhythm, rules), _holidays(rhythm), _until(rules))
        if words
    ]
    return ", ".join(parts)


def join(words: Iterable[str]) -> str:
    """With commas, and “and” before the last."""
    every = list(dict.fromkeys(words))
    return " and ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def _days(rule: Rule, since: date) -> str:
    if rule.frequency == "MONTHLY" and (rule.days or rule.month_days):
        return _of_month(rule) + _spacing(rule, since)
    if rule.frequency == "YEARLY" or (rule.interval > 1 and not rule.days):
        return f"every {_unit(rule)}{_counted(rule, since)}"
    names = join(WEEKDAYS[weekday] for _, weekday in rule.days) or WEEKDAYS[since.weekday()]
    if rule.interval == 1 and (len(rule.days) == 7 or (rule.frequency == "DAILY" and not rule.days)):
        return "daily"
    return f"every {names}" if rule.interval == 1 else f"{_turn(rule, names)}{_counted(rule, since)}"


def _turn(rule: Rule, names: str) -> str:
    return f"every other {names}" if rule.interval == 2 else f"every {rule.interval} weeks on {names}"


def _of_month(rule: Rule) -> str:
    if not rule.days:
        return join(f"{day}{_ending(day)}" if day > 0 else "last day" for day in rule.month_days) + " of the month"
    weekdays = sorted({weekday for _, weekday in rule.days}, key=lambda weekday: _first_nth(rule, weekday))
    if rule.positions:
        return f"{_nths(rule.positions)} of {join(WEEKDAYS[weekday] for weekday in weekdays)} of the month"
    return join(_nth_weekday(_nths_of(rule, weekday), WEEKDAYS[weekday]) for weekday in weekdays)


def _nth_weekday(nths: Sequence[int], name: str) -> str:
    return f"every {name}" if 0 in nths else f"{_nths(nths)} {name}"


def _nths(nths: Iterable[int]) -> str:
    return join(NTHS.get(nth, str(nth)) for nth in _sorted(nths))


def _nths_of(rule: Rule, weekday: int) -> list[int]:
    return [nth for nth, day in rule.days if day == weekday]


def _first_nth(rule: Rule, weekday: int) -> tuple[int, int]:
    return _sorted(_nths_of(rule, weekday))[0] % 9, weekday


def _sorted(nths: Iterable[int]) -> list[int]:
    return sorted(nths, key=lambda nth: nth % 9)


def _spacing(rule: Rule, since: date) -> str:
    return "" if rule.interval == 1 else f" of every {_unit(rule)}{_counted(rule, since)}"


def _unit(rule: Rule) -> str:
    unit = UNITS[rule.frequency]
    return {1: unit, 2: f"other {unit}"}.get(rule.interval, f"{rule.interval} {unit}s")


def _counted(rule: Rule, since: date) -> str:
    return "" if rule.interval == 1 else f" from {since:%B} {since.day}, {since.year}"


def _ending(number: int) -> str:
    return "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _clocks(start: time | None, end: time | None) -> str:
    if start is None:
        return ""
    return f"{start:%H:%M}" if end is None else f"{start:%H:%M}-{end:%H:%M}"


def _months(rhythm: Rhythm, rules: Sequence[Rule]) -> str:
    """The months that are left out, or those that are kept where they are fewer."""
    kept = {month for rule in rules for month in rule.months or range(1, 13)}
    off = sorted({*rhythm.pauses, *(month for month in range(1, 13) if month not in kept)})
    if not off:
        return ""
    if len(off) > 6:
        return f"only in {join(MONTHS[month - 1] for month in sorted(kept - set(off)))}"
    return f"not in {join(MONTHS[month - 1] for month in off)}"


def _holidays(rhythm: Rhythm) -> str:
    if rhythm.on_holidays is OnHolidays.SKIPPED:
        return "not on holidays"
    if rhythm.on_holidays is not OnHolidays.SHIFTED:
        return ""
    size = abs(rhythm.shift)
    number = "a day" if size == 1 else f"{size} days"
    return f"{number} {'earlier' if rhythm.shift < 0 else 'later'} on holidays"


def _until(rules: Sequence[Rule]) -> str:
    ends = [rule.until for rule in rules if rule.until is not None]
    if len(ends) < len(rules):
        return ""
    last = max(end.date() if isinstance(end, datetime) else end for end in ends)
    return f"until {last:%B} {last.day}, {last.year}"
