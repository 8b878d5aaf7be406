"""CSV (RFC 4180) that a spreadsheet can open without running anything that a page wrote."""

import codecs
import csv
import io
from collections.abc import Iterable
from typing import Any

from aggregator.render.cost import tell_cost
from aggregator.store import Hit
from api.feeds.feed import Channel, Format
from api.words import Told, offers_of, stated_end

COLUMNS = (
    "id", "name", "date", "time", "end", "startDate", "endDate", "allDay", "timeZone", "eventStatus", "withdrawn",
    "eventAttendanceMode",
    "placeName", "streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry",
    "latitude", "longitude", "placePrecision", "distance", "distanceText", "organizer", "url", "description",
    "keywords", "isAccessibleForFree", "price", "highPrice", "priceCurrency", "priceDescription",
    "visitors", "guestFee", "kind", "source", "firstSeen", "changedAt",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""OWASP's list for CSV injection, and the full-width twins that spreadsheets read as the same."""


def _head(_: Channel) -> bytes:
    """With the mark by which spreadsheets know UTF-8; without, they show `CafÃ©`."""
    return codecs.BOM_UTF8 + _row(COLUMNS)


def _event(channel: Channel, hit: Hit) -> bytes:
    told = channel.members(hit)
    location = told["location"] or {}
    address, geo = location.get("address") or {}, location.get("geo") or {}
    offer: dict[str, Any] = next(iter(told["offers"]), {})
    flat = {
        **told,
        **address,
        **geo,
        **_plain_times(told),
        "placeName": location.get("name"),
        "organizer": (told["organizer"] or {}).get("name"),
        "keywords": ", ".join(told["keywords"]),
        "price": offer.get("price"),
        "highPrice": offer.get("highPrice"),
        "priceCurrency": offer.get("priceCurrency"),
        **{name: (told["visitorTerms"] or {}).get(name) for name in ("visitors", "guestFee")},
        "priceDescription": tell_cost(offers_of(told), told["isAccessibleForFree"]),
    }
    return _row(_cell(flat.get(column)) for column in COLUMNS)


def _plain_times(told: Told) -> dict[str, str]:
    """`2026-11-24`, `07:00`, `08:30`: what a spreadsheet takes for a date and times. An end on another day has its
    date before it; one that nobody stated is left out."""
    day, _, clock = told["startDate"].partition("T")
    if told["allDay"]:
        return {"date": day, "time": "", "end": told["endDate"] if told["endDate"] not in (None, day) else ""}
    end = stated_end(told)
    if end is None:
        return {"date": day, "time": clock[:5], "end": ""}
    return {"date": day, "time": clock[:5], "end": f"{end:%Y-%m-%d %H:%M}".removeprefix(f"{day} ")}


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
