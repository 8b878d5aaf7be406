"""What a widget shows: its pins first, then what its search finds, each as a row of words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from aggregator.query import Choice, EventQuery
from aggregator.render import occurrence_json
from aggregator.store import Hit, Reader, Widget
from api.query import Asked
from api.web.language import Language
from api.widget.saved import Pairs
from api.widget.told import Row, tell_row

MOST_IN_CALENDAR = 1000
_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A question as a site shows it: `pairs` are its parameters, `link` is `source` or `page`; `saved` has a name."""

    asked: Asked
    pairs: Pairs
    language: Language
    link: str
    layout: str = "list"
    saved: Widget | None = None

    def query(self, limit: int) -> EventQuery:
        """The search, for that many."""
        return replace(self.asked.query, limit=limit)

    @property
    def links(self) -> list[dict[str, str]]:
        """To more than is shown; paths below our address, without their first slash."""
        query = urlencode([pair for pair in self.pairs if pair[0] != "limit"], safe=",")
        file = f"v1/widgets/{self.saved.name}.ics" if self.saved else f"v1/events.ics?{query}"
        paths = {"more": f"?{query}", "subscribe": file, "file": file}
        return [
            {"part": part, "href": href, "text": self.language.say(f"widget.{part}")} for part, href in paths.items()
        ]


async def find_rows(store: Reader, showing: Showing, now: datetime) -> list[Row]:
    """At most as many as were asked for."""
    country = showing.asked.place.country if showing.asked.place else None
    pinned, rest = await find_hits(store, showing.asked.query, showing.saved, now)
    return [
        tell_row(
            json.loads(occurrence_json(hit, showing.asked.units)),
            showing.language,
            country,
            links_to_us=showing.link == "page",
            is_pinned=is_pinned,
        )
        for hits, is_pinned in ((pinned, True), (rest, False))
        for hit in hits
    ]


async def find_hits(
    store: Reader, query: EventQuery, saved: Widget | None, now: datetime
) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """The next date of each pin, and then what the search finds, of the picks alone where there are any."""
    pinned = await _find_pins(store, query, saved, now) if saved and saved.pins else []
    picks = frozenset(saved.picks) if saved else frozenset()
    found = await store.search(replace(query, ids=picks, limit=query.limit + len(pinned)))
    known = {(hit.event, hit.start) for hit in pinned}
    rest = [hit for hit in found.hits if (hit.event, hit.start) not in known]
    return pinned[: query.limit], rest[: max(query.limit - len(pinned), 0)]


async def _find_pins(store: Reader, query: EventQuery, saved: Widget, now: datetime) -> list[Hit]:
    """In the editor's order, until they are over: wherever and whenever they are, but never from a blocked source."""
    blocked: Choice[str] = Choice(none_of=frozenset(saved.blocked))
    whatever = EventQuery(start=now, end=now + _AHEAD, source=blocked, center=query.center, limit=1)
    found: dict[int, Hit] = {}
    for pin in saved.pins:
        for hit in await _find_next(store, replace(whatever, ids=frozenset({pin}))):
            found.setdefault(hit.event, hit)
    return list(found.values())


async def _find_next(store: Reader, query: EventQuery) -> Sequence[Hit]:
    """The next date, with its distance where it has one, but not left out for want of one."""
    return (await store.search(query)).hits or (await store.search(replace(query, center=None))).hits
