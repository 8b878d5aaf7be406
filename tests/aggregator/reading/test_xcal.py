"""xCal, read as the iCalendar that it is."""

import pytest

from aggregator.errors import ParseError
from aggregator.reading.ical import read_ical
from aggregator.reading.xcal import to_ical

XCAL = """<?xml version="1.0"?>
<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar>
<properties><version><text>2.0</text></version></properties>
<components><vevent><properties>
<uid><text>a-1</text></uid>
<summary><text>Mixer, with; marks &amp; more</text></summary>
<description><text>One
Two</text></description>
<dtstart><parameters><tzid><text>America/New_York</text></tzid></parameters><date-time>2026-12-01T18:00:00</date-time></dtstart>
<rrule><recur><freq>WEEKLY</freq><byday>TU</byday><count>4</count></recur></rrule>
<exdate><parameters><tzid><text>America/New_York</text></tzid></parameters><date-time>2026-12-08T18:00:00</date-time></exdate>
<url><uri>https://elm.example/a,b;c</uri></url>
<x-original-url />
<geo><latitude>36.5</latitude><longitude>-119.5</longitude></geo>
</properties></vevent>
<vevent><properties><uid><text>a-2</text></uid><summary><text>Fair</text></summary>
<dtstart><date>2026-12-05</date></dtstart></properties></vevent>
</components></vcalendar></icalendar>"""


def test_each_property_becomes_a_line_that_the_reader_of_calendars_reads() -> None:
    mixer, fair = read_ical(to_ical(XCAL))

    assert (mixer.name, mixer.description) == ("Mixer, with; marks & more", "One\nTwo")
    assert (mixer.start_date, mixer.time_zone) == ("2026-12-01T18:00:00", "America/New_York")
    assert mixer.rrule == ("FREQ=WEEKLY;BYDAY=TU;COUNT=4",)
    assert len(mixer.except_dates) == 1
    assert mixer.url == "https://elm.example/a,b;c"
    assert (mixer.latitude, mixer.longitude) == ("36.5", "-119.5")
    assert (fair.name, fair.start_date) == ("Fair", "2026-12-05")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<rss></rss>", "no <vcalendar>"),
        (XCAL[:-30], "broken"),
        ("<!DOCTYPE icalendar [<!ENTITY a 'b'>]>" + XCAL.partition("?>")[2].strip(), "DOCTYPE"),
        ("<icalendar>" + "<vcalendar>" * 60, "levels"),
    ],
)
def test_what_is_no_xcal_is_refused(text: str, why: str) -> None:
    with pytest.raises(ParseError, match=why):
        to_ical(text)
