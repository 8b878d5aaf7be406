"""The operator's word on events over HTTP: what is corrected, hidden, joined and split, and who may say so."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.event import Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.source import Request, Source
from aggregator.store.store import Store
from api.app import create_app
from api.cli.operator import Desk

pytestmark = pytest.mark.anyio

TOKEN = "t" * 32
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
WINDOW = {"start": "2026-10-07", "end": "2026-12-31", "limit": 200}
CORRECTION = {"field": "name", "value": "Summer Mixer", "why": "they rang", "by": "Ed"}
REQUESTS = (
    ("GET", "/admin/corrections"),
    ("POST", "/admin/corrections"),
    ("POST", "/admin/corrections/1/undo"),
    ("GET", "/admin/hides"),
    ("POST", "/admin/events/x/hide"),
    ("POST", "/admin/events/x/unhide"),
    ("GET", "/admin/matches"),
    ("POST", "/admin/matches/join"),
    ("POST", "/admin/matches/split"),
)


@pytest.fixture
async def desk(changing_town: Store, tmp_path: Path, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an API that has an operator, and shows the token."""
    catalog = tmp_path / "catalog.toml"
    rows = (f'[[source]]\nname = "{name}"\nplatform = "ics"\nurl = "https://{name}.example/a.ics"\n' for name in "ab")
    catalog.write_text("\n".join(rows))
    settings = Settings(admin_token=TOKEN, catalogs=(str(catalog),))
    operator = Desk(token=TOKEN, settings=settings, store=changing_town, catalogs=(catalog,), now=lambda: NOW)
    app = create_app(changing_town, settings, gazetteer, operator=operator, now=lambda: NOW)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example", headers=SHOWN) as client:
        yield client


async def ids(client: httpx.AsyncClient) -> dict[str, str]:
    items = (await client.get("/v1/events", params=WINDOW)).json()["items"]
    return {item["name"]: item["id"] for item in items}


@pytest.mark.parametrize(("method", "path"), REQUESTS)
async def test_without_the_token_nothing_is_told_or_done(
    desk: httpx.AsyncClient, client: httpx.AsyncClient, method: str, path: str
) -> None:
    wrong = await desk.request(method, path, headers={"Authorization": "Bearer no"})
    closed = await client.request(method, path, headers=SHOWN)

    assert (wrong.status_code, closed.status_code) == (401, 404)


async def test_a_correction_is_made_explained_listed_and_taken_back(desk: httpx.AsyncClient) -> None:
    before = await ids(desk)
    event = before["Mixer"]

    made = await desk.post("/admin/corrections", json={"event": event, **CORRECTION, "until": "2030-01-01"})
    after, why = await ids(desk), (await desk.get(f"/v1/events/{event}/why")).json()
    listed = (await desk.get("/admin/corrections")).json()["items"]
    undone = await desk.post("/admin/corrections/1/undo")

    assert made.json() == {"done": "1: name is “Summer Mixer” until 2030-01-01; `hobnob correct --undo 1`"}
    assert after == {name if name != "Mixer" else "Summer Mixer": event_id for name, event_id in before.items()}
    assert why["origins"] == {"name": {"source": "editor", "identifier": "1", "withdrawn": False}}
    (told,) = why["corrections"]
    assert (told["field"], told["value"], told["why"]) == ("name", "Summer Mixer", "they rang")
    assert "by" not in told
    assert [(one["event"], one["by"], one["until"]) for one in listed] == [(event, "Ed", "2030-01-01T00:00:00+00:00")]
    assert undone.json() == {"done": "1: name of chamber/Mixer is its source's again"}
    assert await ids(desk) == before
    assert (await desk.get(f"/v1/events/{event}/why")).json()["corrections"] == []


@pytest.mark.parametrize(
    ("more", "status", "param"),
    [
        ({"field": "uid"}, 422, "field"),
        ({"field": "startDate", "value": "soon"}, 422, "startDate"),
        ({"why": " "}, 422, "why"),
        ({"why": "w" * 301}, 422, "why"),
        ({"until": "2020-01-01"}, 422, "until"),
        ({"until": "never"}, 422, "until"),
        ({"event": "nosuch"}, 409, None),
    ],
)
async def test_a_correction_that_makes_no_sense_is_refused_and_nothing_is_kept(
    desk: httpx.AsyncClient, more: dict[str, str], status: int, param: str | None
) -> None:
    event = (await ids(desk))["Mixer"]

    answer = await desk.post("/admin/corrections", json={"event": event, **CORRECTION, **more})

    assert (answer.status_code, answer.json().get("param")) == (status, param)
    assert (await desk.get("/admin/corrections")).json() == {"items": []}


async def test_addresses_of_people_are_not_kept_in_a_correction(desk: httpx.AsyncClient) -> None:
    event = (await ids(desk))["Mixer"]
    told = CORRECTION | {"field": "description", "value": "Ask jo@elm.example", "why": "jo@elm.example wrote"}

    await desk.post("/admin/corrections", json={"event": event, **told})

    for path in (
        "/admin/corrections",
        f"/v1/events/{event}",
        f"/v1/events/{event}/why",
        "/v1/changes?since=2026-10-01",
    ):
        assert "jo@elm" not in (await desk.get(path)).text


async def test_a_hidden_event_is_nowhere_until_it_is_shown_again(desk: httpx.AsyncClient) -> None:
    before = await ids(desk)
    event = before["Mixer"]

    hidden = await desk.post(f"/admin/events/{event}/hide", json={"why": "spam", "by": "Ed"})
    gone = [(await desk.get(f"/v1/events/{event}{path}")).status_code for path in ("", "/why")]
    searched = (await desk.get("/v1/events", params=WINDOW | {"updated_since": "2026-01-01"})).text
    listed = (await desk.get("/admin/hides")).json()["items"]
    news = (await desk.get("/v1/changes", params={"since": "2026-10-07"})).json()["items"][-1]
    shown = await desk.post(f"/admin/events/{event}/unhide")

    assert hidden.json()["done"].startswith(f"{event}: hidden, 1 listing")
    assert (gone, event in searched) == ([404, 404], False)
    assert [(one["event"], one["name"], one["why"], one["by"]) for one in listed] == [(event, "Mixer", "spam", "Ed")]
    assert (news["change"], news["id"], "spam" in str(news)) == ("removed", event, False)
    assert (shown.status_code, await ids(desk)) == (200, before)
    assert (await desk.post(f"/admin/events/{event}/unhide")).status_code == 409


async def test_two_that_may_be_one_stand_side_by_side_and_are_joined_and_split(
    desk: httpx.AsyncClient, changing_town: Store, add: Callable[..., None]
) -> None:
    changing_town.register([a_source(name) for name in ("chamber", "volunteers", "a", "b")], now=NOW)
    mixer = changing_town.stored_listings("chamber")["Mixer"].event
    for name, title in (("a", "Harvest Walk"), ("b", "Harvest Walk with the Elm Valley Friends of Birds")):
        add(changing_town, Kind.OTHER, (replaced(mixer, source=name, uid="1", name=title, organizer=None),))
    assert (await desk.get("/admin/matches")).json() == {"items": []}
    changing_town.match({}, NOW)

    (pair,) = (await desk.get("/admin/matches")).json()["items"]
    named = {"one": pair["one"]["key"], "other": pair["other"]["key"]}
    joined = await desk.post("/admin/matches/join", json=named)
    once = await ids(desk)
    split = await desk.post("/admin/matches/split", json=named)

    assert named == {"one": "a/1", "other": "b/1"}
    assert (pair["one"]["event"]["name"], pair["one"]["startDate"]) == ("Harvest Walk", "2026-10-08T07:00:00-07:00")
    assert {one["about"] for one in pair["evidence"]} >= {"name"}
    assert joined.json() == {"done": "joined; 2 events told otherwise now"}
    assert sum(name.startswith("Harvest Walk") for name in once) == 1
    assert split.json() == {"done": "split; 2 events told otherwise now"}
    assert (await desk.get("/admin/matches")).json() == {"items": []}
    assert (await desk.post("/admin/matches/join", json=named | {"one": "a/9"})).status_code == 409


def test_the_catalogues_are_read_again_only_when_they_have_changed(changing_town: Store, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.toml"
    row = '[[source]]\nname = "a"\nplatform = "ics"\nurl = "https://a.example/a.ics"\n'
    catalog.write_text(row)
    desk = Desk(token=TOKEN, settings=Settings(), store=changing_town, catalogs=(catalog,), now=lambda: NOW)

    first, same = desk._standings(), desk._standings()
    desk.edit("a", f"{row}trust = 90\n")
    other = desk._standings()

    assert first is same
    assert (first["a"].trust, other["a"].trust) == (50, 90)


def a_source(name: str) -> Source:
    url = Request(url=f"https://{name}.example/a.ics")
    return Source(name=name, kind=Kind.OTHER, platform="ics", request=url, parse=lambda _: iter(()))


def replaced(event: Any, **fields: Any) -> Any:
    from dataclasses import replace

    return replace(event, **fields)
