"""Atom (RFC 4287): published when an event was first seen, updated when what is told of it last changed."""

from datetime import datetime
from xml.sax.saxutils import quoteattr

from aggregator.render.dated import calendar_uid
from aggregator.store import Hit
from api.feeds.feed import Channel, Format
from api.feeds.rss import describe, escape_xml, title_of


def _head(channel: Channel) -> bytes:
    subtitle = f"<subtitle>{escape_xml(channel.notes)}</subtitle>\n" if channel.notes else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{escape_xml(channel.url)}</id>\n<title>{escape_xml(channel.title)}</title>\n{subtitle}"
        f'<link rel="self" href={quoteattr(channel.url)}/>\n<link href={quoteattr(channel.json_url)}/>\n'
        f"<author><name>Hobnob</name></author>\n<updated>{channel.as_of}</updated>\n"
    ).encode()


def _event(channel: Channel, hit: Hit) -> bytes:
    told = channel.members(hit)
    link = told["url"] or f"{channel.site}/v1/events/{hit.id}"
    kinds = "".join(f"<category term={quoteattr(word)}/>" for word in (told["kind"], *told["keywords"]))
    return (
        f"<entry><id>urn:hobnob:{escape_xml(calendar_uid(hit))}</id><title>{escape_xml(title_of(told))}</title>"
        f"<link href={quoteattr(link)}/><published>{_moment(told['firstSeen'])}</published>"
        f"<updated>{_moment(told['changedAt'])}</updated>{kinds}"
        f'<content type="html">{escape_xml(describe(told, channel.country))}</content></entry>\n'
    ).encode("utf-8", "replace")


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).isoformat(timespec="seconds")


def _tail(_: Channel) -> bytes:
    return b"</feed>\n"


ATOM = Format(
    suffix="atom",
    media_type="application/atom+xml; charset=utf-8",
    about="An Atom feed; what was changed is new again.",
    head=_head,
    event=_event,
    tail=_tail,
)
