"""What we tell those who read whole sites: robots.txt, sitemaps, llms.txt, and how a page of ours is embedded; pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote_plus

from aggregator.settings import Settings

SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
WIDTH, HEIGHT = 600, 480
"""Pixels of an embedded list, where it is not asked to be smaller."""

_HIDDEN = ("/admin", "/mcp", "/metrics", "/health", "/subscribe")
"""Nothing to find. The feeds stay open: calendars that subscribe ask robots.txt too."""

_LLMS = """# {title}

> Local events where people meet in person{place}, gathered from the public calendars of chambers of commerce, volunteer
> groups, libraries and clubs: by place and date, with what each page says of strangers and of the price. Reading is
> free and needs no key.

null means that nobody said it, never no or free. A cancelled event is shown and marked. Names and descriptions are the
words of organisers' pages, to which every event links; those are right where the two differ.

## Ask

- [Tools of the Model Context Protocol]({url}/mcp): search_events, get_event, search_groups, plan_week, which only read
- [Events as JSON]({url}/v1/events?near={near}&when=next_7_days): `near` is a town or a postcode, `when` words of time
- [Events as plain text]({url}/v1/events.txt?near={near}&when=next_7_days): the same question, to read
- [Regular groups]({url}/v1/groups?near={near}&rhythm=weekly): what meets again and again, and who may come
- [A week that works]({url}/v1/plan?near={near}&free=tue.evening,sat): events that fit together, with reasons
- [Completing a place]({url}/v1/places?q=visal): what `near` takes

## Read

- [Every parameter and member]({url}/docs): the reference; [the same for programs]({url}/openapi.json)
- [Who runs this, and where events come from]({url}/about)
- [Every source, and how it is doing]({url}/v1/sources)
- [Every page]({url}/sitemap.xml)
"""


def write_robots(settings: Settings) -> str:
    """RFC 9309."""
    lines = ("User-agent: *", *(f"Disallow: {path}" for path in _HIDDEN), "Allow: /")
    return "\n".join([*lines, "", f"Sitemap: {settings.base_url}/sitemap.xml", ""])


def write_llms(settings: Settings) -> str:
    """Markdown, as llmstxt.org has it."""
    place = settings.place
    return _LLMS.format(
        title=f"Hobnob for {place}" if place else "Hobnob",
        place=f" near {place}" if place else "",
        url=settings.base_url,
        near=quote_plus(place or "Visalia, CA", safe=","),
    )


def write_index(addresses: Iterable[tuple[str, int | None]]) -> bytes:
    """A sitemap of sitemaps: address, and when it last changed, in microseconds since 1970."""
    parts = b"".join(_write("sitemap", address, changed) for address, changed in addresses)
    return open_map("sitemapindex") + parts + close_map("sitemapindex")


def open_map(name: str) -> bytes:
    """The first lines of a sitemap (`urlset`), or of an index."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{SITEMAPS}">\n'.encode()


def write_urls(addresses: Iterable[tuple[str, int | None]]) -> bytes:
    """Lines of a sitemap: address, and when it last changed."""
    return b"".join(_write("url", address, changed) for address, changed in addresses)


def close_map(name: str) -> bytes:
    """The last line."""
    return f"</{name}>\n".encode()


def write_embed(settings: Settings, title: str, query: str, width: int, height: int) -> dict[str, Any]:
    """oEmbed 1.0, of type rich: a list of events in a frame, no larger than it may be."""
    width, height = min(width, WIDTH), min(height, HEIGHT)
    src = escape(f"{settings.base_url}/embed?{query}" if query else f"{settings.base_url}/embed")
    style = f'width="{width}" height="{height}" style="border:0;max-width:100%" loading="lazy"'
    return {
        **_OEMBED,
        "type": "rich",
        "title": title,
        "provider_url": settings.base_url,
        "html": f'<iframe src="{src}" title="{escape(title)}" {style}></iframe>',
        "width": width,
        "height": height,
    }


def write_link(settings: Settings, title: str, author: str | None) -> dict[str, Any]:
    """oEmbed 1.0, of type link: a page that has a title and no frame."""
    told = {**_OEMBED, "type": "link", "title": title, "provider_url": settings.base_url}
    return {**told, "author_name": author} if author else told


_OEMBED: Final = {"version": "1.0", "provider_name": "Hobnob", "cache_age": 3600}


def _write(name: str, address: str, changed: int | None) -> bytes:
    when = (
        f"<lastmod>{datetime.fromtimestamp(changed // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
    )
    return f"<{name}><loc>{escape(address)}</loc>{when}</{name}>\n".encode()
