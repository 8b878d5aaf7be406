"""Whether other sites can be reached at all, and what time they say it is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from aggregator.errors import AddressRefusedError, FetchError, StatusError
from aggregator.fetch import Fetcher, NotModified
from aggregator.settings import Settings
from aggregator.source import Page, Request
from api.cli.doctor.finding import Finding, Grade

MOST_ASKED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a few sites answered; `told` is the time by the first of their clocks."""

    finding: Finding
    told: datetime | None = None


async def try_network(settings: Settings, addresses: Sequence[str]) -> Reach:
    """Asks for the robots.txt of a few sites; one answer of any kind is enough."""
    hosts = {f"{parts.scheme}://{parts.netloc}": None for url in addresses if (parts := urlsplit(url)).netloc}
    asked = list(hosts)[:MOST_ASKED]
    if not asked or not settings.contact:
        return Reach(finding=Finding(grade=Grade.UNKNOWN, about="network", seen="not tried: there is no site to ask"))
    async with Fetcher(settings) as fetcher:
        answers = await asyncio.gather(*(_ask(fetcher, f"{host}/robots.txt") for host in asked))
    heard = [answer for answer in answers if not isinstance(answer, FetchError)]
    if not heard:
        seen = f"no site could be reached ({answers[0]}), so no source was asked; all else was checked"
        advice = "mend the connection; sources are tried again by themselves"
        return Reach(finding=Finding(grade=Grade.WRONG, about="network", seen=seen, advice=advice))
    told = next((moment for answer in heard if isinstance(answer, Page) and (moment := _clock(answer))), None)
    return Reach(finding=Finding(grade=Grade.WELL, about="network", seen=f"{asked[0]} answers"), told=told)


async def _ask(fetcher: Fetcher, url: str) -> Page | NotModified | FetchError | None:
    """None is an answer too: a site that says no is there."""
    try:
        return await fetcher.fetch(Request(url=url), permission="granted")
    except (StatusError, AddressRefusedError):
        return None
    except FetchError as error:
        return error


def _clock(page: Page) -> datetime | None:
    try:
        moment = parsedate_to_datetime(page.header("date") or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
