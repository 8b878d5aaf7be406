"""`/robots.txt`, `/sitemap.xml` and its parts, `/llms.txt` and `/oembed`."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from aggregator.errors import QueryError
from aggregator.store.addresses import BLOCK
from api import crawlers
from api.direct import DirectRoute
from api.feeds.title import write_title
from api.given import part_own
from api.parameters import NAMES
from api.problem import problem
from api.query import parse_query
from api.reply import reply
from api.site import Site, read_only, read_pairs, site_of

PAGES: Final = ("/", "/groups", "/plan", "/sources", "/about", "/docs")
_XML: Final = "application/xml; charset=utf-8"
_READ_AT_ONCE: Final = 1000
_MOST_LETTERS: Final = 200
_LEAST: Final = 100
"""Pixels: what is smaller shows no event."""

router = APIRouter(route_class=DirectRoute)


@router.get("/robots.txt", include_in_schema=False)
async def show_robots(request: Request) -> Response:
    """What there is nothing to find behind, and where all pages are listed."""
    return await _show_text(request, crawlers.write_robots(site_of(request).settings), "text/plain; charset=utf-8")


@router.get("/llms.txt", include_in_schema=False)
async def show_llms(request: Request) -> Response:
    """What this is and how to ask it, for language models."""
    return await _show_text(request, crawlers.write_llms(site_of(request).settings), "text/markdown; charset=utf-8")


async def _show_text(request: Request, text: str, media_type: str) -> Response:
    read_only(request)

    async def make() -> Response:
        return Response(text, media_type=media_type)

    return await reply(site_of(request), request, make)


@router.get("/sitemap.xml", include_in_schema=False)
async def show_sitemap(request: Request) -> Response:
    """An index: the pages and groups, and each block of events of which one is told."""
    site = site_of(request)
    read_only(request)

    async def make() -> Response:
        url, groups = site.settings.base_url, await run_in_threadpool(site.groups)
        parts: list[tuple[str, int | None]] = [(f"{url}/sitemap-pages-0.xml", None)]
        parts += [(f"{url}/sitemap-groups-{number}.xml", None) for number in range(-(-len(groups) // BLOCK))]
        parts += [(f"{url}/sitemap-events-{block}.xml", changed) for block, changed in site.store.address_blocks()]
        return Response(crawlers.write_index(parts), media_type=_XML)

    return await reply(site, request, make)


@router.get("/sitemap-{kind}-{number}.xml", include_in_schema=False)
async def show_part(request: Request, kind: str, number: str) -> Response:
    """At most 50,000 addresses; an event's is in the same part as long as it is told."""
    site = site_of(request)
    read_only(request)
    if kind not in ("pages", "groups", "events") or not (number.isascii() and number.isdecimal() and len(number) < 8):
        raise HTTPException(404)

    async def make() -> Response:
        parts = _write_events(site, int(number)) if kind == "events" else _write_paths(site, kind, int(number))
        try:
            first = await anext(parts)
        except StopAsyncIteration as error:
            raise HTTPException(404) from error
        return StreamingResponse(_write_map(first, parts), media_type=_XML)

    return await reply(site, request, make)


async def _write_map(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield crawlers.open_map("urlset") + first
    async for part in rest:
        yield part
    yield crawlers.close_map("urlset")


async def _write_events(site: Site, block: int) -> AsyncIterator[bytes]:
    after = -1
    while told := site.store.addresses(block, after, _READ_AT_ONCE):
        yield crawlers.write_urls((f"{site.settings.base_url}/events/{id_}", changed) for _, id_, changed in told)
        after = told[-1][0]


async def _write_paths(site: Site, kind: str, number: int) -> AsyncIterator[bytes]:
    if kind == "pages":
        paths: Sequence[str] = [*PAGES, *await run_in_threadpool(_letters, site)]
    else:
        paths = [f"/groups/{kept.group.id}" for kept in await run_in_threadpool(site.groups)]
    if part := paths[number * BLOCK : (number + 1) * BLOCK]:
        yield crawlers.write_urls((f"{site.settings.base_url}{path}", None) for path in part)


def _letters(site: Site) -> list[str]:
    """The page of them too, where there is one."""
    found = [f"/letters/{kept.name}" for kept in site.store.editions(_MOST_LETTERS)]
    return ["/letters", *found] if found else []


@router.get("/oembed", include_in_schema=False)
async def embed(request: Request) -> Response:
    """oEmbed 1.0: a search is a frame, an event or a group a link with its name."""
    site = site_of(request)
    own, _ = part_own(read_pairs(request), ("url", "maxwidth", "maxheight", "format"), ())
    if own.get("format", "json") != "json":
        return problem(501, "format=json is the only one")
    path, query = _read_address(site, own.get("url", ""))
    width, height = (_read_most(own, name) for name in ("maxwidth", "maxheight"))

    async def make() -> Response:
        if path in ("", "/", "/embed"):
            told = _embed_search(site, query, width, height)
        else:
            told = await _embed_page(site, path)
        return Response(to_json(told), media_type="application/json")

    return await reply(site, request, make, path, query, width, height, site.minute())


def _embed_search(site: Site, query: str, width: int, height: int) -> dict[str, object]:
    """Only what the question is made of is handed on; how the page shows it is not."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name in NAMES and name != "cursor"]
    asked = parse_query(pairs, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    return crawlers.write_embed(site.settings, write_title(asked, site.settings), urlencode(pairs), width, height)


async def _embed_page(site: Site, path: str) -> dict[str, object]:
    match path.split("/"):
        case ["", "events", event_id]:
            if hits := await site.store.event(event_id, now=site.now(), limit=1):
                told = json.loads(b"{" + hits[0].json)
                return crawlers.write_link(site.settings, told["name"], (told["organizer"] or {}).get("name"))
        case ["", "groups", group_id]:
            for kept in await run_in_threadpool(site.groups):
                if kept.group.id == group_id:
                    return crawlers.write_link(site.settings, kept.group.name, None)
    raise HTTPException(404, "nothing of that address can be embedded")


def _read_address(site: Site, text: str) -> tuple[str, str]:
    """Path and query; 404 for a page that is not ours, as oEmbed asks for."""
    try:
        ours, asked = urlsplit(site.settings.base_url), urlsplit(text)
        is_ours = (asked.hostname, asked.port) == (ours.hostname, ours.port) and asked.path.startswith(ours.path)
    except ValueError:
        is_ours = False
    if not is_ours:
        raise HTTPException(404, f"url is an address that begins with {site.settings.base_url}")
    return asked.path.removeprefix(ours.path), asked.query


def _read_most(own: dict[str, str], name: str) -> int:
    text = own.get(name, "10000")
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) >= _LEAST):
        raise QueryError(name, text[:200], f"pixels: a whole number from {_LEAST}")
    return int(text)
