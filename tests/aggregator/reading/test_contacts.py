"""What is taken out of running text, and what must stay."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.reading.text import without_contacts

TAKEN_OUT = {
    "Contact Pat at pat@example.org or 559-555-0100 for more.": "Contact Pat for more.",
    "Write to pat.doe+events@mail.example.co.uk": "Write",
    "RSVP to pat@example.org by Oct 5": "RSVP by Oct 5",
    "Pat Doe (pat@example.org) leads": "Pat Doe leads",
    "mailto:pat@example.org today": "today",
    "Email: pat@example.org": "",
    "pat@example.org, lee@example.org": ",",
    "pat [at] example [dot] org": "",
    "Ask pat (at) example.org now": "Ask now",
    "Ask pat{at}example{dot}org now": "Ask now",
    "Ask pat at example dot org now": "Ask now",
    "Ask JOSÉ@exämple.org now": "Ask now",
    "Ask pat＠example.org now": "Ask now",
    "Call (559) 555-0100": "",
    "Call Pat at 559.555.0100!": "Call Pat!",
    "Questions? Call 559-555-0100.": "Questions?",
    "Tel(559)555-0100 now": "now",
    "Phone: 559 555 0100 ext. 12, room 4": ", room 4",
    "Call or text 1-559-555-0100 today": "today",
    "+1 (559) 555-0100 rings": "rings",
    "+15595550100 rings": "rings",
    "tel:+1-559-555-0100 rings": "rings",
    "Call 5595550100 now": "now",
    "office/cell 559.555.0100/559.555.0101 now": "office/ / now",
    "559-555-0100/0101 now": "now",
    "559 – 555 – 0100 now": "now",
    "559\u00a0555\u00a00100 now": "now",
    "(555) 123-4567 now": "now",
    "Ring +44 20 7946 0958 now": "Ring now",
    "Ring +49 (0)30 901820 now": "Ring now",
    "Ring +442079460958 now": "Ring now",
    "Ring 020 7946 0958 now": "Ring now",
    "Ring 01632 960983 now": "Ring now",
    "Ring (03) 9123 4567 now": "Ring now",
    "Ring 0412 345 678 now": "Ring now",
    "Call 555-0100 now": "now",
    "Text Pat on 555.0100 now": "Text Pat on now",
    "Zoom by phone: +1 669 900 6833": "Zoom",
    "Line one\nPhone: 559-555-0100\nLine three": "Line one\n\nLine three",
}

STAYS = [
    "Oct 4, 2026 at 7:00 PM",
    "2026-10-04 17:30 - 19:00",
    "10/04/2026 - 10/05/2026",
    "10.04.2026 17.30",
    "04-10-2026 0930-1030",
    "2025-2026 season",
    "from 1791298800 to 1791302400",
    "$1,500,000.00 raised",
    "$559 555 0100 raised",
    "$10-$15, 100-200 people",
    "Free for the first 500 1000 2000",
    "Visalia, CA 93291-1234",
    "12345 Main St, Visalia, CA 93291",
    "Suite 559, Room 100-2000",
    "Meeting ID: 812 3456 7890",
    "Passcode: 123 456 7890",
    "ID 559 555 0100",
    "Permit no. 5595550100",
    "ISBN 978-3-16-148410-0",
    "ISBN 0-306-40615-2",
    "EIN 12-3456789",
    "36.330228, -119.292061",
    "+36.330228, -119.292061",
    "https://example.org/events/5595550100",
    "https://example.org/?id=559-555-0100&x=1",
    "www.example.org/559-555-0100",
    "https://www.google.com/maps/@36.7,-119.8,12z",
    "https://example.org/@name/post",
    "Follow @elmvalley and @elm.valley",
    "Meet at Polka Dot Cafe",
    "Register at example.org",
    "Tickets at example.com today",
    "5k @ 7am, 10k @ 8am",
    "See you at the dot org party",
    "1 Peter 4:10, Luke 10:25-37",
    "Highway 198 / 99 exit 97",
    "123-45-6789012",
    "20% off, 3 for 2, 24/7",
    "Bus 110 220 330",
    "Version 3.12.0400",
    "#5595550100",
    "192.168.100.2000",
    "+15 bonus points, 100+ guests",
]


@pytest.mark.parametrize(("told", "kept"), TAKEN_OUT.items())
def test_addresses_and_numbers_of_people_are_taken_out(told: str, kept: str) -> None:
    assert without_contacts(told) == kept


@pytest.mark.parametrize("told", STAYS)
def test_what_is_no_contact_stays_as_it_is(told: str) -> None:
    assert without_contacts(told) == told


@given(st.text(alphabet=st.sampled_from("ab@.-() +0159:\n[]") | st.characters(), max_size=200))
def test_taking_out_never_fails_and_leaves_no_plain_address(text: str) -> None:
    kept = without_contacts(f"{text} pat@example.org")

    assert "pat@example.org" not in kept


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "@",
        "a@",
        "a@b.",
        "1-",
        "559 ",
        "+1",
        "(",
        " at ",
        "a [at] ",
        "call ",
        " ",
        "0",
        "a.b-",
        "id 1 ",
        "x@y.org ",
    ],
)
def test_a_hundred_kilobytes_of_one_thing_are_read_at_once(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.process_time()

    without_contacts(text)

    assert time.process_time() - began < 0.5
