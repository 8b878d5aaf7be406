"""The demo's organisations: what town.toml says, dated around today."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One invented event; `weekly` is how many weeks in a row, 1 for a single date."""

    key: str
    name: str
    start: datetime
    end: datetime
    is_whole_day: bool
    weekly: int
    is_cancelled: bool
    venue: dict[str, Any]
    price: str
    about: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One invented organisation; `path` is where its calendar lies, `address` what its catalogue row says."""

    name: str
    host: str
    kind: str
    platform: str
    syntax: str
    path: str
    address: str
    meetings: tuple[Meeting, ...]
    rule: str | None = None
    told: dict[str, Any]

    @property
    def url(self) -> str:
        """The address in its catalogue row."""
        return f"http://{self.host}{self.address}"


def read_town(today: date) -> tuple[Organisation, ...]:
    """Every organisation, with its meetings counted from today."""
    rows = tomllib.loads(files(__package__).joinpath("town.toml").read_text("utf-8"))["organization"]
    return tuple(_read_organisation(row, today) for row in rows)


def _read_organisation(row: dict[str, Any], today: date) -> Organisation:
    meetings = [
        _read_meeting(event, day, f"{number}-{day}", f"http://{row['host']}/event/{number}-{day}", today)
        for number, event in enumerate(row.get("event", []), 1)
        for day in event["days"]
    ]
    return Organisation(
        name=row["name"],
        host=row["host"],
        kind=row["kind"],
        platform=row["platform"],
        syntax=row.get("syntax", "jsonld"),
        path=row.get("path", "/"),
        address=row.get("address", row.get("path", "/")),
        meetings=tuple(sorted(meetings, key=lambda meeting: meeting.start)),
        rule=row.get("rule"),
        told=row,
    )


def _read_meeting(event: dict[str, Any], day: int, key: str, url: str, today: date) -> Meeting:
    clock = time.fromisoformat(event.get("at", "00:00"))
    start = datetime.combine(today + timedelta(days=day), clock, tzinfo=ZONE)
    return Meeting(
        key=key,
        name=event["name"],
        start=start,
        end=start + timedelta(minutes=event.get("minutes", 0)),
        is_whole_day=event.get("whole_day", False),
        weekly=event.get("weekly", 1),
        is_cancelled=event.get("status") == "cancelled",
        venue=event["venue"],
        price=event["price"],
        about=event["about"],
        url=url,
    )
