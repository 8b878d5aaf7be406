"""`/v1/events` and `/v1/events/{id}`: what is answered, in which order, and how it is said."""

from typing import Any

import httpx
import pytest

from api.schema import EventJson, EventPage

pytestmark = pytest.mark.anyio


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
        "items", "total", "totalIsExact", "next", "query", "resolvedPlace", "unplaced", "asOf", "staleSources", "hints",
    ]  # fmt: skip
    assert told["query"] == {
        "start": "2026-10-07T18:30:00+00:00", "end": "2027-04-05T18:30:00+00:00",
        "sort": "start", "limit": 50, "units": "mi",
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
    assert told["hints"] == ["The nearest match is 63 km away.", "1 event has no known place."]
    later = await ask(client, near="Visalia, CA", start="2026-11-05", end="2026-11-06")
    assert later["hints"][-1] == "The next one here is on 2026-12-20."


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
