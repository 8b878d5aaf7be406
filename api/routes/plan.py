"""A week that works, made of what the same question finds."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.render import occurrence_json, occurrence_vevent
from aggregator.store import Hit
from api.answer import list_json, place_json
from api.chronicle import PlanPage
from api.direct import DirectRoute
from api.feeds.feed import Channel
from api.feeds.ics import ICS
from api.given import part_own
from api.parameters import openapi_parameters, own_parameter
from api.planned import DAYPARTS, WEEKDAYS, Choice, Slot, Wish, plan
from api.problem import documented
from api.query import Asked, parse_query
from api.reply import reply
from api.schema import of_json
from api.site import Site, read_pairs, site_of

SHARED = (
    *("near", "lat", "lon", "within", "when", "start", "end", "days", "kind", "org", "source", "tag", "q"),
    *("attendance", "cost", "max_price", "visitors", "newcomer", "units"),
)
MOST_LOOKED_AT, MOST_CHOSEN, MOST_MONEY = 1000, 20, 100_000
DEFAULT_DAYS = "14"


OWN = {
    "free": own_parameter(
        "free",
        f"When you can come: a weekday, or one with a part of the day ({', '.join(DAYPARTS)}), several by comma.",
        {"type": "array", "minItems": 1, "items": {"type": "string", "examples": ["tue.evening"]}},
    ),
    "budget": own_parameter(
        "budget",
        "What all of it may cost, as far as prices are said.",
        {"type": "integer", "minimum": 0, "maximum": MOST_MONEY},
    ),
    "most": own_parameter(
        "most", "How many events at most.", {"type": "integer", "minimum": 1, "maximum": MOST_CHOSEN}
    ),
}

router = APIRouter(tags=["events"], route_class=DirectRoute)
_PARAMETERS = {"parameters": [*openapi_parameters(*SHARED), *OWN.values()]}


@router.get(
    "/v1/plan",
    summary="Events that fit together",
    responses={**of_json(PlanPage), **documented(422, 503)},
    response_model=None,
    openapi_extra=_PARAMETERS,
)
async def make_plan(request: Request) -> Response:
    """Of several kinds, that do not clash, within the budget, each with the reasons for it; 14 days unless said."""
    site = site_of(request)
    question = ask_plan(site, read_pairs(request))
    asked, wish, own = question.asked, question.wish, question.own

    async def make() -> Response:
        chosen = await choose(site, asked, wish)
        parts = [json.dumps({**choice.event, "because": choice.because}, ensure_ascii=False) for choice, _ in chosen]
        members = {
            "spent": sum(choice.price or 0.0 for choice, _ in chosen),
            "pricesUnknown": sum(choice.price is None for choice, _ in chosen),
            "query": {**asked.echo, **own},
            "window": asked.window,
            "resolvedPlace": place_json(asked.place),
            "asOf": site.as_of(),
        }
        body = list_json([b",\n".join(part.encode("utf-8", "replace") for part in parts)], members)
        return Response(body, media_type="application/json")

    return await reply(site, request, make, asked.echo, asked.window, own)


@router.get(
    "/v1/plan.ics",
    summary="The same plan as a calendar",
    responses={
        200: {"description": "The calendar", "content": {"text/calendar": {"schema": {"type": "string"}}}},
        304: {"description": "Not changed since the ETag that was sent"},
        **documented(422, 503),
    },
    response_model=None,
    openapi_extra=_PARAMETERS,
)
async def make_calendar(request: Request) -> Response:
    """Each event as in the feeds."""
    site = site_of(request)
    question = ask_plan(site, read_pairs(request))
    asked, wish, own = question.asked, question.wish, question.own

    async def make() -> Response:
        chosen = await choose(site, asked, wish)
        url = site.settings.base_url
        channel = Channel(
            title="A week that works",
            url=url,
            json_url=url,
            site=url,
            country=None,
            units=asked.units,
            zone=None,
            cut=None,
        )
        events = b"".join(occurrence_vevent(hit) for _, hit in chosen)
        return Response(ICS.head(channel) + events + ICS.tail(channel), media_type=ICS.media_type)

    return await reply(site, request, make, asked.echo, asked.window, own)


async def choose(site: Site, asked: Asked, wish: Wish) -> list[tuple[Choice, Hit]]:
    """The plan, and the hits that its events were made of."""
    hits = [hit async for hit in site.store.stream(asked.query, MOST_LOOKED_AT)]
    told = [json.loads(occurrence_json(hit, asked.units, None)) for hit in hits]
    of_event = {id(event): hit for event, hit in zip(told, hits, strict=True)}
    return [(choice, of_event[id(choice.event)]) for choice in plan(told, wish)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAsked:
    """What is asked of events, and what the plan is to keep to; `own` as it was written."""

    asked: Asked
    wish: Wish
    own: dict[str, str]


def ask_plan(site: Site, pairs: Iterable[tuple[str, str]]) -> PlanAsked:
    """QueryError for what cannot be answered."""
    own, others = part_own(pairs, OWN, SHARED)
    if {name for name, _ in others}.isdisjoint({"days", "end", "when"}):
        others.append(("days", DEFAULT_DAYS))
    asked = parse_query(others, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    return PlanAsked(asked=asked, wish=_wish(own), own=own)


def _wish(own: dict[str, str]) -> Wish:
    """QueryError names the first that cannot be answered."""
    free = frozenset(slot for part in own["free"].split(",") for slot in _slots(part.strip())) if "free" in own else ()
    budget = _number(own, "budget", 0, MOST_MONEY)
    most = _number(own, "most", 1, MOST_CHOSEN)
    return Wish(free=frozenset(free), budget=budget, most=most or Wish().most)


def _slots(text: str) -> list[Slot]:
    """`tue` is all of Tuesday."""
    weekday, _, part = text.lower().partition(".")
    if weekday not in WEEKDAYS or (part and part not in DAYPARTS):
        raise QueryError("free", text[:200], f"such as tue.evening: {', '.join(WEEKDAYS)} and {', '.join(DAYPARTS)}")
    return [(WEEKDAYS.index(weekday), name) for name in ((part,) if part else DAYPARTS)]


def _number(own: dict[str, str], name: str, least: int, most: int) -> int | None:
    if name not in own:
        return None
    text = own[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and least <= int(text) <= most):
        raise QueryError(name, text[:200], f"a whole number from {least} to {most}")
    return int(text)
