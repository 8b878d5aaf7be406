"""`/?view=month` and `/?view=map`: the same question, as a calendar and as points."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser

from aggregator.event import Kind
from aggregator.settings import Settings
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

VISALIA = {"near": "Visalia, CA", "within": "15mi"}


async def show(client: httpx.AsyncClient, **asked: str) -> LexborHTMLParser:
    answer = await client.get("/", params=asked)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def days(page: LexborHTMLParser) -> dict[str, list[str]]:
    """What is on each day that has something."""
    told = {}
    for node in page.css(".month > li:not(.bare)"):
        told[str(node.css_first("time").attributes["datetime"])] = [
            " ".join(one.text().split()) for one in node.css("ul a")
        ]
    return told


async def test_a_month_has_each_event_on_its_day(client: httpx.AsyncClient) -> None:
    page = await show(client, view="month", **VISALIA)

    assert texts(page, "#month") == ["October 2026"]
    told = days(page)
    assert told["2026-10-08"] == ["7:00 am Mixer"]
    assert told["2026-10-15"] == ["7:00 pm Cancelled Gala"]
    assert told["2026-10-17"] == ["All day River Clean-up"]
    assert [str(node.attributes["datetime"]) for node in page.css(".today > time")] == ["2026-10-07"]


@pytest.mark.parametrize(
    ("near", "head", "first"), [("Visalia, CA", "Sun", "2026-09-27"), ("Leeds, England", "Mon", "2026-09-28")]
)
async def test_weeks_begin_as_people_of_the_place_count_them(
    client: httpx.AsyncClient, near: str, head: str, first: str
) -> None:
    page = await show(client, view="month", near=near, start="2026-10-01")

    assert texts(page, ".month-head span")[0] == head
    assert page.css_first(".month > li time").attributes["datetime"] == first


async def test_one_turns_to_other_months_with_the_same_question(client: httpx.AsyncClient) -> None:
    page = await show(client, view="month", kind="chamber", when="today", **VISALIA)
    link = str(page.css_first("a[rel=next]").attributes["href"])
    asked = dict(parse_qsl(urlsplit(link).query))
    later = await show(client, **{**asked, "start": "2026-12-24"})

    assert asked == {**VISALIA, "kind": "chamber", "start": "2026-11-01", "view": "month"}
    assert texts(later, "#month") == ["December 2026"]
    assert days(later) == {"2026-12-20": ["10:00 am Ribbon Cutting"]}


async def test_a_full_day_leads_to_its_list(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> None:
    told = next(one.event for one in changing_town.stored_listings("chamber").values() if one.event.name == "Mixer")
    add(changing_town, Kind.CHAMBER, tuple(replace(told, uid=str(n), name=f"Mixer number {n}") for n in range(5)))
    client = api(changing_town)

    page = await show(client, view="month", **VISALIA)
    rest = page.css_first(".rest a")

    assert " ".join(rest.text().split()) == "2 more Thursday, October 8"
    listed = LexborHTMLParser((await client.get(str(rest.attributes["href"]))).text)
    assert len(texts(listed, ".card")) == 6
    assert texts(listed, ".day h2") == ["Thursday, October 8"]


async def test_the_views_keep_the_question(client: httpx.AsyncClient) -> None:
    page = await show(client, view="month", kind="chamber", **VISALIA)

    links = {
        node.text(): dict(parse_qsl(urlsplit(str(node.attributes["href"])).query)) for node in page.css(".views a")
    }
    question = {**VISALIA, "kind": "chamber"}
    assert links == {
        "List": question,
        "Month": {**question, "view": "month"},
        "Map": {**question, "view": "map"},
    }


async def test_without_scripts_a_map_is_a_list_by_distance(client: httpx.AsyncClient) -> None:
    page = await show(client, near="Fresno, CA", within="100mi", view="map")

    assert texts(page, ".card h3")[0] == "Food Bank"
    assert page.css_first("#map").attributes.keys() >= {"hidden"}
    assert texts(page, "#by-distance") == ["The same, nearest first"]


async def told(client: httpx.AsyncClient, **asked: str) -> Any:
    page = await show(client, view="map", **asked)
    return json.loads(page.css_first("#map-told").text())


async def test_the_map_knows_how_sure_each_point_is(client: httpx.AsyncClient) -> None:
    map_ = await told(client, near="Fresno, CA", within="100mi")

    sure = {point["name"]: not point["about"] for point in map_["points"]}
    assert (sure["Food Bank"], sure["Mixer"]) == (False, True)
    assert "Webinar" not in sure
    assert map_["within"] == pytest.approx(160_934.4)
    assert "Fresno" in [town["name"] for town in map_["towns"]]


async def test_nobody_is_asked_for_a_map_unless_the_operator_says_whom(
    town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    tiles = {
        "map_tiles": "https://tiles.example/{z}/{x}/{y}.png",
        "map_attribution": "© Mapmakers https://tiles.example/about",
    }
    with_tiles = api(town, settings=Settings(**tiles))
    asked = {**VISALIA, "view": "map"}

    policies = [
        (await client.get("/", params=query)).headers["content-security-policy"]
        for client, query in [(api(town), asked), (with_tiles, asked), (with_tiles, VISALIA)]
    ]

    assert ["img-src 'self';" in policy for policy in policies] == [True, False, True]
    assert "img-src 'self' https://tiles.example;" in policies[1]
    assert (await told(with_tiles, **VISALIA))["attribution"] == {
        "words": "© Mapmakers", "address": "https://tiles.example/about",
    }  # fmt: skip
    assert (await told(with_tiles, **VISALIA))["towns"] == []


@pytest.mark.parametrize(
    "wrong",
    [{"map_tiles": "https://tiles.example/"}, {"map_tiles": "https://tiles.example/{z}/{x}/{y}.png"},
     {"map_tiles": "javascript:{z}{x}{y}", "map_attribution": "nobody"}],
)  # fmt: skip
async def test_tiles_need_an_address_and_a_name(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


async def test_other_pages_do_not_load_the_map(client: httpx.AsyncClient) -> None:
    for view, has_map in (("list", False), ("month", False), ("map", True)):
        answer = await client.get("/", params={**VISALIA, "view": view})
        assert ("leaflet" in answer.text) == has_map
