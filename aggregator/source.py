"""Source, Page, Request, Draft: what an adapter is, and what it gives."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from aggregator.draft import Draft
from aggregator.event import Kind, Place
from aggregator.reading.dates import DateOrder
from aggregator.reading.text import decode
from aggregator.sift import Sieve

__all__ = ["DateOrder", "Draft", "Follow", "Page", "Parse", "Request", "Source"]


HORIZON = timedelta(days=180)
"""How far ahead a platform is asked for events, where it wants to be told."""

_DAY = re.compile(r"\{(today|horizon):([^{}]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask for. `completes` is the identifier of the draft that a detail page adds to.

    The `url` and `body` of a source's first request may hold the day of the run: `{today:%Y-%m-%d}`, or with another
    pattern of strftime(3), or `{today:unix}`; and `{horizon:…}`, 180 days after it. A header's value may
    hold `{key}`, the secret that the operator keeps in HOBNOB_KEYS for the host.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    completes: str | None = None


def dated(request: Request, now: datetime) -> Request:
    """The request with its days filled in."""

    def fill(match: re.Match[str]) -> str:
        moment = now + (HORIZON if match[1] == "horizon" else timedelta())
        return str(int(moment.timestamp())) if match[2] == "unix" else moment.strftime(match[2])

    body = request.body and _DAY.sub(fill, request.body.decode("latin-1")).encode("latin-1")
    return replace(request, url=_DAY.sub(fill, request.url), body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer. `url` is where it came from after redirects, header names are lower case, `body` is inflated.

    `is_whole` is False when the body ended before its promised end: nothing may then be taken as missing.
    """

    request: Request
    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    is_whole: bool = True

    def header(self, name: str) -> str | None:
        """The first header of that name, in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def text(self) -> str:
        """The body as text: byte order mark, then HTTP charset, then declaration, then a guess; never fails."""
        return _decode(self.body, self.header("content-type"))


_decode = lru_cache(maxsize=2)(decode)
"""Each platform asks anew when a page's is looked for."""

Parse = Callable[[Page], Iterator[Draft]]
"""Raises ParseError for a page it does not read; an honestly empty calendar gives no drafts. Runs in the child."""

Follow = Callable[[Page], Iterator[Request]]
"""Next pages and detail pages; the fetcher holds the limits. Runs in the child."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where to look and how to read it. `parse` and `follow` are module-level functions or partials of them.

    `ends_whole` says whether a body has its format's end mark; without it nothing may be taken as missing.
    `location` is where its events are when they do not say. `permission` "granted" lets it be fetched against
    robots.txt, with `note` saying who allowed it. `every` is the usual time between runs. `fallbacks` are tried in
    order when a run fails or finds nothing. `sieve` says what of it is told. `confirm_to` is whom the
    operator asks by mail whether it is still right: it is kept nowhere.
    """

    name: str
    kind: Kind
    platform: str
    request: Request
    parse: Parse
    follow: Follow | None = None
    ends_whole: Callable[[bytes], bool] | None = None
    organizer: str | None = None
    homepage: str | None = None
    time_zone: str | None = None
    location: Place = Place()
    date_order: DateOrder = "mdy"
    permission: Literal["granted"] | None = None
    note: str | None = None
    every: timedelta = timedelta(hours=6)
    sieve: Sieve = Sieve()
    fallbacks: tuple["Source", ...] = ()
    confirm_to: str | None = None
