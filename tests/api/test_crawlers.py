"""What those are told who read whole sites: robots.txt, sitemaps, llms.txt, oEmbed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import httpx
import pytest
from protego import Protego

from aggregator.event import Event, Kind
from aggregator.settings import Settings
from aggregator.store import addresses
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio
URL = "https://hobnob.example"
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


async def read_map(client: httpx.AsyncClient, path: str) -> list[str]:
    answer = (await client.get(path)).raise_for_status()
    assert answer.headers["content-type"].startswith("application/xml")
    return [loc.text or "" for loc in ET.fromstring(answer.content).iter(f"{NAMESPACE}loc")]  # noqa: S314


async def read_all(client: httpx.AsyncClient) -> list[str]:
    parts = [urlsplit(address).path for address in await read_map(client, "/sitemap.xml")]
    return [address for part in parts for address in await read_map(client, part)]


async def test_robots_leave_feeds_open_to_calendars_that_ask(client: httpx.AsyncClient) -> None:
    told = Protego.parse((await client.get("/robots.txt")).text)

    for path in (
        "/",
        "/events/1",
        "/groups",
        "/v1/events.ics?near=Visalia,+CA",
        "/v1/events.rss",
        "/docs",
        "/llms.txt",
    ):
        assert told.can_fetch(f"{URL}{path}", "Google-Calendar-Importer")
    for path in ("/admin/sources", "/mcp", "/subscribe/stop/token", "/metrics"):
        assert not told.can_fetch(f"{URL}{path}", "anybody")
    assert list(told.sitemaps) == [f"{URL}/sitemap.xml"]


async def test_the_sitemap_lists_every_page_of_an_event_or_group_and_each_is_there(
    changing_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    changing_town.regroup("volunteers", NOW)
    client = api(changing_town)
    events = (await client.get("/v1/events", params={"start": "2026-09-30", "limit": "200"})).json()["items"]
    groups = (await client.get("/v1/groups")).json()["items"]

    found = await read_all(client)

    assert {address for address in found if "/events/" in address} == {f"{URL}/events/{one['id']}" for one in events}
    assert {address for address in found if "/groups/" in address} == {f"{URL}/groups/{one['id']}" for one in groups}
    assert {f"{URL}/plan", f"{URL}/sources"} < set(found)
    assert len(found) == len(set(found))
    for address in found:
        assert (await client.get(urlsplit(address).path)).status_code == 200, address


async def test_what_is_told_nobody_is_in_no_sitemap_and_in_no_calendar(
    changing_town: Store, api: Callable[..., httpx.AsyncClient], add: Callable[..., None]
) -> None:
    told = (await api(changing_town).get("/v1/events")).json()["items"]
    ids = {one["name"]: one["id"] for one in told}
    other = Event(source="chamber", uid="o", name="Other", start_date=NOW + timedelta(days=2), time_zone="UTC")
    add(changing_town, Kind.CHAMBER, (other,), withdrawn=("Mixer",))
    changing_town.hide(ids["Gala"], "asked for", "editor", NOW)

    client = api(changing_town)
    found = await read_all(client)

    assert f"{URL}/events/{ids['Lunch & Learn']}" in found
    assert not {f"{URL}/events/{ids[name]}" for name in ("Mixer", "Gala")}.intersection(found)
    assert "SUMMARY:Gala" not in (await client.get("/v1/events.ics")).text


async def test_a_part_holds_a_block_and_says_when_an_event_changed(
    changing_town: Store,
    api: Callable[..., httpx.AsyncClient],
    add: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.routes.crawlers._READ_AT_ONCE", 3)
    assert addresses.BLOCK == 50_000
    new = Event(source="chamber", uid="n", name="New", start_date=NOW + timedelta(days=2), time_zone="UTC")
    add(changing_town, Kind.CHAMBER, (new,))
    client = api(changing_town)
    (one,) = (await client.get("/v1/events?q=new")).json()["items"]

    text = (await client.get("/sitemap-events-0.xml")).text

    assert f"<loc>{URL}/events/{one['id']}</loc><lastmod>2026-10-07T18:30:20Z</lastmod>" in text
    assert text.count("<url>") == 12


@pytest.mark.parametrize(
    "path", ["/sitemap-events-1.xml", "/sitemap-pages-1.xml", "/sitemap-other-0.xml", "/sitemap-events--1.xml",
             "/sitemap-events-99999999999999999999.xml", "/sitemap-groups-0.xml"],
)  # fmt: skip
async def test_there_is_no_other_part(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("place", ["Visalia, CA", None])
async def test_every_link_for_language_models_is_answered(
    town: Store, api: Callable[..., httpx.AsyncClient], place: str | None
) -> None:
    client = api(town, settings=Settings(place=place, public_url=f"{URL}/hobnob"))

    text = (await client.get("/llms.txt")).text

    assert text.startswith("# Hobnob for Visalia, CA\n\n> " if place else "# Hobnob\n\n> ")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) >= 10
    for link in links:
        status = (await client.get(link.removeprefix(f"{URL}/hobnob"))).status_code
        assert status == (405 if link.endswith("/mcp") else 200), link


async def test_a_search_is_embedded_as_a_frame(client: httpx.AsyncClient) -> None:
    asked = {"url": f'{URL}/?near=Visalia,+CA&kind=chamber&q="<b>"+tea&view=map&lang=es', "maxwidth": "300"}

    told = (await client.get("/oembed", params=asked)).json()

    assert (told["type"], told["version"], told["width"], told["height"]) == ("rich", "1.0", 300, 480)
    assert told["title"] == 'Events near Visalia, CA: chamber, “"<b>" tea”'
    src, title = re.findall(r'(?:src|title)="([^"]*)"', told["html"])
    assert unescape(src) == f"{URL}/embed?near=Visalia%2C+CA&kind=chamber&q=%22%3Cb%3E%22+tea"
    assert unescape(title) == told["title"]


async def test_an_event_is_embedded_as_a_link(client: httpx.AsyncClient) -> None:
    (mixer,) = (await client.get("/v1/events?q=elm")).json()["items"]

    told = (await client.get("/oembed", params={"url": f"{URL}/events/{mixer['id']}", "format": "json"})).json()

    assert (told["type"], told["title"], told["author_name"]) == ("link", "Mixer", "Elm Valley Chamber")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 404),
        ({"url": "https://evil.example/?near=93291"}, 404),
        ({"url": f"{URL}.evil.example/"}, 404),
        ({"url": f"{URL}/events/nosuch"}, 404),
        ({"url": f"{URL}/admin/sources"}, 404),
        ({"url": "https://[/"}, 404),
        ({"url": f"{URL}/?near=Nowhereville"}, 422),
        ({"url": f"{URL}/", "maxwidth": "wide"}, 422),
        ({"url": f"{URL}/", "callback": "x"}, 422),
        ({"url": f"{URL}/", "format": "xml"}, 501),
        ({"url": f"{URL}/"}, 200),
        ({"url": f"{URL}"}, 200),
        ({"url": f"{URL}/embed?near=93291"}, 200),
    ],
)
async def test_only_our_own_pages_are_embedded(client: httpx.AsyncClient, asked: dict[str, Any], status: int) -> None:
    assert (await client.get("/oembed", params=asked)).status_code == status
