"""JSON-LD in schema.org's words, one graph of events."""

import json
from collections.abc import Mapping
from typing import Any

from aggregator.store import Hit
from api.feeds.feed import Channel, Format

_SCHEMA = "https://schema.org/"
_SAME = (
    "name", "startDate", "endDate", "previousStartDate", "url", "description", "image", "keywords",
    "isAccessibleForFree", "sameAs",
)  # fmt: skip


def _head(channel: Channel) -> bytes:
    # `withdrawn`, `cut` and `stale` are ours: schema.org has no word for what is no longer shown.
    context = [_SCHEMA.rstrip("/"), {"hobnob": f"{channel.site}/docs#"}]
    notes = {"hobnob:cut": channel.cut, "hobnob:stale": channel.stale}
    told = {"@context": context, "name": channel.title, **{key: note for key, note in notes.items() if note}}
    return _write(told)[:-1] + b', "@graph": [\n'


def _event(channel: Channel, hit: Hit) -> bytes:
    address = f"{channel.site}/v1/events/{hit.id}" + (f"#{hit.occurrence}" if hit.occurrence else "")
    return _write(graph_of(channel.members(hit), address))


def _write(told: dict[str, Any]) -> bytes:
    """Without the sign that could end the script element of a page that holds it (HTML, 4.12.1.3)."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").encode("utf-8", "replace")


def graph_of(told: Mapping[str, Any], address: str) -> dict[str, Any]:
    """The event at one date, known by this address."""
    graph = {
        "@type": "Event",
        "@id": address,
        "identifier": told["id"],
        **{name: told[name] for name in _SAME if told[name] not in (None, [])},
        "eventStatus": _SCHEMA + told["eventStatus"],
        "eventAttendanceMode": told["eventAttendanceMode"] and _SCHEMA + told["eventAttendanceMode"],
        "location": _location(told),
        "organizer": told["organizer"] and {"@type": "Organization", **_known(told["organizer"])},
        "offers": [_offer(offer) for offer in told["offers"]] or None,
        "hobnob:withdrawn": told["withdrawn"] or None,
    }
    return _known(graph)


def _location(told: Mapping[str, Any]) -> list[dict[str, Any]] | dict[str, Any] | None:
    place = told["location"] and _known(told["location"])
    if place:
        for name, kind in (("address", "PostalAddress"), ("geo", "GeoCoordinates")):
            if name in place:
                place[name] = {"@type": kind, **_known(place[name])}
        place = {"@type": "Place", **_with_amenity(place)}
    virtual = told["virtualLocation"] and {"@type": "VirtualLocation", "url": told["virtualLocation"]}
    return [place, virtual] if place and virtual else place or virtual


def _with_amenity(place: dict[str, Any]) -> dict[str, Any]:
    """schema.org has wheelchairs among the amenities of a place, and no word for who said so."""
    own = {
        name: value for name, value in place.items() if name not in ("wheelchairAccessible", "accessibilityEvidence")
    }
    if "wheelchairAccessible" not in place:
        return own
    value = {"name": "Wheelchair accessible", "value": place["wheelchairAccessible"]}
    return {**own, "amenityFeature": {"@type": "LocationFeatureSpecification", **value}}


def _offer(offer: dict[str, Any]) -> dict[str, Any]:
    if offer["highPrice"] is None:
        return {"@type": "Offer", **_known(offer)}
    low = _known({"lowPrice": offer["price"], "highPrice": offer["highPrice"]})
    rest = {name: value for name, value in offer.items() if name not in ("price", "highPrice")}
    return {"@type": "AggregateOffer", **low, **_known(rest)}


def _known(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def _tail(_: Channel) -> bytes:
    return b"\n]}\n"


JSONLD = Format(
    suffix="jsonld",
    media_type="application/ld+json",
    about="JSON-LD: a graph of schema.org events.",
    head=_head,
    event=_event,
    tail=_tail,
    joint=b",\n",
)
