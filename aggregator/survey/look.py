"""Looks at a site: the page, the platforms it bears the marks of, and what each of them gives."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from aggregator.collect.drafts import merge, to_events
from aggregator.collect.walk import Walk, Walked
from aggregator.errors import HobnobError, ParseError, PermissionNeededError, RobotsRefusedError
from aggregator.fetch import Fetcher, NotModified, Tally
from aggregator.place.gazetteer import Gazetteer
from aggregator.reading.html import absolute, attribute, parse_html
from aggregator.sandbox import Sandbox
from aggregator.source import Page, Request, Source, dated
from aggregator.survey.elsewhere import find_elsewhere
from aggregator.survey.guess import Guess, guess, is_alike, is_shared, place_of
from aggregator.survey.result import Known, Survey, Trial, Way, Ways

MOST_TRIALS = 6
MOST_PAGES = 3
"""Calendar pages of the site that are looked at when the first page bears no marks."""

GENERAL = frozenset({"ics", "rss", "file", "html", "jsonld"})
_CALENDAR = re.compile(
    r"\b(?:events?|calendar|meetings?|outings|what'?s[ -]on|agenda|schedule|volunteer)\b", re.IGNORECASE
)
_WORDPRESS = re.compile(r"/wp-(?:content|includes|json)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyor:
    """What a survey works with; `known` are the sources there are already."""

    ways: Ways
    fetcher: Fetcher
    sandbox: Sandbox
    gazetteer: Gazetteer
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A way that has not been tried."""

    platform: str
    url: str
    evidence: str


async def survey(url: str, surveyor: Surveyor, now: datetime) -> Survey:
    """Politely, a handful of pages; HobnobError only when the address itself is none that may be fetched."""
    page, robots = await _first_page(url, surveyor)
    pages = [page]
    ways = await _detect(page, surveyor)
    if all(way.platform in GENERAL for way in ways):
        for link in _calendar_links(page):
            pages += [more] if (more := await _page_at(link, surveyor)) else []
        ways = [way for each in (*pages[1:], page) for way in await _detect(each, surveyor)]
        ways += list(_usual_addresses(page))
    trials = await _try_all(ways, surveyor, page, now)
    stub: Mapping[str, Any] | None = None
    stub_why = ""
    best = _best(trials, now)
    if (best is None or not best.events) and not any(trial.needs_permission for trial in trials):
        recipe, stub, stub_why = await _induce(pages, surveyor, now)
        trials += [recipe] if recipe else []
        best = _best(trials, now)
    found = _guess(page, best, surveyor)
    return Survey(
        url=url,
        robots=robots,
        trials=tuple(trials),
        best=best,
        guess=found,
        similar=tuple(_similar(url, best, found, surveyor.known)),
        elsewhere=tuple(find_elsewhere(pages)),
        stub=stub,
        stub_why=stub_why,
        is_empty=best is not None and not best.events,
        at=now,
    )


async def _first_page(url: str, surveyor: Surveyor) -> tuple[Page, str]:
    """The page; an empty one under its address when it is refused, since a host's name alone may tell the platform."""
    try:
        answer = await surveyor.fetcher.fetch(Request(url=url))
    except RobotsRefusedError as error:
        return _blank(url), f"robots.txt refuses us: {error}"
    except HobnobError as error:
        if urlsplit(url).hostname is None:
            raise
        return _blank(url), f"not fetched: {error}"
    if isinstance(answer, NotModified):
        raise ParseError(f"{url}: answers “not modified” to a first request")
    return answer, "robots.txt lets us read it"


def _blank(url: str) -> Page:
    return Page(request=Request(url=url), url=url, body=b"", fetched_at=datetime.fromtimestamp(0).astimezone())


async def _page_at(url: str, surveyor: Surveyor) -> Page | None:
    try:
        answer = await surveyor.fetcher.fetch(Request(url=url))
    except HobnobError:
        return None
    return answer if isinstance(answer, Page) else None


async def _detect(page: Page, surveyor: Surveyor) -> list[Way]:
    return await asyncio.to_thread(lambda: list(surveyor.ways.detect(page)))


def _calendar_links(page: Page) -> list[str]:
    """Pages of the same site, or of a host below it, that call themselves a calendar, the shortest address first."""
    if b"<a" not in page.body:
        return []
    site, links = _host(page.url), set()
    for link in parse_html(page.text).css("a[href]"):
        url = absolute(attribute(link, "href"), page.url)
        if (
            url
            and f".{_host(url)}".endswith(f".{site}")
            and _CALENDAR.search(f"{urlsplit(url).path} {link.text()[:60]}")
        ):
            links.add(urlunsplit(urlsplit(url)._replace(fragment="")))
    return sorted(links - {page.url}, key=lambda link: (len(urlsplit(link).path), link))[:MOST_PAGES]


def _usual_addresses(page: Page) -> Iterator[Way]:
    """Where calendars often are although no page says so."""
    parts = urlsplit(page.url)
    if _WORDPRESS.search(page.text):
        yield _Wanted(platform="tec", url=f"{parts.scheme}://{parts.netloc}", evidence="a WordPress site: asked for it")


async def _try_all(ways: Sequence[Way], surveyor: Surveyor, page: Page, now: datetime) -> list[Trial]:
    """Best first, until one gives an event that is to come, or forbids to go on."""
    trials: list[Trial] = []
    seen: set[tuple[str, str]] = set()
    for way in ways:
        if (way.platform, way.url) in seen or len(trials) >= MOST_TRIALS:
            continue
        seen.add((way.platform, way.url))
        trials.append(await _try(way, surveyor, page, now))
        if trials[-1].coming(now) or trials[-1].needs_permission:
            break
    return trials


async def _try(way: Way, surveyor: Surveyor, page: Page, now: datetime, **keys: object) -> Trial:
    trial = Trial(platform=way.platform, url=way.url, evidence=way.evidence, recipe=keys.get("recipe"))  # type: ignore[arg-type]
    refusals: list[str] = []
    try:
        source = surveyor.ways.make(way.url, way.platform, **keys)
    except HobnobError as error:
        return replace(trial, failure=str(error), needs_permission=isinstance(error, PermissionNeededError))
    for each in (source, *source.fallbacks):
        try:
            walked = await _walk(each, surveyor, now)
        except HobnobError as error:
            refusals.append(f"{each.platform}: {error}")
            continue
        url = way.url if each is source else each.request.url
        return _filled(replace(trial, platform=each.platform, url=url), each, walked, surveyor, page)
    return replace(trial, failure="; ".join(refusals))


async def _walk(source: Source, surveyor: Surveyor, now: datetime) -> Walked:
    source = replace(source, request=dated(source.request, now))
    return await Walk(source=source, fetcher=surveyor.fetcher, sandbox=surveyor.sandbox, known={}, tally=Tally()).walk()


def _filled(trial: Trial, source: Source, walked: Walked, surveyor: Surveyor, page: Page) -> Trial:
    """Made sense of twice: what the events say of their town also says what their clocks mean."""
    drafts = merge(walked.told)
    events, _ = to_events(drafts, source, surveyor.gazetteer)
    found = guess(page.text, trial.url, trial.platform, tuple(events.values()), surveyor.gazetteer)
    source = replace(source, time_zone=found.time_zone, location=place_of(found), organizer=found.organizer)
    events, rejected = to_events(drafts, source, surveyor.gazetteer)
    return replace(trial, events=tuple(events.values()), rejected=rejected, gaps=walked.gaps)


def _best(trials: Sequence[Trial], now: datetime) -> Trial | None:
    """One with events to come, else with events, else an honestly empty one."""
    read = [trial for trial in trials if trial.failure is None]
    return max(read, key=lambda t: (bool(t.coming(now)), bool(t.events)), default=None)


async def _induce(
    pages: Sequence[Page], surveyor: Surveyor, now: datetime
) -> tuple[Trial | None, Mapping[str, Any] | None, str]:
    """A recipe made from the page that best bears one, tried; or a stub of one, and what was amiss."""
    stub: Mapping[str, Any] | None = None
    why = ""
    for page in reversed(pages):
        if not page.body.strip():
            continue
        induced = await asyncio.to_thread(surveyor.ways.induce, page)
        if induced.is_confident:
            way = _Wanted(platform="css", url=page.url, evidence=induced.why)
            trial = await _try(way, surveyor, pages[0], now, recipe=dict(induced.recipe))
            if trial.coming(now):
                return trial, None, ""
        stub, why = induced.recipe, induced.why
    return None, stub, why


def _guess(page: Page, best: Trial | None, surveyor: Surveyor) -> Guess:
    taken = [known.name for known in surveyor.known]
    url, platform = (best.url, best.platform) if best else (page.url, "css")
    return guess(page.text, url, platform, best.events if best else (), surveyor.gazetteer, taken)


def _similar(url: str, best: Trial | None, found: Guess, known: Sequence[Known]) -> Iterator[str]:
    """Sources of the same address, host or organisation."""
    hosts = {h for a in (url, best.url if best else "") if (h := _host(a)) and not is_shared(h)}
    for source in known:
        same_host = hosts & {_host(source.url), _host(source.homepage or "")}
        if same_host or source.url in (url, best and best.url) or is_alike(source.organizer, found.organizer):
            yield source.name


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
