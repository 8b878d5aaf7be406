"""The store's file, the disk under it, and the clock."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.errors import StoreError
from aggregator.store import SourceStatus
from aggregator.store.damage import find_damage
from aggregator.store.database import is_postgres, is_there, name_of
from aggregator.store.engine import file_of
from api.cli.doctor.finding import Finding, Grade
from api.cli.words import count

MEBIBYTE = 1 << 20
LEAST_FREE = 500 * MEBIBYTE
MOST_CHECKED = 2048 * MEBIBYTE
"""A larger file is not looked through: that takes minutes."""

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=2)


def examine_store(address: str) -> Iterator[Finding]:
    """Whether the file is there, whole, and has room to grow; or the database answers."""
    if is_postgres(address):
        yield _database(address)
        return
    try:
        path = file_of(address)
    except StoreError as error:
        yield Finding(grade=Grade.WRONG, about="store", seen=str(error), advice="mend HOBNOB_STORE")
        return
    yield _file(path) if path.exists() else _missing(path)
    free = shutil.disk_usage(path.absolute().parent if path.absolute().parent.exists() else Path.cwd()).free
    grade = Grade.WRONG if free < LEAST_FREE else Grade.WELL
    advice = "make room: the store cannot be written when it is full" if grade is Grade.WRONG else None
    yield Finding(grade=grade, about="disk", seen=f"{free // MEBIBYTE:,} MiB free", advice=advice)


def _database(address: str) -> Finding:
    name = name_of(address)
    try:
        is_made = is_there(address)
    except StoreError as error:
        return Finding(grade=Grade.WRONG, about="store", seen=str(error), advice="start it, or mend HOBNOB_STORE")
    if is_made:
        return Finding(grade=Grade.WELL, about="store", seen=f"{name} answers, and holds a store")
    return Finding(grade=Grade.DOUBTFUL, about="store", seen=f"{name} is empty yet", advice="hobnob collect fills it")


def _missing(path: Path) -> Finding:
    advice = "hobnob collect makes it; HOBNOB_STORE names another"
    return Finding(grade=Grade.DOUBTFUL, about="store", seen=f"{path} is not there yet", advice=advice)


def _file(path: Path) -> Finding:
    size = path.stat().st_size
    damage = find_damage(path) if size <= MOST_CHECKED else None
    if damage:
        advice = "stop hobnob, and put a backup in its place, or move it away and collect anew"
        return Finding(grade=Grade.WRONG, about="store", seen=f"{path} is damaged: {damage}", advice=advice)
    return Finding(grade=Grade.WELL, about="store", seen=f"{path}, {size // MEBIBYTE:,} MiB, whole")


def examine_clock(now: datetime, statuses: Sequence[SourceStatus], told: datetime | None) -> Finding:
    """Against what the store has seen, and what a site says the time is; None when none could be asked."""
    last = max((s.last_run.finished_at for s in statuses if s.last_run), default=BUILT)
    advice = "set the clock: every date and every schedule hangs on it"
    if now < last - SKEW:
        seen = f"says {now:%Y-%m-%d %H:%M} UTC, which is before the last run at {last:%Y-%m-%d %H:%M}"
        return Finding(grade=Grade.WRONG, about="clock", seen=seen, advice=advice)
    if told is not None and abs(told - now) > SKEW:
        seen = f"is {count(int(abs(told - now).total_seconds() // 60), 'minute')} away from what sites say"
        return Finding(grade=Grade.WRONG, about="clock", seen=seen, advice=advice)
    against = "as sites have it" if told else "after all that the store has seen"
    return Finding(grade=Grade.WELL, about="clock", seen=f"{now:%Y-%m-%d %H:%M} UTC, {against}")
