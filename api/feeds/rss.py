"""RSS 2.0, dated by when an event was first seen: what is new stands out in a feed reader."""

import re
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from aggregator.render.dated import calendar_uid
from aggregator.store import Hit
from api.feeds.feed import Channel, Format

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, even escaped."""


def _head(channel: Channel) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>\n'
        f"<title>{_xml(channel.title)}</title>\n<link>{_xml(channel.site)}</link>\n"
        f'<atom:link href={quoteattr(channel.url)} rel="self" type="application/rss+xml"/>\n'
        f"<description>{_xml(channel.cut or 'Events where people meet in person.')}</description>\n<ttl>360</ttl>\n"
    ).encode()


def _event(channel: Channel, hit: Hit) -> bytes:
    told = channel.members(hit)
    link = told["url"] or f"{channel.site}/v1/events/{hit.id}"
    words = [_when_and_where(told), told["description"]]
    kinds = "".join(f"<category>{_xml(word)}</category>" for word in (told["kind"], *told["keywords"]))
    return (
        f"<item><title>{_xml(mark(told) + told['name'])}</title><link>{_xml(link)}</link>"
        f'<guid isPermaLink="false">{_xml(calendar_uid(hit))}</guid>'
        f"<pubDate>{format_datetime(datetime.fromisoformat(told['firstSeen']))}</pubDate>{kinds}"
        # A description is HTML by custom: text is escaped once for HTML, once more for XML.
        f"<description>{_xml('<br>'.join(escape(part) for part in words if part))}</description></item>\n"
    ).encode("utf-8", "replace")


def mark(told: dict[str, Any]) -> str:
    """The word before a name, in formats that have no status of their own."""
    if told["eventStatus"] == "EventCancelled":
        return "Cancelled: "
    if told["eventStatus"] == "EventPostponed":
        return "Postponed: "
    return "No longer listed: " if told["withdrawn"] else ""


def _when_and_where(told: dict[str, Any]) -> str:
    start = told["startDate"]
    when = start if told["allDay"] else datetime.fromisoformat(start).strftime("%Y-%m-%d %H:%M %Z").strip()
    location = told["location"] or {}
    address = location.get("address") or {}
    parts = (when, location.get("name"), address.get("streetAddress"), address.get("addressLocality"))
    return " · ".join(part for part in (*parts, told["distanceText"]) if part)


def _tail(_: Channel) -> bytes:
    return b"</channel></rss>\n"


def _xml(text: str) -> str:
    return escape(_NO_XML.sub("", text))


RSS = Format(
    suffix="rss",
    media_type="application/rss+xml; charset=utf-8",
    about="An RSS feed, dated by when each event was first seen.",
    head=_head,
    event=_event,
    tail=_tail,
)
