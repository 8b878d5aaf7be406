"""Vetoes: what an organiser does not want told, whatever source tells it; pure."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from aggregator.event import Event, Organization
from aggregator.reading.text import fold


def is_vetoed(event: Event, vetoes: Iterable[str]) -> bool:
    """Whether its organiser, its source or the host of its page is one of these, all folded."""
    return is_named(vetoes, event.source, event.organizer, event.url)


def is_named(vetoes: Iterable[str], source: str, organizer: Organization | None, url: str | None) -> bool:
    """The same of anything that a source tells, such as a group."""
    names = {fold(name) for name in _names(source, organizer, url)}
    return any(words in names for words in vetoes)


def _names(source: str, organizer: Organization | None, page: str | None) -> Iterable[str]:
    yield source
    if organizer and organizer.name:
        yield organizer.name
    for url in (page, organizer.url if organizer else None):
        host = urlsplit(url or "").hostname
        if host:
            yield host
            yield host.removeprefix("www.")
