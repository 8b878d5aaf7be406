"""The fetcher against the kit of hostile servers that lies beside the project."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from aggregator.errors import FetchError, RobotsRefusedError
from aggregator.fetch import Fetcher, Tally, Validators
from aggregator.settings import Settings
from aggregator.source import Page, Request

KIT = Path(os.environ.get("HOBNOB_SHARED", Path(__file__).parents[4] / "shared")) / "hostile" / "hostile_server.py"

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(not KIT.exists(), reason="needs HOBNOB_SHARED/hostile")]

DEADLINE = 2.0
MEBIBYTE = 1 << 20
GIVES_A_PAGE = re.compile(
    r"/ok\.\w+|/slow/trickle-after-complete|/redirect/(chain|body)|/length/long|/reset/half-the-time"
    r"|/status/(soft-404|login|flap)|/etag/.*|/type/.*|/page/.*"
)
TAKES_THE_WHOLE_DEADLINE = re.compile(r"/slow/(?!trickle).*|/endless/(103|trailers)")


class Kit:
    """A running server of the kit."""

    def __init__(self, port: int) -> None:
        self.port = port

    def tell(self, path: str) -> object:
        with urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return json.load(answer)

    def settings(self, **more: object) -> Settings:
        hosts = ("127.0.0.1", *(f"127.0.0.{number}" for number in range(3, 11)))
        allowed = tuple(f"{host}/32:{self.port}" for host in hosts)
        return Settings(**{"allow_networks": allowed, "host_gap": 0, "deadline": DEADLINE, **more})

    async def ask(self, path: str, tally: Tally, host: str = "127.0.0.1") -> Page | FetchError:
        """With a fetcher of its own, so that one endpoint's Retry-After does not stop the next."""
        async with Fetcher(self.settings()) as fetcher:
            try:
                request = Request(url=f"http://{host}:{self.port}{path}")
                return await fetcher.fetch(request, permission="granted" if host == "127.0.0.1" else None, tally=tally)
            except FetchError as error:
                return error


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    command = [sys.executable, str(KIT), "--port", "0", "--max-seconds", "120"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield Kit(int(re.search(r":(\d+)/", process.stdout.readline()).group(1)))
        process.terminate()


@pytest.fixture(autouse=True)
def clean(kit: Kit) -> None:
    kit.tell("/__reset")


def peak_memory() -> int:
    """Bytes, since the peak was last forgotten."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text()).group(1)) * 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


async def test_every_endpoint_is_survived_as_it_promises(kit):
    forget_peak()
    before = peak_memory()
    for path in kit.tell("/__index")["endpoints"]:
        if TAKES_THE_WHOLE_DEADLINE.fullmatch(path):
            continue
        tally = Tally()
        async with asyncio.timeout(DEADLINE + 1):
            answer = await kit.ask(path, tally)
        assert isinstance(answer, Page) == bool(GIVES_A_PAGE.fullmatch(path)), f"{path}: {answer}"
        assert tally.requests <= 6, path
    assert peak_memory() - before < 64 * MEBIBYTE
    assert kit.tell("/__canary") == []


async def test_whatever_drips_is_given_up_at_the_deadline(kit):
    slow = [path for path in kit.tell("/__index")["endpoints"] if TAKES_THE_WHOLE_DEADLINE.fullmatch(path)]
    async with asyncio.timeout(DEADLINE + 1):
        answers = await asyncio.gather(*(kit.ask(path, Tally()) for path in slow))
    assert len(slow) == 6
    assert [answer for answer in answers if "no whole answer" not in str(answer)] == []


async def test_a_short_chain_of_redirects_is_followed_and_a_long_one_is_not(kit):
    assert isinstance(await kit.ask("/redirect/chain?n=4", Tally()), Page)
    assert "more than 5" in str(await kit.ask("/redirect/chain?n=12", Tally()))


async def test_a_late_answer_within_the_deadline_is_taken(kit):
    assert isinstance(await kit.ask("/slow/first-byte?s=0.5", Tally()), Page)


@pytest.mark.parametrize(
    ("number", "allowed"), [(3, False), (4, False), (5, True), (6, True), (7, True), (8, False), (9, True), (10, True)]
)
async def test_each_hosts_robots_is_kept(kit, number, allowed):
    async with Fetcher(kit.settings(deadline=0.5)) as fetcher:
        request = Request(url=f"http://127.0.0.{number}:{kit.port}/events.ics")
        if allowed:
            assert (await fetcher.fetch(request)).status == 200
        else:
            with pytest.raises(RobotsRefusedError):
                await fetcher.fetch(request)
    asked = [hit["target"] for hit in kit.tell("/__log") if hit["host"] == f"127.0.0.{number}"]
    assert ("/events.ics" in asked) is allowed


async def test_our_manners_show_in_the_sites_own_log(kit):
    async with Fetcher(kit.settings(host_gap=0.2, contact="events@operator.example")) as fetcher:

        async def run(path: str, host: str) -> None:
            request = Request(url=f"http://{host}:{kit.port}{path}")
            page = await fetcher.fetch(request)
            await fetcher.fetch(request, Validators.of(page))

        await asyncio.gather(*(run(path, "127.0.0.5") for path in ("/a.ics", "/b.ics")), run("/a.ics", "127.0.0.10"))
    stats = kit.tell("/__stats")
    assert {host: seen["requests"] for host, seen in stats.items()} == {"127.0.0.5": 5, "127.0.0.10": 3}
    for host in stats.values():
        assert host["max_inflight"] == 1
        assert host["min_gap_s"] >= 0.2
        assert host["conditional"] == host["requests"] // 2
        assert host["cookies_sent"] == 0
        assert host["accept_encoding"] == ["gzip"]
        assert len(host["user_agents"]) == 1
        assert host["user_agents"][0].startswith("Hobnob/")
