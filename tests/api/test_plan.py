"""`/v1/plan`: events that fit together, each with its reasons."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import httpx
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.planned import BETWEEN, DAYPARTS, Wish, plan, price_of, slot_of

pytestmark = pytest.mark.anyio

MONDAY = datetime.fromisoformat("2026-10-12T00:00:00-07:00")


def told(name: str, hours: float, *, length: float = 1, **more: Any) -> dict[str, Any]:
    """An event so many hours after Monday's midnight, as an answer has it."""
    start = MONDAY + timedelta(hours=hours)
    usual = {
        "id": f"{name}-{hours}",
        "name": name,
        "source": "elm",
        "organizer": {"name": f"{name} Club", "url": None},
        "kind": "chamber",
        "startDate": start.isoformat(),
        "endDate": (start + timedelta(hours=length)).isoformat(),
        "allDay": False,
        "eventStatus": "EventScheduled",
        "isAccessibleForFree": None,
        "offers": [],
        "visitorTerms": None,
        "meetingPeople": [],
        "distance": 1000,
        "distanceText": "0.6 mi",
    }
    return {**usual, **more}


def names(events: list[dict[str, Any]], **wish: Any) -> list[str]:
    return [choice.event["name"] for choice in plan(events, Wish(**wish))]


def test_what_clashes_is_not_planned_and_what_is_nearer_comes_first() -> None:
    far = told("Far", 18, distance=9000)

    assert names([far, told("Near", 18.5), told("Later", 21)]) == ["Near", "Later"]


def test_kinds_take_turns() -> None:
    events = [told("A", 10), told("B", 34), told("C", 58, kind="volunteer", distance=9000)]

    assert names(events, most=2) == ["A", "C"]


def test_what_is_good_for_meeting_people_comes_before_what_is_nearer() -> None:
    mixer = {"about": "time to mix", "speaksFor": True, "quote": "A mixer"}
    hearing = {"about": "a formal meeting", "speaksFor": False, "quote": "A hearing"}
    events = [told("Hearing", 10, meetingPeople=[hearing]), told("Mixer", 10, distance=5000, meetingPeople=[mixer])]

    assert names(events) == ["Mixer"]


def test_only_free_times_are_used() -> None:
    events = [told("Lunch", 12), told("Evening", 18), told("Next day", 42), told("After midnight", 26)]

    assert names(events, free=frozenset({(0, "evening"), (0, "night")})) == ["Evening", "After midnight"]


def test_the_money_is_enough_for_all_and_unknown_is_not_zero() -> None:
    def offer(price: int) -> list[dict[str, Any]]:
        return [{"price": price, "highPrice": None, "priceCurrency": "USD", "description": None}]

    events = [told("Ten", 10, offers=offer(10)), told("Fifteen", 34, offers=offer(15)), told("Unsaid", 58)]

    assert names(events, budget=20.0) == ["Ten", "Unsaid"]
    assert names(events, budget=25.0) == ["Ten", "Fifteen", "Unsaid"]
    assert price_of(events[2]) is None


def test_a_group_is_visited_as_often_as_it_may_be() -> None:
    twice = {"visitsAllowed": 2, "guestFee": None, "visitors": "open"}
    weekly = [told("Leads", 24 * week * 7 + 7) for week in range(4)]

    assert len(names(weekly)) == 1
    assert len(names([{**event, "visitorTerms": twice} for event in weekly])) == 2


def test_no_appointment_is_made_of_what_is_cancelled_all_day_or_endless() -> None:
    events = [
        told("Cancelled", 10, eventStatus="EventCancelled"),
        told("Fair", 0, length=48),
        told("All day", 0, allDay=True),
    ]

    assert names(events) == []


@pytest.mark.parametrize(
    ("hours", "slot"),
    [(5, (0, "early")), (7.9, (0, "early")), (8, (0, "morning")), (17, (0, "evening")), (28.9, (0, "night"))],
)
def test_the_small_hours_belong_to_the_night_before(hours: float, slot: tuple[int, str]) -> None:
    assert slot_of(MONDAY + timedelta(hours=hours)) == slot


@given(
    st.lists(
        st.tuples(st.integers(0, 24 * 13), st.integers(1, 5), st.sampled_from(["chamber", "volunteer", "civic"])),
        max_size=30,
    ),
    st.integers(1, 8),
)
def test_a_plan_never_clashes_is_in_order_and_does_not_hang_on_the_order_of_events(
    drawn: list[tuple[int, int, str]], most: int
) -> None:
    events = [
        told(f"E{chr(65 + place % 26)}{'x' * (place // 26)}", hours, length=length, kind=kind)
        for place, (hours, length, kind) in enumerate(drawn)
    ]
    chosen = plan(events, Wish(most=most))

    spans = [(datetime.fromisoformat(c.event["startDate"]), datetime.fromisoformat(c.event["endDate"])) for c in chosen]
    assert spans == sorted(spans)
    assert len(chosen) <= most
    assert all(start >= end + BETWEEN or from_ >= to + BETWEEN for (from_, end), (start, to) in combinations(spans, 2))
    assert [c.event["id"] for c in plan(events[::-1], Wish(most=most))] == [c.event["id"] for c in chosen]


async def test_a_plan_is_answered_with_its_reasons_and_as_a_calendar(client: httpx.AsyncClient) -> None:
    asked = {"near": "Visalia, CA", "within": "60mi", "budget": "20"}
    answer = await client.get("/v1/plan", params=asked)
    calendar = icalendar.Calendar.from_ical((await client.get("/v1/plan.ics", params=asked)).content)

    page = answer.json()
    assert answer.status_code == 200, answer.text
    assert [(one["name"], one["kind"]) for one in page["items"]] == [
        ("Mixer", "chamber"), ("Lunch & Learn", "chamber"), ("Food Bank", "volunteer"),
        ("Weekly Sort", "volunteer"), ("=SUM(A1) Breakfast", "chamber"),
    ]  # fmt: skip
    assert (page["spent"], page["pricesUnknown"]) == (15.0, 3)
    assert page["items"][0]["because"] == [
        "nothing of its kind (chamber) is in the plan yet", "Visitors are welcome", "0.0 mi away",
        "what it costs is not said",
    ]  # fmt: skip
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == [one["name"] for one in page["items"]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"free": "someday"}, "such as tue.evening"),
        ({"free": "tue.teatime"}, "such as tue.evening"),
        ({"budget": "-1"}, "a whole number from 0 to 100000"),
        ({"most": "21"}, "a whole number from 1 to 20"),
        ({"limit": "5"}, "not known here"),
        ({"free": ["tue", "wed"]}, "given more than once; several by comma"),
    ],
)
async def test_what_cannot_be_answered_is_said(
    client: httpx.AsyncClient, asked: dict[str, str | list[str]], said: str
) -> None:
    answer = await client.get("/v1/plan", params=asked)

    assert (answer.status_code, said in answer.text) == (422, True)


async def test_free_times_are_asked_for_by_weekday_and_part_of_the_day(
    client: httpx.AsyncClient, api: Callable[..., httpx.AsyncClient]
) -> None:
    fridays = (await client.get("/v1/plan", params={"free": "fri.lunch,wed"})).json()["items"]

    assert [one["name"] for one in fridays] == ["Lunch & Learn"]
    assert fridays[0]["because"][0] == "Friday lunch is free"
    assert tuple(DAYPARTS) == ("early", "morning", "lunch", "afternoon", "evening", "night")
