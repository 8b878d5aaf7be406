"""Vetoes: what an organiser does not want told, whatever source tells it; pure."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from aggregator.event import Event
from aggregator.reading.text import fold


def is_vetoed(event: Event, vetoes: Iterable[str]) -> bool:
    """Whether its organiser, its source or the host of its page is one of these, all folded."""
    names = {fold(name) for name in _names(event)}
    return any(words in names for words in vetoes)


def _names(event: Event) -> Iterable[str]:
    yield event.source
    if event.organizer and event.organizer.name:
        yield event.organizer.name
    for url in (event.url, event.organizer.url if event.organizer else None):
        host = urlsplit(url or "").hostname
        if host:
            yield host
            yield host.removeprefix("www.")
