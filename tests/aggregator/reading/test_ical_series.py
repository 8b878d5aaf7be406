"""Series: dates taken out, added, and told otherwise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.reading.ical import read_ical
from aggregator.source import Draft

MASTER = """UID:1
SUMMARY:Mixer
LOCATION:Hall
DTSTART;TZID=America/Los_Angeles:20260901T180000
DTEND;TZID=America/Los_Angeles:20260901T200000
RRULE:FREQ=WEEKLY;COUNT=10"""


def read(*events: str) -> list[Draft]:
    told = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return list(read_ical(f"BEGIN:VCALENDAR\n{told}END:VCALENDAR\n".encode()))


def test_rules_and_dates_are_kept_as_they_are_told() -> None:
    (draft,) = read(f"{MASTER}\nRRULE:FREQ=DAILY;COUNT=2\nRDATE:20260905T010000Z\nEXDATE:20260909T010000Z")
    assert draft.rrule == ("FREQ=WEEKLY;COUNT=10", "FREQ=DAILY;COUNT=2")
    assert draft.r_dates == ("2026-09-04T18:00:00",)
    assert draft.except_dates == ("2026-09-08T18:00:00",)
    assert (draft.start_date, draft.end_date) == ("2026-09-01T18:00:00", "2026-09-01T20:00:00")


@pytest.mark.parametrize(
    ("line", "dates"),
    [
        (
            "EXDATE;TZID=America/Los_Angeles:20260908T180000,20260915T180000",
            ("2026-09-08T18:00:00", "2026-09-15T18:00:00"),
        ),
        ("EXDATE;TZID=America/New_York:20260908T210000", ("2026-09-08T18:00:00",)),
        ("EXDATE:20260908T180000", ("2026-09-08T18:00:00",)),
        ("EXDATE;VALUE=DATE:20260908", ("2026-09-08",)),
        ("EXDATE:20260908", ("2026-09-08",)),
        ("EXDATE:", ()),
    ],
)
def test_a_date_taken_out_is_in_the_zone_of_the_series(line: str, dates: tuple[str, ...]) -> None:
    assert read(f"{MASTER}\n{line}")[0].except_dates == dates


def test_a_moved_date_is_a_draft_of_its_own_and_leaves_its_series() -> None:
    moved = "UID:1\nRECURRENCE-ID:20260909T010000Z\nDTSTART:20260910T020000Z"
    series, date = read(MASTER, moved)
    assert series.except_dates == ("2026-09-08T18:00:00",)
    assert (date.identifier, date.super_event) == ("1/20260909T010000Z", "1")
    assert (date.name, date.location_text) == ("Mixer", "Hall")
    assert date.rrule == ()


def test_an_override_inherits_the_length_of_its_series() -> None:
    moved = "UID:1\nRECURRENCE-ID:20260909T010000Z\nDTSTART;TZID=America/Los_Angeles:20260910T190000"
    assert read(MASTER, moved)[1].end_date == "2026-09-10T21:00:00"


def test_an_override_may_come_before_its_series() -> None:
    moved = "UID:1\nRECURRENCE-ID;TZID=America/Los_Angeles:20260908T180000\nSUMMARY:Picnic\nDTSTART:20260910T020000Z"
    assert {draft.name for draft in read(moved, MASTER)} == {"Picnic", "Mixer"}


def test_the_latest_of_two_overrides_wins() -> None:
    moved = "UID:1\nRECURRENCE-ID:20260909T010000Z\nDTSTART:20260910T020000Z\nSEQUENCE:{}\nSUMMARY:{}"
    names = [draft.name for draft in read(MASTER, moved.format(3, "New"), moved.format(2, "Old"))]
    assert names == ["Mixer", "New"]


def test_an_override_of_a_date_that_is_taken_out_is_gone() -> None:
    moved = "UID:1\nRECURRENCE-ID:20260909T010000Z\nDTSTART:20260910T020000Z"
    assert len(read(f"{MASTER}\nEXDATE:20260909T010000Z", moved)) == 1


def test_an_override_without_its_series_is_a_plain_event() -> None:
    (date,) = read("UID:1\nSUMMARY:Picnic\nRECURRENCE-ID:20260909T010000Z\nDTSTART:20260910T020000Z")
    assert (date.identifier, date.super_event, date.name) == ("1/20260909T010000Z", "1", "Picnic")


def test_an_override_by_date_is_of_an_all_day_series() -> None:
    series, date = read(
        "UID:1\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20260901\nDTEND;VALUE=DATE:20260903\nRRULE:FREQ=WEEKLY;COUNT=3",
        "UID:1\nRECURRENCE-ID;VALUE=DATE:20260908\nDTSTART;VALUE=DATE:20260909",
    )
    assert (series.start_date, series.end_date, series.except_dates) == ("2026-09-01", "2026-09-02", ("2026-09-08",))
    assert (date.identifier, date.start_date, date.end_date) == ("1/20260908", "2026-09-09", "2026-09-10")


def test_a_period_is_a_date_with_a_length_of_its_own() -> None:
    series, period = read(f"{MASTER}\nRDATE;VALUE=PERIOD:20260905T010000Z/PT3H")
    assert series.r_dates == ()
    assert (period.start_date, period.end_date) == ("2026-09-04T18:00:00", "2026-09-04T21:00:00")


def test_this_and_future_splits_a_series() -> None:
    turn = """UID:1
RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/Los_Angeles:20260922T180000
DTSTART;TZID=America/Los_Angeles:20260923T190000
SUMMARY:Later"""
    moved = "UID:1\nRECURRENCE-ID:20260930T010000Z\nDTSTART:20261001T030000Z\nSUMMARY:Once"
    before, after, once = read(f"{MASTER};BYDAY=TU", turn, moved)
    assert before.rrule == ("FREQ=WEEKLY;COUNT=10;BYDAY=TU;UNTIL=20260922T175959",)
    assert after.rrule == ("FREQ=WEEKLY;COUNT=7;BYDAY=WE",)
    assert (after.name, after.start_date, after.end_date) == ("Later", "2026-09-23T19:00:00", "2026-09-23T21:00:00")
    assert (after.identifier, after.super_event) == ("1/20260923T010000Z+", "1")
    assert (before.except_dates, after.except_dates) == ((), ("2026-09-30T19:00:00",))
    assert once.name == "Once"


def test_an_exception_rule_is_left_out_and_said_so() -> None:
    (draft,) = read(f"{MASTER}\nEXRULE:FREQ=MINUTELY")
    assert "EXRULE was left out" in draft.doubts


TIMES = st.sampled_from(
    [
        *(
            "20260901T180000",
            "20260901T180000Z",
            "20260901",
            "2026-09-08T10:00:00",
            "20260908T180000+0200",
            "never",
            "",
        ),
        *("20260308T023000", "20261101T013000", "18000101T000000Z", "24991231T235959", "20260901T240000"),
    ]
)
PARAMETERS = st.sampled_from(
    [
        "",
        ";TZID=America/Los_Angeles",
        ";TZID=Odd",
        ";TZID=Mars",
        ";VALUE=DATE",
        ";RANGE=THISANDFUTURE",
        ';TZID="',
        ";;=",
    ]
)
VALUES = {
    **dict.fromkeys(("DTSTART", "DTEND", "EXDATE", "RECURRENCE-ID"), TIMES),
    "RDATE": TIMES | st.tuples(TIMES, TIMES | st.just("PT1H")).map("/".join),
    "RRULE": st.sampled_from(
        ["FREQ=DAILY;COUNT=9", "FREQ=WEEKLY;UNTIL=20261001;BYDAY=TU", "FREQ=", "FREQ=MONTHLY;COUNT=2"]
    ),
    "DURATION": st.sampled_from(["PT1H", "P1W", "-P1D", "P999999999999W", "soon"]),
    "SEQUENCE": st.sampled_from(["1", "2", "x"]),
}
LINES = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), PARAMETERS, st.just(":"), VALUES[name]).map("".join)
)
ODD_ZONE = """BEGIN:VTIMEZONE
TZID:Odd
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+9999
TZOFFSETTO:+0017
RRULE:FREQ=SECONDLY
END:STANDARD
END:VTIMEZONE
"""


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(LINES, min_size=1, max_size=8), min_size=1, max_size=4))
def test_no_properties_make_the_reader_fail(events: list[list[str]]) -> None:
    told = "".join(f"BEGIN:VEVENT\nUID:1\n{chr(10).join(lines)}\nEND:VEVENT\n" for lines in events)
    for draft in read_ical(f"BEGIN:VCALENDAR\n{ODD_ZONE}{told}END:VCALENDAR\n".encode()):
        assert (draft.identifier or "").startswith("1")


UTC_SERIES = "UID:1\nSUMMARY:Mixer\nDTSTART:20261028T010000Z\nDTEND:20261028T020000Z\nRRULE:{}"


def test_a_series_in_utc_is_told_by_its_instants_so_that_it_is_shown_where_it_is() -> None:
    moved = "UID:1\nRECURRENCE-ID:20261111T010000Z\nSUMMARY:Picnic"
    series, date = read(UTC_SERIES.format("FREQ=WEEKLY;COUNT=3;BYDAY=WE\nEXDATE:20261104T010000Z"), moved)

    assert (series.start_date, series.end_date, series.time_zone) == (
        "2026-10-28T01:00:00Z",
        "2026-10-28T02:00:00Z",
        None,
    )
    assert series.rrule == ()
    assert series.r_dates == ("2026-10-28T01:00:00Z", "2026-11-04T01:00:00Z", "2026-11-11T01:00:00Z")
    assert series.except_dates == ("2026-11-04T01:00:00Z", "2026-11-11T01:00:00Z")
    assert (date.start_date, date.end_date, date.time_zone) == ("2026-11-11T01:00:00Z", "2026-11-11T02:00:00Z", None)


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ("FREQ=WEEKLY;UNTIL=20261104T010000Z", 2),
        ("FREQ=WEEKLY;UNTIL=20261104T005959Z", 1),
        ("FREQ=DAILY;COUNT=400", 400),
        ("FREQ=DAILY;COUNT=401", 0),
        ("FREQ=WEEKLY", 0),
        ("FREQ=YEARLY;COUNT=20", 0),
        ("FREQ=YEARLY;UNTIL=20991028T010000Z", 0),
        ("FREQ=WEEKLY;UNTIL=20200101T000000Z", 0),
        ("FREQ=YEARLY;BYWEEKNO=44;COUNT=2", 0),
        ("FREQ=NEVER", 0),
    ],
)
def test_a_series_in_utc_without_an_end_or_too_long_keeps_its_rule(rule: str, dates: int) -> None:
    (draft,) = read(UTC_SERIES.format(rule))

    assert len(draft.r_dates) == dates
    assert (draft.rrule, draft.time_zone) == (((), None) if dates else ((rule,), "UTC"))


def test_a_calendar_that_shows_itself_in_a_zone_keeps_the_rules_of_its_series() -> None:
    told = UTC_SERIES.format("FREQ=WEEKLY;COUNT=3")
    body = f"BEGIN:VCALENDAR\nX-WR-TIMEZONE:America/Chicago\nBEGIN:VEVENT\n{told}\nEND:VEVENT\nEND:VCALENDAR\n"
    (draft,) = read_ical(body.encode())

    assert (draft.rrule, draft.time_zone) == (("FREQ=WEEKLY;COUNT=3",), "America/Chicago")
