"""Subscribing: a yes is asked for, links alone change nothing, and nobody learns whose address is known."""

import json
import logging
import re
import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.mailing import CONFIRMATION, Consent, Purpose, Settled, Stage, State, Wish, open_mailing
from aggregator.store.mailing.mailing import Mailing
from aggregator.store.store import Store
from api.app import create_app
from api.digest.period import next_send, period_of
from api.digest.wish import CONSENT

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
ADDRESS = "joe.doe@mail.example"
SEARCH = {"near": "Visalia, CA", "within": "15mi", "kind": "chamber"}
LETTERS = {"mail_from": "Visalia events <digest@operator.example>", "postal_address": "P.O. Box 1, Visalia"}


@pytest.fixture
def mailing(changing_town: Store, tmp_path: Path) -> Iterator[Mailing]:
    with open_mailing(str(tmp_path / "hobnob.db")) as opened:
        yield opened


class Clock:
    at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connect(
    changing_town: Store, mailing: Mailing, gazetteer: Gazetteer, clock: Clock
) -> Callable[..., httpx.AsyncClient]:
    """A client that comes from this address."""
    told: dict[str, Any] = {**LETTERS, "smtp_url": "smtp://127.0.0.1:1", "public_url": "https://hobnob.example"}
    app = create_app(changing_town, Settings(**told), gazetteer, now=clock, mailing=mailing)

    def make(peer: str = "192.0.2.1") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, client=(peer, 4711), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="https://hobnob.example")

    return make


@pytest.fixture
async def visitor(connect: Callable[..., httpx.AsyncClient]) -> AsyncIterator[httpx.AsyncClient]:
    async with connect() as client:
        yield client


@pytest.fixture
def read_letter(mailing: Mailing, clock: Clock) -> Callable[..., str]:
    """What a subscriber finds in the next letter: the end of its links. All others get theirs too."""

    def make(address: str = ADDRESS) -> str:
        now = clock()
        mailing.queue_due(now, lambda wish: next_send(wish, now), period_of)
        tokens = {}
        for delivery in mailing.claim(now, limit=99):
            token = tokens[delivery.subscription.wish.address] = secrets.token_urlsafe(32)
            life = timedelta(days=7 if delivery.period == CONFIRMATION else 400)
            assert mailing.dot(delivery, sent="[]", token=token, expires_at=now + life, now=now)
            mailing.settle(Settled(delivery=delivery, stage=Stage.SENT), now)
        return tokens[address]

    return make


@pytest.fixture
def confirmed(
    visitor: httpx.AsyncClient, mailing: Mailing, read_letter: Callable[..., str], clock: Clock
) -> Callable[..., Any]:
    """Somebody who said yes, and has the first letter; the end of its links."""

    async def make(address: str = ADDRESS, **more: Any) -> str:
        asked = await visitor.post("/v1/subscriptions", json={"email": address, **SEARCH, **more})
        assert asked.status_code == 202, asked.text
        assert (await visitor.post(f"/subscribe/confirm/{read_letter(address)}")).status_code == 200
        clock.at = mailing.of_address(address)[-1].next_due_at or NOW
        return read_letter(address)

    return make


def all_rows(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # noqa: S608


def filters_of(page: httpx.Response) -> dict[str, str]:
    shown = LexborHTMLParser(page.text).css(".filters div")
    return {one.css("dt")[0].text(): one.css("dd")[0].text() for one in shown}


def read_files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_a_subscription_waits_for_a_yes_and_keeps_what_was_agreed_to(
    visitor: httpx.AsyncClient, mailing: Mailing, read_letter: Callable[..., str]
) -> None:
    wish = {"email": ADDRESS, "send_day": "tue", "send_hour": 18, "most": 10}
    asked = await visitor.post("/v1/subscriptions", json={**wish, **SEARCH, "weekday": ["tue", "thu"]})
    (waiting,) = mailing.of_address(ADDRESS, with_pending=True)
    token = read_letter()
    said = await visitor.post(f"/subscribe/confirm/{token}", data={"confirm": "yes"})

    assert (asked.status_code, asked.headers["cache-control"]) == (202, "no-store")
    assert waiting.state is State.PENDING
    assert waiting.next_due_at is None
    (one,) = mailing.of_address(ADDRESS)
    assert one.state is State.CONFIRMED
    assert one.wish == Wish(
        address=ADDRESS, query="days=30&kind=chamber&near=Visalia%2C+CA&weekday=thu%2Ctue&within=15mi",
        weekday=1, hour=18, zone="America/Los_Angeles", most=10,
    )  # fmt: skip
    assert one.next_due_at == datetime(2026, 10, 14, 1, tzinfo=UTC)
    assert one.consent == Consent(words=CONSENT, at=NOW, channel="api")
    assert filters_of(said) == {
        "How far": "15 mi", "Who invites": "Chamber", "Days of the week": "Tuesday, Thursday", "How long": "30 days",
    }  # fmt: skip


async def test_the_form_shows_the_search_and_what_is_agreed_to_and_subscribes(
    visitor: httpx.AsyncClient, mailing: Mailing
) -> None:
    page = await visitor.get("/subscribe", params=SEARCH)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    told = {**fields, "email": ADDRESS, "send_day": "fri", "send_hour": "8", "most": "20"}
    asked = await visitor.post("/subscribe", data=told)

    assert "Events near Visalia, CA" in page.text
    assert filters_of(page) == {"How far": "15 mi", "Who invites": "Chamber"}
    assert "The hour is that of America/Los_Angeles." in page.text
    assert CONSENT in page.text
    assert fields == SEARCH
    assert (asked.status_code, "Look into your mail" in asked.text) == (202, True)
    (waiting,) = mailing.of_address(ADDRESS, with_pending=True)
    assert (waiting.wish.weekday, waiting.wish.hour, waiting.wish.most) == (4, 8, 20)
    assert waiting.consent == Consent(words=CONSENT, at=NOW, channel="page")


async def test_whoever_fills_in_the_form_is_answered_with_pages_whatever_is_wrong(
    connect: Callable[..., httpx.AsyncClient],
) -> None:
    async with connect("192.0.2.8") as client:
        refused = await client.post("/subscribe", data={"email": "joe@localhost", **SEARCH})
        taken = [await client.post("/subscribe", data={"email": f"{n}@b.example", **SEARCH}) for n in range(6)]
        lost = await client.get("/subscribe?near=Nosuchtown&lang=es&utm_source=a", follow_redirects=True)
        spanish = await client.get("/subscribe?near=Visalia,+CA&lang=es")

    assert (refused.status_code, "This is no e-mail address such as" in refused.text) == (422, True)
    assert [answer.status_code for answer in taken] == [202] * 5 + [429]
    assert taken[-1].headers["retry-after"] == "3600"
    assert (lost.status_code, spanish.status_code) == (422, 200)
    assert "Nosuchtown" in lost.text
    for page in (refused, *taken, lost, spanish):
        assert page.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_known_and_an_unknown_address_are_answered_with_the_same_bytes(
    connect: Callable[..., httpx.AsyncClient], confirmed: Callable[..., Any]
) -> None:
    await confirmed()
    wishes = [{"email": address, **SEARCH} for address in (ADDRESS, "nobody@mail.example", ADDRESS)]
    async with connect("192.0.2.7") as client:
        answers = [await client.post("/v1/subscriptions", json=wish) for wish in wishes]
        pages = [await client.post("/subscribe", data=wish) for wish in wishes[:2]]

    assert len({(answer.status_code, answer.content, str(answer.headers)) for answer in answers}) == 1
    assert len({(answer.status_code, answer.content, str(answer.headers)) for answer in pages}) == 1


async def test_the_same_search_again_is_the_same_subscription_with_the_newer_day(
    visitor: httpx.AsyncClient,
    mailing: Mailing,
    confirmed: Callable[..., Any],
    read_letter: Callable[..., str],
) -> None:
    await confirmed()
    (before,) = mailing.of_address(ADDRESS)
    await visitor.post("/v1/subscriptions", json={"email": ADDRESS.upper(), **SEARCH, "send_day": "wed"})
    await visitor.post(f"/subscribe/confirm/{read_letter('JOE.DOE@mail.example')}")

    (after,) = mailing.of_address(ADDRESS, with_pending=True)
    assert (after.number, after.wish.weekday) == (before.number, 2)
    assert len(mailing.sent_before([after.number])[after.number]) == 1


async def test_a_link_to_confirm_works_once_and_for_seven_days(
    visitor: httpx.AsyncClient, mailing: Mailing, read_letter: Callable[..., str], clock: Clock
) -> None:
    tokens = []
    for address in ("once@mail.example", "late@mail.example"):
        await visitor.post("/v1/subscriptions", json={"email": address, **SEARCH})
        tokens.append(read_letter(address))
    once, late = tokens
    answers = [(await visitor.post(f"/subscribe/confirm/{once}")).status_code for _ in range(2)]
    clock.at += timedelta(days=7, seconds=1)
    too_late = await visitor.post(f"/subscribe/confirm/{late}")

    assert (answers, too_late.status_code) == ([200, 404], 404)
    assert mailing.of_address("late@mail.example") == ()


async def test_looking_at_links_changes_nothing(
    visitor: httpx.AsyncClient, confirmed: Callable[..., Any], read_letter: Callable[..., str], tmp_path: Path
) -> None:
    token = await confirmed()
    await visitor.post("/v1/subscriptions", json={"email": "new@mail.example", **SEARCH})
    paths = [f"confirm/{read_letter('new@mail.example')}", f"stop/{token}", f"manage/{token}"]
    before = all_rows(tmp_path / "hobnob.db")

    for path in paths * 5:
        for method in ("GET", "HEAD"):
            answer = await visitor.request(method, f"/subscribe/{path}")
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert ADDRESS not in answer.text

    assert all_rows(tmp_path / "hobnob.db") == before


async def test_one_click_stops_the_letter_and_one_that_is_queued_already(
    visitor: httpx.AsyncClient, mailing: Mailing, confirmed: Callable[..., Any], clock: Clock
) -> None:
    token = await confirmed()
    clock.at += timedelta(days=7)
    mailing.queue_due(clock(), lambda wish: next_send(wish, clock()), period_of)
    (queued,) = mailing.claim(clock(), limit=9)

    body = {"List-Unsubscribe": "One-Click"}
    answers = [await visitor.post(f"/subscribe/stop/{token}", data=body) for _ in range(2)]

    assert [(answer.status_code, "location" in answer.headers) for answer in answers] == [(200, False)] * 2
    assert mailing.of_address(ADDRESS)[0].state is State.UNSUBSCRIBED
    late = {"sent": "[]", "token": "x", "expires_at": clock(), "now": clock()}
    assert not mailing.dot(queued, **late)  # type: ignore[arg-type]
    assert mailing.letters_of(queued.subscription.number)[-1][1::2] == ("skipped", "unsubscribed")


async def test_one_click_stops_the_letter_whatever_a_relay_added_to_its_address(
    visitor: httpx.AsyncClient, mailing: Mailing, confirmed: Callable[..., Any]
) -> None:
    token = await confirmed()

    answer = await visitor.post(f"/subscribe/stop/{token}?utm_source=relay", data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, mailing.of_address(ADDRESS)[0].state) == (200, State.UNSUBSCRIBED)


async def test_one_click_may_come_as_a_form_of_parts_and_never_without_its_words(
    visitor: httpx.AsyncClient, mailing: Mailing, confirmed: Callable[..., Any]
) -> None:
    token = await confirmed()

    empty = await visitor.post(f"/subscribe/stop/{token}")
    assert (empty.status_code, mailing.of_address(ADDRESS)[0].state) == (422, State.CONFIRMED)
    parts = await visitor.post(f"/subscribe/stop/{token}", files={"List-Unsubscribe": (None, "One-Click")})
    assert (parts.status_code, mailing.of_address(ADDRESS)[0].state) == (200, State.UNSUBSCRIBED)


async def test_the_link_of_a_letter_changes_stops_and_starts_again(
    visitor: httpx.AsyncClient, mailing: Mailing, confirmed: Callable[..., Any]
) -> None:
    token = await confirmed()
    (one,) = mailing.of_address(ADDRESS)

    async def do(**told: str) -> httpx.Response:
        return await visitor.post(f"/subscribe/manage/{token}", data={"number": str(one.number), **told})

    changed = await do(do="change", send_day="fri", send_hour="20", most="5")
    (after,) = mailing.of_address(ADDRESS)
    assert (after.wish.weekday, after.wish.hour, after.wish.most) == (4, 20, 5)
    assert "A letter comes every Friday at 8:00 pm" in changed.text
    assert "Stopped: no letter comes." in (await do(do="stop")).text
    assert "A letter comes every Friday at 8:00 pm" in (await do(do="change")).text
    refused = [await do(do="sell"), await do(do="stop", number="99"), await do(do="change", send_hour="24")]
    assert [answer.status_code for answer in refused] == [422, 422, 422]


async def test_what_is_kept_is_given_to_its_owner_and_erased_everywhere(
    visitor: httpx.AsyncClient,
    mailing: Mailing,
    confirmed: Callable[..., Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await confirmed("other@mail.example")
    token = await confirmed()
    told = json.loads((await visitor.post(f"/subscribe/manage/{token}", data={"do": "export"})).content)
    erased = await visitor.post(f"/subscribe/manage/{token}", data={"do": "erase"})
    gone = await visitor.get(f"/subscribe/manage/{token}")

    (one,) = told["subscriptions"]
    assert (one["email"], one["state"], one["consent"]["words"]) == (ADDRESS, "confirmed", CONSENT)
    assert [letter["stage"] for letter in one["letters"]] == ["sent", "sent"]
    assert (erased.status_code, gone.status_code) == (200, 404)
    assert len(mailing.of_address("other@mail.example")) == 1
    kept = read_files(tmp_path)
    assert b"other@mail.example" in kept["hobnob.db"]
    assert [name for name, content in kept.items() if ADDRESS.encode() in content] == []
    assert "@mail.example" not in caplog.text


async def test_no_letter_asks_an_address_twice_in_a_day_or_four_times_in_a_week(
    connect: Callable[..., httpx.AsyncClient], mailing: Mailing, clock: Clock
) -> None:
    spellings = ("joe.doe@mail.example", "JoeDoe+a@mail.example", "j.o.e.doe+b@mail.example")
    for day in range(5):
        for number, address in enumerate(spellings):
            async with connect(f"198.51.100.{day * 10 + number}") as client:
                answer = await client.post("/v1/subscriptions", json={"email": address, **SEARCH})
                assert answer.status_code == 202
        clock.at += timedelta(days=1, seconds=1)

    assert len(mailing.of_address("joe.doe@mail.example", with_pending=True)) == 3


async def test_a_sender_asks_five_times_an_hour_whatever_it_says_of_itself(
    connect: Callable[..., httpx.AsyncClient], clock: Clock
) -> None:
    async def ask(client: httpx.AsyncClient, number: int) -> int:
        told = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        wish = {"email": f"{number}@mail.example", **SEARCH}
        return (await client.post("/v1/subscriptions", json=wish, headers=told)).status_code

    async with connect("192.0.2.9") as client, connect("127.0.0.1") as proxy:
        assert [await ask(client, number) for number in range(7)] == [202] * 5 + [429] * 2
        assert [await ask(proxy, number) for number in range(10, 17)] == [202] * 7
        clock.at += timedelta(hours=1, seconds=1)
        assert await ask(client, 20) == 202


@pytest.mark.parametrize(
    ("told", "param"),
    [
        ({"email": "joe"}, "email"),
        ({"email": "joe@localhost"}, "email"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "email"),
        ({"email": "a@b.example, c@d.example"}, "email"),
        ({"email": f"{'a' * 65}@b.example"}, "email"),
        ({"email": ".a@b.example"}, "email"),
        ({}, "email"),
        ({"email": "a@b.example", "near": "Fresmo"}, "near"),
        ({"email": "a@b.example", "send_day": "soon"}, "send_day"),
        ({"email": "a@b.example", "send_hour": 24}, "send_hour"),
        ({"email": "a@b.example", "most": 0}, "most"),
        ({"email": "a@b.example", "tz": "../etc/passwd"}, "tz"),
        ({"email": "a@b.example", "start": "2026-10-10"}, "start"),
        ({"email": "a@b.example", "cursor": "abc"}, "cursor"),
        ({"email": {"a": 1}}, "email"),
    ],
)
async def test_what_is_no_wish_is_refused_and_keeps_nothing(
    visitor: httpx.AsyncClient, mailing: Mailing, told: dict[str, Any], param: str
) -> None:
    answer = await visitor.post("/v1/subscriptions", json=told)

    assert (answer.status_code, answer.json()["param"]) == (422, param)
    assert mailing.states() == {}


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "text/plain"}, b"email=a@b.example", 415),
        ({"Content-Type": "application/json"}, b"{", 422),
        ({"Content-Type": "application/json"}, b"[]", 422),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"email=%ff", 422),
        ({"Content-Type": "application/json; charset=utf-8"}, b'{"email": "a@b.example", "near": "93291"}', 202),
    ],
)
async def test_a_body_of_another_kind_is_refused(
    visitor: httpx.AsyncClient, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert (await visitor.post("/v1/subscriptions", headers=headers, content=body)).status_code == status


async def test_where_no_letters_go_out_nobody_subscribes(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post("/v1/subscriptions", json={"email": ADDRESS}),
        await client.get("/subscribe"),
        await client.get("/subscribe/manage/x"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert all("postal_address" in answer.text for answer in answers)


async def test_no_forged_link_is_accepted(
    mailing: Mailing, visitor: httpx.AsyncClient, confirmed: Callable[..., Any], clock: Clock
) -> None:
    token = await confirmed()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # Every change of one letter, every cut, and some that were never made.
    forged = {token[:place] + one + token[place + 1 :] for place in range(len(token)) for one in letters} - {token}
    forged |= {token[:length] for length in range(len(token))} | {token + "A", token.swapcase(), token[::-1]}
    forged |= {secrets.token_urlsafe(32) for _ in range(500)}

    assert not [one for one in forged for purpose in Purpose if mailing.find(one, purpose, clock())]
    assert mailing.find(token, Purpose.CONFIRM, clock()) is None
    assert (await visitor.post(f"/subscribe/confirm/{token}")).status_code == 404
    assert mailing.find(token, Purpose.LETTER, clock())


async def test_the_page_of_a_search_leads_to_its_letter(visitor: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    asked = {**SEARCH, "sort": "distance"}
    page = LexborHTMLParser((await visitor.get("/", params=asked)).text)
    (link,) = [one for a in page.css(".ways a") if (one := str(a.attributes["href"])).startswith("/subscribe")]

    form = await visitor.get(link)

    assert form.status_code == 200
    assert "Events near Visalia, CA" in form.text
    assert filters_of(form)["Who invites"] == "Chamber"
    assert "/subscribe" not in (await client.get("/", params=asked)).text


async def test_pages_are_in_the_language_of_their_reader_and_so_is_what_is_agreed_to(
    visitor: httpx.AsyncClient, mailing: Mailing, read_letter: Callable[..., str]
) -> None:
    form = await visitor.get("/subscribe", params={**SEARCH, "lang": "es"})
    (action,) = [str(one.attributes["action"]) for one in LexborHTMLParser(form.text).css("form")]
    asked = await visitor.post(action, data={"email": ADDRESS, **SEARCH})
    page = await visitor.get(f"/subscribe/confirm/{read_letter()}", headers={"Accept-Language": "es"})

    assert filters_of(form) == {"A qué distancia": "15 mi", "Quién invita": "Cámara de comercio"}
    assert "Mira tu correo" in asked.text
    assert "cada domingo, 7:00 a. m. (America/Los_Angeles), a j•••@mail.example" in page.text
    (waiting,) = mailing.of_address(ADDRESS, with_pending=True)
    assert waiting.consent.words.startswith("Envíenme una vez por semana")
    assert waiting.consent.words in form.text


async def test_every_filter_of_a_search_is_told_in_words(visitor: httpx.AsyncClient) -> None:
    asked = {
        "near": "Visalia, CA", "nearest": "3", "days": "30", "weekday": "tue", "time_from": "18:00", "cost": "free",
        "kind": "!civic,chamber", "org": "elm", "source": "chamber", "tag": "coffee", "q": "mixer", "max_price": "5",
        "attendance": "in_person", "visitors": "open,rsvp", "newcomer": "true", "time_to": "21:30",
    }  # fmt: skip
    page = await visitor.get("/subscribe", params=asked)

    assert filters_of(page) == {
        "How": "In person", "Cost": "Free", "How long": "30 days", "Who invites": "Chamber, not Civic", "At most": "5",
        "Nearest": "3", "First-timers": "Only where first-timers are expected", "Organiser": "elm", "Words": "mixer",
        "Source": "chamber", "Tag": "coffee", "Begins after": "6:00 pm", "Begins before": "9:30 pm",
        "May I come?": "Open to strangers", "Days of the week": "Tuesday",
    }  # fmt: skip


async def test_a_field_that_is_wrong_is_asked_again_with_what_was_filled_in(
    visitor: httpx.AsyncClient, mailing: Mailing
) -> None:
    told = {**SEARCH, "email": "joe@mail", "send_day": "fri", "send_hour": "8", "most": "9"}
    answer = await visitor.post("/subscribe", data=told)
    page = LexborHTMLParser(answer.text)

    assert (answer.status_code, page.css("#email-fault")[0].text()) == (
        422, "This is no e-mail address such as you@example.org.",
    )  # fmt: skip
    assert page.css("#email")[0].attributes["value"] == "joe@mail"
    chosen = [option.attributes["value"] for option in page.css("form option[selected]")]
    assert (chosen, page.css("#most")[0].attributes["value"]) == (["fri", "8"], "9")
    assert mailing.states() == {}
    assert (await visitor.post("/subscribe", data={**told, "email": ADDRESS})).status_code == 202


async def test_what_goes_wrong_is_told_on_a_page_that_nobody_keeps(
    visitor: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    wish = {"email": ADDRESS, **SEARCH}
    answers = [
        await visitor.get("/subscribe", params={"near": "Fresmo"}),
        await visitor.get("/subscribe", params={"cursor": "abc"}),
        await visitor.post("/subscribe", data={**wish, "send_day": "soon"}),
        await visitor.post("/subscribe", content=b"email", headers={"Content-Type": "text/plain"}),
        *[await visitor.post("/subscribe", data={**wish, "email": f"{n}@a.example"}) for n in range(6)][-1:],
        await visitor.get("/subscribe/manage/nosuch"),
        await client.get("/subscribe", params=SEARCH),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 415, 429, 404, 404]
    assert answers[4].headers["retry-after"] == "3600"
    for answer in answers:
        assert "<!doctype html>" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "script-src" not in answer.headers["content-security-policy"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
        assert not LexborHTMLParser(answer.text).css(
            "script, link[rel=prefetch], link[rel=preload], link[rel=alternate]"
        )
