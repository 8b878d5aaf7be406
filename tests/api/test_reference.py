"""The reference, for people and for programs, and what is said where there is nothing."""

import re
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from aggregator.event import EventStatus, Kind, Precision
from aggregator.render import EVENT_MEMBERS
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.example import ANSWER, QUESTION
from api.parameters import SCHEMAS
from api.schema import EventMembers, EventPage

pytestmark = pytest.mark.anyio


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Any:
    return (await client.get("/openapi.json")).json()


@pytest.fixture
async def page(client: httpx.AsyncClient) -> str:
    return (await client.get("/docs")).text


async def test_exactly_the_promised_paths_are_there(document: Any, page: str) -> None:
    assert set(document["paths"]) == {
        "/v1/events", "/v1/events/{id}", "/v1/events/{id}.ics", "/v1/events/{id}/why",
        "/v1/events.ics", "/v1/events.rss", "/v1/events.atom", "/v1/events.json", "/v1/events.md", "/v1/events.txt",
        "/v1/events.geojson", "/v1/events.csv",
        "/v1/events.jsonld", "/v1/changes", "/v1/plan", "/v1/plan.ics",
        "/v1/groups", "/v1/groups/{id}", "/v1/groups/{id}.ics", "/v1/groups.ics",
        "/v1/facets", "/v1/places",
        "/v1/sources", "/v1/sources/{name}/runs", "/v1/sources/preview",
        "/v1/subscriptions",
        "/admin/sources", "/admin/sources/{name}/held/{run}",
        *(f"/admin/sources/{{name}}/{act}" for act in ("run", "accept", "reject", "pause", "resume", "edit")),
        "/admin/corrections", "/admin/corrections/{id}/undo", "/admin/hides", "/admin/events/{id}/hide",
        "/admin/events/{id}/unhide", "/admin/matches", "/admin/matches/join", "/admin/matches/split",
        "/admin/suggestions", "/admin/suggestions/{id}/accept", "/admin/suggestions/{id}/reject", "/v1/suggestions",
        "/v1/widget", "/v1/widgets/{name}", "/v1/widgets/{name}.ics", "/admin/widgets", "/admin/widgets/{name}",
        "/health/live", "/health/ready", "/metrics",
    }  # fmt: skip
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("events@operator.example", '<a href="mailto:events@operator.example">events@operator.example</a>'),
        (
            "https://operator.example/write",
            '<a href="https://operator.example/write">https://operator.example/write</a>',
        ),
        ('<script>"@x', '<a href="mailto:&lt;script&gt;&#34;@x">&lt;script&gt;&#34;@x</a>'),
        (None, "write to whoever gave you this address."),
    ],
)
async def test_the_page_about_says_where_to_write_to_have_something_taken_down(
    town: Store, api: Callable[..., httpx.AsyncClient], contact: str | None, link: str
) -> None:
    answer = await api(town, settings=Settings(contact=contact, place="Visalia, CA")).get("/about")

    _, takedown = answer.text.split('<h2 id="takedown">')
    assert answer.status_code == 200
    assert link in takedown
    assert "<h1>About Hobnob for Visalia, CA</h1>" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_every_parameter_is_told_once_and_referred_to(page: str) -> None:
    for name in SCHEMAS:
        assert page.count(f"<tr id=ask-{name}><td><code>{name}</code>") == 1
    assert page.count('<a href="#parameters">All parameters</a> but') == 16


async def test_every_member_and_word_of_an_event_has_a_meaning(page: str) -> None:
    for name in (*EVENT_MEMBERS, "location.address.postalCode", "offers.highPrice", "window.timeZone", "did_you_mean"):
        assert f"<tr id={name}><td><code>{name}</code>" in page
    assert not re.findall(r"<tr id=([\w.-]+)>(?:(?!<tr).)*<td>(?=<tr|</table>)", page)
    for word in (*EventStatus, *Kind, *Precision):
        assert f"<code>{word}</code>" in page


async def test_every_reference_on_the_page_leads_somewhere(client: httpx.AsyncClient, page: str) -> None:
    places = re.findall(r"id=([\w.-]+)", page)
    assert len(places) == len(set(places))
    for link in re.findall(r'href="([^"]*)"', page):
        assert link[1:] in places if link.startswith("#") else link.startswith(("/", "webcal://hobnob.example/"))
        if link.startswith("/"):
            assert (await client.get(link.replace("&amp;", "&"))).status_code == 200


async def test_the_page_loads_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docs")

    assert not re.search(r"<script|<link|<img|src=|url\(|@import", answer.text)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


async def test_the_answer_that_is_shown_is_one(page: str) -> None:
    answer = EventPage.model_validate_json(ANSWER)
    (event,) = answer.items

    assert event.model_fields_set == EventMembers.model_fields.keys() - {"next_dates"}
    for name, value in parse_qsl(urlsplit(QUESTION).query):
        assert str(answer.query[name]) == value
    assert escape(QUESTION) in page
    assert escape(ANSWER) in page


async def test_the_examples_ask_about_the_sites_own_place(town: Store, api: Any) -> None:
    page = (await api(town, settings=Settings(place="Fresno, CA")).get("/docs")).text

    assert '"webcal://127.0.0.1:8000/v1/events.ics?near=Fresno,+CA&amp;when=next_7_days"' in page


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_any_page_may_read_the_reference_and_keep_it(client: httpx.AsyncClient, path: str) -> None:
    first = await client.get(path)
    tag = first.headers["etag"]
    again = await client.get(path, headers={"If-None-Match": tag})
    other = await client.get(path, headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.headers["etag"], again.content) == (304, tag, b"")
    assert (other.status_code, other.content) == (200, first.content)
    for answer in (first, again):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/health/live"])
async def test_what_takes_no_parameters_says_so(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200
    refused = await client.get(path, params={"format": "json"})
    assert (refused.status_code, refused.json()["param"]) == (422, "format")


@pytest.mark.parametrize("path", ["/v1", "/v1/event", "/favicon.ico"])
async def test_a_path_that_is_not_there_says_where_the_paths_are(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no such path; /docs lists them")
    assert "no event" in (await client.get("/v1/events/nosuch")).json()["detail"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/confirm/token", "GET, HEAD, POST"),
        ("/admin/widgets/main", "DELETE, GET, HEAD, PUT"),
        ("/v1/suggestions", "POST"),
    ],
)
async def test_all_that_several_routes_of_one_path_answer_is_told(
    client: httpx.AsyncClient, path: str, allowed: str
) -> None:
    refused = await client.patch(path)

    assert (refused.status_code, refused.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("path", ["/v1/events", "/v1/events.ics", "/docs", "/health/live"])
async def test_what_may_be_done_is_said_in_full(client: httpx.AsyncClient, path: str) -> None:
    refused = await client.post(path)

    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    for method in refused.headers["allow"].split(", "):
        assert (await client.request(method, path)).status_code == 200
