"""`/plan`, `/sources` and `/about`: the same answers as the API's, for people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import icalendar
import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.event import Kind
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.settings import Settings
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
VISALIA = {"near": "Visalia, CA", "within": "15mi"}


async def show(client: httpx.AsyncClient, path: str, status: int = 200, **asked: str) -> LexborHTMLParser:
    answer = await client.get(path, params=asked or None)
    assert answer.status_code == status, answer.text
    return LexborHTMLParser(answer.text)


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


async def test_a_plan_is_that_of_the_api_with_its_reasons(client: httpx.AsyncClient) -> None:
    asked = {**VISALIA, "free": "thu.early,fri.lunch,tue.evening"}
    page = await show(client, "/plan", **asked)
    told = (await client.get("/v1/plan", params=asked)).json()["items"]

    assert texts(page, "h1") == ["A week that works near Visalia, CA"]
    assert texts(page, ".card h3") == [one["name"] for one in told] == ["Mixer", "Lunch & Learn", "Weekly Sort"]
    assert texts(page, ".because li")[:2] == [
        "You are free: Thursday, early",
        "The first of its kind in your plan: Chamber",
    ]
    assert texts(page, ".sum") == ["3 events, $15 in all where prices are given. Nobody says what 2 of them cost."]


async def test_a_plan_goes_into_a_calendar_whole(client: httpx.AsyncClient) -> None:
    page = await show(client, "/plan", free="fri.lunch", lang="en", **VISALIA)

    link = str(page.css_first(".ways a").attributes["href"])
    calendar = icalendar.Calendar.from_ical((await client.get(link)).content)
    assert [str(one["SUMMARY"]) for one in calendar.walk("VEVENT")] == ["Lunch & Learn"]


async def test_boxes_that_are_ticked_in_a_form_are_one_wish(client: httpx.AsyncClient) -> None:
    answer = await client.get("/plan?near=Visalia,+CA&free=thu.early&free=fri.lunch&budget=&kind=")
    page = LexborHTMLParser(answer.text)

    assert texts(page, ".card h3") == ["Mixer", "Lunch & Learn"]
    assert [node.attributes["value"] for node in page.css("input[name=free][checked]")] == ["fri.lunch"]


async def test_without_a_place_there_is_the_form_alone(client: httpx.AsyncClient) -> None:
    page = await show(client, "/plan")

    assert page.css_first("form #near")
    assert page.css("details[open] input[name=free]")
    assert not page.css(".list")


async def test_what_a_plan_cannot_keep_to_is_said_beside_its_field(client: httpx.AsyncClient) -> None:
    page = await show(client, "/plan", 422, budget="plenty", **VISALIA)

    assert texts(page, "#budget-fault p") == ["budget=plenty: a whole number from 0 to 100000"]
    assert page.css_first("#budget").attributes["value"] == "plenty"


async def test_nothing_that_fits_is_told(client: httpx.AsyncClient) -> None:
    assert texts(await show(client, "/plan", free="mon.night", **VISALIA), ".empty h2") == ["Nothing fits"]


async def test_every_source_is_there_and_those_that_are_not_well_come_first(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> None:
    told = next(one.event for one in changing_town.stored_listings("chamber").values())
    add(changing_town, Kind.CHAMBER, (replace(told, uid="new"),))
    lease = changing_town.lease("volunteers", NOW, owner="test", ttl=timedelta(minutes=5))
    assert lease
    failed = Run(
        source="volunteers", started_at=NOW, finished_at=NOW, outcome=Outcome.FAILED, failure="BlockedError",
        reason="a wall; ask jane@lost.example",
    )  # fmt: skip
    changing_town.apply(Changes(), failed, lease=lease, now=NOW)

    page = await show(api(changing_town), "/sources")

    assert texts(page, "tbody th")[0] == "volunteers Volunteers"
    assert texts(page, "tbody .state")[0] == "Turns programs away"
    assert "jane@" not in page.html
    assert "secret" not in page.html
    assert texts(page, "tbody tr")[1].startswith("chamber Chamber Well just now")


async def test_about_says_who_runs_it_in_two_languages(town: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    client = api(town, settings=Settings(contact="https://operator.example/write", place="Visalia, CA"))

    english, spanish = await show(client, "/about"), await show(client, "/about", lang="es")

    assert texts(english, "h1") == ["About Hobnob for Visalia, CA"]
    assert texts(spanish, "h1") == ["Acerca de Hobnob para Visalia, CA"]
    for page in (english, spanish):
        assert page.css_first("#takedown + p a").attributes["href"] == "https://operator.example/write"


@pytest.mark.parametrize("path", ["/sources", "/about"])
async def test_what_takes_no_parameters_says_so_and_is_not_sent_twice(client: httpx.AsyncClient, path: str) -> None:
    first = await client.get(path)

    assert (await client.get(path, params={"near": "Visalia, CA"})).status_code == 422
    assert (await client.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 304


async def test_a_day_with_two_events_of_a_plan_is_named_once(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> None:
    mixer = next(one.event for one in changing_town.stored_listings("chamber").values() if one.event.name == "Mixer")
    later = timedelta(hours=6)
    add(changing_town, Kind.CIVIC, (replace(mixer, uid="2", name="Open House", start_date=mixer.start_date + later),))

    page = await show(api(changing_town), "/plan", **VISALIA, days="2")

    assert texts(page, ".card h3")[:2] == ["Mixer", "Open House"]
    assert texts(page, ".day h2") == ["Thursday, October 8"]


async def test_a_plan_of_which_nobody_says_a_price_is_not_called_free(client: httpx.AsyncClient) -> None:
    page = await show(client, "/plan", **VISALIA, free="tue.evening")

    assert texts(page, ".sum") == ["1 event. Nobody says what it costs."]
