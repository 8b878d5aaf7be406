"""The answer to a question as a page shows it: days of cards, what is missing, what would help; pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from aggregator.render import occurrence_json
from aggregator.render.dated import distance_text
from aggregator.store import Answer, Hints, Hit, SourceStatus
from api.digest.wish import SEARCH
from api.hints import name_of, reach_of
from api.query import Asked
from api.web.card import Card, Told, day_of, make_card, tell_freshness
from api.web.form import Link, Units, read_given
from api.web.visit import Pairs, Visit

MOST_NAMED = 3
"""Silent sources that are named."""
_OF_PAGES = ("cursor", "limit", "units")
TIMES = ("when", "start", "end", "days", "starts_after", "starts_before", "cursor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Events that begin on one day; of those that began before what was asked for, `machine_date` is None."""

    words: str
    machine_date: str | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A sentence, and where it leads."""

    words: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How to take the answer along: addresses that answer the very same question; a letter only where one goes out."""

    webcal: str
    ics: str
    rss: str
    csv: str
    share: str
    letter: str | None = None


def read_hits(hits: Iterable[Hit], units: Units) -> list[Told]:
    """Events as their JSON has them; `occurrence` tells a date of a series from its others."""
    return [json.loads(occurrence_json(hit, units)) | {"occurrence": hit.occurrence} for hit in hits]


def make_cards(
    visit: Visit, told: Iterable[Told], asked: Asked, seen: Mapping[str, datetime], now: datetime
) -> list[Card]:
    """In the order of the events; `seen` is when each was last seen, by id."""
    country = asked.place.country if asked.place else None
    return [
        make_card(
            one,
            event_link(visit, one),
            visit.language,
            country,
            tell_freshness(seen[one["id"]], one["kind"], now, visit.language) if one["id"] in seen else None,
        )
        for one in told
    ]


def event_link(visit: Visit, told: Told) -> str:
    """The page of the event; at this date, when it has others."""
    date_of_many = {"on": told["startDate"][:10]} if told["occurrence"] else {}
    return visit.link(f"/events/{told['id']}", **date_of_many)


def make_days(visit: Visit, told: Iterable[Told], cards: Iterable[Card], first: date) -> tuple[Day, ...]:
    """In the order of the answer; `first` is the first day that was asked for."""
    before = _before(first)
    pairs = zip(told, cards, strict=True)
    return tuple(
        Day(
            words=visit.language.say("day.begun") if day < first else visit.language.tell_day(day),
            machine_date=None if day < first else day.isoformat(),
            cards=tuple(card for _, card in group),
        )
        for day, group in groupby(pairs, key=lambda pair: max(day_of(pair[0]), before))
    )


def _before(first: date) -> date:
    return date.fromordinal(first.toordinal() - 1)


def tell_title(visit: Visit, asked: Asked, what: str = "title") -> str:
    """`Events near Visalia, CA`, or the same of groups or plans."""

    def say(key: str, **values: object) -> str:
        return visit.language.say(key.replace("title", what), **values)

    if asked.place is None:
        return say("title.box" if "bbox" in asked.echo else "title.anywhere")
    return (
        say("title.point")
        if asked.place.region is None and "," in asked.place.name
        else say("title.near", place=asked.place.label)
    )


def tell_scope(visit: Visit, asked: Asked, total: int | None) -> str:
    """`Next 7 days · within 15 mi · 23 events`."""
    say, echo = visit.language.say, asked.echo
    when = say(f"when.{echo['when']}") if "when" in echo else say("when.any")
    if {"start", "end"} & echo.keys():
        start, end = (date.fromisoformat(asked.window[name][:10]) for name in ("start", "end"))
        when = f"{visit.language.tell_short_day(start)} – {visit.language.tell_short_day(_before(end))}"
    within = (
        say("scope.within", distance=str(echo["within"]).replace("mi", " mi").replace("km", " km"))
        if "within" in echo
        else None
    )
    count = None if total is None else say("scope.count", count=total) if total <= 1000 else say("scope.many")
    return " · ".join(part for part in (when, within, count) if part)


def tell_hints(visit: Visit, path: str, asked: Asked, hints: Hints, unknown: Iterable[str]) -> tuple[Hint, ...]:
    """What would find something: further away, later, or with fewer filters."""
    return tuple(_tell_hints(visit, path, asked, hints, unknown))


def _tell_hints(visit: Visit, path: str, asked: Asked, hints: Hints, unknown: Iterable[str]) -> Iterator[Hint]:
    say = visit.language.say
    yield from (Hint(words=words) for words in unknown)
    if hints.nearest and hints.nearest.distance is not None:
        away, reach = distance_text(hints.nearest.distance, asked.units), reach_of(hints.nearest.distance, asked.units)
        pairs = (*visit.without("within", "radius", "unit", "nearest", "cursor"), ("within", reach))
        yield Hint(words=say("hint.nearest", away=away, name=name_of(hints.nearest)), address=visit.link(path, pairs))
    if hints.next:
        day = visit.language.tell_day(date.fromisoformat(hints.next.start_text[:10]))
        address = visit.link(path, visit.without(*TIMES))
        yield Hint(words=say("hint.next", day=day, name=name_of(hints.next)), address=address)
    rest = visit.without(
        "kind",
        "visitors",
        "cost",
        "q",
        "newcomer",
        "attendance",
        "weekday",
        "time_from",
        "time_to",
        "cursor",
        "org",
        "tag",
        "source",
    )
    if len(rest) < len(visit.without("cursor")):
        yield Hint(words=say("hint.fewer"), address=visit.link(path, rest))


def tell_unplaced(visit: Visit, answer: Answer) -> str | None:
    """How many events match but for their place."""
    return visit.language.say("unplaced", count=answer.unplaced) if answer.unplaced else None


def tell_late(visit: Visit, late: list[SourceStatus]) -> str | None:
    """Which sources were not heard from lately."""
    if not late:
        return None
    names = ", ".join(status.organizer or status.name for status in late[:MOST_NAMED])
    rest = len(late) - MOST_NAMED
    return (
        visit.language.say("late.more", names=names, count=rest)
        if rest > 0
        else visit.language.say("late", names=names)
    )


def next_link(visit: Visit, path: str, cursor: str | None, **own: str) -> str | None:
    """The page after; None for the last."""
    return None if cursor is None else visit.link(path, (*visit.without("cursor"), ("cursor", cursor)), **own)


def question_of(visit: Visit, asked: Asked) -> Pairs:
    """The question as a feed is asked it: with the place in its own way of writing."""
    given = read_given(visit.without(*_OF_PAGES))
    near = {"near": str(asked.echo["near"])} if "near" in given and "near" in asked.echo else {}
    hidden = ("lat", "lon") if "near" in given else ()
    return tuple((name, value) for name, value in (given | near).items() if name not in hidden)


def make_ways(visit: Visit, asked: Asked, *, has_letters: bool) -> Ways:
    """Calendars keep the window as words: a subscription moves on with the days."""
    pairs = question_of(visit, asked)
    plain = {form: visit.plain_link(f"/v1/events.{form}", pairs) for form in ("ics", "rss", "csv")}
    return Ways(
        webcal="webcal:" + visit.absolute(plain["ics"]).partition(":")[2],
        ics=plain["ics"],
        rss=plain["rss"],
        csv=plain["csv"],
        letter=visit.link("/subscribe", [pair for pair in pairs if pair[0] in SEARCH]) if has_letters else None,
        share=visit.absolute(
            visit.link("/", visit.without("cursor"), **({"view": visit.view} if visit.view != "list" else {}))
        ),
    )


def view_links(visit: Visit, path: str) -> tuple[tuple[Link, bool], ...]:
    """List, month and map of the same question, and which of them this is."""
    pairs = visit.without("cursor")
    return tuple(
        (
            Link(
                words=visit.language.say(f"view.{view}"),
                address=visit.link(path, pairs, **({} if view == "list" else {"view": view})),
            ),
            view == visit.view,
        )
        for view in ("list", "month", "map")
    )
