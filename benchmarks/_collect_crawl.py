"""What both sides of benchmarks/collect.py are asked to do, and what they tell of it."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

HOSTS, SLOTS, PER_HOST = 50, 32, 1
"""Sites, requests at once, and requests at once to one site, which Hobnob does not let be chosen."""

NOW = datetime(2027, 1, 3, tzinfo=UTC)
"""The day before the first generated event."""

PLATFORMS = {".html": "jsonld", ".ics": "ics", ".xml": "rss", ".json": "tec"}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """`seconds` by the clock, and `processor` seconds of all its processes."""

    pages: int
    drafts: int
    seconds: float
    processor: float

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, told: str) -> Self:
        return cls(**json.loads(told))

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of processor a page."""
        return 1000 * self.processor / self.pages


def platform_of(url: str) -> str:
    """Which reader a generated page is for."""
    return next(platform for suffix, platform in PLATFORMS.items() if suffix in url)


def processor_seconds() -> float:
    """Of this process and its children so far, those that ended and those that run."""
    used = os.times()
    running = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return used.user + used.system + used.children_user + used.children_system + sum(map(_seconds_of, running))


def _seconds_of(pid: str) -> float:
    """User and system (proc(5), fields 14 and 15)."""
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) / TICKS
