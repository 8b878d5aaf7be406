"""GeoJSON (RFC 7946): a feature an event; only one whose place is known has a geometry."""

import json

from aggregator.store import Hit
from api.feeds.feed import Channel, Format


def _head(channel: Channel) -> bytes:
    told = {"type": "FeatureCollection", "title": channel.title, "cut": channel.cut, "stale": channel.stale}
    return json.dumps(told, ensure_ascii=False)[:-1].encode() + b', "features": [\n'


def _event(channel: Channel, hit: Hit) -> bytes:
    told = channel.members(hit)
    geo = (told["location"] or {}).get("geo")
    point = geo and {"type": "Point", "coordinates": [geo["longitude"], geo["latitude"]]}
    uid = f"{hit.id}-{hit.occurrence}" if hit.occurrence else hit.id
    feature = {"type": "Feature", "id": uid, "geometry": point, "properties": told}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":")).encode()


def _tail(_: Channel) -> bytes:
    return b"\n]}\n"


GEOJSON = Format(
    suffix="geojson",
    media_type="application/geo+json",
    about="A GeoJSON FeatureCollection; an event without a known place has a null geometry.",
    head=_head,
    event=_event,
    tail=_tail,
    joint=b",\n",
)
