"""Many processes on one PostgreSQL: what becomes of due runs while parts of it are killed, and how work is shared out.

python benchmarks/cluster.py faults    2 schedulers, 3 workers, 2 APIs, 500 sources; kills, crashes and a long sleep
python benchmarks/cluster.py speed     one, two and four workers at a backlog of slow hosts, side by side
"""

import argparse
import asyncio
import re
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import asyncpg
from _fleet import Database, Fleet, Sites, open_database, open_fleet, until

BACK_SECONDS = 10.0
TICKS = "this scheduler ticks"
WAITS = "waiting to be the one that ticks"


@dataclass
class Watch:
    """Asks an API all the time; what it answered, and when."""

    port: int
    answers: list[tuple[float, str]] = field(default_factory=list)

    async def look(self) -> None:
        while True:
            self.answers.append((time.monotonic(), await self._ask()))
            await asyncio.sleep(0.1)

    async def _ask(self) -> str:
        try:
            async with asyncio.timeout(30):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                target = (
                    f"/v1/events?near=36.7378,-119.7871&start=2035-01-01&days=30&limit={len(self.answers) % 50 + 1}"
                )
                writer.write(f"GET {target} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n".encode())
                told = (await reader.read()).decode("latin-1").lower()
                writer.close()
        except (OSError, TimeoutError) as error:
            return f"no answer: {type(error).__name__}"
        status = told.split(" ")[1] if told else "empty"
        return f"{status} with retry-after" if "\r\nretry-after:" in told else status

    def back_after(self, moment: float) -> float:
        """Seconds until it answered well again."""
        return next((at - moment for at, said in self.answers if at > moment and said == "200"), float("inf"))


async def faults(database: Database, wanted: argparse.Namespace) -> None:
    async with open_fleet(database, wanted.sources, 0.5, fetch_slots=wanted.slots) as (fleet, sites):
        await start_all(fleet)
        watches = [Watch(fleet.port_of(name)) for name in ("serve0", "serve1")]
        looking = [asyncio.create_task(watch.look()) for watch in watches]
        story = Story(fleet, sites)
        await story.round("nothing fails", last=0)
        await story.round("a worker is killed", partial(kill_worker, fleet))
        await story.round("the scheduler that ticks is killed", partial(replace_scheduler, fleet, signal.SIGKILL))
        if wanted.hang:
            await story.round("the scheduler that ticks hangs", partial(replace_scheduler, fleet, signal.SIGSTOP))
        back: list[float] = []
        for _ in range(wanted.restarts):
            await story.round("PostgreSQL crashes", partial(crash_database, fleet, watches, back))
        await story.round(f"a worker sleeps for {wanted.sleep:g} s", partial(put_to_sleep, fleet, wanted.sleep))
        for task in looking:
            task.cancel()
        tell(fleet, sites, watches, back, story.wrong)


async def start_all(fleet: Fleet) -> None:
    for number in range(2):
        fleet.start(f"schedule{number}", "schedule")
        fleet.start(f"serve{number}", "serve", "--port", "0")
    for number in range(3):
        fleet.start(f"work{number}", "work")
    for number in range(2):
        await fleet.has_said(f"serve{number}", "the API answers")
    for number in range(3):
        await fleet.has_said(f"work{number}", "working on what is due")


@dataclass
class Story:
    """Rounds: everything is due, something fails, and each source has one run more."""

    fleet: Fleet
    sites: Sites
    wrong: list[str] = field(default_factory=list)

    async def round(
        self, title: str, fault: Callable[[], Awaitable[None]] | None = None, last: int | None = None
    ) -> None:
        # All that was ever asked belongs to the first round: workers begin while others are still being started.
        before = Counter() if last == 0 else Counter(self.sites.asked)
        last = await self.fleet.make_due() if last is None else last
        began = time.monotonic()
        if fault:
            await fault()
        await self.fleet.all_done(last)
        found = await self.fleet.database.ask("SELECT source, count(*) FROM runs WHERE id > $1 GROUP BY source", last)
        twice = [row["source"] for row in found if row["count"] != 1]
        failed = await self.fleet.database.ask(
            "SELECT source, reason FROM runs WHERE id > $1 AND outcome <> 'accepted'", last
        )
        asked = self.sites.asked - before
        unseen = self.fleet.sources - len(asked)
        print(
            f"{title}: {len(found)} sources in {time.monotonic() - began:.1f} s;"
            f" twice {len(twice)}, failed {len(failed)}, without a visit {unseen}; visits {sum(asked.values())}"
        )
        for row in failed[:3]:
            print("   ", row["source"], row["reason"])
        self.wrong += [f"{title}: {name} twice" for name in twice]
        self.wrong += [f"{title}: {row['source']} failed: {row['reason']}" for row in failed]
        self.wrong += [f"{title}: {unseen} runs without a visit"] if unseen else []


async def all_at_work(fleet: Fleet, workers: int = 3) -> None:
    """Each worker holds leases."""

    async def is_busy() -> bool:
        question = "SELECT count(DISTINCT queue_manager_id) FROM pgqueuer WHERE status = 'picked'"
        return bool((await fleet.database.ask(question))[0][0] >= workers)

    await until(is_busy, "all workers are at work")


async def kill_worker(fleet: Fleet) -> None:
    await all_at_work(fleet)
    fleet.send("work0", signal.SIGKILL)
    fleet.start("work0", "work")


async def replace_scheduler(fleet: Fleet, number: signal.Signals) -> None:
    ticking, other = sorted(("schedule0", "schedule1"), key=partial(_waits, fleet))
    before, began = fleet.log(other).count(TICKS), time.monotonic()
    fleet.send(ticking, number)

    async def ticks() -> bool:
        return fleet.log(other).count(TICKS) > before

    await until(ticks, "another scheduler ticks")
    print(f"  another scheduler ticks after {time.monotonic() - began:.1f} s")
    waited = fleet.log(ticking).count(WAITS)
    if number is signal.SIGKILL:
        fleet.start(ticking, "schedule")
    else:
        fleet.send(ticking, signal.SIGCONT)

    async def waits() -> bool:
        return fleet.log(ticking).count(WAITS) > waited

    await until(waits, "the first scheduler waits for the other one")


def _waits(fleet: Fleet, name: str) -> bool:
    log = fleet.log(name)
    return log.rfind(WAITS) > log.rfind(TICKS)


async def crash_database(fleet: Fleet, watches: list[Watch], back: list[float]) -> None:
    await all_at_work(fleet, 1)
    await asyncio.to_thread(fleet.database.crash)
    await asyncio.to_thread(fleet.database.start)
    last, began = await fleet.last_run(), time.monotonic()
    await until(partial(_has_new_run, fleet, last), "a run after a crash")
    back.append(time.monotonic() - began)
    for watch in watches:
        await until(partial(_is_back, watch, began), "the API answers after a crash")
        back.append(watch.back_after(began))


async def _has_new_run(fleet: Fleet, last: int) -> bool:
    try:
        return await fleet.last_run() > last
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


async def _is_back(watch: Watch, moment: float) -> bool:
    return watch.back_after(moment) != float("inf")


async def put_to_sleep(fleet: Fleet, seconds: float) -> None:
    await all_at_work(fleet)
    fleet.send("work1", signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        fleet.send("work1", signal.SIGCONT)


def tell(fleet: Fleet, sites: Sites, watches: list[Watch], back: list[float], wrong: list[str]) -> None:
    answers = Counter(said for watch in watches for _, said in watch.answers)
    refused = sum(len(re.findall(r"lease \d+ is over", fleet.log(f"work{number}"))) for number in range(3))
    print(f"the APIs answered: {dict(answers)}")
    print(f"back after a crash: {max(back):.1f} s at most")
    print(f"late writes that were refused: {refused}; at one host at once: {sites.most_at_once}")
    wrong += [f"an API answered {said}" for said in answers if said not in {"200", "503 with retry-after"}]
    wrong += [f"back only after {seconds:.1f} s" for seconds in back if seconds > BACK_SECONDS]
    wrong += [f"{path.name}: a traceback" for path in fleet.folder.glob("*.log") if "Traceback" in path.read_text()]
    ended = [name for name, process in fleet.running.items() if process.poll() is not None]
    wrong += [f"{name} ended" for name in ended]
    print("each due run had its effect once" if not wrong else "\n".join(["wrong:", *wrong[:20]]))
    if wrong:
        raise SystemExit(1)


async def speed(database: Database, wanted: argparse.Namespace) -> None:
    times = {count: await one_speed(database, wanted, count) for count in wanted.workers}
    first = times[wanted.workers[0]]
    for count, seconds in times.items():
        print(f"{count} workers: {wanted.sources} sources in {seconds:.1f} s, {first / seconds:.2f} times as fast")


async def one_speed(database: Database, wanted: argparse.Namespace, workers: int) -> float:
    """From the begin of the first run to the end of the last one, by the runs themselves."""
    async with open_fleet(database, wanted.sources, wanted.delay, fetch_slots=wanted.slots) as (fleet, _):
        for number in range(workers):
            fleet.start(f"work{number}", "work")
        for number in range(workers):
            await fleet.has_said(f"work{number}", "working on what is due")
        await fleet.make_due()
        last = await fleet.last_run()
        fleet.start("schedule", "schedule")
        await fleet.all_done(last, 600)
        span = "SELECT (max(finished_at) - min(started_at)) / 1e6 FROM runs WHERE id > $1"
        return float((await fleet.database.ask(span, last))[0][0])


def read_words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["faults", "speed"])
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--slots", type=int, default=8, help="sources at a time, of a worker")
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument("--hang", action=argparse.BooleanOptionalAction, default=True, help="a scheduler hangs too")
    parser.add_argument("--sleep", type=float, default=60, help="seconds")
    parser.add_argument("--delay", type=float, default=1.0, help="seconds that a host takes")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    return parser.parse_args()


def main() -> None:
    wanted = read_words()
    with open_database() as database:
        asyncio.run(faults(database, wanted) if wanted.what == "faults" else speed(database, wanted))


if __name__ == "__main__":
    main()
