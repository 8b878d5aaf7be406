"""The schedule sends letters: a wish is asked about in seconds, beside collecting, and SIGTERM ends both quietly."""

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

SENDER = {"MAIL_FROM": "Visalia events <digest@operator.example>", "POSTAL_ADDRESS": "P.O. Box 1, Visalia, CA 93291"}


class Box:
    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.has_letter = threading.Event()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        self.letters.append(envelope.content)
        self.has_letter.set()
        return "250 kept"


@pytest.fixture
def mail_server() -> Iterator[tuple[str, Box]]:
    box, loop = Box(), asyncio.new_event_loop()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = loop.run_until_complete(loop.create_server(lambda: SMTP(box, hostname="mail.example"), sock=listening))
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}", box
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_wish_is_asked_about_beside_collecting(
    folder: Any, publish: Any, calendar_of: Any, mail_server: tuple[str, Box]
) -> None:
    from aggregator.store.mailing import Consent, Wish, open_mailing
    from api.cli.tools import now_in_utc

    url, box = mail_server
    with publish(folder, {"chamber": calendar_of("Mixer")}):
        wish = Wish(
            address="joe@mail.example", query="days=30&near=Visalia%2C+CA&within=15mi", weekday=6, hour=7,
            zone="America/Los_Angeles", most=25,
        )  # fmt: skip
        now = now_in_utc()
        with open_mailing(str(folder.store)) as mailing:
            mailing.ask(wish, Consent(words="yes", at=now, channel="page"), mailbox="joe", sender="192.0.2.1", now=now)
        with folder.running("schedule", "--catalog", "catalog.toml", SMTP_URL=url, **SENDER) as program:
            assert box.has_letter.wait(30)
            program.send_signal(signal.SIGTERM)
            _, complaints = program.communicate(timeout=30)

    (letter,) = box.letters
    assert b"Do you want a letter each week?" in letter.replace(b"\r\n", b"")
    assert program.returncode == 0
    assert "Traceback" not in complaints
    assert "@mail.example" not in complaints
