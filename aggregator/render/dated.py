"""One date of an event: its own members and lines, joined to what was rendered when the event was written."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from aggregator.query import METRES_PER_MILE

Units = Literal["mi", "km"]
_METRES: dict[Units, float] = {"mi": METRES_PER_MILE, "km": 1000.0}


class Dated(Protocol):
    """What the store answers for one date. `start` and `end` are UTC epoch seconds; texts are RFC 3339 or dates,
    and the end of an all-day event is its last day; `distance` is metres from the place that was asked for."""

    @property
    def id(self) -> str: ...
    @property
    def occurrence(self) -> int: ...
    @property
    def start_text(self) -> str: ...
    @property
    def end_text(self) -> str | None: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def is_all_day(self) -> bool: ...
    @property
    def distance(self) -> float | None: ...
    @property
    def next_dates(self) -> tuple[tuple[str, str | None], ...] | None: ...
    @property
    def json(self) -> bytes: ...
    @property
    def vevent(self) -> bytes: ...


def occurrence_json(row: Dated, units: Units = "mi", zone: ZoneInfo | None = None) -> bytes:
    """The whole object. With a `zone` its times are written in that zone, else in the venue's own."""
    return occurrence_head(row, units, zone) + row.json


def occurrence_head(row: Dated, units: Units = "mi", zone: ZoneInfo | None = None) -> bytes:
    """The same without `row.json`, for who joins many: the copy is what costs."""
    start, end = row.start_text, row.end_text
    if zone and not row.is_all_day:
        start = _in_zone(row.start, zone)
        end = end and _in_zone(row.end, zone)
    ends = f'"{end}"' if end else "null"
    metres = row.distance
    if metres is None:
        head = f'{{"startDate":"{start}","endDate":{ends},"distance":null,"distanceText":null,'
    else:
        words = distance_text(metres, units)
        head = f'{{"startDate":"{start}","endDate":{ends},"distance":{metres:.0f},"distanceText":"{words}",'
    if row.next_dates is not None:
        head += f'"nextDates":[{",".join(_date_json(*date, zone) for date in row.next_dates)}],'
    return head.encode()


def _date_json(start: str, end: str | None, zone: ZoneInfo | None) -> str:
    start, end = _shown(start, zone), end and _shown(end, zone)
    ends = f'"{end}"' if end else "null"
    return f'{{"startDate":"{start}","endDate":{ends}}}'


def _shown(text: str, zone: ZoneInfo | None) -> str:
    """A date alone is the same in every zone."""
    return datetime.fromisoformat(text).astimezone(zone).isoformat() if zone and "T" in text else text


def occurrence_vevent(row: Dated) -> bytes:
    """The whole component: times in UTC, or dates, where DTEND is the day after the last (RFC 5545 3.6.1)."""
    start, end = _bounds(row)
    ends = f"DTEND{end}\r\n" if end else ""
    return f"BEGIN:VEVENT\r\nUID:{calendar_uid(row)}\r\nDTSTART{start}\r\n{ends}".encode() + row.vevent


def calendar_uid(row: Dated) -> str:
    """Opaque, permanent, and one a date of a series; a single event keeps its own when it is moved."""
    return f"{row.id}-{row.occurrence}@hobnob" if row.occurrence else f"{row.id}@hobnob"


def distance_text(metres: float, units: Units) -> str:
    """`0.3 mi`, `12 km`: one decimal below ten."""
    length = metres / _METRES[units]
    return f"{length:.1f} {units}" if length < 9.95 else f"{length:.0f} {units}"


def _bounds(row: Dated) -> tuple[str, str | None]:
    if row.is_all_day:
        last = date.fromisoformat(row.end_text or row.start_text)
        return f";VALUE=DATE:{row.start_text.replace('-', '')}", f";VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    has_end = row.end_text is not None and row.end > row.start
    return f":{_utc(row.start)}", f":{_utc(row.end)}" if has_end else None


def _utc(epoch: int) -> str:
    return f"{datetime.fromtimestamp(epoch, UTC):%Y%m%dT%H%M%SZ}"


def _in_zone(epoch: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(epoch, zone).isoformat()
