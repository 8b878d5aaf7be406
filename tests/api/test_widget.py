"""What a widget is told, what an editor saves, and how the modules are served."""

import gzip
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from hashlib import sha384
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.event import Event, Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.app import create_app
from api.cli.operator import Desk
from api.widget.modules import read_text
from api.widget.saved import SHARED

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
TOKEN = "t" * 32
ROOT = Path(__file__).parents[2]
VISALIA = {"near": "Visalia, CA", "days": "30"}
LIBRARY = {"query": VISALIA}


@pytest.fixture
async def editor(changing_town: Store, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    """A client that shows the admin token; the clock stands still."""
    settings = Settings(admin_token=TOKEN, public_url="https://hobnob.example")
    operator = Desk(token=TOKEN, settings=settings, store=changing_town, catalogs=())
    app = create_app(changing_town, settings, gazetteer, now=lambda: NOW, operator=operator)
    shown = {"Authorization": f"Bearer {TOKEN}"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example", headers=shown) as client:
        yield client


async def save(editor: httpx.AsyncClient, **told: Any) -> httpx.Response:
    return await editor.put("/admin/widgets/library-main", json={**LIBRARY, **told})


async def shown(editor: httpx.AsyncClient) -> list[str]:
    told = (await editor.get("/v1/widgets/library-main")).json()["items"]
    return [f"{row['name']} {row['startDate'][5:10]}" for row in told]


async def ids(editor: httpx.AsyncClient, *names: str) -> list[str]:
    told = (await editor.get("/v1/events", params={"days": "90", "fields": "id,name", "limit": "200"})).json()["items"]
    known = {event["name"]: event["id"] for event in told}
    return [known[name] for name in names]


async def test_each_event_is_told_in_words(client: httpx.AsyncClient) -> None:
    told = (await client.get("/v1/widget?near=Visalia,+CA&when=next_7_days")).json()

    mixer = told["items"][0]
    assert {name: mixer[name] for name in ("name", "day", "date", "time", "zone", "where", "terms", "mark")} == {
        "name": "Mixer",
        "day": "Thursday, October 8",
        "date": "Thu, Oct 8",
        "time": "7:00–8:00 am",
        "zone": "PDT",
        "where": "Main Street Hall, Visalia · 0.0\u00a0mi away",
        "terms": "Visitors welcome",
        "mark": None,
    }
    assert told["items"][1]["terms"] == "$15"
    assert [link["href"] for link in told["links"]] == [
        "?near=Visalia,+CA&when=next_7_days",
        "v1/events.ics?near=Visalia,+CA&when=next_7_days",
        "v1/events.ics?near=Visalia,+CA&when=next_7_days",
    ]


async def test_spanish_is_spoken_and_a_language_that_nobody_translated_is_english(client: httpx.AsyncClient) -> None:
    spanish = (await client.get("/v1/widget?near=Visalia,+CA&days=30&lang=es-MX")).json()
    finnish = (await client.get("/v1/widget?near=Visalia,+CA&days=30&lang=fi")).json()

    rows = {row["name"]: row for row in spanish["items"]}
    assert rows["Mixer"]["day"] == "Jueves, 8 de octubre"
    assert rows["Mixer"]["terms"] == "Visitas bienvenidas"
    assert (rows["Gala"]["mark"], rows["Gala"]["isOff"]) == ("Cancelado", True)
    assert rows["River Clean-up"]["time"] == "Todo el día – dom 18 oct"
    assert finnish["lang"] == "en"


async def test_a_name_leads_to_the_organisers_page_or_to_ours(client: httpx.AsyncClient) -> None:
    async def link(more: str) -> str:
        told = (await client.get(f"/v1/widget?near=Visalia,+CA&days=90&limit=50{more}")).json()["items"]
        return next(row["href"] for row in told if row["name"] == "Ribbon Cutting")

    assert await link("") == await link("&link=source") == "https://chamber.example/ribbon"
    assert re.fullmatch(r"events/\w+", await link("&link=page"))


@pytest.mark.parametrize(
    ("asked", "param"),
    [("wen=today", "wen"), ("fields=id", "fields"), ("link=elsewhere", "link"), ("lang=%3Cb%3E", "lang")],
)
async def test_what_cannot_be_asked_is_refused_by_name(client: httpx.AsyncClient, asked: str, param: str) -> None:
    answer = await client.get(f"/v1/widget?near=Visalia,+CA&{asked}")

    assert (answer.status_code, answer.json()["param"]) == (422, param)


async def test_an_answer_that_the_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/v1/widget?near=Visalia,+CA")
    again = await client.get("/v1/widget?near=Visalia,+CA", headers={"If-None-Match": first.headers["etag"]})
    spanish = await client.get("/v1/widget?near=Visalia,+CA&lang=es", headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code, spanish.status_code) == (200, 304, 200)
    assert first.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in first.headers


async def test_pins_come_first_in_the_editors_order_wherever_and_whenever_they_are(editor: httpx.AsyncClient) -> None:
    pins = await ids(editor, "Ribbon Cutting", "Food Bank")
    await save(editor, query={**VISALIA, "limit": "4"})
    before = await shown(editor)

    saved = await save(editor, query={**VISALIA, "limit": "4"}, pins=pins)

    assert saved.json() == {"done": "library-main: saved; pages show it within a minute"}
    assert before == ["Mixer 10-08", "Lunch & Learn 10-09", "Weekly Sort 10-13", "Gala 10-15"]
    assert await shown(editor) == ["Ribbon Cutting 12-20", "Food Bank 10-10", "Mixer 10-08", "Lunch & Learn 10-09"]
    told = (await editor.get("/v1/widgets/library-main")).json()["items"]
    assert [row["isPinned"] for row in told] == [True, True, False, False]
    assert told[0]["day"] == "Featured"


async def test_a_pinned_series_is_pinned_once_and_its_other_dates_stay_where_they_are(
    editor: httpx.AsyncClient,
) -> None:
    await save(editor, pins=await ids(editor, "Weekly Sort"), query={**VISALIA, "kind": "volunteer"})

    told = await shown(editor)

    assert told[0] == "Weekly Sort 10-13"
    assert told[1:] == ["River Clean-up 10-17", "Weekly Sort 10-20", "Weekly Sort 10-27", "Weekly Sort 11-03"]


async def test_a_pin_is_shown_however_often_another_one_takes_place_before(
    editor: httpx.AsyncClient, changing_town: Store, add: Callable[..., None]
) -> None:
    daily = Event(
        uid="daily",
        source="volunteers",
        name="Daily Soup",
        start_date=datetime(2026, 10, 8, 18, tzinfo=UTC),
        time_zone="America/Los_Angeles",
        rrule=("FREQ=DAILY;COUNT=100",),
    )
    add(changing_town, Kind.VOLUNTEER, (daily,))
    await save(editor, pins=await ids(editor, "Daily Soup", "Ribbon Cutting"), query={**VISALIA, "kind": "chamber"})

    assert (await shown(editor))[:3] == ["Daily Soup 10-08", "Ribbon Cutting 12-20", "Mixer 10-08"]


async def test_where_there_are_picks_nothing_else_is_shown_and_they_are_searched_for(editor: httpx.AsyncClient) -> None:
    await save(editor, picks=await ids(editor, "Gala", "Mixer", "Ribbon Cutting"))

    assert await shown(editor) == ["Mixer 10-08", "Gala 10-15"]


async def test_a_blocked_source_is_never_shown_not_even_pinned(editor: httpx.AsyncClient) -> None:
    await save(editor, blocked=["chamber"], pins=await ids(editor, "Mixer"))

    told = await shown(editor)

    assert told
    assert not {"Mixer 10-08", "Lunch & Learn 10-09"} & set(told)
    links = (await editor.get("/v1/widgets/library-main")).json()["links"]
    assert "source=!chamber" in links[0]["href"].replace("%21", "!")


async def test_what_an_editor_changes_is_shown_although_the_page_stays_as_it_is(editor: httpx.AsyncClient) -> None:
    await save(editor, query={**VISALIA, "kind": "volunteer"})
    first = await editor.get("/v1/widgets/library-main")

    await save(editor, title="Chamber events", layout="compact", query={**VISALIA, "kind": "chamber"})

    second = await editor.get("/v1/widgets/library-main", headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert (second.json()["title"], second.json()["layout"]) == ("Chamber events", "compact")
    assert second.json()["items"][0]["name"] == "Mixer"


async def test_the_calendar_of_a_saved_widget_has_all_that_it_shows_and_more_dates(editor: httpx.AsyncClient) -> None:
    pins = await ids(editor, "Ribbon Cutting")
    await save(editor, pins=pins, blocked=["volunteers"], title="At the library", query={**VISALIA, "limit": "1"})

    answer = await editor.get("/v1/widgets/library-main.ics")

    summaries = re.findall(r"SUMMARY:(.*)\r\n", answer.text)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "X-WR-CALNAME:At the library" in answer.text
    assert summaries[:2] == ["Ribbon Cutting", "Mixer"]
    assert "River Clean-up" not in summaries


async def test_the_editor_sees_edits_and_forgets_what_was_saved(editor: httpx.AsyncClient) -> None:
    await save(editor, title="Here", blocked=["chamber"])

    one = (await editor.get("/admin/widgets/library-main")).json()
    all_ = (await editor.get("/admin/widgets")).json()["items"]
    gone = await editor.delete("/admin/widgets/library-main")

    assert one == {
        "name": "library-main", "query": VISALIA, "layout": "list", "link": "source", "title": "Here", "pins": [],
        "picks": [], "blocked": ["chamber"], "updatedAt": "2026-10-07T18:30:20+00:00",
    }  # fmt: skip
    assert all_ == [one]
    assert gone.status_code == 200
    for path in ("/v1/widgets/library-main", "/v1/widgets/library-main.ics", "/admin/widgets/library-main"):
        assert (await editor.get(path)).status_code == 404
    assert (await editor.delete("/admin/widgets/library-main")).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_without_the_token_nothing_is_saved(
    editor: httpx.AsyncClient, client: httpx.AsyncClient, method: str
) -> None:
    await save(editor)

    wrong = await editor.request(
        method, "/admin/widgets/library-main", headers={"Authorization": "Bearer no"}, json={"query": {}}
    )
    closed = await client.request(method, "/admin/widgets/library-main", json={"query": {}})

    assert (wrong.status_code, closed.status_code) == (401, 404)
    assert (await editor.get("/admin/widgets/library-main")).json()["query"] == VISALIA


@pytest.mark.parametrize(
    ("told", "param"),
    [
        ({"query": {"near": "Nowhereville, ZZ"}}, "near"),
        ({"query": {"wen": "today"}}, "query.wen"),
        ({"query": {"fields": "id"}}, "query.fields"),
        ({"query": {"days": 7}}, "query.days"),
        ({"query": "near=Visalia"}, "query"),
        ({"layout": "grid"}, "layout"),
        ({"link": "elsewhere"}, "link"),
        ({"title": "two\nlines"}, "title"),
        ({"pins": ["<script>"]}, "pins"),
        ({"picks": "abc"}, "picks"),
        ({"blocked": ["chambre"]}, "blocked"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_makes_no_widget_is_refused_by_name(
    editor: httpx.AsyncClient, told: dict[str, Any], param: str
) -> None:
    answer = await save(editor, **told)

    assert (answer.status_code, answer.json()["param"]) == (422, param)
    assert (await editor.get("/admin/widgets")).json() == {"items": []}


@pytest.mark.parametrize("name", ["Library", "a b", "-a", "a" * 64])
async def test_a_name_is_one_that_can_stand_in_an_address(editor: httpx.AsyncClient, name: str) -> None:
    assert (await editor.put(f"/admin/widgets/{name}", json=LIBRARY)).json()["param"] == "name"


@pytest.mark.parametrize(("path", "caching"), [("/widget.js", "max-age=300"), ("/embed.js", "max-age=300")])
async def test_a_module_is_served_to_any_page_packed_or_not(client: httpx.AsyncClient, path: str, caching: str) -> None:
    packed = [await client.get(path) for _ in range(3)]
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    again = await client.get(path, headers={"If-None-Match": plain.headers["etag"]})

    for answer in (*packed, plain):
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert caching in answer.headers["cache-control"]
        assert answer.content == plain.content
    assert [answer.headers.get("content-encoding") for answer in (*packed, plain)] == ["gzip", "gzip", "gzip", None]
    assert again.status_code == 304


async def test_the_hash_that_is_told_is_that_of_the_module_which_is_kept_for_ever(client: httpx.AsyncClient) -> None:
    told = (await client.get("/widget.json")).json()

    answer = await client.get(told["src"])

    assert told["integrity"] == f"sha384-{b64encode(sha384(answer.content).digest()).decode()}"
    assert told["integrity"] in told["html"]
    assert answer.content == (await client.get(told["latest"])).content
    assert "immutable" in answer.headers["cache-control"]
    assert (await client.get("/widget/0123456789abcdef.js")).status_code == 404


async def test_the_modules_are_as_small_as_was_promised(client: httpx.AsyncClient) -> None:
    element = (await client.get("/widget.js")).content
    found = re.search(rb"/widget/(\w{16})\.js", element)
    assert found
    calendar = (await client.get(f"/widget/{found[1].decode()}.js")).content
    async with client.stream("GET", "/widget.js") as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])

    assert gzip.decompress(sent) == element
    assert len(sent) <= 3000
    assert len(sent) + len(gzip.compress(calendar, 9)) <= 6000
    for text in (element, calendar):
        assert not re.search(rb"innerHTML|insertAdjacent|document\.write|eval\(|localStorage|cookie", text)


async def test_a_frame_is_whole_without_javascript_and_loads_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/embed?near=Visalia,+CA&days=30&theme=dark&lang=es")

    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert '<html lang="es" data-theme="dark">' in answer.text
    assert "<h2>Jueves, 8 de octubre</h2>" in answer.text
    assert "Las horas son las del lugar: PDT, PST." in answer.text
    assert '<a href="webcal://hobnob.example/v1/events.ics?near=Visalia,+CA&amp;days=30">' in answer.text
    assert "<s><a href" in answer.text
    assert not re.search(r"<link|<img|src=|@import|url\(", answer.text)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("frame-ancestors *")


async def test_a_frame_escapes_what_a_source_says(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> None:
    start = datetime(2026, 10, 8, 18, tzinfo=UTC)
    told = {"source": "chamber", "name": '<script>alert(1)</script>"', "url": "javascript:alert(1)"}
    bad = Event(uid="bad", start_date=start, time_zone="America/Los_Angeles", **told)
    add(changing_town, Kind.CHAMBER, (bad,))

    text = (await api(changing_town).get("/embed?days=30&limit=50")).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert "javascript:" not in text


async def test_a_frame_of_a_saved_widget_shows_it(editor: httpx.AsyncClient) -> None:
    await save(editor, title="At the library", pins=await ids(editor, "Gala"), layout="compact")

    answer = await editor.get("/embed/config/library-main")

    assert "<h1>At the library</h1>" in answer.text
    assert '<ul role="list" class="compact">' in answer.text
    assert answer.text.index("Gala") < answer.text.index("Mixer")
    assert "webcal://hobnob.example/v1/widgets/library-main.ics" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        ("/embed?wen=today", 422, "wen=today: not known here"),
        ("/embed?theme=pink", 422, "is none of auto, light, dark"),
        ("/embed/config/nosuch", 404, "there is no widget nosuch"),
    ],
)
async def test_a_frame_that_cannot_be_shown_says_why_and_leads_on(
    client: httpx.AsyncClient, path: str, status: int, why: str
) -> None:
    answer = await client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert why in answer.text
    assert '<a href="https://hobnob.example/">All events</a>' in answer.text


def attributes_of(text: str, name: str) -> set[str]:
    found = re.search(rf"const {name} = \[(.*?)\]", text, re.DOTALL)
    assert found
    return set(re.findall(r'"(\w+)"', found[1]))


def test_every_attribute_is_documented_and_every_parameter_is_one() -> None:
    element = read_text("widget.js")
    asked, looks = attributes_of(element, "ASKED"), attributes_of(element, "SHOWN")
    section = (ROOT / "docs" / "widget.md").read_text("utf-8").split("## Attributes")[1].split("\n## ")[0]

    assert asked == {*SHARED, "link"}
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == asked | looks


def test_every_property_is_documented() -> None:
    told = (ROOT / "docs" / "widget.md").read_text("utf-8")

    for name in set(re.findall(r"--hobnob-[\w-]+", read_text("widget.js"))):
        assert f"`{name}`" in told, name
