"""Content lines, however broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.reading.ical.lines import read_calendars


def names(body: bytes) -> list[str]:
    return [event.value("SUMMARY") for calendar in read_calendars(body) for event in calendar.named("VEVENT")]


WHOLE = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Mixer\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE, id="as it should be"),
        pytest.param(b"\xef\xbb\xbf" + WHOLE, id="byte order mark"),
        pytest.param(WHOLE.replace(b"\r\n", b"\n"), id="LF"),
        pytest.param(WHOLE.replace(b"\r\n", b"\r"), id="lone CR"),
        pytest.param(WHOLE.replace(b"\r\n", b"\r\n\r\n"), id="blank lines"),
        pytest.param(b"\r\n  \r\n " + WHOLE, id="white space before"),
        pytest.param(b"Warning: mysql_connect()\r\n" + WHOLE, id="junk before"),
        pytest.param(WHOLE.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(WHOLE.lower().replace(b"mixer", b"Mixer"), id="lower case"),
        pytest.param(WHOLE.replace(b"END:VCALENDAR\r\n", b""), id="no END:VCALENDAR"),
        pytest.param(WHOLE.replace(b"END:VEVENT\r\n", b""), id="no END:VEVENT"),
        pytest.param(WHOLE.replace(b"SUMMARY", b"X\r\n;;:\r\nREFRESH-INTERVAL:P1H\r\nSUMMARY"), id="junk lines"),
        pytest.param(
            WHOLE.replace(b"END:VEVENT", b"BEGIN:VALARM\r\nSUMMARY:No\r\nEND:VALARM\r\nEND:VEVENT"), id="alarm"
        ),
        pytest.param(WHOLE.replace(b"END:VEVENT", b"BEGIN:VALARM\r\nSUMMARY:No\r\nEND:VEVENT"), id="open alarm"),
        pytest.param(WHOLE.replace(b":Mixer", b":Mi\r\n xer"), id="folded"),
        pytest.param(WHOLE.replace(b":Mixer", b":Mi\r\n\txer"), id="folded with a tab"),
        pytest.param(WHOLE.replace(b":Mixer", b"\r\n\r\n :Mi\r\n\r\n xer"), id="folded after a blank line"),
        pytest.param(WHOLE.replace(b":Mixer", b';LANGUAGE="a:b;c":Mixer'), id="colon in quotes"),
    ],
)
def test_a_broken_calendar_still_tells_its_event(body: bytes) -> None:
    assert names(body) == ["Mixer"]


def test_a_truncated_calendar_keeps_its_whole_events() -> None:
    event = b"BEGIN:VEVENT\r\nSUMMARY:%d\r\nEND:VEVENT\r\n"
    body = b"BEGIN:VCALENDAR\r\n" + b"".join(event % number for number in range(3))
    assert names(body[:-14]) == ["0", "1"]


def test_concatenated_calendars_are_all_read() -> None:
    assert names(WHOLE + WHOLE.replace(b"Mixer", b"Breakfast")) == ["Mixer", "Breakfast"]


def test_an_event_outside_of_any_calendar_is_read() -> None:
    assert names(b"BEGIN:VEVENT\nSUMMARY:Mixer\nEND:VEVENT\n") == ["Mixer"]


@pytest.mark.parametrize("body", [b"", b"<html><body>BEGIN:VCALENDAR</body></html>", b"{}", b"\x00\xff" * 40])
def test_what_holds_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match="BEGIN:VCALENDAR"):
        read_calendars(body)


def test_a_calendar_without_events_is_empty() -> None:
    assert names(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n") == []


@given(st.text(alphabet="Ünïcödé 🤝日本", min_size=1, max_size=60), st.integers(min_value=1, max_value=7))
def test_a_fold_inside_of_a_character_is_undone(text: str, width: int) -> None:
    octets = text.strip().encode()
    folded = b"\r\n ".join(octets[at : at + width] for at in range(0, len(octets), width))
    assert names(WHOLE.replace(b"Mixer", folded)) == [text.strip()]


def test_one_line_in_another_encoding_does_not_spoil_the_rest() -> None:
    other = WHOLE.replace(b"Mixer", b"R\xe9union")
    assert names(WHOLE.replace(b"Mixer", "Café 🤝".encode()) + other) == ["Café 🤝", "Réunion"]


def test_unfolded_text_belongs_to_the_description_it_goes_on() -> None:
    body = WHOLE.replace(
        b"Mixer\r\n", b"Mixer\r\nDESCRIPTION:Come.\r\nWHEN: noon\r\nhttp://x.example\r\nLOCATION:Hall\r\n"
    )
    event = read_calendars(body)[0].parts[0]
    assert event.value("DESCRIPTION") == "Come.\nWHEN: noon\nhttp://x.example"
    assert event.value("LOCATION") == "Hall"


def test_a_property_that_is_not_known_does_not_become_part_of_the_name() -> None:
    assert names(WHOLE.replace(b"Mixer\r\n", b"Mixer\r\nFOO;X=1:bar\r\n")) == ["Mixer"]


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail_otherwise_than_it_says(noise: bytes) -> None:
    read_calendars(WHOLE[:40] + noise + WHOLE)


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(b"BEGIN:VEVENT\r\n" * 20_000, id="nested"),
        pytest.param(b"SUMMARY:" + b"a" * 4_000_000 + b"\r\n", id="one long line"),
        pytest.param(b"SUMMARY:a\r\n" + b"junk\r\n" * 200_000, id="junk after text"),
        pytest.param(b'ORGANIZER;CN="' + b':";' * 200_000 + b"\r\n", id="quotes"),
    ],
)
def test_a_bomb_costs_no_more_than_its_size(bomb: bytes) -> None:
    assert names(WHOLE[:17] + bomb + WHOLE[17:])[-1] == "Mixer"
