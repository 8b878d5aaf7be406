"""`/v1/groups`: what meets again and again, when next, and whether a stranger may come."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest

from aggregator.event import Event, Evidence, Kind, Organization, Visitors, VisitorTerms
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")
WELCOME = VisitorTerms(
    visitors=Visitors.OPEN, evidence=(Evidence(about="visitors", quote="Visitors are always welcome."),)
)
HERE = {"near": "Visalia, CA", "within": "10mi"}


def meetings(name: str, place: Any, *days: int, hour: int = 7, **more: Any) -> list[Event]:
    """Dates counted from Thursday 8 October, of an hour each."""
    first = datetime(2026, 10, 8, hour, tzinfo=PACIFIC)
    return [
        Event(
            source="chamber",
            uid=f"{name}-{day}",
            name=name,
            start_date=first + timedelta(days=day),
            end_date=first + timedelta(days=day, hours=1),
            time_zone="America/Los_Angeles",
            location=place,
            organizer=Organization(name="Elm Valley Chamber"),
            **more,
        )
        for day in days
    ]


@pytest.fixture
def regulars(changing_town: Store) -> Store:
    """A weekly breakfast in Visalia where strangers are welcome, a monthly lunch in Fresno, and what comes once."""
    places = {one.event.name: one.event.location for one in changing_town.stored_listings("chamber").values()}
    fresno = next(one.event.location for one in changing_town.stored_listings("volunteers").values()
                  if one.event.name == "Food Bank")  # fmt: skip
    new = (
        *meetings("Breakfast Leads", places["Mixer"], 0, 7, 14, 21, 28, 35, visitor_terms=WELCOME),
        *meetings("Lunch Club", fresno, 0, 35, 63, 98, hour=12, keywords=("lunch",)),
    )
    lease = changing_town.lease("chamber", NOW, owner="test", ttl=timedelta(minutes=5))
    assert lease
    run = Run(source="chamber", started_at=NOW, finished_at=NOW, outcome=Outcome.ACCEPTED, reason="")
    changing_town.apply(Changes(new=tuple(new)), run, lease=lease, now=NOW)
    changing_town.finish(lease, next_due_at=NOW + timedelta(hours=6))
    assert changing_town.regroup("chamber", NOW)
    return changing_town


@pytest.fixture
def client(regulars: Store, api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return api(regulars)


async def told(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    answer = await client.get("/v1/groups", params=asked)
    assert answer.status_code == 200, answer.text
    groups: list[dict[str, Any]] = answer.json()["items"]
    return groups


async def test_a_group_has_its_rhythm_its_next_dates_and_what_is_said_of_visitors(client: httpx.AsyncClient) -> None:
    (group,) = await told(client, **HERE)

    assert (group["name"], group["rhythm"]["every"], group["howKnown"]) == ("Breakfast Leads", "weekly", "inferred")
    assert group["rhythm"]["words"].startswith("every Thursday, 07:00")
    assert [meeting["startDate"] for meeting in group["meetings"]] == [
        f"2026-10-{day:02}T07:00:00-07:00" for day in (8, 15, 22, 29)
    ]
    assert {meeting["certainty"] for meeting in group["meetings"]} == {"announced"}
    assert group["visitorTerms"]["evidence"][0]["quote"] == "Visitors are always welcome."
    assert (group["distanceText"], group["state"], group["kind"]) == ("0.0 mi", "active", "chamber")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Breakfast Leads", "Lunch Club"]),
        ({"rhythm": "weekly"}, ["Breakfast Leads"]),
        ({"rhythm": "monthly,other"}, ["Lunch Club"]),
        ({"visitors": "open"}, ["Breakfast Leads"]),
        ({"visitors": "unknown"}, ["Lunch Club"]),
        ({"q": "club"}, ["Lunch Club"]),
        ({"tag": "lunch"}, ["Lunch Club"]),
        ({"org": "!elm valley chamber"}, []),
        ({"kind": "volunteer"}, []),
        ({"weekday": "thu"}, ["Breakfast Leads", "Lunch Club"]),
        ({"weekday": "fri"}, []),
        ({"near": "Fresno, CA", "within": "10mi"}, ["Lunch Club"]),
        ({"bbox": "-119.4,36.2,-119.2,36.4"}, ["Breakfast Leads"]),
        ({"confirmed_within": "1d"}, ["Breakfast Leads", "Lunch Club"]),
        ({"state": "quiet,retired"}, []),
        ({"start": "2026-10-09", "end": "2026-10-16"}, ["Breakfast Leads"]),
        ({"newcomer": "true"}, []),
    ],
)
async def test_groups_are_asked_for_as_events_are(
    client: httpx.AsyncClient, asked: dict[str, str], names: list[str]
) -> None:
    assert [group["name"] for group in await told(client, **asked)] == names


async def test_pages_of_groups_go_on_where_the_one_before_ended(client: httpx.AsyncClient) -> None:
    first = (await client.get("/v1/groups?limit=1")).json()
    second = (await client.get("/v1/groups", params={"limit": "1", "after": first["next"]})).json()

    assert [page["items"][0]["name"] for page in (first, second)] == ["Breakfast Leads", "Lunch Club"]
    assert second["next"] is None


async def test_one_group_is_told_by_its_id_and_as_a_calendar_with_its_rule(client: httpx.AsyncClient) -> None:
    (group,) = await told(client, **HERE)

    alone = (await client.get(f"/v1/groups/{group['id']}")).json()
    answer = await client.get(f"/v1/groups/{group['id']}.ics")

    assert (alone["name"], alone["distance"]) == ("Breakfast Leads", None)
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert event["RRULE"] == icalendar.vRecur.from_ical("FREQ=WEEKLY;BYDAY=TH")
    assert event.start == datetime(2026, 10, 8, 7, tzinfo=PACIFIC)
    assert (event.end - event.start, str(event["SUMMARY"])) == (timedelta(hours=1), "Breakfast Leads")
    assert "Visitors are welcome" in event["DESCRIPTION"]
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/Los_Angeles"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/v1/groups/nosuch", 404, "there is no group nosuch"),
        ("/v1/groups/nosuch.ics", 404, "there is no group nosuch"),
        ("/v1/groups?rhythm=daily", 422, "not one of weekly, fortnightly, monthly, other"),
        ("/v1/groups?confirmed_within=soon", 422, "a number of days, such as 14d"),
        ("/v1/groups?state=quiet&state=active", 422, "given more than once"),
        ("/v1/groups?state=gone", 422, "is none of active, quiet, retired"),
        ("/v1/groups?cost=free", 422, "not known here"),
        ("/v1/groups?after=", 422, "not the `next` of a page"),
    ],
)
async def test_what_cannot_be_answered_is_said(client: httpx.AsyncClient, path: str, status: int, said: str) -> None:
    answer = await client.get(path)

    assert (answer.status_code, said in answer.text) == (status, True)


async def test_a_group_that_misses_its_meetings_grows_quiet(
    regulars: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    """Nobody announces anything after November, and the source is still read."""
    later = NOW + timedelta(days=90)
    lease = regulars.lease("chamber", later, owner="test", ttl=timedelta(minutes=5))
    assert lease
    run = Run(source="chamber", started_at=later, finished_at=later, outcome=Outcome.ACCEPTED, reason="")
    regulars.apply(Changes(), run, lease=lease, now=later)
    regulars.regroup("chamber", later)

    groups = await told(api(regulars, now=lambda: later), rhythm="weekly", state="quiet,retired")

    assert [group["name"] for group in groups] == ["Breakfast Leads"]


async def test_a_purged_source_leaves_no_group(regulars: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    regulars.purge("chamber", NOW)

    assert await told(api(regulars)) == []
    assert Kind.CHAMBER not in {kept.kind for kept in regulars.groups()}


def test_nothing_is_written_when_nothing_changed(regulars: Store) -> None:
    version = regulars.data_version()

    assert regulars.regroup("chamber", NOW) is False
    assert regulars.data_version() == version
    assert regulars.groups()[0].group.rhythm.since <= date(2026, 10, 8)
