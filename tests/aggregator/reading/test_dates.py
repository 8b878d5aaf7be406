"""Dates as pages write them: what is read, what is refused, what is doubted."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import UnreadDateError
from aggregator.reading.dates import DateOrder, Span, read_span

NOW = date(2026, 2, 10)
PACIFIC = timezone(timedelta(hours=-7))


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute)


def on(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2026-02-16T00:00:00", at(2, 16, 0)),
        ("2026-08-09T12:00", at(8, 9, 12)),
        ("2026-04-26 10:00:00", at(4, 26, 10)),
        ("2026-09-01", on(9, 1)),
        ("2026/09/01", on(9, 1)),
        ("2026.9.1", on(9, 1)),
        ("8/25/2026 5:30:00 PM", at(8, 25, 17, 30)),
        ("4/21/2026 5:30 PM", at(4, 21, 17, 30)),
        ("4/21/2026 12:00 Noon", at(4, 21, 12)),
        ("Sunday Aug 9, 2026", on(8, 9)),
        ("Sunday, August 9th, 2026", on(8, 9)),
        ("August 9, 2026 (Sunday)", on(8, 9)),
        ("TUE / August / 25", on(8, 25)),
        ("TUE August 25", on(8, 25)),
        ("October 4, 2026", on(10, 4)),
        ("July fourth, 2026", on(7, 4)),
        ("Oct. 4, 2026", on(10, 4)),
        ("OCTOBER 4 2026", on(10, 4)),
        ("4 October 2026", on(10, 4)),
        ("4th of October 2026", on(10, 4)),
        ("2026 October 4", on(10, 4)),
        ("03-Sep-2026", on(9, 3)),
        ("3/Sep/26", on(9, 3)),
        ("Sept. 3, 2026", on(9, 3)),
        ("10.24.26", on(10, 24)),
        ("10/24/26", on(10, 24)),
        ("02-19-2026", on(2, 19)),
        ("Oct 8 '26", on(10, 8)),
        ("2019-03-01 4:00 PM", at(3, 1, 16, year=2019)),
        ("Happens On Sep 3, 2026", on(9, 3)),
        ("Happens On Sep 3, 2026, 6pm", at(9, 3, 18)),
        ("Date: October 8, 2026 Time: 7:00 PM", at(10, 8, 19)),
        ("When: Oct 8, 2026 @ 7pm", at(10, 8, 19)),
        ("Starts: Oct 8, 2026 7:00 PM", at(10, 8, 19)),
        ("7pm on Oct 8, 2026", at(10, 8, 19)),
        ("Oct 8, 2026, starting at 7pm", at(10, 8, 19)),
        ("8:30 am - October 8, 2026", at(10, 8, 8, 30)),
        ("October 8, 2026 - 7:00 pm", at(10, 8, 19)),
        ("October 8 - 7:00 pm", at(10, 8, 19)),
        ("October 8, 2026 | 7:00 pm", at(10, 8, 19)),
        ("October 8, 2026 • 7:00 pm", at(10, 8, 19)),
        ("March 29, 2026at7:00 pm", at(3, 29, 19)),
        ("Oct&nbsp;8,&nbsp;2026 7&nbsp;pm", at(10, 8, 19)),
        ("Oct 8,\xa02026\u200b 7\u202fpm", at(10, 8, 19)),
        ("Oct 8, 2026\n\t 7 pm", at(10, 8, 19)),
        ("21 Feb", on(2, 21)),
        ("Feb 21", on(2, 21)),
        ("Feb 21 5:30p", at(2, 21, 17, 30)),
        ("2/24", on(2, 24)),
        ("2/24 6pm", at(2, 24, 18)),
        ("20 Feb 19h00", at(2, 20, 19)),
        ("14th of June 2026, 19:00", at(6, 14, 19)),
        ("Feb 20, 1900 hrs", at(2, 20, 19)),
        ("Jun 14", on(6, 14)),
        ("Jun\n14", on(6, 14)),
        ("Feb 10", on(2, 10)),
        ("March 5, 2026, all day", on(3, 5)),
        ("All-day event March 5, 2026", on(3, 5)),
        ("Today at 7pm", at(2, 10, 19)),
        ("Tomorrow 7pm", at(2, 11, 19)),
        ("Apr 22 Wed", on(4, 22)),
        ("midnight Oct 8, 2026", at(10, 8, 0)),
        ("1787000000", datetime(2026, 8, 17, 20, 53, 20, tzinfo=UTC)),
        ("1787000000000", datetime(2026, 8, 17, 20, 53, 20, tzinfo=UTC)),
        ("/Date(1787000000000)/", datetime(2026, 8, 17, 20, 53, 20, tzinfo=UTC)),
        ("/Date(1787000000000-0700)/", datetime(2026, 8, 17, 20, 53, 20, tzinfo=UTC)),
        ("Wed, 15 Apr 2026 08:30:00 +0000", datetime(2026, 4, 15, 8, 30, tzinfo=UTC)),
        ("Wed, 15 Apr 2026 08:30:00 GMT", datetime(2026, 4, 15, 8, 30, tzinfo=UTC)),
        ("Wed, 15 Apr 2026 08:30:00 -0700", datetime(2026, 4, 15, 8, 30, tzinfo=PACIFIC)),
        ("Wed Apr 15 2026 08:30:00 GMT-0700", datetime(2026, 4, 15, 8, 30, tzinfo=PACIFIC)),
        ("15 Apr 2026 8:30 AM UTC-7", datetime(2026, 4, 15, 8, 30, tzinfo=PACIFIC)),
    ],
)
def test_one_moment_is_read(text: str, start: date) -> None:
    span = read_span(text, now=NOW)

    assert (span.start, span.end, span.doubts) == (start, None, ())
    assert getattr(span.start, "tzinfo", None) == getattr(start, "tzinfo", None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Wednesday, April 15, 2026 (8:30 AM - 10:00 AM) (EDT)", at(4, 15, 8, 30), at(4, 15, 10)),
        ("4/21/2026 5:30 PM - 4/21/2026 7:00 PM", at(4, 21, 17, 30), at(4, 21, 19)),
        ("October 4, 2026 04:00 PM - 05:00 PM", at(10, 4, 16), at(10, 4, 17)),
        ("Sep 3, 2026 5:30PM-7:30PM", at(9, 3, 17, 30), at(9, 3, 19, 30)),
        ("Mar 28 @ 7:00 pm – 10:00 pm", at(3, 28, 19), at(3, 28, 22)),
        ("August 11, 2026 10:00 am – 12:00 pm", at(8, 11, 10), at(8, 11, 12)),
        ("March 29, 2026at7:00 pm-8:30 pm", at(3, 29, 19), at(3, 29, 20, 30)),
        ("Thursday evening, October 8th, 7-9pm", at(10, 8, 19), at(10, 8, 21)),
        ("Date: Oct 10, 2026 Start Time: 9:00 AM End Time: 12:00 PM", at(10, 10, 9), at(10, 10, 12)),
        ("Start: October 10 @ 9:00 am End: October 12 @ 12:00 pm", at(10, 10, 9), at(10, 12, 12)),
        ("Thu, Oct 8 @ 7-9pm", at(10, 8, 19), at(10, 8, 21)),
        ("7-9pm Thu, Oct 8", at(10, 8, 19), at(10, 8, 21)),
        ("Oct 8, 2026 - 7-9pm", at(10, 8, 19), at(10, 8, 21)),
        ("Oct 8 11-1pm", at(10, 8, 11), at(10, 8, 13)),
        ("Oct 8 noon to 1:30", at(10, 8, 12), at(10, 8, 13, 30)),
        ("Oct 8, 8pm to midnight", at(10, 8, 20), at(10, 9, 0)),
        ("Oct 8, 10pm-2am", at(10, 8, 22), at(10, 9, 2)),
        ("Oct 8, 11pm-7am", at(10, 8, 23), at(10, 9, 7)),
        ("Oct 8 7 p.m. &ndash; 9 p.m.", at(10, 8, 19), at(10, 8, 21)),
        ("Sat., Feb. 21, 2026, 9 a.m.-noon", at(2, 21, 9), at(2, 21, 12)),
        ("Thursday, March 5th from 5:30-7:30 PM (EST)", at(3, 5, 17, 30), at(3, 5, 19, 30)),
        ("between 7 and 9pm on Feb 20", at(2, 20, 19), at(2, 20, 21)),
        ("20 Feb 2026 19h00-21h30", at(2, 20, 19), at(2, 20, 21, 30)),
        ("Feb 20 0700-0830", at(2, 20, 7), at(2, 20, 8, 30)),
        ("2026-09-01 18:00-20:00", at(9, 1, 18), at(9, 1, 20)),
        ("2026-09-01 10:00 - 12:00", at(9, 1, 10), at(9, 1, 12)),
        ("2026-09-01T10:00:00 - 2026-09-01T12:00:00", at(9, 1, 10), at(9, 1, 12)),
        ("2026-09-01T10:00/2026-09-01T12:00", at(9, 1, 10), at(9, 1, 12)),
        ("Oct 8, 2026 7:00 PM - Oct 8, 2026 9:00 PM", at(10, 8, 19), at(10, 8, 21)),
        ("Starts: Oct 8, 2026 7:00 PM Ends: Oct 8, 2026 9:00 PM", at(10, 8, 19), at(10, 8, 21)),
        ("Oct 8, 2026 9:00 PM - Oct 8, 2026 1:00 AM", at(10, 8, 21), at(10, 9, 1)),
        ("June 5 7pm to June 6 1am", at(6, 5, 19), at(6, 6, 1)),
        ("7pm June 5 to 1am June 6", at(6, 5, 19), at(6, 6, 1)),
        ("Dec 31, 2026 9pm - Jan 1, 2027 1am", at(12, 31, 21), at(1, 1, 1, year=2027)),
        ("Date and Time Thursday Apr 16, 2026 7:00 AM - 8:30 AM PDT", at(4, 16, 7), at(4, 16, 8, 30)),
        ("Date/Time Date(s) - 06/15/20266:30 pm - 7:30 pm", at(6, 15, 18, 30), at(6, 15, 19, 30)),
        ("March 21, 2026 6:00 pm to 7:30 pm, 2 hours", at(3, 21, 18), at(3, 21, 19, 30)),
        ("October 4, 2026 - October 6, 2026", on(10, 4), on(10, 6)),
        ("10/08/2026 - 10/09/2026", on(10, 8), on(10, 9)),
        ("10/8-10/9/2026", on(10, 8), on(10, 9)),
        ("2026-09-01/2026-09-03", on(9, 1), on(9, 3)),
        ("2026-09-01 to 2026-09-03", on(9, 1), on(9, 3)),
        ("October 8-10, 2026", on(10, 8), on(10, 10)),
        ("October 8th through 10th, 2026", on(10, 8), on(10, 10)),
        ("Oct 8–10", on(10, 8), on(10, 10)),
        ("8-10 October 2026", on(10, 8), on(10, 10)),
        ("Thu-Sat, Oct 8-10", on(10, 8), on(10, 10)),
        ("Thursday, Oct 8 - Saturday, Oct 10", on(10, 8), on(10, 10)),
        ("Thu 8 - Sat 10 October 2026", on(10, 8), on(10, 10)),
        ("Oct 8 & 9", on(10, 8), on(10, 9)),
        ("Saturday and Sunday, Oct 10 and 11", on(10, 10), on(10, 11)),
        ("Oct 30 - Nov 2, 2026", on(10, 30), on(11, 2)),
        ("Dec 30, 2026 - Jan 2", on(12, 30), on(1, 2, 2027)),
        ("Dec 30 - Jan 2, 2027", on(12, 30), on(1, 2, 2027)),
        ("Feb 3 - Mar 1", on(2, 3), on(3, 1)),
        ("Oct 8 7pm - Oct 10", at(10, 8, 19), on(10, 10)),
        ("Oct 8-10, 7pm", at(10, 8, 19), on(10, 10)),
    ],
)
def test_start_and_end_are_read(text: str, start: date, end: date) -> None:
    span = read_span(text, now=NOW)

    assert (span.start, span.end, span.doubts) == (start, end, ())


@pytest.mark.parametrize(
    ("text", "refused", "accepted"),
    [
        ("every other Monday", "every", "Monday, March 2"),
        ("every Tuesday 7pm", "every", "Tuesday, March 3, 7pm"),
        ("1st & 3rd Tuesday", "no day", "3rd March, Tuesday"),
        ("2nd Thursday in October 2026", "single", "8th October 2026, Thursday"),
        ("last Thursday", "last", "Thu Feb 26"),
        ("first Friday of the month at noon", "first", "Friday, March 6 at noon"),
        ("Tuesdays, Oct 6 - Dec 15, 2026", "tuesdays", "Tuesday, Oct 6 - Tuesday, Dec 15, 2026"),
        ("Daily through March 3", "daily", "Feb 20 through March 3"),
        ("Oct 8, 2026 weekly", "weekly", "Oct 8, 2026"),
        ("weekdays Oct 5-9", "weekdays", "Mon-Fri Oct 5-9"),
        ("since Oct 8, 2026", "since", "from Oct 8, 2026"),
        ("Oct 8 except holidays", "except", "Oct 8"),
        ("Posted Feb 3, 2026 | Event: Feb 20, 2026", "Posted", "Event: Feb 20, 2026"),
        ("Updated Feb 3, 2026", "Updated", "Date: Feb 3, 2026"),
        ("Registration closes Oct 1", "Registration", "Oct 1"),
        ("Save the date! Oct 8", "Save", "date Oct 8"),
        ("Mixer Oct 8", "Mixer", "Oct 8"),
        ("Oct 8 doors 6pm, show 7pm", "doors", "Oct 8, 7pm"),
        ("Oct 8 7pm at the Depot", "Depot", "Oct 8 at 7pm"),
        ("Oct 8 7pm 175 W Jackson Blvd", "understood", "Oct 8 7pm"),
        ("October 8, evening", "single", "October 8, evening, 7pm"),
        ("Now through Oct 10", "Now", "Oct 8 through Oct 10"),
        ("Oct 10 (rain date Oct 17)", "rain", "Oct 10"),
        ("next Friday", "next", "Friday Feb 13"),
        ("this Saturday 9am", "this", "Saturday Feb 14 9am"),
        ("TBD", "TBD", "Feb 14"),
        ("Friday", "no day", "Friday Feb 13"),
        ("7pm", "no day", "Feb 13 7pm"),
        ("", "no day", "Feb 13"),
        ("Jun", "single", "Jun 14"),
        ("May 2026", "single", "May 1 2026"),
        ("2026", "no day", "1 May 2026"),
        ("the 19th", "no day", "Feb the 19th"),
        ("Oct 7-9pm", "single", "Oct 7, 9pm"),
        ("Oct 7 to 9pm", "single", "Oct 7 to 9, 9pm"),
        ("Oct 8, 2026 until 9pm", "single", "Oct 8, 2026 7 until 9pm"),
        ("until Oct 8, 2026", "single", "Oct 8, 2026"),
        ("16 January –", "single", "16 January"),
        ("Feb 20 7-9", "am or pm", "Feb 20 7-9pm"),
        ("Feb 20 5:30", "am or pm", "Feb 20 5:30pm"),
        ("Feb 20 5pm PT / 8pm ET", "time zones", "Feb 20 5pm PT"),
        ("Feb 20 7pm & 9pm", "single", "Feb 20 7pm to 9pm"),
        ("Oct 8 & 15", "two dates", "Oct 8 & 9"),
        ("Oct 8, Oct 15, Oct 22", "single", "Oct 8"),
        ("Oct 8 7pm, Oct 9 8pm", "single", "Oct 8 7pm - Oct 9 8pm"),
        ("July 12, 2017 May 24, 2017", "single", "July 12, 2017"),
        ("Oct 10-8", "ends before", "Oct 8-10"),
        ("Oct 10, 2026 - Oct 8, 2026", "ends before", "Oct 8, 2026 - Oct 10, 2026"),
        ("Feb 30, 2026", "no day", "Feb 28, 2026"),
        ("Feb 29, 2027", "no day", "Feb 29, 2028"),
        ("13/13/2026", "no day", "12/13/2026"),
        ("2026-13-01", "no day", "2026-12-01"),
        ("0/8/2026", "no day", "10/8/2026"),
        ("Oct 8, 2026 25:00", "no time", "Oct 8, 2026 23:00"),
        ("Oct 8, 2026 13am", "no time", "Oct 8, 2026 11am"),
        ("03-Xyz-2026", "no month", "03-Mar-2026"),
        ("2026-02-30T10:00/2026-03-01T10:00", "no such time", "2026-02-28T10:00/2026-03-01T10:00"),
        ("15 février 2026", "février", "15 February 2026"),
        ("3. Oktober 2026", "Oktober", "3. October 2026"),
        ("jueves 8 de octubre", "jueves", "Thursday 8 October"),
        ("8 mars 2026", "mars", "8 Mar 2026"),
        ("2026年10月8日", "understood", "2026 Oct 8"),
        ("10.24", "understood|no day", "10/24"),
        ("Wed 8:30 GMT+25", "no day|offset", "Wed Oct 7 8:30 am GMT+2"),
        ("x" * 501, "too long", "Oct 8" + " " * 400),
    ],
)
def test_what_is_not_understood_is_refused_and_its_twin_is_read(text: str, refused: str, accepted: str) -> None:
    with pytest.raises(UnreadDateError, match=refused):
        read_span(text, now=NOW)

    assert isinstance(read_span(accepted, now=NOW).start, date)


@pytest.mark.parametrize(
    ("text", "start", "doubt"),
    [
        ("Tuesday, March 4, 2026", on(3, 4), "March 4, 2026 is a Wednesday, not a Tuesday"),
        ("Dec 12", on(12, 12), "no year is said, and December 12, 2026 is more than nine months ahead"),
        ("Jan 5", on(1, 5, 2027), "no year is said, and January 5, 2027 is more than nine months ahead"),
        ("Tuesday, March 4", on(3, 4, 2025), "no year is said; 2025 was taken for the day of the week"),
        ("Sunday, Feb 8", on(2, 8), "no year is said; 2026 was taken for the day of the week"),
        ("Thursday the 19th", on(2, 19), "no month is said; February 19, 2026 was taken"),
        ("Friday the 13th, 7pm", at(2, 13, 19), "no month is said; February 13, 2026 was taken"),
        ("13/2/2026", on(2, 13), "“13/2/2026” is not in the source's order mdy"),
        ("Oct 8, 7pm-5pm", at(10, 8, 19), "the end is before the start"),
        ("Oct 8-10, 2026 9am-5pm", at(10, 8, 9), "the clock times are of each day"),
    ],
)
def test_what_may_be_wrong_is_said(text: str, start: date, doubt: str) -> None:
    span = read_span(text, now=NOW)

    assert span.start == start
    assert span.doubts == (doubt,)


def test_a_day_of_the_week_that_fits_leaves_no_doubt_of_the_year() -> None:
    assert read_span("Saturday, Dec 12", now=NOW) == Span(start=on(12, 12))


@pytest.mark.parametrize(
    ("text", "order", "start"),
    [
        ("3/4/2026", "mdy", on(3, 4)),
        ("3/4/2026", "dmy", on(4, 3)),
        ("3.4.2026", "dmy", on(4, 3)),
        ("3/4", "dmy", on(4, 3)),
        ("2/24", "dmy", on(2, 24)),
        ("3/24/2026", "dmy", on(3, 24)),
        ("26-04-03", "ymd", on(4, 3)),
        ("2026/4/3", "dmy", on(4, 3)),
        ("24/3/2026", "ymd", on(3, 24)),
    ],
)
def test_the_order_of_the_source_is_kept_but_for_a_number_over_twelve(text: str, order: DateOrder, start: date) -> None:
    assert read_span(text, now=NOW, order=order).start == start


def test_numbers_in_an_order_that_the_source_does_not_use_are_refused() -> None:
    with pytest.raises(UnreadDateError, match="may be first"):
        read_span("3/4/2026", now=NOW, order="ymd")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Oct 8, 2026 8:30 AM EDT", "EDT"),
        ("Oct 8, 2026 6:00 pm Central", "Central"),
        ("Oct 8, 2026 6:00 pm central time", "central time"),
        ("Oct 8, 2026 6:00 pm Eastern Standard Time", "Eastern Standard Time"),
        ("Oct 8, 2026 6pm (US/Pacific)", "US/Pacific"),
        ("Oct 8, 2026 6pm America/Indiana/Indianapolis", "America/Indiana/Indianapolis"),
        ("Oct 8, 2026 6pm PST - 8pm PST", "PST"),
        ("Oct 8, 2026 6pm pst", "pst"),
        ("Oct 8, 2026 6pm", None),
    ],
)
def test_zone_words_are_kept_as_words_and_the_clock_as_a_wall_clock(text: str, zone: str | None) -> None:
    span = read_span(text, now=NOW)

    assert span.zone == zone
    assert isinstance(span.start, datetime)
    assert span.start.tzinfo is None


DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def twelve(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {'PM' if moment.hour >= 12 else 'AM'}"


@given(
    DAYS, st.sampled_from(["%A, %B %d, %Y", "%a %b %d %Y", "%d %B %Y", "%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%d-%b-%Y"])
)
def test_a_day_in_any_style_is_read_back(day: date, style: str) -> None:
    assert read_span(day.strftime(style), now=NOW) == Span(start=day)


@given(
    DAYS,
    CLOCKS,
    st.sampled_from(
        [
            "{day:%A, %B %d, %Y} @ {clock}",
            "{clock}, {day:%d %b %Y}",
            "{day:%m/%d/%Y} {clock}",
            "{day:%b %d, %Y}at{clock}",
        ]
    ),
)
def test_a_moment_in_any_style_is_read_back(day: date, clock: time, style: str) -> None:
    moment = datetime.combine(day, clock)

    assert read_span(style.format(day=day, clock=twelve(moment)), now=NOW) == Span(start=moment)


@given(
    DAYS,
    CLOCKS,
    st.integers(1, 23 * 60),
    st.sampled_from(["{0:%m/%d/%Y} {1} - {2:%m/%d/%Y} {3}", "{0:%A, %B %d, %Y} {1} to {2:%A, %B %d, %Y} {3}"]),
)
def test_a_span_in_any_style_is_read_back(day: date, clock: time, minutes: int, style: str) -> None:
    start = datetime.combine(day, clock)
    end = start + timedelta(minutes=minutes)

    assert read_span(style.format(start, twelve(start), end, twelve(end)), now=NOW) == Span(start=start, end=end)


@given(DAYS, DAYS)
def test_a_day_without_a_year_is_the_next_one(now: date, day: date) -> None:
    read = read_span(f"{day:%B %d}", now=now).start

    assert (read.month, read.day) == (day.month, day.day)
    assert now <= read <= now + timedelta(days=366 * 8)


@given(st.text(alphabet="0123456789 -/:.,&@ampthursdyoctb–"), st.sampled_from(["mdy", "dmy", "ymd"]))
def test_any_text_at_all_is_read_or_refused(text: str, order: DateOrder) -> None:
    try:
        span = read_span(text, now=NOW, order=order)
    except UnreadDateError:
        return
    assert isinstance(span.start, date)


@pytest.mark.parametrize(
    "unit", ["a", "1", " ", "1 ", "-", "&amp;", "1/", "12:", "Oct 8, ", "2026-01-01T", "\x00", "th ", "["]
)
def test_a_hundred_thousand_characters_are_answered_at_once(unit: str) -> None:
    started = perf_counter()

    with pytest.raises(UnreadDateError):
        read_span(unit * (100_000 // len(unit)), now=NOW)

    assert perf_counter() - started < 0.1
