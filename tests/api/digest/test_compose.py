"""A letter tells what is new, what is on and what has changed; nothing twice, and nothing again unless it changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import EventStatus, Evidence, Offer, Place, Visitors, VisitorTerms
from api.digest.choose import Heading
from api.digest.compose import NO_PAST, Found, Past, compose
from api.digest.happening import Happening, Sent, as_sent, read_sent, told_by, write_sent
from api.digest.letter import Letter

NOW = datetime(2026, 10, 7, 18, tzinfo=UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")
LONG_AGO = NOW - timedelta(days=30)
SITE = "https://hobnob.example"
Make = Callable[..., Happening]


def letter(*coming: Happening, past: Past = NO_PAST, most: int = 25, now: datetime = NOW) -> Letter | None:
    found = Found(title="Events near Visalia, CA", country="US", coming=sorted(coming, key=lambda one: one.start))
    return compose(found, past, now=now, zone=PACIFIC, most=most, site=SITE)


def after(*sent: Sent, still: dict[Any, Happening | None] | None = None, last: datetime | None = None) -> Past:
    return Past(sent={one.key: one for one in sent}, still=still or {}, last=last or NOW - timedelta(days=7))


def told(written: Letter | None) -> dict[str, list[str]]:
    sections = written.sections if written else ()
    return {section.heading.value: [line.name for line in section.lines] for section in sections}


def test_a_first_letter_tells_this_week_and_what_is_still_to_come(happening: Make) -> None:
    written = letter(happening("Mixer", 1), happening("Gala", 20), happening("Sunday", 6), happening("Wednesday", 7))

    assert told(written) == {"This week": ["Mixer", "Sunday"], "Still to come": ["Wednesday", "Gala"]}
    assert written
    assert written.subject == "Events near Visalia, CA: 2 this week, 2 still to come"


def test_a_later_letter_tells_first_what_is_new(happening: Make) -> None:
    old = happening("Left over", 2, seen=LONG_AGO)

    written = letter(old, happening("Fresh", 12, seen=NOW), past=after())

    assert told(written) == {"New since the last letter": ["Fresh"], "This week": ["Left over"]}


def test_what_was_sent_is_not_sent_again(happening: Make) -> None:
    mixer, gala = happening("Mixer", 1), happening("Gala", 20)

    first = letter(mixer, gala)

    assert first
    assert letter(mixer, gala, past=after(*first.sent)) is None


def test_an_empty_week_is_no_letter() -> None:
    assert letter() is None


def test_what_is_over_under_way_or_was_never_on_is_not_told(happening: Make) -> None:
    off = happening("Off", 2, event_status=EventStatus.CANCELLED)
    late = happening("Put off", 2, event_status=EventStatus.POSTPONED)

    assert letter(happening("Over", -1), happening("Now", 0, hour=10), off, late) is None


@pytest.mark.parametrize(
    ("changed", "name", "note"),
    [
        ({"days": 3}, "Mixer", "Was: Fri 9 Oct, 7:00 pm"),
        ({"location": Place(name="Library")}, "Mixer", "Was: Main Street Hall, Visalia"),
        ({"event_status": EventStatus.CANCELLED}, "Cancelled: Mixer", None),
        ({"event_status": EventStatus.POSTPONED}, "Postponed: Mixer", None),
        ({"withdrawn": True}, "No longer listed: Mixer", None),
    ],
)
def test_a_change_of_what_was_sent_is_told_once(
    happening: Make, changed: dict[str, Any], name: str, note: str | None
) -> None:
    before = as_sent(happening("Mixer", 2))
    now = happening("Mixer", changed.pop("days", 2), **changed)

    written = letter(past=after(before, still={now.key: now}))

    assert written
    assert told(written) == {"Changed or cancelled": [name]}
    assert written.sections[0].lines[0].note == note
    assert letter(past=after(*written.sent, still={now.key: now})) is None


def test_a_change_of_what_was_never_sent_is_no_change(happening: Make) -> None:
    assert letter(happening("Mixer", 2, event_status=EventStatus.CANCELLED), past=after()) is None


def test_what_is_on_after_all_is_told(happening: Make) -> None:
    off = as_sent(happening("Mixer", 2, event_status=EventStatus.CANCELLED))

    written = letter(happening("Mixer", 2), past=after(off))

    assert told(written) == {"Changed or cancelled": ["Mixer"]}
    assert written
    assert written.sections[0].lines[0].note == "Was: off"


def test_a_date_that_is_gone_is_told_once_and_one_that_may_not_be_told_never(happening: Make) -> None:
    sent = as_sent(happening("Talk", 4, occurrence=4))

    written = letter(past=after(sent, still={sent.key: None}))

    assert written
    assert told(written) == {"Changed or cancelled": ["No longer listed: Talk"]}
    assert letter(past=after(*written.sent, still={sent.key: None})) is None
    assert letter(past=after(sent)) is None


def test_a_change_of_what_is_over_is_not_told(happening: Make) -> None:
    over = happening("Mixer", -2)

    assert letter(past=after(replace(as_sent(over), where="elsewhere"), still={over.key: over})) is None


def test_a_series_is_told_once_in_full_and_then_by_its_dates_of_the_week(happening: Make) -> None:
    dates = [happening("Rotary", days, occurrence=1 + days) for days in (1, 3, 8, 15)]

    first = letter(*dates)
    assert first
    second = letter(*dates, past=after(*first.sent))

    assert told(first) == {"This week": ["Rotary"]}
    assert [one.occurrence for one in first.sent] == [2]
    assert second
    assert told(second) == {"Your regulars": ["Rotary"]}
    assert second.sections[0].lines[0].when == "Sat 10 Oct, 7:00 pm"
    assert letter(*dates, past=after(*first.sent, *second.sent)) is None


def test_regulars_are_folded_into_a_line_each(happening: Make) -> None:
    known = as_sent(happening("Rotary", -6, occurrence=1))
    dates = [happening("Rotary", days, occurrence=10 + days) for days in (1, 3, 5)]

    written = letter(*dates, past=after(known))

    assert written
    (section,) = written.sections
    assert [line.when for line in section.lines] == ["Thu 8 Oct, 7:00 pm; Sat 10 Oct, 7:00 pm; Mon 12 Oct, 7:00 pm"]
    assert len(written.sent) == 3


def test_what_does_not_fit_is_counted_and_comes_in_the_next_letter(happening: Make) -> None:
    coming = [happening(f"Event {number}", 1 + number, seen=LONG_AGO) for number in range(5)]

    first = letter(*coming, most=3)
    assert first
    second = letter(*coming, past=after(*first.sent))

    assert (first.more, told(first)) == (2, {"This week": ["Event 0", "Event 1", "Event 2"]})
    assert told(second) == {"This week": ["Event 3", "Event 4"]}


def test_changes_have_the_first_claim_on_the_room(happening: Make) -> None:
    off = happening("Mixer", 2, event_status=EventStatus.CANCELLED)

    written = letter(happening("New", 1), off, past=after(as_sent(happening("Mixer", 2))), most=1)

    assert told(written) == {"Changed or cancelled": ["Cancelled: Mixer"]}


def test_a_line_says_when_where_whether_one_may_come_what_it_costs_and_where_to_add_it(happening: Make) -> None:
    terms = VisitorTerms(visitors=Visitors.OPEN, evidence=(Evidence(about="visitors", quote="All welcome."),))
    offers = (Offer(price=Decimal(15), price_currency="USD"),)
    written = letter(
        happening("Mixer", 1, visitor_terms=terms, offers=offers, url="https://chamber.example/mixer"),
        happening("Talk", 2, occurrence=7),
    )

    assert written
    mixer, talk = written.sections[0].lines
    assert (mixer.when, mixer.where) == ("Thu 8 Oct 2026, 7:00–8:00 pm", "Main Street Hall, Visalia")
    assert (mixer.visitors, mixer.cost) == ("Visitors are welcome", "Cost: $15")
    assert (mixer.url, mixer.calendar_url) == ("https://chamber.example/mixer", f"{SITE}/v1/events/id-Mixer.ics")
    assert (talk.visitors, talk.cost) == ("Nobody says whether visitors may come: ask before you go", "Cost: not said")
    assert talk.calendar_url == f"{SITE}/v1/events/id-Talk.ics?occurrence=7"


def test_all_day_events_are_told_by_their_days(happening: Make) -> None:
    fair = happening("Fair", date(2026, 10, 10))

    written = letter(happening("Fair", date(2026, 10, 11)), past=after(as_sent(fair)))

    assert written
    assert written.sections[0].lines[0].note == "Was: Sat 10 Oct"


def test_what_was_sent_is_read_as_it_was_written(happening: Make) -> None:
    sent = (as_sent(happening("Mixer “ö”", 1)), as_sent(happening("Talk", 2, occurrence=7)))

    assert read_sent(write_sent(sent)) == sent


@given(
    weeks=st.lists(
        st.dictionaries(
            st.sampled_from("ABCDEFGH"), st.tuples(st.integers(1, 40), st.booleans()), min_size=0, max_size=8
        ),
        min_size=1,
        max_size=6,
    ),
    most=st.integers(1, 5),
)
def test_over_many_weeks_nothing_is_told_twice_as_it_was(
    happening: Make, weeks: list[dict[str, tuple[int, bool]]], most: int
) -> None:
    ledger: dict[Any, Sent] = {}
    last = None
    for number, week in enumerate(weeks):
        now = NOW + timedelta(days=7 * number)
        status = {True: EventStatus.CANCELLED, False: EventStatus.SCHEDULED}
        coming = [happening(name, days, event_status=status[off]) for name, (days, off) in week.items()]
        written = letter(*coming, past=Past(sent=dict(ledger), still={}, last=last), most=most, now=now)
        if written is None:
            continue
        assert len({one.key for one in written.sent}) == len(written.sent)
        assert sum(len(section.lines) for section in written.sections) <= most
        for one in written.sent:
            assert ledger.get(one.key) != one
            assert one.key in ledger or one.status == EventStatus.SCHEDULED.value
        ledger |= {one.key: one for one in written.sent}
        last = now


def test_headings_stand_in_their_order(happening: Make) -> None:
    known = as_sent(happening("Rotary", -6, occurrence=1))
    moved = happening("Mixer", 3)
    coming = [
        moved, happening("Rotary", 1, occurrence=2, seen=LONG_AGO), happening("New", 2),
        happening("Left over", 2, seen=LONG_AGO), happening("Far off", 30, seen=LONG_AGO),
    ]  # fmt: skip

    written = letter(*coming, past=after(known, as_sent(happening("Mixer", 2))))

    assert list(told(written)) == [heading.value for heading in Heading if heading is not Heading.PINNED]


def test_a_date_that_a_series_tells_now_is_not_told_again_and_its_series_is_known(happening: Make) -> None:
    single = as_sent(happening("Talk at the library", 2))
    dates = [happening("Talk", days, occurrence=1 + days) for days in (2, 5, 30)]

    moved = told_by(single, dates[0].id, dates)
    written = letter(*dates, past=after(moved))

    assert moved.key == dates[0].key
    assert told(written) == {"Your regulars": ["Talk"]}
    assert written
    assert written.sections[0].lines[0].when == "Mon 12 Oct, 7:00 pm"


def test_a_date_that_another_event_tells_now_keeps_what_was_told_of_it(happening: Make) -> None:
    sent = as_sent(happening("Mixer", 2))

    assert told_by(sent, "id-Other", [happening("Other", 5)]) == replace(sent, id="id-Other")
