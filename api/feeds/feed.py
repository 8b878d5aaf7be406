"""What the formats have in common: a head, one part an event, a tail, and how they are streamed."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.query import EventQuery
from aggregator.render import occurrence_json
from aggregator.render.dated import Units
from aggregator.store import Answer, Hit, Reader

MOST_EVENTS = 10_000
CANCELLED_FOR = timedelta(days=30)
"""How long a feed that keeps cancelled events tells one after it last changed."""

_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says of itself. `cut` is a sentence when there were more events than a feed carries, `stale` one when
    sources have not been heard from; `country` is where the question was asked about; `json_url` answers the same
    question, page by page."""

    title: str
    url: str
    json_url: str
    site: str
    country: str | None
    units: Units
    zone: ZoneInfo | None
    cut: str | None
    stale: str | None = None
    as_of: str = "1970-01-01T00:00:00Z"

    @property
    def notes(self) -> str | None:
        """What a subscriber should know."""
        return " ".join(filter(None, (self.cut, self.stale))) or None

    def members(self, hit: Hit) -> dict[str, Any]:
        """The event as its JSON has it."""
        told: dict[str, Any] = json.loads(occurrence_json(hit, self.units, self.zone))
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How one format is written; `joint` stands between two events. One that `keeps_cancelled` goes on to tell a
    cancelled event that its source has taken off, for who keeps a copy."""

    suffix: str
    media_type: str
    about: str
    head: Callable[[Channel], bytes]
    event: Callable[[Channel, Hit], bytes]
    tail: Callable[[Channel], bytes]
    joint: bytes = b""
    keeps_cancelled: bool = False

    @property
    def type(self) -> str:
        """The JSON Schema type of a whole feed."""
        return "object" if self.media_type.endswith("json") else "string"


async def find_cut(store: Reader, query: EventQuery, first: Answer, most: int) -> str | None:
    """The cursor after `most` events; None when there are no more. It is known before the head is sent, because
    that is where formats can say it; a feed that fits one page costs nothing here."""
    answer, left = first, most - len(first.hits)
    while answer.next and left > 0:
        answer = await store.search(replace(query, cursor=answer.next, limit=min(_PAGE, left)))
        left -= len(answer.hits)
    return answer.next


async def search_first(store: Reader, query: EventQuery, most: int) -> Answer:
    """The first page of a feed."""
    return await store.search(replace(query, limit=min(_PAGE, most)))


async def write_feed(
    form: Format, channel: Channel, store: Reader, query: EventQuery, first: Answer, most: int
) -> AsyncIterator[bytes]:
    """The whole feed in parts of a page each: memory does not grow with the feed, nor with a slow reader."""
    answer, left, joint = first, most, form.head(channel)
    while True:
        left -= len(answer.hits)
        parts = form.joint.join(form.event(channel, hit) for hit in answer.hits)
        yield joint + parts
        joint = form.joint
        if not answer.next or left <= 0:
            break
        answer = await store.search(replace(query, cursor=answer.next, limit=min(_PAGE, left)))
    yield form.tail(channel)
