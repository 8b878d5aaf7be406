"""`/v1/events` and `/v1/events/{id}`: what is answered, in which order, and how it is said."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar

from aggregator.event import Event, GeoCoordinates, Kind, Place
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.schema import EventJson, EventPage

pytestmark = pytest.mark.anyio
PACIFIC = ZoneInfo("America/Los_Angeles")


async def ask(client: httpx.AsyncClient, **raw: str) -> dict[str, Any]:
    answer = await client.get("/v1/events", params=raw)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def names(told: dict[str, Any]) -> list[str]:
    return [event["name"] for event in told["items"]]


async def test_upcoming_events_near_a_town_are_told_in_order_of_start_with_their_distances(
    client: httpx.AsyncClient,
) -> None:
    told = await ask(client, near="Visalia, CA", within="60mi", when="next_7_days")

    assert names(told) == ["Mixer", "Lunch & Learn", "Food Bank", "Weekly Sort"]
    assert [event["distanceText"] for event in told["items"]] == ["0.0 mi", "0.0 mi", "39 mi", "0.0 mi"]
    assert told["items"][2]["distance"] == pytest.approx(63_200, rel=0.01)
    assert told["items"][2]["placePrecision"] == "town"
    assert told["resolvedPlace"]["name"] == "Visalia"
    assert told["unplaced"] == 1


async def test_the_answer_says_what_was_asked_and_how_far_it_can_be_trusted(client: httpx.AsyncClient) -> None:
    told = await ask(client)

    assert list(told) == [
        "items", "total", "totalIsExact", "next", "query", "window", "resolvedPlace", "unplaced", "asOf",
        "staleSources", "hints",
    ]  # fmt: skip
    assert told["query"] == {"sort": "start", "limit": 50, "units": "mi"}
    assert told["window"] == {
        "start": "2026-10-07T18:30:00+00:00", "end": "2027-04-05T18:30:00+00:00", "timeZone": "UTC",
    }  # fmt: skip
    assert (told["total"], told["next"], told["hints"]) == (None, None, [])
    assert told["asOf"] == "2026-10-07T18:30:00Z"
    assert told["staleSources"] == ["chamber"]


async def test_cancelled_events_are_shown_and_marked_and_past_ones_are_not(client: httpx.AsyncClient) -> None:
    told = await ask(client)

    assert next(event["eventStatus"] for event in told["items"] if event["name"] == "Gala") == "EventCancelled"
    assert "Old Mixer" not in names(told)
    assert "Old Mixer" in names(await ask(client, start="2026-10-01", end="2026-10-02"))


async def test_every_answer_is_as_documented(client: httpx.AsyncClient) -> None:
    told = await ask(client, near="Visalia, CA", include="total")
    one = await client.get(f"/v1/events/{told['items'][0]['id']}")

    EventPage.model_validate_json((await client.get("/v1/events")).content, strict=False)
    EventPage.model_validate(told)
    EventJson.model_validate_json(one.content)


async def test_an_empty_answer_is_200_and_says_what_would_have_found_something(client: httpx.AsyncClient) -> None:
    told = await ask(client, near="Fresno, CA", within="1mi", start="2026-10-11", end="2026-10-13", units="km")

    assert told["items"] == []
    assert told["hints"] == [
        "The nearest match is 63 km away: Weekly Sort. within=64km finds it.",
        "1 event has no known place.",
    ]
    reached = await ask(client, near="Fresno, CA", within="64km", start="2026-10-11", end="2026-10-13", units="km")
    assert names(reached) == ["Weekly Sort"]
    later = await ask(client, near="Visalia, CA", start="2026-11-05", end="2026-11-06")
    assert later["hints"][-1] == "The next one here is on 2026-12-20: Ribbon Cutting."


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ({"source": "chambre"}, "No source is called chambre; did you mean chamber?"),
        ({"source": "nosuch"}, "No source is called nosuch."),
        ({"org": "Elm Vally Chamber"}, "No organiser is called Elm Vally Chamber; did you mean elm valley chamber?"),
        ({"tag": "coffe"}, "No event is tagged coffe; did you mean coffee?"),
        ({"tag": "zzz"}, "No event is tagged zzz."),
        ({"near": "New York, NY"}, "Nothing matches within 500 km at that time."),
        ({"q": "zzz"}, "Nothing matches, then or later."),
    ],
)
async def test_an_empty_answer_is_never_without_a_hint(
    client: httpx.AsyncClient, raw: dict[str, str], hint: str
) -> None:
    told = await ask(client, **raw)

    assert (told["items"], told["hints"][0]) == ([], hint)


async def test_a_name_that_is_known_is_not_called_unknown(client: httpx.AsyncClient) -> None:
    told = await ask(client, source="chamber", org="ELM VALLEY CHAMBER", tag="Coffee", q="zzz")

    assert told["hints"] == ["Nothing matches, then or later."]


async def test_tonight_tells_all_day_events_of_today_and_not_of_tomorrow(
    town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    asked = {"near": "Visalia, CA", "when": "tonight"}
    for day, evening, found in ((16, 20, []), (17, 20, ["River Clean-up"]), (18, 2, ["River Clean-up"]), (19, 2, [])):
        client = api(town, now=lambda day=day, hour=evening: datetime(2026, 10, day, hour, tzinfo=PACIFIC))
        assert names(await ask(client, **asked)) == found, (day, evening)


async def test_tonight_tells_what_begins_after_midnight(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> None:
    start = datetime(2026, 10, 8, 0, 30, tzinfo=PACIFIC)
    late = Event(
        uid="late", source="chamber", name="Late", start_date=start, end_date=None, time_zone=PACIFIC.key,
        location=Place(geo=GeoCoordinates(latitude=36.33, longitude=-119.29)),
    )  # fmt: skip
    add(changing_town, Kind.CHAMBER, (late,))

    assert names(await ask(api(changing_town), near="Visalia, CA", when="tonight")) == ["Late"]


@pytest.mark.parametrize(
    ("when", "first", "second"),
    [
        ("next_week", datetime(2026, 10, 11, 23, 59, tzinfo=PACIFIC), datetime(2026, 10, 12, 0, 1, tzinfo=PACIFIC)),
        ("this_month", datetime(2026, 10, 7, 8, 0, tzinfo=PACIFIC), datetime(2026, 11, 1, 0, 1, tzinfo=PACIFIC)),
    ],
)
async def test_a_cursor_keeps_the_window_of_the_first_page(
    town: Store, api: Callable[..., httpx.AsyncClient], when: str, first: datetime, second: datetime
) -> None:
    asked = {"near": "Visalia, CA", "within": "100mi", "when": when, "limit": "1"}
    before = await ask(api(town, now=lambda: first), **asked)

    soon = await ask(api(town, now=lambda: first), **asked, cursor=before["next"])
    late = await ask(api(town, now=lambda: second), **asked, cursor=before["next"])

    assert names(late) == names(soon) != names(before)
    assert late["window"] == soon["window"] == before["window"]
    assert (await ask(api(town, now=lambda: second), **asked))["window"] != before["window"]


async def test_the_question_that_is_told_can_be_asked_again(client: httpx.AsyncClient) -> None:
    told = await ask(client, near="visalia ca", within="60 miles", when="next_7_days", weekday="Thursday", limit="3")

    again = await ask(client, **{name: str(value) for name, value in told["query"].items()})

    assert again == told


async def test_the_total_is_told_when_it_is_asked_for(client: httpx.AsyncClient) -> None:
    told = await ask(client, include="total", limit="2")

    assert (told["total"], told["totalIsExact"]) == (13, True)
    assert (await ask(client, include="total", org="Nobody"))["total"] == 0


async def test_links_lead_through_every_event_once(client: httpx.AsyncClient) -> None:
    address, found = "/v1/events?limit=3&near=Visalia,+CA&within=60mi", []
    while address:
        answer = await client.get(address)
        found += [(event["startDate"], event["id"]) for event in answer.json()["items"]]
        link = answer.headers.get("link")
        assert (link is not None) == (answer.json()["next"] is not None)
        address = link[1 : link.index(">")] if link else ""

    whole = await ask(client, near="Visalia, CA", within="60mi")
    assert found == [(event["startDate"], event["id"]) for event in whole["items"]]
    assert len(set(found)) == len(found)


async def test_a_link_to_the_next_page_is_right_under_any_name_and_in_any_folder(
    town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    for settings, folder in (
        (Settings(port=8123), ""),
        (Settings(public_url="https://hobnob.example"), ""),
        (Settings(public_url="https://town.example/events/"), "/events"),
    ):
        answer = await api(town, settings=settings).get("/v1/events?limit=2")
        assert answer.headers["link"].startswith(f"<{folder}/v1/events?limit=2&cursor=")


async def test_a_cursor_of_another_question_is_refused(client: httpx.AsyncClient) -> None:
    cursor = (await ask(client, limit="2"))["next"]

    assert len((await ask(client, limit="2", cursor=cursor))["items"]) == 2
    for raw in ({"cursor": cursor, "kind": "chamber"}, {"cursor": "abc"}, {"cursor": "=" * 9}):
        answer = await client.get("/v1/events", params=raw)
        assert (answer.status_code, answer.json()["param"]) == (422, "cursor")


async def test_only_the_members_that_are_asked_for(client: httpx.AsyncClient) -> None:
    told = await ask(client, fields="name,startDate", limit="1")

    assert told["items"] == [{"startDate": "2026-10-08T07:00:00-07:00", "name": "Mixer"}]


async def test_one_event_is_told_with_its_next_dates(client: httpx.AsyncClient) -> None:
    (first, *_) = (await ask(client, q="weekly sort"))["items"]

    told = (await client.get(f"/v1/events/{first['id']}")).json()

    assert told["name"] == "Weekly Sort"
    assert told["eventSchedule"]["rrule"] == ["FREQ=WEEKLY;COUNT=4"]
    assert [date["startDate"][:10] for date in told["occurrences"]] == [
        "2026-10-13", "2026-10-20", "2026-10-27", "2026-11-03",
    ]  # fmt: skip
    in_tokyo = (
        await client.get(f"/v1/events/{first['id']}", params={"tz": "Asia/Tokyo", "fields": "startDate"})
    ).json()
    assert in_tokyo["startDate"] == in_tokyo["occurrences"][0]["startDate"] == "2026-10-14T10:00:00+09:00"


async def test_nobodys_address_or_number_is_told(client: httpx.AsyncClient) -> None:
    for path in ("/v1/events", "/v1/sources", "/v1/sources/chamber/runs", *FEEDS):
        answer = (await client.get(path)).text.replace("\r\n ", "")
        assert "joe@chamber.example" not in answer
        assert "jane@lost.example" not in answer
        assert "555-0142" not in answer
        assert "secret" not in answer


FEEDS = tuple(f"/v1/events.{suffix}" for suffix in ("ics", "rss", "geojson", "csv", "jsonld"))


@pytest.mark.parametrize("path", ["/v1/events", *FEEDS])
async def test_wrong_questions_are_problems_that_name_what_would_do(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, params={"knd": "chamber"})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == {
        "type": "about:blank", "title": answer.json()["title"], "status": 422,
        "detail": "knd=chamber: no such parameter", "param": "knd", "value": "chamber",
        "why": "no such parameter", "did_you_mean": ["kind", "end"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/events/nosuch", 404),
        ("GET", "/v1/sources/nosuch/runs", 404),
        ("GET", "/v1/nosuch", 404),
        ("GET", "/v1/events/", 404),
        ("POST", "/v1/events", 405),
        ("DELETE", "/v1/events.ics", 405),
        ("GET", "/v1/events/nosuch?near=Fresno", 422),
        ("GET", "/v1/sources?limit=3", 422),
        ("GET", "/v1/events.ics?fields=name", 422),
        ("GET", "/v1/events?q=%FF%FE", 422),
        ("GET", "/v1/events?" + "&".join(["kind=civic"] * 65), 422),
    ],
)
async def test_every_error_is_a_problem(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await client.request(method, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["status"] == status


async def test_any_page_may_read_and_ask_before_it_does(client: httpx.AsyncClient) -> None:
    asking = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}

    answer = await client.options("/v1/events", headers={**asking, "Access-Control-Request-Headers": "if-none-match"})

    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    assert (await client.options("/v1/events")).status_code == 405
    read = await client.get("/v1/events", headers={"Origin": "https://a.example"})
    assert (read.headers["access-control-allow-origin"], read.headers["vary"]) == ("*", "Accept-Encoding")


async def test_a_large_body_is_refused(client: httpx.AsyncClient) -> None:
    refused = await client.request("GET", "/v1/events", content=b"x" * 70_000)

    assert (refused.status_code, refused.headers["content-type"]) == (413, "application/problem+json")
    assert (await client.request("GET", "/v1/events", content=b"x")).status_code == 200


async def test_one_event_is_a_calendar_of_its_dates_and_one_date_of_several_alone(
    town: Store, client: httpx.AsyncClient
) -> None:
    (weekly,) = (await ask(client, q="weekly sort", limit="1"))["items"]
    hits = await town.event(weekly["id"], now=datetime(2026, 10, 7, 11, tzinfo=PACIFIC))

    every = await client.get(f"/v1/events/{weekly['id']}.ics")
    one = await client.get(f"/v1/events/{weekly['id']}.ics?occurrence={hits[2].occurrence}")

    assert every.headers["content-type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(every.text).walk("VEVENT")) == len(hits) == 4
    (alone,) = Calendar.from_ical(one.text).walk("VEVENT")
    start = alone["DTSTART"].dt.astimezone(PACIFIC)
    assert (str(alone["SUMMARY"]), start.day, start.hour) == ("Weekly Sort", 27, 18)


@pytest.mark.parametrize(
    ("path", "status"),
    [("nosuch.ics", 404), ("{id}.ics?occurrence=5", 404), ("{id}.ics?occurrence=x", 422), ("{id}.ics?near=x", 422)],
)
async def test_a_calendar_of_what_is_not_there_is_refused(client: httpx.AsyncClient, path: str, status: int) -> None:
    (weekly,) = (await ask(client, q="weekly sort", limit="1"))["items"]

    assert (await client.get(f"/v1/events/{path.format(id=weekly['id'])}")).status_code == status
