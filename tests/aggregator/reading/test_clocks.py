"""Clock times as pages write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import UnreadDateError
from aggregator.reading.dates.clocks import read_clock


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("6pm", (18, 0), None),
        ("6 p.m.", (18, 0), None),
        ("6:00 PM", (18, 0), None),
        ("8:30 a. m.", (8, 30), None),
        ("5:30p", (17, 30), None),
        ("5:30:00 PM", (17, 30), None),
        ("7.30pm", (19, 30), None),
        ("12am", (0, 0), None),
        ("12pm", (12, 0), None),
        ("noon", (12, 0), None),
        ("12 noon", (12, 0), None),
        ("12:00 Noon", (12, 0), None),
        ("12:00 PM Noon", (12, 0), None),
        ("midnight", (0, 0), None),
        ("12 midnight", (0, 0), None),
        ("17:30", (17, 30), None),
        ("07:00", (7, 0), None),
        ("00:15", (0, 15), None),
        ("10:00", (10, 0), None),
        ("17:30 PM", (17, 30), None),
        ("17.30", (17, 30), None),
        ("19h00", (19, 0), None),
        ("19h", (19, 0), None),
        ("1900 hrs", (19, 0), None),
        ("0700", (7, 0), None),
        ("7-9pm", (19, 0), (21, 0)),
        ("11-1pm", (11, 0), (13, 0)),
        ("9-5pm", (9, 0), (17, 0)),
        ("12-2pm", (12, 0), (14, 0)),
        ("10-12pm", (10, 0), (12, 0)),
        ("8-12am", (20, 0), (0, 0)),
        ("11:30-1:00 PM", (11, 30), (13, 0)),
        ("9am-5", (9, 0), (17, 0)),
        ("8am-12", (8, 0), (12, 0)),
        ("10pm-2", (22, 0), (2, 0)),
        ("8 AM to 10", (8, 0), (10, 0)),
        ("noon to 1:30", (12, 0), (13, 30)),
        ("10:30 to noon", (10, 30), (12, 0)),
        ("8pm-midnight", (20, 0), (0, 0)),
        ("5:30PM-7:30PM", (17, 30), (19, 30)),
        ("5:30 p.m. – 7:30 p.m.", (17, 30), (19, 30)),
        ("5:30 pm—7:30 pm", (17, 30), (19, 30)),
        ("5:30 pm until 7:30 pm", (17, 30), (19, 30)),
        ("5:30 pm thru 7:30 pm", (17, 30), (19, 30)),
        ("5:30&nbsp;pm&ndash;7:30&nbsp;pm", (17, 30), (19, 30)),
        ("between 7 and 9pm", (19, 0), (21, 0)),
        ("from 7 to 9 pm", (19, 0), (21, 0)),
        ("07:00-08:30", (7, 0), (8, 30)),
        ("9:00-17:00", (9, 0), (17, 0)),
        ("17:30-19:00", (17, 30), (19, 0)),
        ("22:00-02:00", (22, 0), (2, 0)),
        ("6:00 pm Central", (18, 0), None),
        ("8:30 AM - 10:00 AM (EDT)", (8, 30), (10, 0)),
        ("7:00 PM - 9:00 PM, 2 hours", (19, 0), (21, 0)),
        ("10:00 - 12:00", (10, 0), (12, 0)),
        ("10:00 - 11:30 PM", (22, 0), (23, 30)),
        ("10:00 - 2:00 PM", (10, 0), (14, 0)),
        ("07:00 - 08:30 PM", (19, 0), (20, 30)),
        ("8pm - 10:00", (20, 0), (22, 0)),
        ("07:00-8:30", (7, 0), (8, 30)),
        ("19h-21h", (19, 0), (21, 0)),
        ("11:00 am - 13:00", (11, 0), (13, 0)),
    ],
)
def test_clock_times_are_read_as_they_are_meant(text: str, start: tuple[int, int], end: tuple[int, int] | None) -> None:
    assert read_clock(text) == (time(*start), time(*end) if end else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "7-9",
        "5:30",
        "5:30-7:30",
        "9:00 - 12:00",
        "10:00 - 2:00",
        "25:00",
        "12:75 pm",
        "13 am",
        "0:30 pm",
        "7pm 9pm",
        "7pm & 9pm",
        "Oct 8",
        "7ish",
        "doors 7pm",
        "dusk",
        "10.24",
        "13.10",
        "7pm-9pm-11pm",
        "until 9pm",
        "1900",
        "7 o'clock",
        "7 in the evening",
    ],
)
def test_a_clock_time_that_could_be_two_or_none_is_refused(text: str) -> None:
    with pytest.raises(UnreadDateError):
        read_clock(text)


@given(st.times().map(lambda clock: clock.replace(second=0, microsecond=0)), st.sampled_from(("am/pm", "24", "h")))
def test_every_minute_is_read_back(clock: time, style: str) -> None:
    written = {
        "am/pm": f"{clock.hour % 12 or 12}:{clock:%M} {'p.m.' if clock.hour >= 12 else 'a.m.'}",
        "24": f"{clock:%H:%M}",
        "h": f"{clock.hour}h{clock:%M}",
    }[style]

    assert read_clock(written) == (clock, None)


@given(st.integers(0, 23), st.integers(1, 11))
def test_a_half_of_the_day_said_once_holds_for_the_shorter_range(opens: int, hours: int) -> None:
    closes = (opens + hours) % 24
    half = "pm" if closes >= 12 else "am"

    assert read_clock(f"{opens % 12 or 12}-{closes % 12 or 12}{half}") == (time(opens), time(closes))


@given(st.text(max_size=600))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    try:
        read_clock(text)
    except UnreadDateError:
        return
