"""Letters of a real process whose clock jumps, over the nights on which clocks are changed: one a week for each."""

import asyncio
import os
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.smtp import SMTP
from sqlalchemy import insert

from aggregator.store.mailing import Stage, Wish, open_mailing
from aggregator.store.mailing.tables import subscriptions
from api.digest.period import next_send

pytestmark = pytest.mark.anyio

ZONES = ("America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC")
TIMES = ((5, 23), (6, 1), (6, 2), (6, 3), (0, 0))
"""Weekdays and hours around Sunday night, when clocks are changed."""
SPANS = {
    "spring, of Los Angeles alone": (datetime(2027, 3, 9, tzinfo=UTC), 1),
    "spring": (datetime(2027, 3, 23, tzinfo=UTC), 2),
    "autumn, of Lord Howe alone": (datetime(2027, 9, 28, tzinfo=UTC), 1),
    "autumn": (datetime(2027, 10, 26, tzinfo=UTC), 2),
}
"""A Tuesday, and for how many weeks: together they have all nights of change of 2027 in these zones."""
WEEKEND = range(78, 160, 6)
"""Hours after the Tuesday's midnight, UTC, in which it is Saturday evening to Monday morning somewhere."""
SENDER = """
import asyncio, sys
from aggregator.settings import Settings
from aggregator.store.mailing import open_mailing
from api.cli.post import Post
from api.cli.tools import now_in_utc
from api.digest.deliver import Outgoing
from api.digest.gather import Written
from api.digest.sender import read_sender

class Writer:
    async def write(self, delivery, before, now):
        told = f"{delivery.period} {now.isoformat()}\\r\\n".encode()
        return Written(message=told, sent="[]", token=delivery.message_key, expires_at=now)

settings = Settings(mail_from="a@operator.example", postal_address="P.O. Box 1", smtp_url=sys.argv[2])
with open_mailing(sys.argv[1]) as mailing:
    post = Post(Outgoing(mailing=mailing, new_writer=Writer, sender=read_sender(settings), now=now_in_utc))
    for _ in sys.stdin:
        asyncio.run(post.wake())
        print(flush=True)
"""


class Box:
    """Who got a letter of which week, and when by the sender's clock."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, datetime]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        period, at = envelope.content.decode().split()
        self.letters.append((*envelope.rcpt_tos, period, datetime.fromisoformat(at)))
        return "250 kept"


@pytest.fixture
def faked(tmp_path: Path) -> dict[str, str]:
    """What makes the clock of a process that of a file, but not its monotonic one."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        if os.environ.get("CI") == "true":
            pytest.fail("libfaketime is not installed: apt-get install faketime")
        pytest.skip("libfaketime is not installed")
    usual = {"FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
    return {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(tmp_path / "clock"), **usual}


@pytest.fixture
async def mail_server() -> AsyncIterator[tuple[str, Box]]:
    box, loop = Box(), asyncio.get_running_loop()
    async with await loop.create_server(lambda: SMTP(box, hostname="mail.example"), "127.0.0.1", 0) as server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", box


def wishes() -> Iterator[Wish]:
    for zone in ZONES:
        for day, hour in TIMES:
            address = f"{zone.replace('/', '.')}.{day}.{hour}@mail.example"
            yield Wish(address=address, query="days=30", weekday=day, hour=hour, zone=zone, most=25)


def subscribe(path: Path, start: datetime) -> None:
    agreed = {"consent_words": "yes", "consent_at": start, "consent_channel": "page", "confirmed_at": start}
    rows = [
        {name: getattr(wish, name) for name in Wish.__slots__}
        | {"state": "confirmed", "next_due_at": next_send(wish, start), **agreed}
        for wish in wishes()
    ]
    with open_mailing(str(path)) as mailing, mailing._durable._engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(insert(subscriptions), rows)


def jumps(start: datetime, weeks: int) -> Iterator[datetime]:
    """Six hours on and six more, and every third time two back; from weekend to weekend in one."""
    for week in range(weeks):
        for number, hours in enumerate(WEEKEND):
            at = start + timedelta(weeks=week, hours=hours)
            yield at
            if number % 3 == 2:
                yield at - timedelta(hours=2)


@pytest.mark.parametrize("season", SPANS)
async def test_a_clock_that_jumps_over_the_nights_of_change_sends_each_week_once(
    tmp_path: Path, faked: dict[str, str], mail_server: tuple[str, Box], season: str
) -> None:
    (start, weeks), (url, box) = SPANS[season], mail_server
    store, clock = tmp_path / "hobnob.db", tmp_path / "clock"
    subscribe(store, start)
    clock.write_text(f"@{start:%Y-%m-%d %H:%M:%S}")
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SENDER, str(store), url,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env={**os.environ, **faked},
    )  # fmt: skip
    assert sender.stdin
    assert sender.stdout
    for at in jumps(start, weeks):
        clock.write_text(f"@{at:%Y-%m-%d %H:%M:%S}")
        sender.stdin.write(b"\n")
        await sender.stdout.readline()
    sender.stdin.close()
    assert await sender.wait() == 0

    letters = Counter((address, period) for address, period, _ in box.letters)
    assert set(letters.values()) == {1}
    assert Counter(address for address, _ in letters) == {wish.address: weeks for wish in wishes()}
    known = {wish.address: wish for wish in wishes()}
    for address, period, at in box.letters:
        its = at.astimezone(ZoneInfo(known[address].zone))
        due = next_send(known[address], at - timedelta(hours=8)).astimezone(its.tzinfo)
        year, week, _ = due.isocalendar()
        assert period == f"{year}-W{week:02}"
        assert timedelta() <= at - due < timedelta(hours=8), (address, at)
        assert re.fullmatch(r"2027-W\d\d", period)
    with open_mailing(str(store)) as mailing:
        assert mailing.stages(start) == {Stage.SENT: len(box.letters)}
