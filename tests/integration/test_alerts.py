"""The operator is told once that a source is down and once that it is back: by log, webhook and mail."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from aggregator.source import Source

pytestmark = pytest.mark.anyio

URL = "chamber.example/events.ics"
HOOK = "http://other.example/hook"
TEN = tuple(range(10))


class Box:
    """Keeps what it is sent; `refuses` what comes while it is set."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.refuses = False

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        if self.refuses:
            return "451 not now"
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 kept"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
async def mail_server(box: Box) -> AsyncIterator[str]:
    """A real mail server on loopback; its address."""
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: SMTP(box, hostname="mail.example"), "127.0.0.1", 0) as server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
async def alerted(
    web_site: Any, clock: Any, open_collector: Callable[..., Any], mail_server: str
) -> AsyncIterator[Any]:
    """A collector whose operator is told in all three ways."""
    ways = {"alert_webhook": HOOK, "alert_to": "operator@hobnob.example", "smtp_url": mail_server}
    web_site.pages["other.example/hook"] = b"heard"
    async with open_collector(web_site.port, clock(), **ways) as collector:
        yield collector


def hooks(site: Any) -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in site.asked if asked.path == "/hook"]


async def test_one_alert_when_it_goes_down_and_one_when_it_is_back(
    alerted: Any, web_site: Any, box: Box, a_source: Callable[..., Source], calendar: Any
) -> None:
    chamber = a_source("chamber")
    web_site.pages[URL] = calendar(*TEN)
    await alerted.run(chamber)
    assert not hooks(web_site)
    del web_site.pages[URL]
    await alerted.run(chamber, hours=6)
    await alerted.run(chamber, hours=6)
    web_site.pages[URL] = calendar(*TEN)
    await alerted.run(chamber, hours=6)
    await alerted.run(chamber, hours=6)

    down, back = hooks(web_site)
    assert (down["source"], down["state"], down["isDown"]) == ("chamber", "moved", True)
    assert down["advice"] == "look for its new address: hobnob add ADDRESS"
    assert (back["state"], back["isDown"], back["text"]) == ("healthy", False, "chamber: back: 10 events")
    assert [letter["Subject"].strip() for letter in box.letters] == [
        "Hobnob: chamber: down, moved: http://chamber.example/events.ics: answers 404",
        "Hobnob: chamber: back: 10 events",
    ]
    assert box.letters[0]["To"] == box.letters[0]["From"] == "operator@hobnob.example"
    assert box.letters[0]["Auto-Submitted"] == "auto-generated"
    assert "What to do: look for its new address" in str(box.letters[0].get_payload())


async def test_what_cannot_be_sent_is_logged_and_stops_nothing(
    alerted: Any,
    web_site: Any,
    box: Box,
    a_source: Callable[..., Source],
    calendar: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    del web_site.pages["other.example/hook"]
    box.refuses = True

    with caplog.at_level(logging.WARNING, "hobnob.alert"):
        run = await alerted.run(a_source("chamber"))

    told = [record.getMessage() for record in caplog.records]
    assert run.failure == "StatusError 404"
    assert any(line.startswith("the webhook was not told of chamber: ") and "404" in line for line in told)
    assert any(line.startswith("no mail was sent of chamber: ") and "not now" in line for line in told)
