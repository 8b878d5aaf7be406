"""Letters to a real mail server: each once, none lost in silence, and what nobody can know is said."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiosmtpd.smtp import SMTP
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import insert

from aggregator.event import Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.mailing import Stage, State, open_mailing
from aggregator.store.mailing.mailing import Mailing
from aggregator.store.mailing.tables import subscriptions
from aggregator.store.store import Store
from api.app import create_app
from api.digest.deliver import Circuit, Outgoing, Pass, deliver
from api.digest.gather import Writer
from api.digest.period import next_send
from api.digest.sender import read_sender

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
DUE = datetime(2026, 10, 11, 14, tzinfo=UTC)
"""Sunday at seven in Visalia."""
SITE = "https://hobnob.example"


class Box:
    """A mail server's mind: it takes every letter, unless an address has another answer at RCPT or after the dot."""

    def __init__(self, *offers: str) -> None:
        self.offers = [f"250-{offer}" for offer in offers]
        self.letters: list[tuple[str, bytes]] = []
        self.at_rcpt: dict[str, str] = {}
        self.at_dot: dict[str, str] = {}
        self.connections = 0
        self.before_dot: Callable[[], None] = lambda: None

    async def handle_EHLO(self, _server: Any, session: Any, _: Any, name: str, answers: list[str]) -> list[str]:  # noqa: N802 - aiosmtpd's
        self.connections += 1
        session.host_name = name
        return [*self.offers, *answers]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        self.before_dot()
        return "250 well"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = self.at_dot.get(address, "250 kept")
        if answer.startswith("2"):
            self.letters.append((address, envelope.content))
        return answer

    def read(self) -> dict[str, EmailMessage]:
        told = {address: message_from_bytes(content, policy=policy.default) for address, content in self.letters}
        assert len(told) == len(self.letters)
        return told  # type: ignore[return-value]


@pytest.fixture(params=[(), ("PIPELINING",)], ids=["one command at a time", "several at once"])
def box(request: pytest.FixtureRequest) -> Box:
    return Box(*request.param)


@pytest.fixture
async def mail_server(box: Box) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: SMTP(box, hostname="mail.example"), "127.0.0.1", 0) as server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def mailing(changing_town: Store, tmp_path: Path) -> Iterator[Mailing]:
    with open_mailing(str(tmp_path / "hobnob.db")) as opened:
        yield opened


class Office:
    """All that a pass works with, by a clock that is moved by hand."""

    def __init__(self, town: Store, mailing: Mailing, gazetteer: Gazetteer, smtp_url: str) -> None:
        self.at, self.is_stopped = DUE, False
        told: dict[str, Any] = {
            "mail_from": "Visalia events <digest@operator.example>", "postal_address": "P.O. Box 1, Visalia, CA",
            "public_url": SITE, "contact": "events@operator.example", "smtp_url": smtp_url,
        }  # fmt: skip
        self.settings = Settings(**told)
        self.mailing, self.town, self.gazetteer = mailing, town, gazetteer
        self.sender = read_sender(self.settings)

    def writer(self) -> Writer:
        return Writer(self.town, self.settings, self.gazetteer, self.sender)

    async def deliver(self, **more: Any) -> Pass:
        outgoing = Outgoing(
            mailing=self.mailing, new_writer=self.writer, sender=self.sender, now=lambda: self.at,
            **{"is_stopped": lambda: self.is_stopped, **more},
        )  # fmt: skip
        done = await deliver(outgoing)
        assert done is not None
        return done

    def api(self) -> httpx.AsyncClient:
        app = create_app(self.town, self.settings, self.gazetteer, now=lambda: self.at, mailing=self.mailing)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=SITE)

    def subscribe(self, *names: str, query: str = "days=30&near=Visalia%2C+CA&within=15mi", **more: Any) -> None:
        """These said yes a while ago, and are due on Sunday at seven."""
        usual = {"weekday": 6, "hour": 7, "zone": "America/Los_Angeles", "most": 25, "state": "confirmed"}
        agreed = {"consent_words": "yes", "consent_at": NOW, "consent_channel": "page", "confirmed_at": NOW}
        rows = [
            {"address": f"{name}@mail.example", "query": query, "next_due_at": DUE, **usual, **agreed, **more}
            for name in names
        ]
        with self.mailing._durable._engine.begin() as connection:
            connection.execute(insert(subscriptions), rows)

    def stages(self) -> dict[Stage, int]:
        return self.mailing.stages(DUE - timedelta(days=100))


@pytest.fixture
def office(changing_town: Store, mailing: Mailing, gazetteer: Gazetteer, mail_server: str) -> Office:
    return Office(changing_town, mailing, gazetteer, mail_server)


HEADERS = {
    "From": r"Visalia events <digest@operator\.example>",
    "To": r"s\d+@mail\.example",
    "Reply-To": r"events@operator\.example",
    "Subject": r"Events near Visalia, CA: 3 this week",
    "Date": r"Sun, 11 Oct 2026 14:00:00 \+0000",
    "Message-ID": r"<[0-9a-f]{32}@operator\.example>",
    "List-Id": r"<weekly\.operator\.example>",
    "List-Unsubscribe": r"<https://hobnob\.example/subscribe/stop/[\w-]{43}>",
    "List-Unsubscribe-Post": r"List-Unsubscribe=One-Click",
    "Auto-Submitted": r"auto-generated",
    "Precedence": r"bulk",
    "Feedback-ID": r"2026-W41:weekly:hobnob:operator\.example",
    "MIME-Version": r"1\.0",
}


async def test_two_hundred_letters_go_out_once_over_one_connection(office: Office, box: Box) -> None:
    office.subscribe(*(f"s{number}" for number in range(200)))

    done = await office.deliver()
    again = await office.deliver()

    assert (done.stages, done.trouble) == ({Stage.SENT: 200}, None)
    assert (again.stages, office.stages()) == ({}, {Stage.SENT: 200})
    assert box.connections == 1
    letters = box.read()
    assert len(letters) == len({str(letter["Message-ID"]) for letter in letters.values()}) == 200
    for address, letter in letters.items():
        assert address == str(letter["To"])
        assert not letter.defects
        for name, pattern in HEADERS.items():
            assert re.fullmatch(pattern, str(letter[name])), name
        text, html = (str(part.get_content()) for part in letter.iter_parts())  # type: ignore[attr-defined]
        assert len(html.encode()) < 80_000
        assert "Tree Day" not in html
        links = [str(link.attributes["href"]) for link in LexborHTMLParser(html).css("a")]
        assert all(link.startswith("https://") for link in links)
        stop = str(letter["List-Unsubscribe"])[1:-1]
        assert stop in links
        assert stop in text
        assert "P.O. Box 1, Visalia, CA" in html
        assert "P.O. Box 1, Visalia, CA" in text


async def test_every_link_of_a_letter_is_looked_at_five_times_and_changes_nothing(office: Office, box: Box) -> None:
    office.subscribe("joe")
    await office.deliver()
    (letter,) = box.read().values()
    html = str(letter.get_body(("html",)).get_content())  # type: ignore[union-attr]
    ours = [link for a in LexborHTMLParser(html).css("a") if (link := str(a.attributes["href"])).startswith(SITE)]
    with office.mailing._durable._engine.connect() as connection:
        before = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]

    async with office.api() as client:
        for link in ours * 5:
            for method in ("GET", "HEAD"):
                assert (await client.request(method, link)).status_code == 200, link

    assert len(ours) >= 5
    with office.mailing._durable._engine.connect() as connection:
        assert "\n".join(connection.connection.driver_connection.iterdump()) == before  # type: ignore[union-attr]


async def test_from_the_wish_to_the_last_letter(office: Office, box: Box) -> None:
    async with office.api() as client:
        office.at = NOW
        await client.post("/v1/subscriptions", json={"email": "joe@mail.example", "near": "Visalia, CA"})
        await office.deliver()
        (question,) = box.read().values()
        link = re.search(r"https://\S+/subscribe/confirm/\S+", str(question.get_content()))
        assert link
        assert not {"List-Unsubscribe", "List-Id"} & set(question.keys())
        assert (await client.post(link[0])).status_code == 200
        office.at, box.letters = DUE, []
        await office.deliver()
        (letter,) = box.read().values()
        stop = str(letter["List-Unsubscribe"])[1:-1]
        assert (await client.post(stop, data={"List-Unsubscribe": "One-Click"})).status_code == 200
        office.at, box.letters = DUE + timedelta(days=7), []
        await office.deliver()

    assert box.letters == []
    assert office.mailing.states() == {State.UNSUBSCRIBED: 1}


async def test_the_next_letter_tells_only_what_is_new_or_has_changed(
    office: Office, box: Box, add: Callable[..., None], changing_town: Store
) -> None:
    office.subscribe("joe", query="days=30&kind=chamber&near=Visalia%2C+CA&within=15mi")
    await office.deliver()
    assert box.read()["joe@mail.example"]
    office.at, box.letters = DUE + timedelta(days=7), []
    empty = await office.deliver()

    breakfast = changing_town.stored_listings("chamber")["=SUM(A1) Breakfast"].event
    start = datetime(2026, 10, 29, 18, tzinfo=ZoneInfo("America/Los_Angeles"))
    soup = replace(breakfast, uid="Soup", name="Soup Supper", start_date=start, end_date=None)
    add(changing_town, Kind.CHAMBER, (soup,))
    office.at, box.letters = DUE + timedelta(days=14), []
    await office.deliver()

    assert empty.stages == {Stage.EMPTY: 1}
    (letter,) = box.read().values()
    html = str(letter.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert [node.text() for node in LexborHTMLParser(html).css("h3")] == ["Soup Supper"]


async def test_a_letter_that_is_put_off_comes_later_with_the_same_message_id(office: Office, box: Box) -> None:
    office.subscribe("joe", "ann")
    box.at_dot["joe@mail.example"] = "451 greylisted"
    first = await office.deliver()
    (waiting,) = [stage for stage in office.stages() if stage is not Stage.SENT]
    box.at_dot, office.at = {}, DUE + timedelta(minutes=1)
    too_early = await office.deliver()
    office.at = DUE + timedelta(minutes=2)
    second = await office.deliver()

    assert first.stages == {Stage.SENT: 1, Stage.PENDING: 1}
    assert waiting is Stage.PENDING
    assert too_early.stages == {}
    assert second.stages == {Stage.SENT: 1}
    assert set(box.read()) == {"joe@mail.example", "ann@mail.example"}


async def test_a_letter_that_is_put_off_for_a_day_is_given_up_and_said_so(
    office: Office, box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    office.subscribe("joe")
    box.at_rcpt["joe@mail.example"] = "450 try again, joe@mail.example"
    while office.at < DUE + timedelta(days=2):
        await office.deliver()
        office.at += timedelta(hours=1)

    assert office.stages() == {Stage.FAILED: 1}
    assert office.mailing.letters_of(1)[0][3] == "put off for a day (450)"
    assert "letter 1/2026-W41: failed: put off for a day (450)" in caplog.text
    assert "@mail.example" not in caplog.text


async def test_an_address_that_bounces_three_times_in_a_month_is_suspended(office: Office, box: Box) -> None:
    office.subscribe("gone", "ann", query="days=30&near=Fresno%2C+CA&within=50mi", most=1)
    box.at_rcpt["gone@mail.example"] = "550 no such user"
    states = []
    for week in range(4):
        office.at = DUE + timedelta(weeks=week)
        await office.deliver()
        states.append(office.mailing.of_address("gone@mail.example")[0].state)

    assert states == [State.CONFIRMED, State.CONFIRMED, State.SUSPENDED, State.SUSPENDED]
    assert office.mailing.of_address("ann@mail.example")[0].state is State.CONFIRMED
    assert [letter[3] for letter in office.mailing.letters_of(1)] == ["bounced"] * 3


async def test_what_was_not_taken_was_not_told(office: Office, box: Box) -> None:
    office.subscribe("joe")
    box.at_dot["joe@mail.example"] = "554 looks like spam"
    refused = await office.deliver()
    box.at_dot, office.at = {}, DUE + timedelta(days=7)
    await office.deliver()

    assert refused.stages == {Stage.FAILED: 1}
    text = str(box.read()["joe@mail.example"].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "THIS WEEK\r\n\r\nWeekly Sort" in text
    assert "YOUR REGULARS" not in text


async def test_a_regular_that_was_told_is_folded_in_the_next_letter(office: Office, box: Box) -> None:
    office.subscribe("joe")
    await office.deliver()
    office.at, box.letters = DUE + timedelta(days=7), []
    await office.deliver()

    text = str(box.read()["joe@mail.example"].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "YOUR REGULARS\r\n\r\nWeekly Sort\r\nTue 20 Oct, 6:00 pm\r\n" in text
    assert "THIS WEEK" not in text


async def test_a_letter_that_is_stopped_while_it_is_handed_over_is_not_ended(office: Office, box: Box) -> None:
    office.subscribe("joe", "ann")
    box.before_dot = lambda: office.mailing.stop(1, office.at)

    done = await office.deliver()

    assert set(box.read()) == {"ann@mail.example"}
    assert done.stages == {Stage.SKIPPED: 1, Stage.SENT: 1}
    assert office.mailing.letters_of(1)[0][1::2] == ("skipped", "unsubscribed")


async def test_a_server_that_is_down_gets_a_rest_and_letters_wait(office: Office, box: Box, mail_server: str) -> None:
    office.subscribe("joe")
    url, circuit = office.settings.smtp_url, Circuit()
    office.sender = read_sender(office.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"}))
    pauses = []
    for _ in range(7):
        done = await office.deliver()
        assert done.trouble is not None
        assert done.trouble.startswith("the mail server 127.0.0.1:1: takes no letters now")
        circuit.note(done, office.at)
        assert circuit.open_until
        pauses.append((circuit.open_until - office.at).total_seconds() // 60)
        assert circuit.is_open(office.at)
        office.at = circuit.open_until
        assert not circuit.is_open(office.at)
    office.sender = read_sender(office.settings.model_copy(update={"smtp_url": url}))
    circuit.note(await office.deliver(), office.at)

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert (circuit.open_until, len(box.letters), office.stages()) == (None, 1, {Stage.SENT: 1})


async def test_what_waits_for_two_days_is_given_up_and_said_so(office: Office, box: Box) -> None:
    office.subscribe("joe")
    url = office.sender.smtp_url
    office.sender = read_sender(office.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"}))
    await office.deliver()
    office.sender = read_sender(office.settings.model_copy(update={"smtp_url": url}))
    office.at = DUE + timedelta(days=2)
    await office.deliver()

    assert (box.letters, office.mailing.letters_of(1)[0][1::2]) == ([], ("failed", "not taken within 48 hours"))


@pytest.mark.parametrize(("late", "stage"), [(timedelta(hours=23), Stage.SENT), (timedelta(days=3), Stage.SKIPPED)])
async def test_after_a_sleep_a_letter_is_late_once_or_skipped_and_said_so(
    office: Office, box: Box, late: timedelta, stage: Stage
) -> None:
    office.subscribe("joe")
    office.at = DUE + late
    await office.deliver()
    await office.deliver()

    assert office.stages() == {stage: 1}
    assert len(box.letters) == (stage is Stage.SENT)
    assert office.mailing.of_address("joe@mail.example")[0].next_due_at == DUE + timedelta(days=7)


async def test_a_clock_that_jumps_sends_no_week_twice(office: Office, box: Box) -> None:
    office.subscribe("joe")
    for hours in (0, -2, 0, 1, -24, 24 * 7, 2, 0):
        office.at = DUE + timedelta(hours=hours)
        await office.deliver()

    periods = [period for period, *_ in office.mailing.letters_of(1)]
    assert periods == ["2026-W41", "2026-W42"]
    assert len(box.letters) <= 2


async def test_two_senders_do_not_send_the_same(office: Office, box: Box) -> None:
    office.subscribe(*(f"s{number}" for number in range(20)))
    outgoing = Outgoing(mailing=office.mailing, new_writer=office.writer, sender=office.sender, now=lambda: office.at)

    ended = await asyncio.gather(*(deliver(outgoing) for _ in range(3)))

    assert sum(one is not None for one in ended) == 1
    assert len(box.read()) == 20


async def test_a_pass_that_is_stopped_finishes_its_letter_and_leaves_the_rest_waiting(office: Office, box: Box) -> None:
    office.subscribe(*(f"s{number}" for number in range(20)))
    await office.deliver(is_stopped=lambda: len(box.letters) == 5)

    assert len(box.letters) == 5
    assert office.stages() == {Stage.SENT: 5, Stage.PENDING: 15}
    await office.deliver()
    assert len(box.read()) == 20


async def test_a_search_that_can_no_longer_be_asked_costs_its_own_letter_only(office: Office, box: Box) -> None:
    office.subscribe("joe", query="days=30&near=Atlantis%2C+XX&within=15mi")
    office.subscribe("ann")

    done = await office.deliver()

    assert done.stages == {Stage.FAILED: 1, Stage.SENT: 1}
    assert "its search cannot be asked" in str(office.mailing.letters_of(1)[0][3])


async def test_what_may_have_arrived_is_listed_and_resolved_by_a_person(office: Office, box: Box) -> None:
    office.subscribe("joe", "ann")
    mailing = office.mailing
    mailing.queue_due(DUE, lambda wish: next_send(wish, DUE), lambda *_: "2026-W41")
    for delivery in mailing.claim(DUE, limit=2):
        assert mailing.dot(delivery, sent="[]", token=delivery.name, expires_at=DUE, now=DUE)
    done = await office.deliver()

    assert (done.stages, box.letters) == ({}, [])
    assert [one.name for one in mailing.unknown()] == ["1/2026-W41", "2/2026-W41"]
    mailing.resolve("1/2026-W41", is_sent_again=True, now=DUE)
    mailing.resolve("2/2026-W41", is_sent_again=False, now=DUE)
    await office.deliver()
    assert set(box.read()) == {"joe@mail.example"}
    assert mailing.unknown() == ()


async def test_no_address_is_logged(office: Office, box: Box, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    office.subscribe("joe", "ann", "eve")
    box.at_rcpt["joe@mail.example"] = "550 <joe@mail.example>: no such user"
    box.at_dot["ann@mail.example"] = "554 <ann@mail.example>: spam"

    await office.deliver()

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("hobnob")]
    assert len(ours) == 2
    assert not any("@mail.example" in line for line in ours)


async def test_what_was_claimed_before_the_machine_stopped_is_not_sent_again_by_itself(
    office: Office, box: Box
) -> None:
    office.subscribe("joe", "ann")
    mailing = office.mailing
    mailing.queue_due(DUE, lambda wish: next_send(wish, DUE), lambda *_: "2026-W41")
    mailing._boot = "the run before"
    mailing.claim(DUE, limit=1)
    mailing._boot = "this run"
    done = await office.deliver()

    assert done.stages == {Stage.SENT: 1}
    assert [one.name for one in mailing.unknown()] == ["1/2026-W41"]


async def test_what_a_dead_sender_had_claimed_is_sent_by_the_next(office: Office, box: Box) -> None:
    office.subscribe("joe", "ann")
    office.mailing.queue_due(DUE, lambda wish: next_send(wish, DUE), lambda *_: "2026-W41")
    office.mailing.claim(DUE, limit=1)

    done = await office.deliver()

    assert done.stages == {Stage.SENT: 2}
    assert office.mailing.unknown() == ()
