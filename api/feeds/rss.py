"""RSS 2.0, dated by when an event was first seen: what is new stands out in a feed reader."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from aggregator.render.cost import cost_line
from aggregator.render.dated import calendar_uid
from aggregator.render.visitors import visitor_line
from aggregator.store import Hit
from api.feeds.feed import Channel, Format
from api.words import Told, mark, offers_of, tell_days, tell_when, tell_where, visitors_of

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, even escaped."""


def _head(channel: Channel) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>\n'
        f"<title>{escape_xml(channel.title)}</title>\n<link>{escape_xml(channel.json_url)}</link>\n"
        f'<atom:link href={quoteattr(channel.url)} rel="self" type="application/rss+xml"/>\n'
        f"<description>{escape_xml(channel.notes or 'Events where people meet in person.')}</description>\n"
        "<ttl>360</ttl>\n"
    ).encode()


def _event(channel: Channel, hit: Hit) -> bytes:
    told = channel.members(hit)
    title = title_of(told)
    link = told["url"] or f"{channel.site}/v1/events/{hit.id}"
    kinds = "".join(f"<category>{escape_xml(word)}</category>" for word in (told["kind"], *told["keywords"]))
    return (
        f"<item><title>{escape_xml(title)}</title><link>{escape_xml(link)}</link>"
        f'<guid isPermaLink="false">{escape_xml(calendar_uid(hit))}</guid>'
        f"<pubDate>{format_datetime(datetime.fromisoformat(told['firstSeen']))}</pubDate>{kinds}"
        f"<description>{escape_xml(describe(told, channel.country))}</description></item>\n"
    ).encode("utf-8", "replace")


def title_of(told: Told) -> str:
    """The day first: readers show titles alone."""
    return f"{tell_days(told)}: {mark(told)}{told['name']}"


def describe(told: Told, country: str | None) -> str:
    """A description is HTML by custom: text is escaped once for HTML, and once more for XML by who writes it."""
    return "<br>".join(escape(line).replace("\n", "<br>") for line in lines_of(told, country))


def lines_of(told: Told, country: str | None) -> list[str]:
    """When, where, what it costs, who invites: a line each, as a paper prints it; then the page's own words."""
    return [line for line in _tell(told, country) if line]


def _tell(told: Told, country: str | None) -> Iterator[str | None]:
    yield tell_when(told, country)
    yield tell_where(told)
    yield cost_line(offers_of(told), told["isAccessibleForFree"])
    yield visitor_line(visitors_of(told))
    yield told["organizer"] and f"By {told['organizer']['name']}"
    yield told["virtualLocation"]
    yield told["description"]


def _tail(_: Channel) -> bytes:
    return b"</channel></rss>\n"


def escape_xml(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return escape(_NO_XML.sub("", text))


RSS = Format(
    suffix="rss",
    media_type="application/rss+xml; charset=utf-8",
    about="An RSS feed, dated by when each event was first seen.",
    head=_head,
    event=_event,
    tail=_tail,
)
