"""Our expansion against that of icalendar and recurring-ical-events."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import RuleRefusedError
from aggregator.event import Event, When
from aggregator.recurrence import expand, vet

ZONES = ("America/Los_Angeles", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def event_of(rule: str, start: When, length: timedelta, zone: str, except_dates: tuple[When, ...] = ()) -> Event:
    end = start + length
    return Event(
        source="oracle",
        uid="1",
        name="Mixer",
        start_date=start,
        end_date=end if isinstance(end, datetime) else end - timedelta(days=1),
        time_zone=zone,
        rrule=(rule,),
        except_dates=except_dates,
    )


def ours(event: Event, since: datetime, before: datetime) -> list[str]:
    return [stamp(each.start) for each in expand(event, since, before, limit=100_000)]


def theirs(event: Event, length: timedelta, since: datetime, before: datetime) -> list[str]:
    component = icalendar.Event()
    component.add("uid", "1")
    component.add("dtstart", event.start_date)
    component.add("dtend", event.start_date + length)
    component.add("rrule", icalendar.vRecur.from_ical(event.rrule[0]))
    for taken_out in event.except_dates:
        component.add("exdate", taken_out)
    calendar = icalendar.Calendar()
    calendar.add_component(component)
    found = recurring_ical_events.of(calendar).between(since, before)
    return sorted(stamp(each.start) for each in found)


def stamp(when: When) -> str:
    return when.astimezone(UTC).isoformat() if isinstance(when, datetime) else when.isoformat()


def numbers(low: int, high: int) -> st.SearchStrategy[str]:
    chosen = st.lists(st.integers(low, high).filter(bool), min_size=1, max_size=4, unique=True)
    return chosen.map(lambda found: ",".join(map(str, found)))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rule without a time of day, but for what the libraries read otherwise than the RFC: `MO,2TU` as none."""
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    days = draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3, unique=True))
    if days and frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans()):
        days = [f"{draw(st.sampled_from(('1', '2', '-1', '5', '+3')))}{day}" for day in days]
    if days:
        parts.append(f"BYDAY={','.join(days)}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"BYMONTH={draw(numbers(1, 12))}")
    if frequency != "WEEKLY" and draw(st.integers(0, 3)) == 0:
        parts.append(f"BYMONTHDAY={draw(numbers(-31, 31))}")
    if frequency == "MONTHLY" and days and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from(('1', '-1', '1,-1', '2')))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    ends = draw(st.sampled_from(("", f"COUNT={draw(st.integers(1, 30))}", "UNTIL")))
    return ";".join([*parts, *filter(None, [ends])])


starts = st.datetimes(datetime(2019, 1, 1), datetime(2026, 12, 31)).map(
    lambda found: found.replace(second=0, microsecond=0)
)


@settings(max_examples=300, deadline=None)
@given(rules(), starts, st.sampled_from(ZONES), st.integers(0, 400), st.integers(1, 800), st.integers(1, 30))
def test_any_rule_gives_the_dates_that_the_libraries_give(
    rule: str, start: datetime, zone: str, later: int, days: int, hours: int
) -> None:
    first = start.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(fold=0)
    until = (first + timedelta(days=days)).astimezone(UTC)
    event = event_of(rule.replace("UNTIL", f"UNTIL={until:%Y%m%dT%H%M%SZ}"), first, timedelta(hours=hours), zone)
    try:
        vet(event)
    except RuleRefusedError:
        return
    since = (first + timedelta(days=later)).astimezone(UTC)
    window = since, since + timedelta(days=days)
    assert ours(event, *window) == theirs(event, timedelta(hours=hours), *window)


@settings(max_examples=150, deadline=None)
@given(rules(), st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.integers(0, 400), st.integers(1, 800))
def test_any_rule_of_an_all_day_event_gives_the_dates_that_the_libraries_give(
    rule: str, start: date, later: int, days: int
) -> None:
    until = start + timedelta(days=days)
    event = event_of(rule.replace("UNTIL", f"UNTIL={until:%Y%m%d}"), start, timedelta(days=2), "UTC")
    try:
        vet(event)
    except RuleRefusedError:
        return
    since = datetime.combine(start + timedelta(days=later), datetime.min.time(), UTC)
    window = since, since + timedelta(days=days)
    assert ours(event, *window) == theirs(event, timedelta(days=2), *window)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYWEEKNO=1,20,53;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=1,100,-1",
        "FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0,30",
        "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=7",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,17;BYSETPOS=1,-1",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=1TU",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SU;BYHOUR=8,9;BYMINUTE=30",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ],
)
def test_a_hard_rule_gives_the_dates_that_the_libraries_give(rule: str) -> None:
    zone = "America/New_York"
    first = datetime(2024, 1, 1, 12, tzinfo=ZoneInfo(zone))
    event = event_of(rule, first, timedelta(hours=1), zone, (datetime(2025, 4, 10, 12, tzinfo=ZoneInfo(zone)),))
    window = first.astimezone(UTC), first.astimezone(UTC) + timedelta(days=1500)
    assert ours(event, *window) == theirs(event, timedelta(hours=1), *window)
