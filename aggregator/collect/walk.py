"""The pages of one run: asked for politely, read in a child, and not read again when nothing changed."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from aggregator import __version__
from aggregator.collect.drafts import Told
from aggregator.errors import FetchError, HobnobError, ParseError
from aggregator.fetch import Fetcher, NotModified, Tally, Validators
from aggregator.reading.html import ends_whole
from aggregator.sandbox import Reading, Sandbox, read_kept, write_reading
from aggregator.source import Page, Request, Source
from aggregator.store import StoredPage
from aggregator.trace import span

MAX_PAGES = 20
MAX_DETAILS = 100
"""Pages of a list, and detail pages, in one run; a site that has more is read as far as this."""

MAX_DRAFTS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What a run's pages gave, in the order of the requests.

    `gaps` says, in words, what could not be read: with any, nothing may be taken as missing. `fresh` are the pages to
    keep for the next run; none means that every answer was the one known.
    """

    told: tuple[Told, ...]
    fresh: tuple[StoredPage, ...]
    gaps: tuple[str, ...]

    @property
    def is_unchanged(self) -> bool:
        """Whether every page was the one that is known."""
        return not self.fresh and not self.gaps


@dataclass(slots=True, kw_only=True)
class Walk:
    """One walk through the pages of a source; `known` are its pages by `key_of`, empty for a full fetch."""

    source: Source
    fetcher: Fetcher
    sandbox: Sandbox
    known: Mapping[str, StoredPage]
    tally: Tally
    told: list[Told] = field(default_factory=list)
    fresh: list[StoredPage] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    @property
    def drafts(self) -> int:
        """How many there are; to count those of a page that did not change is to read them."""
        return sum(len(told.drafts) for told in self.told)

    async def walk(self) -> Walked:
        """From the first request along what `follow` gives. Raises when the first page cannot be had or read."""
        waiting, seen = deque([self.source.request]), {key_of(self.source.request)}
        self.hosts.add(_host(self.source.request.url))
        counts = {True: 0, False: 0}
        while waiting:
            request = waiting.popleft()
            counts[request.completes is not None] += 1
            following = await self._visit(request)
            for further in following:
                key = key_of(further)
                if key not in seen:
                    seen.add(key)
                    waiting += self._on_site(further)
            waiting = self._within_limits(waiting, counts)
        return Walked(told=tuple(self.told), fresh=tuple(self.fresh), gaps=tuple(self.gaps))

    async def _visit(self, request: Request) -> tuple[Request, ...]:
        try:
            return await self._read(request)
        except HobnobError as error:
            if not self.told:
                raise
            self._fall_back(request, str(error))
            return ()

    async def _read(self, request: Request) -> tuple[Request, ...]:
        if request.url.startswith("file:"):
            return await self._read_files(request)
        known = self.known.get(key_of(request))
        validators = Validators(etag=known.etag, last_modified=known.last_modified) if known else Validators()
        with span("fetch"):
            answer = await self.fetcher.fetch(request, validators, permission=self.source.permission, tally=self.tally)
        if request == self.source.request:
            self.hosts.add(_host(answer.url))
        if isinstance(answer, NotModified):
            return self._keep(request, _expect(known))
        return await self._take(request, answer)

    async def _read_files(self, request: Request) -> tuple[Request, ...]:
        """A file that cannot be read costs itself only."""
        following: list[Request] = []
        failures: list[HobnobError] = []
        for page in await self.fetcher.fetch_files(request):
            try:
                following += await self._take(replace(request, url=page.url), page)
            except HobnobError as error:
                failures.append(error)
        if failures and not self.told:
            raise failures[0]
        self.gaps += map(str, failures)
        return tuple(following)

    async def _take(self, request: Request, page: Page) -> tuple[Request, ...]:
        known = self.known.get(key_of(request))
        digest = blake2b(page.body, digest_size=16).digest()
        if known and known.body_hash == digest and page.is_whole:
            return self._keep(request, known)
        reading = await self._parse(page)
        self._add(request, reading, page.fetched_at)
        has_end = self.source.ends_whole
        if not page.is_whole or (has_end is not None and not has_end(page.body)):
            self.gaps.append(f"{page.url}: was cut off before its end")
        elif reading.is_cut:
            self.gaps.append(f"{page.url}: more than can be kept")
        else:
            self.fresh.append(_to_keep(request, page, digest, reading, self.source))
        return reading.requests

    async def _parse(self, page: Page) -> Reading:
        """ParseError says that a whole page is not what it was; of nothing, and of a part, that cannot be said."""
        if not page.body.strip():
            raise FetchError(f"{page.url}: answers with nothing")
        try:
            with span("parse"):
                return await self.sandbox.read(self.source.parse, self.source.follow, page)
        except ParseError as error:
            marks = (ends_whole, self.source.ends_whole or ends_whole)
            if page.is_whole and any(mark(page.body) for mark in marks):
                raise
            raise FetchError(f"{page.url}: was cut off before its end") from error

    def _keep(self, request: Request, known: StoredPage) -> tuple[Request, ...]:
        reading = read_kept(known.reading)
        self._add(request, reading, known.fetched_at)
        return reading.requests

    def _fall_back(self, request: Request, reason: str) -> None:
        """A detail page that fails says what it said before; the list is what decides what is there."""
        known = self.known.get(key_of(request))
        if request.completes is not None and known is not None:
            self._keep(request, known)
        elif request.completes is None or not self._tells({request.completes}):
            self.gaps.append(reason)

    def _add(self, request: Request, reading: Reading, at: datetime) -> None:
        self.told.append(Told(request=request, drafts=reading.drafts, at=at))

    def _tells(self, identifiers: set[str | None]) -> bool:
        """Whether the lists themselves tell of these: then their details are missed, but not they."""
        return identifiers <= {draft.identifier for told in self.told for draft in told.drafts}

    def _on_site(self, request: Request) -> tuple[Request, ...]:
        """The request, when it stays on the source's site or where that redirects to; a detail elsewhere is let go."""
        if _host(request.url) in self.hosts or request.url == self.source.request.url:
            return (request,)
        if request.completes is None:
            self.gaps.append(f"{request.url}: not read, on another site")
        return ()

    def _within_limits(self, waiting: deque[Request], counts: Mapping[bool, int]) -> deque[Request]:
        lists = [r for r in waiting if r.completes is None]
        details = [r for r in waiting if r.completes is not None]
        left = MAX_DETAILS - counts[True]
        if len(details) > left and not self._tells({request.completes for request in details[left:]}):
            self.gaps.append(f"{details[left].url}: not read, after {MAX_DETAILS} detail pages")
        details = details[:left]
        if lists and (counts[False] >= MAX_PAGES or self.drafts >= MAX_DRAFTS):
            self.gaps.append(f"{lists[0].url}: not read, after {counts[False]} pages and {self.drafts} events")
            lists = []
        return deque((*lists, *details))


def key_of(request: Request) -> str:
    """The same text for the same request."""
    if request.body is None and not request.headers and request.method == "GET":
        return request.url
    told = repr((request.method, request.body, request.headers))
    return f"{request.url} {blake2b(told.encode(), digest_size=8).hexdigest()}"


def usable(pages: Iterable[StoredPage], source: Source) -> dict[str, StoredPage]:
    """The stored pages that this version of this source's parser read."""
    parser = parser_of(source)
    return {page.request: page for page in pages if page.parser == parser}


def parser_of(source: Source) -> str:
    """Changes when a page might be read otherwise than before."""
    options = getattr(source.parse, "keywords", {})
    return f"{__version__} {source.platform} {sorted(options.items())}"


def _to_keep(request: Request, page: Page, digest: bytes, reading: Reading, source: Source) -> StoredPage:
    validators = Validators.of(page)
    return StoredPage(
        request=key_of(request),
        etag=validators.etag,
        last_modified=validators.last_modified,
        body_hash=digest,
        reading=write_reading(reading),
        parser=parser_of(source),
        fetched_at=page.fetched_at,
    )


def _expect(known: StoredPage | None) -> StoredPage:
    """The fetcher says "not modified" only to a conditional request, and so about a known page."""
    if known is None:
        raise HobnobError("not modified, but nothing is known")
    return known


def _host(url: str) -> str:
    """With and without `www.` it is one site."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
