"""Feeds that break the rules of XML: mended where the break is of a known kind, else read by feedparser."""

import io
import re
import sys
from html.entities import html5
from typing import Any

from aggregator.errors import ParseError
from aggregator.reading.feeds.member import Feed, Member

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not have (section 2.2)."""
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|\w{1,31};)?")
_MEMBER = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)
_MEMBER_END = re.compile(r"</(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_ENDS = {"rss": "</channel></rss>", "feed": "</feed>", "rdf:rdf": "</rdf:RDF>"}


def mend(text: str) -> str:
    """Without forbidden characters, HTML's entities and bare ampersands; what was cut off ends at its last member."""
    text = _AMPERSAND.sub(_mend_ampersand, _FORBIDDEN.sub("", text))
    if _ROOT_END.search(text):
        return text
    whole = max((end.end() for end in _MEMBER_END.finditer(text)), default=None)
    if whole is None:
        raise ParseError("this feed was cut off before the end of its first member")
    return text[:whole] + _ENDS.get(re.split(r"[\s>]", text[1:50], maxsplit=1)[0].lower(), "")


def _mend_ampersand(ampersand: re.Match[str]) -> str:
    name = ampersand[1] or ""
    if not name.startswith("#"):
        return html5[name] if name in html5 else "&amp;" + name
    code = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
    return "" if code > sys.maxunicode or _FORBIDDEN.search(chr(code)) else ampersand[0]


def read_broken(text: str) -> Feed:
    """By feedparser; ParseError when it finds no member although there are some."""
    import feedparser  # noqa: PLC0415 - slow to import, and seldom needed

    found: Any = feedparser.parse(
        io.BytesIO(text.encode()),  # a str or bytes would be taken for a path or an address as well
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.entries and _MEMBER.search(text):
        raise ParseError(f"this feed is broken: {found.get('bozo_exception')}")
    namespaces: dict[str, str] = found.get("namespaces", {})
    return Feed(
        url=found.feed.get("link"),
        generator=found.feed.get("generator"),
        namespaces=frozenset(namespaces.values()),
        members=tuple(_member(one, set(namespaces)) for one in found.entries),
    )


def _member(one: Any, prefixes: set[str]) -> Member:
    """One of feedparser's; it writes "ev:startdate" as `ev_startdate`."""
    contents = [content["value"] for content in one.get("content", ())]
    elements = {
        key.replace("_", ":", 1): text.strip()
        for key, text in one.items()
        if isinstance(text, str) and text.strip() and key.partition("_")[0] in prefixes and "_" in key
    }
    point = one.get("where", {}).get("coordinates")
    if isinstance(point, tuple) and len(point) == 2:
        elements["georss:point"] = f"{point[1]} {point[0]}"
    images = [link["href"] for link in one.get("enclosures", ()) if link.get("type", "").startswith("image")]
    return Member(
        identifier=one.get("id"),
        title=one.get("title"),
        url=one.get("link"),
        description=next(iter(contents), None) or one.get("summary"),
        published=one.get("published") or one.get("updated"),
        image=next(iter(images), None),
        categories=tuple(tag["term"] for tag in one.get("tags", ()) if tag.get("term")),
        elements=elements,
    )
