"""What the public suggests: closed until it is opened, bounded, seen by nobody before it is accepted, and then told."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn

from aggregator.event import Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.source import Request, Source
from aggregator.store.store import Store
from api.app import create_app
from api.cli.inbox import StoreInbox
from api.cli.operator import Desk
from api.senders import MOST_OF_ALL, MOST_OF_ONE, Senders

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
TOKEN = "t" * 32
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
WINDOW = {"near": "Visalia, CA", "start": "2026-10-07", "end": "2026-12-31", "limit": 200}
SWAP = {
    "type": "event",
    "name": "Seed Swap",
    "startDate": "2026-10-24T10:00",
    "location": "Grange Hall, 12 Oak St, Visalia, CA 93291",
    "description": "Bring seeds. Visitors are welcome.",
    "organizer": "Elm Gardeners",
    "url": "https://gardeners.example/swap",
}
WALK = {"type": "group", "name": "Elm Walkers", "rhythm": "every Tuesday 18:00-19:00", "location": "Visalia, CA"}


class Clock:
    at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def an_app(changing_town: Store, tmp_path: Path, gazetteer: Gazetteer, clock: Clock) -> Iterator[Callable[..., Any]]:
    """An API with an operator and an inbox, and these settings."""
    with closing(StoreInbox(str(tmp_path / "hobnob.db"))) as inbox:

        def make(**more: Any) -> Any:
            settings = Settings(**{"admin_token": TOKEN, "place": "Visalia, CA", "suggestions": True, **more})
            operator = Desk(token=TOKEN, settings=settings, store=changing_town, catalogs=(), now=clock)
            return create_app(changing_town, settings, gazetteer, operator=operator, inbox=inbox, now=clock)

        yield make


@pytest.fixture
async def public(an_app: Callable[..., Any]) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=an_app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example") as client:
        yield client


async def names(client: httpx.AsyncClient, **more: Any) -> set[str]:
    return {item["name"] for item in (await client.get("/v1/events", params=WINDOW | more)).json()["items"]}


async def suggested(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/admin/suggestions", headers=SHOWN)).json()["items"]
    return items


async def settle(client: httpx.AsyncClient, number: int, act: str, **given: Any) -> httpx.Response:
    return await client.post(f"/admin/suggestions/{number}/{act}", json=given, headers=SHOWN)


async def test_nobody_can_suggest_anything_until_the_operator_lets_them(
    an_app: Callable[..., Any], public: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    transport = httpx.ASGITransport(app=an_app(suggestions=False))
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example") as closed:
        refused = await closed.post("/v1/suggestions", json=SWAP)

    assert (refused.status_code, "suggestions = true" in refused.text) == (404, True)
    assert (await client.post("/v1/suggestions", json=SWAP)).status_code == 404
    assert Settings().suggestions is False
    assert (await public.post("/v1/suggestions", json=SWAP)).status_code == 202


async def test_the_form_of_the_page_is_there_once_the_operator_opens_it(
    an_app: Callable[..., Any], public: httpx.AsyncClient
) -> None:
    transport = httpx.ASGITransport(app=an_app(suggestions=False))
    async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example") as closed:
        refused, start = await closed.get("/suggest"), await closed.get("/")
    opened, spanish, home = [await public.get(path) for path in ("/suggest", "/suggest?lang=es", "/")]

    assert (refused.status_code, 'href="/suggest"' in start.text) == (404, False)
    assert (opened.status_code, 'href="/suggest"' in home.text) == (200, True)
    assert 'name="startDate" required' in opened.text
    assert "Proponer un evento" in spanish.text
    assert opened.headers["cache-control"] == "no-store"


async def test_a_fix_names_the_event_that_it_is_about_and_an_event_leads_to_it(public: httpx.AsyncClient) -> None:
    (mixer,) = (await public.get("/v1/events", params=WINDOW | {"q": "Mixer"})).json()["items"]

    page = await public.get(f"/events/{mixer['id']}")
    fix = await public.get("/suggest", params={"type": "fix", "about": mixer["id"]})
    nothing = await public.get("/suggest", params={"type": "fix", "about": "nosuch"})

    assert f"/suggest?type=fix&amp;about={mixer['id']}" in page.text
    assert (fix.status_code, "Mixer" in fix.text) == (200, True)
    assert f'name="about" value="{mixer["id"]}"' in fix.text
    assert nothing.status_code == 404


async def test_a_form_that_is_not_whole_comes_back_as_it_was_filled_in(public: httpx.AsyncClient) -> None:
    given = {"type": "event", "name": "Swap <b>", "startDate": "some day", "location": "Visalia, CA", "price": ""}

    refused = await public.post("/v1/suggestions?lang=es", data=given)
    thanked = await public.post("/v1/suggestions?lang=es", data=given | {"startDate": "2026-10-24T10:00"})

    assert refused.status_code == 422
    assert 'value="Swap &lt;b&gt;"' in refused.text
    assert 'id="startDate-fault"' in refused.text
    assert (thanked.status_code, "Gracias" in thanked.text) == (202, True)
    assert len(await suggested(public)) == 1


async def test_a_suggested_event_is_told_when_it_was_accepted_and_not_before(public: httpx.AsyncClient) -> None:
    before = await names(public)
    sent = await public.post("/v1/suggestions", json=SWAP)
    waiting, unseen = await suggested(public), await names(public, updated_since="2026-01-01")

    accepted = await settle(public, 1, "accept", kind="volunteer")
    again = await settle(public, 1, "accept")

    assert sent.json() == {"number": 1, "done": "Thank you. Somebody looks at it before it is shown."}
    assert [(one["standing"], one["told"]["name"]) for one in waiting] == [("waiting", "Seed Swap")]
    assert "Seed Swap" not in unseen
    assert (accepted.status_code, again.status_code) == (200, 409)
    assert await names(public) == before | {"Seed Swap"}
    (told,) = (await public.get("/v1/events", params=WINDOW | {"source": "suggested_volunteer"})).json()["items"]
    assert (told["kind"], told["placePrecision"], told["visitorTerms"]["visitors"]) == ("volunteer", "postcode", "open")
    assert told["startDate"] == "2026-10-24T10:00:00-07:00"
    assert (await suggested(public))[0]["standing"] == "accepted"


async def test_a_suggested_group_is_told_with_its_rhythm(public: httpx.AsyncClient) -> None:
    await public.post("/v1/suggestions", json=WALK)
    assert (await public.get("/v1/groups")).json()["items"] == []

    await settle(public, 1, "accept", kind="networking")

    (group,) = (await public.get("/v1/groups")).json()["items"]
    assert (group["name"], group["rhythm"]["words"]) == ("Elm Walkers", "every Tuesday, 18:00-19:00")
    assert (group["kind"], group["sources"]) == ("networking", ["suggested_networking"])


async def test_an_accepted_fix_is_an_editors_correction(public: httpx.AsyncClient) -> None:
    (mixer,) = (await public.get("/v1/events", params=WINDOW | {"q": "mixer"})).json()["items"]
    fix = {"type": "fix", "about": mixer["id"], "field": "start_date", "value": "2026-10-08T08:00", "note": "It moved."}
    await public.post("/v1/suggestions", json=fix)
    same = (await public.get(f"/v1/events/{mixer['id']}")).json()["startDate"]

    done = await settle(public, 1, "accept")

    why = (await public.get(f"/v1/events/{mixer['id']}/why")).json()
    assert same == mixer["startDate"]
    assert done.json()["done"] == f"1: accepted: startDate of {mixer['id']} is “2026-10-08T08:00”"
    assert (await public.get(f"/v1/events/{mixer['id']}")).json()["startDate"] == "2026-10-08T08:00:00-07:00"
    assert [(one["field"], one["why"]) for one in why["corrections"]] == [("startDate", "It moved.")]
    assert (await public.get("/admin/corrections", headers=SHOWN)).json()["items"][0]["by"] == "a reader"


async def test_a_fix_of_a_group_corrects_its_series(public: httpx.AsyncClient) -> None:
    await public.post("/v1/suggestions", json=WALK)
    await settle(public, 1, "accept")
    (group,) = (await public.get("/v1/groups")).json()["items"]
    await public.post(
        "/v1/suggestions", json={"type": "fix", "about": group["id"], "field": "name", "value": "Striders"}
    )

    await settle(public, 2, "accept")

    assert [one["name"] for one in (await public.get("/v1/groups")).json()["items"]] == ["Striders"]


async def test_a_fix_that_makes_no_sense_waits_on(public: httpx.AsyncClient) -> None:
    (mixer,) = (await public.get("/v1/events", params=WINDOW | {"q": "mixer"})).json()["items"]
    fix = {"type": "fix", "about": mixer["id"], "field": "startDate", "value": "earlier"}
    await public.post("/v1/suggestions", json=fix)

    assert (await settle(public, 1, "accept")).status_code == 422
    assert (await suggested(public))[0]["standing"] == "waiting"


async def test_what_is_rejected_is_never_told_and_keeps_the_reason(public: httpx.AsyncClient) -> None:
    await public.post("/v1/suggestions", json=SWAP)

    bare = await settle(public, 1, "reject")
    done = await settle(public, 1, "reject", why="not in our county")

    assert (bare.status_code, done.status_code, (await settle(public, 1, "accept")).status_code) == (422, 200, 409)
    assert [(one["standing"], one["reason"]) for one in await suggested(public)] == [("rejected", "not in our county")]
    assert "Seed Swap" not in await names(public, updated_since="2026-01-01")


async def test_a_form_without_scripts_is_answered_with_a_page(public: httpx.AsyncClient) -> None:
    sent = await public.post("/v1/suggestions", data=SWAP | {"price": ""})
    wrong = await public.post("/v1/suggestions", data=SWAP | {"startDate": "some day <b>"})

    assert (sent.status_code, sent.headers["content-type"]) == (202, "text/html; charset=utf-8")
    assert (wrong.status_code, "startDate" in wrong.text, "<b>" in wrong.text) == (422, True, False)
    assert [one["told"]["name"] for one in await suggested(public)] == ["Seed Swap"]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"type": "poem"}, "type"),
        ({"type": None}, "type"),
        ({"type": {}}, "type"),
        ({"name": ""}, "name"),
        ({"name": "jo@elm.example"}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"name": ["a"]}, "name"),
        ({"startDate": "once upon a time"}, "startDate"),
        ({"location": None}, "location"),
        ({"description": "d" * 2001}, "description"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://elm.example/?to=jo@elm.example"}, "url"),
        ({"email": "jo@elm.example"}, "email"),
        ({"type": "group"}, "startDate"),
        (WALK | {"rhythm": "whenever"}, "rhythm"),
    ],
)
async def test_what_is_no_suggestion_is_refused_by_the_member_that_is_wrong(
    public: httpx.AsyncClient, change: dict[str, Any], param: str
) -> None:
    sent = change if change.keys() >= WALK.keys() else SWAP | change

    answer = await public.post("/v1/suggestions", json=sent)

    assert (answer.status_code, answer.json()["param"]) == (422, param)
    assert await suggested(public) == []


@pytest.mark.parametrize(
    ("change", "param"),
    [({"about": "nosuch"}, "about"), ({"field": "uid"}, "field"), ({"value": " "}, "value"), ({"name": "x"}, "name")],
)
async def test_a_fix_of_nothing_is_refused(public: httpx.AsyncClient, change: dict[str, str], param: str) -> None:
    (mixer,) = (await public.get("/v1/events", params=WINDOW | {"q": "mixer"})).json()["items"]
    fix = {"type": "fix", "about": mixer["id"], "field": "name", "value": "Mixer 2"}

    answers = [await public.post("/v1/suggestions", json=sent) for sent in (fix | change, fix)]

    assert [answer.status_code for answer in answers] == [422, 202]
    assert answers[0].json()["param"] == param


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"x" * 17_000, "application/json", 413),
        (b"a=%ff", "application/x-www-form-urlencoded", 422),
        (b"hello", "text/plain", 415),
        (b"", "", 415),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    public: httpx.AsyncClient, body: bytes, kind: str, status: int
) -> None:
    answer = await public.post("/v1/suggestions", content=body, headers={"content-type": kind})

    assert answer.status_code == status


async def test_addresses_and_numbers_of_people_are_not_kept(public: httpx.AsyncClient) -> None:
    told = {
        "description": "Ask jo@elm.example or 559-555-0142.",
        "note": "I am jo@elm.example",
        "organizer": "Elm Club",
    }

    await public.post("/v1/suggestions", json=SWAP | told)

    (kept,) = await suggested(public)
    assert "@" not in str(kept)
    assert "0142" not in str(kept)


async def test_one_sender_may_send_a_few_an_hour_and_others_are_not_kept_waiting_by_that(
    public: httpx.AsyncClient, clock: Clock
) -> None:
    async def send(sender: str) -> httpx.Response:
        return await public.post("/v1/suggestions", json=SWAP, headers={"x-forwarded-for": f"9.9.9.9, {sender}"})

    first = [(await send("203.0.113.5")).status_code for _ in range(MOST_OF_ONE)]
    refused, other = await send("203.0.113.5"), await send("203.0.113.6")
    clock.at += timedelta(seconds=int(refused.headers["retry-after"]))
    later = await send("203.0.113.5")

    assert (first, refused.status_code) == ([202] * MOST_OF_ONE, 429)
    assert (other.status_code, later.status_code) == (202, 202)


def test_all_together_may_send_so_many_an_hour() -> None:
    senders = Senders()

    waits = [senders.admit(f"10.0.0.{number}", NOW) for number in range(MOST_OF_ALL + 1)]

    assert (waits[:-1], waits[-1]) == ([None] * MOST_OF_ALL, 3600)
    assert senders.admit("10.0.1.1", NOW + timedelta(hours=1)) is None


async def test_the_heap_of_what_waits_is_bounded(public: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.store.public.MOST_WAITING", 1)

    answers = [(await public.post("/v1/suggestions", json=SWAP)).status_code for _ in range(2)]
    await settle(public, 1, "reject", why="spam")

    assert answers == [202, 503]
    assert (await public.post("/v1/suggestions", json=SWAP)).status_code == 202


async def test_what_a_chamber_tells_too_is_told_once_and_its_word_counts(
    public: httpx.AsyncClient, changing_town: Store, add: Callable[..., None]
) -> None:
    await public.post("/v1/suggestions", json=SWAP)
    await settle(public, 1, "accept")
    (swap,) = (each.event for each in changing_town.stored_listings("suggested").values())
    changing_town.register([a_source("a")], now=NOW)
    add(changing_town, Kind.OTHER, (replace(swap, source="a", uid="1", description="With tea and cake, and a talk."),))

    from aggregator.schedule import standings

    changing_town.match(standings([a_source("a")]), NOW)

    (told,) = (await public.get("/v1/events", params=WINDOW | {"q": "seed"})).json()["items"]
    why = (await public.get(f"/v1/events/{told['id']}/why")).json()
    assert why["origins"]["name"]["source"] == "a"
    assert {one["source"] for one in why["listings"]} == {"a", "suggested"}


async def test_no_run_takes_it_back_and_it_is_forgotten_when_it_is_long_over(
    public: httpx.AsyncClient, changing_town: Store
) -> None:
    await public.post("/v1/suggestions", json=SWAP)
    await settle(public, 1, "accept")

    changing_town.register([a_source("a")], now=NOW)
    changing_town.prune(NOW + timedelta(days=40))
    kept = len(changing_town.stored_listings("suggested"))
    changing_town.prune(NOW + timedelta(days=48))

    assert (kept, len(changing_town.stored_listings("suggested"))) == (1, 0)
    states = {one["name"]: one["health"]["state"] for one in (await public.get("/v1/sources")).json()["items"]}
    assert states["suggested"] == "healthy"
    assert "suggested" not in changing_town.due(NOW + timedelta(days=99), limit=99, owner="x", ttl=timedelta(1))


async def test_what_an_organiser_does_not_want_told_cannot_be_accepted(
    public: httpx.AsyncClient, changing_town: Store
) -> None:
    changing_town.veto("Elm Gardeners", "asked", NOW)
    for organizer in ("ELM GARDENERS", "Oak Gardeners"):
        sent = SWAP | {"organizer": organizer, "url": f"https://{organizer[:3].lower()}.example/"}
        assert (await public.post("/v1/suggestions", json=sent)).status_code == 202

    assert [(await settle(public, number, "accept")).status_code for number in (1, 2)] == [409, 200]
    assert [one["standing"] for one in await suggested(public)] == ["waiting", "accepted"]


async def test_a_suggested_group_is_told_as_long_as_time_goes_on(
    public: httpx.AsyncClient, changing_town: Store
) -> None:
    await public.post("/v1/suggestions", json=WALK)
    await settle(public, 1, "accept")
    changing_town.register([a_source("a")], now=NOW)

    assert changing_town.roll_forward(NOW + timedelta(days=300)) > 0


def a_source(name: str) -> Source:
    url = Request(url=f"https://{name}.example/a.ics")
    return Source(name=name, kind=Kind.OTHER, platform="ics", request=url, parse=lambda _: iter(()))


@contextmanager
def served(app: Any) -> Iterator[HTTPConnection]:
    """The app on a socket of the loopback, while the block runs."""
    with create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        with closing(HTTPConnection("127.0.0.1", listening.getsockname()[1], timeout=30)) as connection:
            yield connection
        server.should_exit = True
        thread.join()


def test_a_suggestion_goes_from_a_form_over_a_real_connection_to_a_person_and_into_answers(
    an_app: Callable[..., Any],
) -> None:
    with served(an_app()) as connection:

        def ask(method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

        form = {"Content-Type": "application/x-www-form-urlencoded"}
        sent = ask("POST", "/v1/suggestions", urlencode(SWAP), **form)
        question = f"/v1/events?{urlencode(WINDOW)}"
        before = ask("GET", question)[1]
        accepted = ask("POST", "/admin/suggestions/1/accept", "{}", **SHOWN)
        after = ask("GET", question + "&units=mi")[1]

    assert (sent[0], accepted[0]) == (202, 200)
    assert ("Seed Swap" in before, "Seed Swap" in after) == (False, True)
