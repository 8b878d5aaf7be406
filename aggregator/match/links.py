"""What a link is known by: the page of one event on a ticketing platform, or a page deep within a site."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

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
_LISTS = frozenset(("calendar", "event", "events", "register", "registration", "tickets", "discover", "home", "index"))
_HOST = re.compile(r"^(?:www|m)\.")


@lru_cache(maxsize=200_000)
def _split(url: str) -> SplitResult:
    """Events hold clean addresses; one that was not cleaned may bring its tracking along."""
    return urlsplit((clean_url(url) or "") if "?" in url else url)


@lru_cache(maxsize=200_000)
def event_link(url: str) -> str | None:
    """`eventbrite:102501807981`; None for what is no page of one event on a platform that we know."""
    parts = _split(url)
    host = _HOST.sub("", parts.netloc)
    for hosts, path, name in _PLATFORMS:
        if hosts.fullmatch(host) and (found := path.fullmatch(parts.path)) and found[1] not in _LISTS:
            return f"{name}:{found[1].lower()}"
    return None


@lru_cache(maxsize=200_000)
def deep_page(url: str) -> str | None:
    """Host, path and query of what is not a site's front or its list of events; None for those."""
    parts = _split(url)
    steps = [step for step in parts.path.lower().split("/") if step]
    if not steps or (steps[-1] in _LISTS and not parts.query):
        return None
    is_deep = len(steps) > 1 or bool(parts.query) or any(c.isdigit() for c in steps[0])
    query = f"?{parts.query}" if parts.query else ""
    return f"{_HOST.sub('', parts.netloc)}{parts.path.rstrip('/')}{query}" if is_deep else None
