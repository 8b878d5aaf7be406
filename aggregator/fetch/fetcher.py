"""Fetcher: a Request in, a Page out; robots, pace, guard, deadline, caps and redirects inside."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from aggregator import __version__
from aggregator.errors import AddressRefusedError, BlockedError, FetchError, StatusError
from aggregator.fetch.body import is_whole
from aggregator.fetch.exchange import WHOLE, Budget, Exchange, Question, Reply
from aggregator.fetch.guard import Guard, Resolve, Resolver
from aggregator.fetch.local import read_files, read_inline
from aggregator.fetch.pace import Pace, Visiting, visit_alone
from aggregator.fetch.result import NotModified, Tally, Validators
from aggregator.fetch.robots import Robots
from aggregator.fetch.target import Target, read_redirect, read_target
from aggregator.fetch.transport import GuardedTransport, trust
from aggregator.fetch.walls import find_wall
from aggregator.reading.redcross import refuse
from aggregator.settings import Settings
from aggregator.source import Page, Request

MAX_HOPS = 5
MIN_IDLE = 256
"""Connections that are kept at the least: with fewer than there are hosts, each is closed before its next turn."""

OURS = frozenset(
    {"accept-encoding", "connection", "content-length", "cookie", "expect", "host", "if-modified-since"}
    | {"if-none-match", "proxy-authorization", "referer", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"}
)
"""Headers that a source does not choose."""

Permission = Literal["granted"]
Headers = tuple[tuple[str, str], ...]


def now_in_utc() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


class Fetcher:
    """An async context manager. Every failure is a FetchError that names the address."""

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], datetime] = now_in_utc,
        resolve: Resolve | None = None,
        visiting: Visiting = visit_alone,
    ) -> None:
        self._settings = settings
        self._now = now
        self._resolver = Resolver(settings.fetch_slots)
        guard = Guard(settings.allow_networks, settings.connect, resolve or self._resolver)
        self._transport = GuardedTransport(guard, trust(settings.ca_file), max_idle=max(MIN_IDLE, settings.fetch_slots))
        self._pace = Pace(settings.fetch_slots, settings.host_gap, visiting=visiting)
        self._exchange = Exchange(self._transport, self._pace, user_agent(settings), now)
        self._robots = Robots(self._exchange, self._pace, settings.deadline)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.aclose()
        self._resolver.close()

    async def fetch(
        self,
        request: Request,
        validators: Validators = Validators(),  # noqa: B008 - frozen
        *,
        permission: Permission | None = None,
        tally: Tally | None = None,
    ) -> Page | NotModified:
        """A whole answer, or the site's word that nothing changed; `tally` counts what it cost, also when it fails.

        `permission` "granted" lets the request's own host be fetched from without regard to its robots.txt.
        """
        if request.url.startswith("data:"):
            return read_inline(request, self._now(), self._settings.max_body)
        refuse_blood_drives(request.url)
        if request.url.startswith("file:"):
            raise AddressRefusedError(
                f"{request.url}: files are read by fetch_files, and only for a source's own address"
            )
        reply = await self._follow(request, validators, permission, tally or Tally())
        return self._judge(request, reply, is_conditional=bool(validators.headers()))

    async def fetch_files(self, request: Request) -> tuple[Page, ...]:
        """The file, or each file of the folder, that a source's own file: address names."""
        return await asyncio.to_thread(read_files, request, self._now(), self._settings.max_body)

    async def _follow(
        self, request: Request, validators: Validators, permission: Permission | None, tally: Tally
    ) -> Reply:
        question = self._first_question(request, validators)
        budget = Budget(self._settings.deadline)
        own_host = question.target.origin.host
        visited = {question.target.url}
        while True:
            if permission is None or question.target.origin.host != own_host:
                await self._robots.check(question.target, tally)
            reply = await self._exchange.ask(question, budget, tally)
            if reply.location is None:
                return reply
            question = follow(question, reply.status, read_redirect(question.target, reply.location))
            if question.target.url in visited:
                raise FetchError(f"{request.url}: redirects in a circle at {question.target.url}")
            if len(visited) > MAX_HOPS:
                raise FetchError(f"{request.url}: redirects more than {MAX_HOPS} times")
            visited.add(question.target.url)

    def _first_question(self, request: Request, validators: Validators) -> Question:
        return Question(
            target=read_target(request.url),
            limit=self._settings.max_body,
            method=request.method,
            body=request.body,
            headers=(*fill_keys(check_headers(request), request.url, self._settings.keys), *validators.headers()),
        )

    def _judge(self, request: Request, reply: Reply, *, is_conditional: bool) -> Page | NotModified:
        url, headers = reply.target.url, reply.by_name()
        if reply.status == 304 and is_conditional:
            return NotModified(request=request, url=url, fetched_at=self._now())
        wall = find_wall(headers, reply.body)
        if wall:
            raise BlockedError(f"{url}: a bot wall ({wall}) stands before it; ask the site for a feed", reply.status)
        if reply.status not in WHOLE:
            raise StatusError(f"{url}: answers {reply.status}", reply.status, reply.retry_after(self._now()))
        return Page(
            request=request,
            url=url,
            body=reply.body,
            fetched_at=self._now(),
            status=reply.status,
            headers=reply.headers,
            is_whole=is_whole(headers, reply.body),
        )


def follow(question: Question, status: int, target: Target) -> Question:
    """The question to ask after a redirect (RFC 9110, 15.4): headers for one origin do not go to another."""
    is_same = question.target.origin == target.origin
    if question.method == "POST" and status in {307, 308} and not is_same:
        raise AddressRefusedError(f"{question.target.url}: redirects what is posted to {target.url}")
    keeps_body = question.method == "POST" and status in {307, 308}
    return replace(
        question,
        target=target,
        method="POST" if keeps_body else "GET",
        body=question.body if keeps_body else None,
        headers=question.headers if is_same else (),
    )


def check_headers(request: Request) -> Headers:
    """The source's own headers; FetchError for one that is ours to say or cannot be sent."""
    for name, value in request.headers:
        if name.lower() in OURS or not (name + value).isprintable() or not (name + value).isascii():
            raise FetchError(f"{request.url}: the header {name[:40]!r} cannot be asked with")
    return request.headers


def fill_keys(headers: Headers, url: str, keys: Iterable[str]) -> Headers:
    """The headers with `{key}` filled in: each host's own secret, which no other host is told; FetchError without."""
    if not any("{key}" in value for _, value in headers):
        return headers
    host = urlsplit(url).hostname
    key = next((entry.partition("=")[2] for entry in keys if entry.partition("=")[0] == host), None)
    if key is None:
        raise FetchError(f"{url}: wants a key: set HOBNOB_KEYS={host}=… to the one that {host} gave you")
    return tuple((name, value.replace("{key}", key)) for name, value in headers)


def refuse_blood_drives(url: str) -> None:
    """AddressRefusedError, which says where a person should look, for the one site that closes itself to programs."""
    try:
        refuse(url)
    except ValueError as error:
        raise AddressRefusedError(str(error)) from error


def user_agent(settings: Settings) -> str:
    """Who asks, and where to complain."""
    about = f"+{settings.base_url}; {settings.contact}" if settings.contact else f"+{settings.base_url}"
    return f"Hobnob/{__version__} ({about})"
