"""Drafts of several pages to events: what is one event, what is two, and what is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.collect.drafts import Told, merge, to_events
from aggregator.event import Event, Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.source import Draft, Request, Source

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LIST = Request(url="https://chamber.example/events")
NEXT = Request(url="https://chamber.example/events?page=2")
SOURCE = Source(
    name="chamber",
    kind=Kind.CHAMBER,
    platform="html",
    request=LIST,
    parse=lambda _: iter(()),
    time_zone="America/Los_Angeles",
)


def draft(identifier: str | None = "a", start: str | None = "2026-06-10T17:00", **more: Any) -> Draft:
    return Draft(**{"identifier": identifier, "name": "Mixer", "start_date": start, **more})


def told(request: Request, *drafts: Draft, at: datetime = NOW) -> Told:
    return Told(request=request, drafts=drafts, at=at)


def detail(of: str) -> Request:
    return Request(url=f"https://chamber.example/events/{of}", completes=of)


def events_of(*drafts: Draft, known: tuple[Event, ...] = ()) -> dict[str, Event]:
    before = {event.uid: event for event in known}
    events, rejected = to_events(merge([told(LIST, *drafts)]), SOURCE, Gazetteer.open(), before)
    assert rejected == ()
    return events


def test_a_later_page_fills_what_those_before_it_left_open_and_nothing_else() -> None:
    first, second = (
        draft(url="https://chamber.example/a"),
        draft(name="Another name", description="Come", keywords=("x",)),
    )

    ((merged, _),) = merge([told(LIST, first), told(NEXT, second)])

    assert (merged.name, merged.url) == ("Mixer", "https://chamber.example/a")
    assert (merged.description, merged.keywords) == ("Come", ("x",))


@pytest.mark.parametrize(
    ("teaser", "whole"),
    [
        ("Bring ca", "<p>Bring cards.</p><p>Coffee is free.</p>"),
        ("Free &amp; open …", "Free &amp; open\nto all"),
        ("Come.", "Come."),
    ],
)
def test_a_description_that_a_list_breaks_off_is_told_whole(teaser: str, whole: str) -> None:
    ((merged, _),) = merge([told(LIST, draft(description=teaser)), told(detail("a"), draft(description=whole))])

    assert merged.description == whole


def test_a_description_that_says_something_else_is_left_as_the_list_tells_it() -> None:
    pages = [told(LIST, draft(description="Bring cards")), told(detail("a"), draft(description="Parking is behind it"))]

    assert [merged.description for merged, _ in merge(pages)] == ["Bring cards"]


def test_false_and_zero_are_told_but_nothing_and_an_empty_text_are_not() -> None:
    first = draft(is_accessible_for_free=False, price="", latitude="0")
    second = draft(is_accessible_for_free=True, price="$15", latitude="36.7", longitude="-119.7")

    ((merged, _),) = merge([told(LIST, first), told(NEXT, second)])

    assert (merged.is_accessible_for_free, merged.price) == (False, "$15")
    assert (merged.latitude, merged.longitude) == ("0", "-119.7")


def test_a_detail_page_adds_to_the_draft_that_it_completes_whatever_it_calls_it() -> None:
    pages = [
        told(LIST, draft("a"), draft("b")),
        told(detail("b"), draft("post-17", "2026-06-10", description="Bring cards")),
    ]

    merged = [one for one, _ in merge(pages)]

    assert [(one.identifier, one.start_date, one.description) for one in merged] == [
        ("a", "2026-06-10T17:00", None),
        ("b", "2026-06-10T17:00", "Bring cards"),
    ]


def test_a_detail_page_with_several_events_completes_none_of_them() -> None:
    pages = [told(LIST, draft("a")), told(detail("a"), draft("x"), draft("y"))]

    assert [one.identifier for one, _ in merge(pages)] == ["a", "x", "y"]


def test_drafts_without_an_identifier_are_never_one() -> None:
    pages = [told(LIST, draft(None), draft(None)), told(NEXT, draft(None))]

    assert len(merge(pages)) == 3


def test_dates_without_a_year_are_read_from_the_day_of_the_first_page_that_told_them() -> None:
    later = NOW + timedelta(days=200)

    ((_, at),) = merge([told(LIST, draft()), told(NEXT, draft(), at=later)])

    assert at == NOW


@pytest.mark.parametrize("pages", [1, 2], ids=["on one page", "on two pages"])
def test_one_identity_on_two_dates_is_two_events(pages: int) -> None:
    first, second = draft(start="2026-06-10T17:00"), draft(start="2026-06-17T17:00")
    split = [told(LIST, first, second)] if pages == 1 else [told(LIST, first), told(NEXT, second)]

    events, _ = to_events(merge(split), SOURCE, Gazetteer.open())

    assert sorted(events) == ["a 2026-06-10T17:00:00-07:00", "a 2026-06-17T17:00:00-07:00"]


def test_one_identity_told_twice_for_one_date_is_one_event() -> None:
    assert list(events_of(draft(), draft(start="2026-06-11T00:00Z"))) == ["a"]


def test_one_bad_event_costs_one_event_and_is_told_of() -> None:
    drafts = [draft("a"), draft("b", None), draft("c", "the day after the fair"), draft("d", name=" "), draft("e")]
    drafts.append(draft("f", rrule=("FREQ=SECONDLY",)))

    events, rejected = to_events(merge([told(LIST, *drafts)]), SOURCE, Gazetteer.open())

    assert list(events) == ["a", "e"]
    assert [rejection.name for rejection in rejected] == ["Mixer", "Mixer", "", "Mixer"]
    assert all(rejection.reason for rejection in rejected)
    assert "SECONDLY" in rejected[-1].reason


def test_the_last_date_that_is_left_of_several_keeps_the_name_it_had() -> None:
    both = events_of(draft(start="2026-06-10T17:00"), draft(start="2026-06-17T17:00"))

    left = events_of(draft(start="2026-06-17T17:00"), known=tuple(both.values()))

    assert list(left) == ["a 2026-06-17T17:00:00-07:00"]


def test_the_first_date_keeps_its_name_when_a_second_is_added() -> None:
    one = events_of(draft(start="2026-06-10T17:00"))

    both = events_of(draft(start="2026-06-10T17:00"), draft(start="2026-06-17T17:00"), known=tuple(one.values()))

    assert list(both) == ["a", "a 2026-06-17T17:00:00-07:00"]


def test_an_event_that_moves_keeps_its_name() -> None:
    one = events_of(draft(start="2026-06-10T17:00"))

    assert list(events_of(draft(start="2026-06-11T17:00"), known=tuple(one.values()))) == ["a"]
