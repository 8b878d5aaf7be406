"""A rhythm in words ("2nd & 4th Thursday 07:00-08:30, not in August") as recurrence rules."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from aggregator.errors import RuleRefusedError, UnreadDateError
from aggregator.reading.dates.words import MAX_LENGTH
from aggregator.reading.ical.rule import Rule, read_rule
from aggregator.reading.rhythm.rules import days_of, write_rule
from aggregator.reading.rhythm.words import Told, hear

FARTHEST = timedelta(days=366 * 8)
"""A rhythm without a day in this time, in which there are two leap years, has none."""

EVERY_MONTH = frozenset(range(1, 13))
EVERY_WEEK_OF_A_MONTH = frozenset((1, 2, 3, 4, 5))


FIRST_DAY = date(2024, 1, 1)
"""A rhythm that does not say since when is told from here on: a fixed day, so that no New Year moves every meeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """`rrules` are RFC 5545's, without the property name; their union is meant, and an UNTIL is the last day.

    `start` and `end` are wall clocks; an end that is not after the start is on the next day. `since` is the day from
    which it holds, where the words say it, or from which fortnights are counted.
    """

    rrules: tuple[str, ...]
    start: time | None = None
    end: time | None = None
    since: date | None = None
    doubts: tuple[str, ...] = ()


def read_rhythm(text: str, *, since: date | None = None) -> Rhythm:
    """`since` anchors a fortnight. UnreadDateError for a word that is not read, or a fortnight without an anchor."""
    if len(text) > MAX_LENGTH:
        raise UnreadDateError(f"“{text[:60]}…”: {len(text)} characters are too long for a rhythm")
    rule_text = next((word for word in text.split() if "FREQ=" in word.upper()), None)
    try:
        told = hear(text.replace(rule_text, " ", 1) if rule_text else text)
        rules = _complete(read_rule(rule_text), told) if rule_text else _make_rules(told)
        anchor = _anchor(rules, told.since or since)
        rrules = tuple(write_rule(rule) for rule in rules)
        for rrule in rrules:
            read_rule(rrule)
    except (UnreadDateError, RuleRefusedError) as error:
        raise UnreadDateError(f"“{text}”: {error}") from error
    return Rhythm(
        rrules=rrules,
        start=told.clocks[0] if told.clocks else None,
        end=told.clocks[1] if told.clocks else None,
        since=told.since or anchor,
        doubts=tuple(told.doubts),
    )


def start_of(rhythm: Rhythm, since: date) -> date:
    """The first day of the rhythm on or after `since`, and not before the rhythm's own beginning."""
    first = max(since, rhythm.since or since)
    day = next(_days(rhythm, first, FARTHEST), None)
    if day is None:
        raise UnreadDateError(f"“{' '.join(rhythm.rrules)}” has no day after {since}")
    return day


def falls_on(rhythm: Rhythm, day: date) -> bool:
    """Whether that day is one of the rhythm's."""
    return next(_days(rhythm, day, timedelta(days=1)), None) is not None


def _days(rhythm: Rhythm, since: date, length: timedelta) -> Iterator[date]:
    """The first day of each of its rules, the earliest first."""
    rules = (read_rule(text) for text in rhythm.rrules)
    firsts = (next(days_of(rule, rhythm.since or since, since, length), None) for rule in rules)
    yield from sorted(day for day in firsts if day is not None)


def _make_rules(told: Told) -> tuple[Rule, ...]:
    weekly = tuple((0, weekday) for weekday in told.weekdays)
    nths = tuple((nth, weekday) for nth, weekday in told.nths if nth not in told.unless_nths)
    if told.unless_nths and weekly:
        kept = sorted(EVERY_WEEK_OF_A_MONTH - set(told.unless_nths))
        nths, weekly = (*nths, *((nth, weekday) for weekday in told.weekdays for nth in kept)), ()
    rules = []
    if nths:
        rules.append(Rule(frequency="MONTHLY", days=nths))
    if told.month_days:
        rules.append(Rule(frequency="MONTHLY", month_days=tuple(told.month_days)))
    if weekly:
        rules.append(Rule(frequency="WEEKLY", days=weekly))
    elif told.is_daily:
        rules.append(Rule(frequency="DAILY"))
    if not rules:
        raise UnreadDateError("no day is said")
    return tuple(_limit(rule, told) for rule in _space(rules, told))


def _complete(rule: Rule, told: Told) -> tuple[Rule, ...]:
    """A rule that is written out, with words beside it that limit it or say when."""
    if rule.weeks or rule.year_days or rule.hours or rule.minutes or rule.seconds:
        raise UnreadDateError("a rhythm is of days of the week or of the month")
    if told.has_days or told.is_monthly or told.interval != 1 or told.unless_nths:
        raise UnreadDateError("the words beside the rule say other days")
    return (_limit(rule, told),)


def _space(rules: list[Rule], told: Told) -> list[Rule]:
    """With the interval; "every other Tue and Thu" is refused, for it may be meant in two ways."""
    if told.interval == 1:
        return rules
    unit = told.unit or ("WEEKLY" if len(told.weekdays) == 1 else None)
    if len(rules) > 1 or rules[0].frequency != unit or told.unless_nths:
        raise UnreadDateError("what comes every so many times is not clear")
    return [replace(rules[0], interval=told.interval)]


def _limit(rule: Rule, told: Told) -> Rule:
    """Within its months and until its end."""
    months = set(told.months or EVERY_MONTH) & set(rule.months or EVERY_MONTH) - set(told.unless_months)
    if not months:
        raise UnreadDateError("no month is left")
    if told.until and (rule.until or rule.count):
        raise UnreadDateError("it ends twice")
    return replace(rule, months=() if months == EVERY_MONTH else tuple(sorted(months)), until=told.until or rule.until)


def _anchor(rules: tuple[Rule, ...], since: date | None) -> date | None:
    """The day that intervals, counts, and rules without a day of their own are counted from; None when none is."""
    counted = [rule for rule in rules if rule.interval > 1 or rule.count or _is_open(rule)]
    if not counted:
        return None
    if since is None:
        raise UnreadDateError("it does not say from which day to count")
    if not all(since in days_of(rule, since, since, timedelta(days=1)) for rule in counted):
        raise UnreadDateError(f"it cannot be counted from {since}, which is none of its days")
    return since


def _is_open(rule: Rule) -> bool:
    return rule.frequency != "DAILY" and not (rule.days or rule.month_days)
