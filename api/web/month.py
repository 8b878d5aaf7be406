"""A month as a page shows it: weeks as people of the place count them, and on each day what begins then; pure."""

from calendar import MONDAY, SUNDAY, Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from api.web.card import Card, Told, day_of
from api.web.form import Link
from api.web.results import TIMES
from api.web.visit import Pairs, Visit
from api.words import AMERICAN

MOST_ON_A_DAY = 4
MOST = 1000
"""Events of a month that are looked at."""
_SUNDAY_FIRST = AMERICAN | {"CA", "MX", "BR", "JP", "KR", "IN", "ZA", "PH", "IL"}
"""Countries whose calendars begin a week on Sunday (Unicode CLDR, weekData)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    """`rest` leads to all of that day, when there are more than are shown; only in the month of today a day is past."""

    day: int
    machine_date: str
    words: str
    is_inside: bool
    is_today: bool
    is_past: bool
    cards: tuple[Card, ...]
    rest: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`weekdays` are the heads of its columns."""

    title: str
    weekdays: tuple[str, ...]
    days: tuple[MonthDay, ...]
    before: Link
    after: Link


def month_of(text: str | None, today: date) -> date:
    """The first day of the month that `start` is in, or of this one."""
    try:
        chosen = date.fromisoformat((text or "")[:10])
    except ValueError:
        chosen = today
    return chosen.replace(day=1)


def last_day_of(first: date) -> date:
    return _following(first) - timedelta(days=1)


def pairs_of_month(visit: Visit, first: date) -> Pairs:
    """The question, of that month."""
    return (*visit.without(*TIMES), ("start", first.isoformat()), ("end", last_day_of(first).isoformat()))


def make_month(
    visit: Visit, first: date, today: date, told: Iterable[Told], cards: Iterable[Card], country: str | None
) -> Month:
    """Each event on the day on which it begins; what began before is on the first."""
    begin = SUNDAY if country in _SUNDAY_FIRST else MONDAY
    weekdays = visit.language.weekdays[begin:] + visit.language.weekdays[:begin]
    pairs = sorted(zip((max(day_of(one), first) for one in told), cards, strict=True), key=lambda pair: pair[0])
    on_days = {day: [card for _, card in group] for day, group in groupby(pairs, key=lambda pair: pair[0])}
    return Month(
        title=visit.language.tell_month(first),
        weekdays=tuple(name[:3] for name in weekdays),
        days=tuple(
            _make_day(visit, day, first, today, on_days.get(day, []))
            for day in Calendar(begin).itermonthdates(first.year, first.month)
        ),
        before=_link(visit, (first - timedelta(days=1)).replace(day=1)),
        after=_link(visit, _following(first)),
    )


def _make_day(visit: Visit, day: date, first: date, today: date, cards: list[Card]) -> MonthDay:
    left = len(cards) - MOST_ON_A_DAY
    that_day = (*visit.without(*TIMES), ("start", day.isoformat()), ("end", day.isoformat()))
    more = Link(words=visit.language.say("month.more", count=left), address=visit.link("/", that_day))
    return MonthDay(
        day=day.day,
        machine_date=day.isoformat(),
        words=visit.language.tell_day(day),
        is_inside=day.month == first.month,
        is_today=day == today,
        is_past=first == today.replace(day=1) and day < today,
        cards=tuple(cards[:MOST_ON_A_DAY]),
        rest=more if left > 0 else None,
    )


def _link(visit: Visit, first: date) -> Link:
    address = visit.link("/", (*visit.without(*TIMES), ("start", first.isoformat())), view="month")
    return Link(words=visit.language.tell_month(first), address=address)


def _following(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
