"""What a link is known by: the page of one event on a ticketing platform, or a page deep within a site."""

import re
from collections.abc import Iterable

from aggregator.reading.url import clean_url

_PLATFORMS: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = tuple(
    (re.compile(host), re.compile(path), name)
    for host, path, name in (
        (r"eventbrite\.[a-z.]+", r"/e/(?:.*-)?(\d{6,})/?", "eventbrite"),
        (r"lu\.ma|luma\.com", r"/(?:event/)?([\w-]{4,})/?", "luma"),
        (r"meetup\.com", r"/[\w-]+/events/(\w+)/?", "meetup"),
        (r"mobilize\.us", r"/.*event/(\d+)/?", "mobilize"),
        (r"facebook\.com", r"/events/(?:.*/)?(\d{6,})/?", "facebook"),
        (r"ticketleap\.com|simpletix\.com|zeffy\.com|ticketmaster\.[a-z.]+|partiful\.com", r"/(.{4,})", "tickets"),
    )
)
_IS_PLATFORM = re.compile("|".join(hosts.pattern for hosts, _, _ in _PLATFORMS)).fullmatch
_LISTS = frozenset(("calendar", "event", "events", "register", "registration", "tickets", "discover", "home", "index"))
_PARTS = re.compile(r"(?:[^:/?#]+:)?(?://(?:www\.|m\.)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?")
"""Host without what says nothing, path and query (RFC 3986, appendix B)."""

_NONE: frozenset[str] = frozenset()


def links_of(urls: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What of these are pages of one event on a platform that we know, as `eventbrite:102501807981`; and what are pages
    deep in a site, neither its front nor its list of events, as host, path and query.
    """
    tickets, pages = [], []
    for url in urls:
        host, path, query = _split(url)
        if ticket := _on_platform(host, path):
            tickets.append(ticket)
        if page := _deep(host, path, query):
            pages.append(page)
    return frozenset(tickets) if tickets else _NONE, frozenset(pages) if pages else _NONE


def _split(url: str) -> tuple[str, str, str]:
    """Events hold clean addresses; one that was not cleaned may bring its tracking along."""
    found = _PARTS.match((clean_url(url) or "") if "?" in url else url)
    host, path, query = found.groups(default="") if found else ("", "", "")
    return host, path, query


def _on_platform(host: str, path: str) -> str | None:
    if not _IS_PLATFORM(host):
        return None
    for hosts, paths, name in _PLATFORMS:
        if hosts.fullmatch(host) and (found := paths.fullmatch(path)) and found[1] not in _LISTS:
            return f"{name}:{found[1].lower()}"
    return None


def _deep(host: str, path: str, query: str) -> str | None:
    steps = [step for step in path.lower().split("/") if step]
    if not steps or (steps[-1] in _LISTS and not query):
        return None
    is_deep = len(steps) > 1 or bool(query) or any(c.isdigit() for c in steps[0])
    return f"{host}{path.rstrip('/')}{'?' if query else ''}{query}" if is_deep else None
