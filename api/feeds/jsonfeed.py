"""JSON Feed 1.1 (jsonfeed.org), for readers that would rather not read XML."""

import json
from datetime import datetime

from aggregator.render.dated import calendar_uid
from aggregator.store import Hit
from api.feeds.feed import Channel, Format
from api.feeds.rss import lines_of, title_of


def _head(channel: Channel) -> bytes:
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.json_url,
        "feed_url": channel.url,
        **({"description": channel.notes} if channel.notes else {}),
    }
    return json.dumps(told, ensure_ascii=False)[:-1].encode() + b', "items": [\n'


def _event(channel: Channel, hit: Hit) -> bytes:
    told = channel.members(hit)
    item = {
        "id": calendar_uid(hit),
        "url": told["url"] or f"{channel.site}/v1/events/{hit.id}",
        "title": title_of(told),
        "content_text": "\n".join(lines_of(told, channel.country)),
        "date_published": datetime.fromisoformat(told["firstSeen"]).isoformat(timespec="seconds"),
        "date_modified": datetime.fromisoformat(told["changedAt"]).isoformat(timespec="seconds"),
        "tags": [told["kind"], *told["keywords"]],
        **({"image": told["image"]} if told["image"] else {}),
    }
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _tail(_: Channel) -> bytes:
    return b"\n]}\n"


JSON_FEED = Format(
    suffix="json",
    media_type="application/feed+json",
    about="A JSON Feed.",
    head=_head,
    event=_event,
    tail=_tail,
    joint=b",\n",
)
