"""What the words of a rhythm tell: clauses in any order, each of which must be understood."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time

from aggregator.errors import UnreadDateError
from aggregator.reading.dates.clocks import settle
from aggregator.reading.dates.days import Day, month_of, number_of, read_day, resolve, weekday_of
from aggregator.reading.dates.words import Words, cut, essential
from aggregator.reading.ical.rule import Frequency

NO_MATTER = date(2000, 1, 1)
"""The `now` for dates that carry their year."""

_UNITS: dict[str, Frequency] = {"S": "DAILY", "Q": "WEEKLY", "T": "MONTHLY"}


@dataclass(slots=True, kw_only=True)
class Told:
    """What has been told so far. Weekdays are Monday 0 to Sunday 6, an nth of -1 is the last."""

    weekdays: list[int] = field(default_factory=list)
    nths: list[tuple[int, int]] = field(default_factory=list)
    month_days: list[int] = field(default_factory=list)
    is_daily: bool = False
    is_monthly: bool = False
    months: list[int] = field(default_factory=list)
    unless_months: list[int] = field(default_factory=list)
    unless_nths: list[int] = field(default_factory=list)
    interval: int = 1
    unit: Frequency | None = None
    clocks: tuple[time, time | None] | None = None
    since: date | None = None
    until: date | None = None
    either_way: str | None = None
    doubts: list[str] = field(default_factory=list)

    @property
    def has_days(self) -> bool:
        """Whether it is said on which days."""
        return bool(self.weekdays or self.nths or self.month_days or self.is_daily)


def hear(text: str) -> Told:
    """All that the words tell; UnreadDateError names the first that is not understood."""
    words, told, at = essential(cut(text)), Told(), 0
    while at < len(words.kinds):
        for clause, take in _CLAUSES:
            match = clause.match(words.kinds, at)
            if match is not None:
                take(told, words.part(at, match.end()))
                at = match.end()
                break
        else:
            raise UnreadDateError(f"“{words.texts[at]}” is not understood here")
    if told.either_way and not told.is_monthly:
        raise UnreadDateError(f"“{told.either_way}” may mean weeks, or the weeks of a month")
    if told.is_monthly and told.weekdays and not told.unless_nths:
        raise UnreadDateError("which of the month's weekdays is not said")
    return told


def _take_weekdays(told: Told, words: Words) -> None:
    _refuse_after_clocks(told, words)
    told.weekdays += [day for day in _weekdays(words) if day not in told.weekdays]


def _take_nths(told: Told, words: Words) -> None:
    """“Every 2nd Thursday” is a fortnight to some; “every first” and “every 1st and 3rd” are not."""
    _refuse_after_clocks(told, words)
    nths = _nths(words)
    if words.texts[0] == "weekly":
        raise UnreadDateError("it is weekly and monthly at once")
    if words.kinds[0] == "E" and len(nths) == 1 and nths[0] > 1:
        told.either_way = " ".join(words.texts)
    told.nths += [pair for weekday in _weekdays(words) for nth in nths if (pair := (nth, weekday)) not in told.nths]


def _take_month_days(told: Told, words: Words) -> None:
    told.month_days += [number_of(text) for text in _texts(words, "O")]


def _take_daily(told: Told, words: Words) -> None:  # noqa: ARG001
    told.is_daily = True


def _take_group(told: Told, words: Words) -> None:
    _refuse_after_clocks(told, words)
    told.weekdays += range(5) if "K" in words.kinds else (5, 6)


def _take_interval(told: Told, words: Words) -> None:
    number = next((int(text) for kind, text in words if kind == "N"), 2)
    if told.interval != 1 or number < 1:
        raise UnreadDateError("it has two intervals")
    told.interval, told.unit = number, _UNITS.get(words.kinds[-1])
    told.is_daily = told.unit == "DAILY"


def _take_monthly(told: Told, words: Words) -> None:  # noqa: ARG001
    told.is_monthly = True


def _take_months(told: Told, words: Words) -> None:
    told.months += _months(words)


def _take_exception(told: Told, words: Words) -> None:
    if "H" in words.kinds:
        told.doubts.append("not on holidays, and which they are is not said")
    elif "M" in words.kinds:
        told.unless_months += _months(words)
    else:
        told.unless_nths += _nths(words)


def _take_clocks(told: Told, words: Words) -> None:
    clocks = settle(*(text for kind, text in words if kind in "CN"))
    if told.clocks not in (None, clocks):
        raise UnreadDateError("it has two times of day")
    told.clocks = clocks


def _take_dates(told: Told, words: Words) -> None:
    """From a date, until a date, or both; a year is said at least once."""
    joint = re.search("[-=>]", words.kinds)
    before = words.part(words.kinds.count("^"), joint.start() if joint else len(words.kinds))
    after = words.part(joint.end(), len(words.kinds)) if joint else None
    if (before.kinds and told.since) or (after and told.until):
        raise UnreadDateError("it has too many dates")
    if not before.kinds and after:
        told.until = resolve(_dated(after), None, NO_MATTER)[0]
        return
    told.since, until, doubts = resolve(_dated(before), _dated(after) if after else None, NO_MATTER)
    told.until = until if after else told.until
    told.doubts += doubts


def _pass(told: Told, words: Words) -> None:
    """Words that the others make plain: “and” between days, “weekly”, “of every year”."""


def _refuse_after_clocks(told: Told, words: Words) -> None:
    if told.clocks and told.has_days:
        raise UnreadDateError(f"whether “{' '.join(words.texts)}” is at the same time is not said")


def _weekdays(words: Words) -> list[int]:
    """Those named, and those between the two ends of a range."""
    named = re.search("[WP][-=>][WP]", words.kinds)
    days = [weekday_of(text) for kind, text in words if kind in "WP"]
    if named is None:
        return days
    return [(days[0] + ahead) % 7 for ahead in range((days[1] - days[0]) % 7 + 1)] + days[2:]


def _nths(words: Words) -> list[int]:
    nths = [number_of(text) for text in _texts(words, "O")]
    if any(not 1 <= nth <= 5 for nth in nths):
        raise UnreadDateError("a month has at most five of a weekday")
    return [*nths, *(-1 for _ in _texts(words, "L"))]


def _texts(words: Words, kind: str) -> list[str]:
    return [text for letter, text in words if letter == kind]


def _months(words: Words) -> list[int]:
    """Those named, or from one to the other, over the new year too."""
    months = [month_of(text) for text in _texts(words, "M")]
    if not set("-=>") & set(words.kinds):
        return months
    return [(months[0] - 1 + ahead) % 12 + 1 for ahead in range((months[1] - months[0]) % 12 + 1)]


def _dated(words: Words) -> Day:
    """A day in numbers is read when its order is sure: 2026-01-05, or one of the numbers is over 12."""
    return read_day(words, now=NO_MATTER, order="ymd")


_RANGE = "[-=>]"
_NTHS = "[OL](?:&?[OL])*"
_DAYS = f"[WP](?:{_RANGE}[WP])?(?:&?[WP])*"
_DAY = "W?(?:M[NO]|[NO]M)"
_DATE = "W?(?:M[NO]Y|[NO]MY|D)"
_MONTHS = f"M(?:{_RANGE}M|(?:[&|]?M)*)"

_CLAUSES: tuple[tuple[re.Pattern[str], Callable[[Told, Words], None]], ...] = tuple(
    (re.compile(clause), take)
    for clause, take in (
        (f"!+(?:{_MONTHS}|{_NTHS}[WP]?|H)", _take_exception),  # not in August; except the 5th
        ("(?:E?F|E[GN])(?:[QST]|(?<=F)(?=[WPC]|$))", _take_interval),  # every other week; every 2 weeks
        (f"E?{_NTHS}{_DAYS}", _take_nths),  # 2nd & 4th Thursday
        ("E?O(?:&?O)*(?=E?T)|TO(?:&?O)*(?!&?[OLWP])", _take_month_days),  # 1st and 15th of each month
        (f"E?{_DAYS}", _take_weekdays),  # every Tue and Thu; Mon-Fri
        ("E?[KV]", _take_group),  # weekdays
        ("J|ES", _take_daily),  # daily; every day
        ("E?T", _take_monthly),  # monthly; of each month
        (f"\\^?{_DAY}{_RANGE}{_DATE}|\\^?{_DATE}(?:{_RANGE}{_DATE})?|{_RANGE}{_DATE}", _take_dates),
        (_MONTHS, _take_months),  # Sept-May
        (f"[CN]{_RANGE}[CN]|C", _take_clocks),
        ("(?<=[WPKV])&(?=E?[OLWPKV])|-(?=[CN])|E?Q|E?U|E", _pass),
    )
)
