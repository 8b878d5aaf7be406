"""The operator's requests: closed without a token, refused with a wrong one, and done with the right one."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.place.gazetteer import Gazetteer
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.settings import Settings
from aggregator.store import Candidate
from aggregator.store.store import Store
from api.app import create_app
from api.cli.operator import Desk

pytestmark = pytest.mark.anyio

TOKEN = "t" * 32
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
ROW = """[[source]]
name = "chamber"
kind = "chamber"
platform = "ics"
url = "https://chamber.example/events.ics"
"""
ACTS = ("run", "accept", "reject", "pause", "resume", "edit")


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.toml"
    path.write_text(f'# Ours.\n{ROW}\n[[source]]\nname = "hikers"\nplatform = "ics"\nurl = "https://h.example/a.ics"\n')
    return path


@pytest.fixture
async def desk(changing_town: Store, catalog: Path, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an API that has an operator, and shows the token."""
    settings = Settings(admin_token=TOKEN, catalogs=(str(catalog),))
    operator = Desk(token=TOKEN, settings=settings, store=changing_town, catalogs=(catalog,))
    transport = httpx.ASGITransport(app=create_app(changing_town, settings, gazetteer, operator=operator))
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example", headers=SHOWN) as client:
        yield client


@pytest.fixture
def held(changing_town: Store) -> int:
    """A run of the chamber that was held back, and saw nothing."""
    status = next(status for status in changing_town.sources() if status.name == "chamber")
    assert status.last_run
    at = status.last_run.finished_at
    lease = changing_town.lease("chamber", at, owner="test", ttl=status.every)
    assert lease
    run = Run(source="chamber", started_at=at, finished_at=at, outcome=Outcome.QUARANTINED, reason="0 of 6")
    number = changing_town.apply(Changes(), run, lease=lease, now=at, candidate=Candidate(seen=(), is_complete=True))
    changing_town.finish(lease, next_due_at=at)
    return number


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def all_requests() -> Iterator[tuple[str, str]]:
    yield "GET", "/admin/sources"
    yield "GET", "/admin/sources/chamber/held/1"
    yield "POST", "/v1/sources/preview"
    yield from (("POST", f"/admin/sources/chamber/{act}") for act in ACTS)


@pytest.mark.parametrize(("method", "path"), list(all_requests()))
async def test_without_the_token_nothing_is_told_or_done(
    desk: httpx.AsyncClient, client: httpx.AsyncClient, method: str, path: str
) -> None:
    wrong = await desk.request(method, path, headers={"Authorization": "Bearer no"})
    closed = await client.request(method, path, headers=SHOWN)

    assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, "Bearer")
    assert (closed.status_code, "set admin_token" in closed.text) == (404, True)


async def test_the_operator_sees_addresses_rows_and_what_is_held_back(desk: httpx.AsyncClient, held: int) -> None:
    answer = await desk.get("/admin/sources")

    items = {item["name"]: item for item in answer.json()["items"]}
    chamber = items["chamber"]
    assert answer.headers["cache-control"] == "no-store"
    assert chamber["url"].endswith("chamber.example/private-0123/basic.ics")
    assert (chamber["row"].strip(), chamber["held"], chamber["paused"]) == (ROW.strip(), [held], False)
    assert chamber["source"]["health"]["state"] == "silent"
    assert items["volunteers"]["row"] is None


async def test_a_source_is_paused_resumed_and_run(desk: httpx.AsyncClient, changing_town: Store) -> None:
    paused = await desk.post("/admin/sources/chamber/pause", json={"until": "2099-01-01"})
    shown = (await desk.get("/admin/sources")).json()["items"]
    resumed = await desk.post("/admin/sources/chamber/resume")
    ran = await desk.post("/admin/sources/chamber/run")

    assert paused.json() == {"done": "chamber: paused until 2099-01-01; what it told stays"}
    assert {item["name"]: item["paused"] for item in shown} == {"chamber": True, "volunteers": False}
    assert resumed.json() == ran.json() == {"done": "chamber: is due now"}


async def test_a_held_back_run_is_rejected_or_accepted_once(
    desk: httpx.AsyncClient, changing_town: Store, held: int
) -> None:
    unknown = await desk.post("/admin/sources/chamber/accept", json={"run": held + 1})
    accepted = await desk.post("/admin/sources/chamber/accept", json={"run": held})
    again = await desk.post("/admin/sources/chamber/reject", json={"run": held})

    assert (unknown.status_code, "is not held back" in unknown.json()["detail"]) == (409, True)
    assert accepted.json()["done"].startswith(f"chamber: accepted run {held}: 0 new")
    assert (again.status_code, again.json().get("detail")) == (
        409,
        f"chamber: run {held} is not held back",
    )


async def test_what_a_held_back_run_would_change_is_told_and_nothing_is_changed(
    changing_town: Store, gazetteer: Gazetteer, hold_back: Callable[..., int]
) -> None:
    number, settings = hold_back(changing_town), Settings(admin_token=TOKEN)
    operator = Desk(token=TOKEN, settings=settings, store=changing_town, catalogs=(), now=lambda: NOW)
    transport = httpx.ASGITransport(app=create_app(changing_town, settings, gazetteer, operator=operator))
    before = changing_town.data_version()
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example", headers=SHOWN) as client:
        told = (await client.get(f"/admin/sources/chamber/held/{number}")).json()
        refused = [await client.get(f"/admin/sources/chamber/held/{run}") for run in (number + 1, "x")]

    assert (told["run"]["outcome"], told["run"]["reason"]) == ("quarantined", "2 of 6")
    assert [(one["event"]["name"], one["startDate"]) for one in told["new"]] == [
        ("Harvest Supper", "2026-10-09T18:00:00-07:00")
    ]
    (change,) = told["changed"]
    assert (change["name"], set(change["fields"])) == ("Mixer", {"startDate", "endDate"})
    assert change["fields"]["startDate"] == {
        "before": "2026-10-08T07:00:00-07:00",
        "after": "2026-10-08T18:00:00-07:00",
    }
    gone = {one["event"]["name"] for one in told["gone"]}
    assert (gone, told["same"]) == ({"Lunch & Learn", "Gala", "Ribbon Cutting", "=SUM(A1) Breakfast"}, 1)
    assert [answer.status_code for answer in refused] == [409, 422]
    assert changing_town.data_version() == before


async def test_a_row_is_replaced_and_nothing_else_of_the_file(desk: httpx.AsyncClient, catalog: Path) -> None:
    row = ROW + 'every = "1d"\n'
    answer = await desk.post("/admin/sources/chamber/edit", json={"row": row})

    text = text_of(catalog)
    assert answer.status_code == 200, answer.text
    assert text.startswith("# Ours.\n")
    assert 'every = "1d"' in text
    assert text.count("[[source]]") == 2


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("edit", {"row": ROW.replace("ics", "icz")}, "platform “icz” is not known"),
        ("edit", {"row": 'name = "x"'}, ""),
        ("edit", {}, "row"),
        ("pause", {"until": "soon"}, "is no day such as 2026-12-31"),
        ("run", {"now": True}, "not known here"),
        ("accept", {"run": "7"}, "a int is wanted"),
        ("accept", {"run": True}, "a int is wanted"),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(
    desk: httpx.AsyncClient, catalog: Path, path: str, body: dict[str, Any], said: str
) -> None:
    before = text_of(catalog)

    answer = await desk.post(f"/admin/sources/chamber/{path}", json=body)

    assert answer.status_code == 422, answer.text
    assert said in answer.text
    assert text_of(catalog) == before


async def test_a_row_that_stands_in_no_file_of_ones_own_cannot_be_edited(desk: httpx.AsyncClient) -> None:
    answer = await desk.post("/admin/sources/volunteers/edit", json={"row": ROW})

    assert (answer.status_code, "stands in no catalogue file of your own" in answer.text) == (422, True)


async def test_a_preview_shows_what_add_would_write_and_writes_nothing(
    web_site: Any, changing_town: Store, catalog: Path, gazetteer: Gazetteer, calendar: Callable[..., bytes]
) -> None:
    web_site.pages["library.example/events.ics"] = calendar(1, 2, 3)
    reach: dict[str, Any] = {
        "allow_networks": (f"127.0.0.1/32:{web_site.port}",),
        "connect": (f"library.example:80=127.0.0.1:{web_site.port}",),
        "host_gap": 0,
    }
    settings = Settings(admin_token=TOKEN, contact="events@operator.example", **reach)
    operator = Desk(token=TOKEN, settings=settings, store=changing_town, catalogs=(catalog,))
    transport = httpx.ASGITransport(app=create_app(changing_town, settings, gazetteer, operator=operator))
    before = text_of(catalog)
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example", headers=SHOWN) as client:
        answer = await client.post("/v1/sources/preview", json={"url": "http://library.example/events.ics"})

    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert told["best"] == "ics"
    assert 'platform = "ics"' in told["row"]
    assert "http://library.example/events.ics" in [asked_of(asked) for asked in web_site.asked]
    assert text_of(catalog) == before


async def test_without_a_contact_no_site_is_looked_at(desk: httpx.AsyncClient) -> None:
    answer = await desk.post("/v1/sources/preview", json={"url": "http://library.example/"})

    assert (answer.status_code, "set `contact`" in answer.text) == (422, True)


def asked_of(asked: Any) -> str:
    return f"http://{asked.host}{asked.path}"
