"""CSV (RFC 4180) that a spreadsheet can open without running anything that a page wrote."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from aggregator.store import Hit
from api.feeds.feed import Channel, Format

COLUMNS = (
    "id", "name", "startDate", "endDate", "allDay", "timeZone", "eventStatus", "withdrawn", "eventAttendanceMode",
    "placeName", "streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry",
    "latitude", "longitude", "placePrecision", "distance", "distanceText", "organizer", "url", "description",
    "keywords", "isAccessibleForFree", "price", "priceCurrency", "kind", "source", "firstSeen", "changedAt",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""OWASP's list for CSV injection, and the full-width twins that spreadsheets read as the same."""


def _head(_: Channel) -> bytes:
    return _row(COLUMNS)


def _event(channel: Channel, hit: Hit) -> bytes:
    told = channel.members(hit)
    location = told["location"] or {}
    address, geo = location.get("address") or {}, location.get("geo") or {}
    offer: dict[str, Any] = next(iter(told["offers"]), {})
    flat = {
        **told,
        **address,
        **geo,
        "placeName": location.get("name"),
        "organizer": (told["organizer"] or {}).get("name"),
        "keywords": ", ".join(told["keywords"]),
        "price": offer.get("price"),
        "priceCurrency": offer.get("priceCurrency"),
    }
    return _row(_cell(flat.get(column)) for column in COLUMNS)


def _tail(channel: Channel) -> bytes:
    """A table has no other place to say that it is not whole."""
    return _row(["", channel.cut]) if channel.cut else b""


def _cell(value: Any) -> str:
    """Text that would be a formula gets an apostrophe; a number may begin with its minus."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.lstrip(" ").startswith(_FORMULA) else text


def _row(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode("utf-8", "replace")


CSV = Format(
    suffix="csv",
    media_type="text/csv; charset=utf-8; header=present",
    about="A table with a header line.",
    head=_head,
    event=_event,
    tail=_tail,
)
