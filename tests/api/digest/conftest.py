"""Dates of events as a search gives them, and the Wednesday on which letters are composed."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.event import Event, GeoCoordinates, Kind, Place, PostalAddress, Precision, ends_at, starts_at
from aggregator.render import render
from aggregator.store import Hit
from api.digest.happening import Happening, read_hit

NOW = datetime(2026, 10, 7, 18, tzinfo=UTC)
"""A Wednesday, 11:00 in Visalia."""
PACIFIC = ZoneInfo("America/Los_Angeles")
HALL = Place(
    name="Main Street Hall",
    address=PostalAddress(address_locality="Visalia", address_region="CA", address_country="US"),
    geo=GeoCoordinates(latitude=36.3302, longitude=-119.2921),
    precision=Precision.STREET,
)


def at(days: int, hour: int = 19) -> datetime:
    """So many days from NOW's, by Visalia's clock."""
    return datetime.combine(NOW.date() + timedelta(days=days), datetime.min.time(), tzinfo=PACIFIC).replace(hour=hour)


def id_of(name: str) -> str:
    return f"id-{re.sub(r'[^A-Za-z0-9]', '', name)[:40]}"


def make_hit(name: str, start: datetime | date, *, occurrence: int = 0, seen: datetime = NOW, **more: Any) -> Hit:
    told = {"location": HALL, "source": "chamber", **more}
    withdrawn = told.pop("withdrawn", False)
    end = start + timedelta(hours=1) if isinstance(start, datetime) else start
    one = Event(uid=name, name=name, start_date=start, end_date=end, time_zone="America/Los_Angeles", **told)
    written = render(
        one, id=id_of(name), sequence=0, first_seen=seen, changed_at=seen, kind=Kind.CHAMBER, withdrawn=withdrawn
    )
    return Hit(
        start_text=start.isoformat(), end_text=end.isoformat(),
        start=int(starts_at(start, one.time_zone).timestamp()), end=int(ends_at(start, end, one.time_zone).timestamp()),
        is_all_day=one.is_all_day, chord=None, json=written.json, event=1, first_seen=int(seen.timestamp() * 1e6),
        id=id_of(name), occurrence=occurrence, vevent=written.vevent,
    )  # fmt: skip


@pytest.fixture(scope="session")
def happening() -> Callable[..., Happening]:
    """A date of an event by its name, so many days after NOW's; with several dates when it has an `occurrence`."""

    def make(name: str, days: int | date, **more: Any) -> Happening:
        start = at(days, more.pop("hour", 19)) if isinstance(days, int) else days
        return read_hit(make_hit(name, start, **more), "mi", {}, {})

    return make
