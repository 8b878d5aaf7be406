"""One request at a time per host, pauses kept, and nobody delayed by somebody else's host."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from aggregator.errors import StatusError
from aggregator.fetch.pace import Pace, Visit
from aggregator.fetch.target import Origin

pytestmark = pytest.mark.anyio

CHAMBER = Origin("https", "chamber.example", 443)
LIBRARY = Origin("https", "library.example", 443)


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(slots=2, gap=0.5, clock=lambda: time.now, sleep=time.sleep)


async def ask(pace: Pace, origin: Origin, *, is_public: bool = True) -> None:
    async with pace.turn(origin, lambda: is_public):
        pass


async def test_the_first_request_to_a_host_waits_for_nothing(pace, time):
    await ask(pace, CHAMBER)
    await ask(pace, LIBRARY)
    assert time.slept == []


async def test_a_public_host_is_left_alone_for_two_seconds_whatever_the_setting(pace, time):
    await ask(pace, CHAMBER)
    await ask(pace, CHAMBER)
    assert time.slept == [2.0]


async def test_an_allowed_network_is_asked_at_the_pace_of_the_setting(pace, time):
    await ask(pace, CHAMBER, is_public=False)
    await ask(pace, CHAMBER, is_public=False)
    assert time.slept == [0.5]


async def test_the_pause_begins_when_the_answer_has_ended(pace, time):
    async with pace.turn(CHAMBER, lambda: True):
        time.now += 30
    await ask(pace, CHAMBER)
    assert time.slept == [2.0]


async def test_the_pause_is_kept_after_a_failure_too(pace, time):
    with pytest.raises(ZeroDivisionError):
        async with pace.turn(CHAMBER, lambda: True):
            raise ZeroDivisionError
    await ask(pace, CHAMBER)
    assert time.slept == [2.0]


@pytest.mark.parametrize(("asked", "kept"), [(10, 10), (3600, 60), (-5, 2)])
async def test_a_crawl_delay_is_kept_up_to_a_minute(pace, time, asked, kept):
    pace.slow_down(CHAMBER, asked)
    await ask(pace, CHAMBER)
    await ask(pace, CHAMBER)
    assert time.slept == [kept]


async def test_a_host_answers_one_request_at_a_time(pace):
    busy = most = 0

    async def one() -> None:
        nonlocal busy, most
        async with pace.turn(CHAMBER, lambda: False):
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0)
            busy -= 1

    await asyncio.gather(*(one() for _ in range(5)))
    assert most == 1


async def test_those_who_wait_for_a_slow_host_take_no_slot_from_others(pace):
    release = asyncio.Event()

    async def hold() -> None:
        async with pace.turn(CHAMBER, lambda: False):
            await release.wait()

    waiting = [asyncio.create_task(hold()) for _ in range(10)]
    await asyncio.sleep(0)
    async with asyncio.timeout(1):
        await ask(pace, LIBRARY)
    release.set()
    await asyncio.gather(*waiting)


async def test_no_more_hosts_are_asked_at_once_than_there_are_slots(pace):
    busy = most = 0

    async def one(number: int) -> None:
        nonlocal busy, most
        async with pace.turn(Origin("https", f"site{number}.example", 443), lambda: False):
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0)
            busy -= 1

    await asyncio.gather(*(one(number) for number in range(8)))
    assert most == 2


async def test_a_stopped_host_is_not_asked_until_its_time_is_over(pace, time):
    pace.stop(CHAMBER, 120, 429)
    time.now += 100
    with pytest.raises(StatusError, match=r"chamber\.example.*20 s") as caught:
        await ask(pace, CHAMBER)
    assert (caught.value.status, caught.value.retry_after) == (429, 20)
    time.now += 20
    await ask(pace, CHAMBER)


async def test_a_stop_reaches_those_who_wait_already_and_no_other_host(pace):
    async def stopping() -> None:
        async with pace.turn(CHAMBER, lambda: False):
            await asyncio.sleep(0)
            pace.stop(CHAMBER, 60, 503)

    first, second = asyncio.create_task(stopping()), asyncio.create_task(ask(pace, CHAMBER))
    await first
    with pytest.raises(StatusError):
        await second
    await ask(pace, LIBRARY)


async def test_what_a_host_is_owed_by_another_machine_is_kept_and_told_on(time):
    visits = [Visit(wait=1.5), Visit(stop=30, stopped_by=503)]
    taken: list[tuple[str, Visit]] = []

    @asynccontextmanager
    async def visiting(host: str) -> AsyncIterator[Visit]:
        taken.append((host, visits.pop(0)))
        yield taken[-1][1]

    pace = Pace(slots=2, gap=0.5, clock=lambda: time.now, sleep=time.sleep, visiting=visiting)
    async with pace.turn(CHAMBER, lambda: False):
        pace.stop(CHAMBER, 20, 429)
    time.now += 20
    with pytest.raises(StatusError, match="30 s") as caught:
        await ask(pace, CHAMBER)

    assert time.slept == [1.5]
    assert taken[0] == ("https://chamber.example", Visit(wait=0.5, stop=20, stopped_by=429))
    assert taken[1][1].stop == 30
    assert caught.value.status == 503
