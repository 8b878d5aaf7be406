"""Regular groups: what meets again and again, when next, and whether a stranger may come."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.store import KeptGroup
from api.answer import list_json, place_json
from api.chronicle import GroupJson, GroupPage
from api.direct import DirectRoute
from api.feeds.feed import Channel
from api.feeds.ics import ICS
from api.feeds.title import write_title
from api.given import part_own
from api.grouped import STATES, Wanted, find, group_members
from api.parameters import MAX_TEXT, openapi_parameters, own_parameter
from api.problem import documented
from api.query import Asked, parse_query
from api.reply import reply
from api.schema import of_json
from api.site import Site, read_only, read_pairs, site_of

SHARED = (
    *("near", "lat", "lon", "within", "bbox", "when", "start", "end", "days", "weekday", "kind", "org", "source"),
    *("tag", "q", "visitors", "newcomer", "rhythm", "confirmed_within", "limit", "units"),
)
MOST_GROUPS = 1000
_OF_PAGES = ("limit", "after")
_CUT = "Only the first {:,} groups are here: ask for a smaller area."
_KEY = re.compile(r"[\w.-]+")


OWN = {
    "state": own_parameter(
        "state",
        "active, quiet (meetings were missed), retired; else all but retired.",
        {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(STATES)}},
    ),
    "after": own_parameter("after", "The `next` of the page before.", {"type": "string", "pattern": r"^[\w.-]+$"}),
}

router = APIRouter(tags=["groups"], route_class=DirectRoute)


@router.get(
    "/v1/groups",
    summary="Regular groups by place and rhythm",
    responses={**of_json(GroupPage), **documented(422, 503)},
    response_model=None,
    openapi_extra={"parameters": [*openapi_parameters(*SHARED), *OWN.values()]},
)
async def list_groups(request: Request) -> Response:
    """In order of their next meeting; one that is `expected` follows the rhythm, and nobody has announced it yet."""
    site = site_of(request)
    question = ask_groups(site, read_pairs(request))
    asked, own = question.asked, question.own

    async def make() -> Response:
        groups = await run_in_threadpool(site.groups)
        found = [one for one in find(groups, asked.query, question.wanted, site.now()) if one.key > question.after]
        page = found[: asked.query.limit]
        parts = [_part(one.kept, one.distance, asked.units) for one in page]
        members = {
            "next": page[-1].key if len(found) > len(page) else None,
            "query": {**asked.echo, **own},
            "resolvedPlace": place_json(asked.place),
            "asOf": site.as_of(),
        }
        return Response(list_json([b",\n".join(parts)], members), media_type="application/json")

    return await reply(site, request, make, asked.echo, asked.window, own)


_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"description": "The calendar", "content": {"text/calendar": {"schema": {"type": "string"}}}},
    304: {"description": "Not changed since the ETag that was sent"},
}


@router.get(
    "/v1/groups.ics",
    summary="The same groups as one calendar",
    responses={**_CALENDAR, **documented(422, 503)},
    response_model=None,
    openapi_extra={
        "parameters": [
            *openapi_parameters(*(name for name in SHARED if name not in _OF_PAGES)),
            *(told for name, told in OWN.items() if name not in _OF_PAGES),
        ]
    },
)
async def show_calendars(request: Request) -> Response:
    """An event with its rule for each group, in the clock of its place: a few lines for meetings without end."""
    site, pairs = site_of(request), read_pairs(request)
    for name, value in pairs:
        if name in _OF_PAGES:
            raise QueryError(name, value[:MAX_TEXT], "only /v1/groups knows it; a calendar is always whole")
    given = ask_groups(site, pairs)
    asked, title = given.asked, write_title(given.asked, site.settings, "Regular groups")

    async def make() -> Response:
        found = find(await run_in_threadpool(site.groups), asked.query, given.wanted, site.now())
        cut = _CUT.format(MOST_GROUPS) if len(found) > MOST_GROUPS else None
        return await _write(site, title, [one.kept for one in found[:MOST_GROUPS]], cut)

    return await reply(site, request, make, asked.echo, asked.window, given.own)


@router.get(
    "/v1/groups/{id}.ics",
    summary="A regular group as a calendar with its rule",
    responses={**_CALENDAR, **documented(404, 422, 503)},
    response_model=None,
)
async def show_calendar(request: Request, id: str) -> Response:  # noqa: A002 - the word of the path
    """One event a rule, in the clock of its place."""
    site = site_of(request)
    read_only(request)

    async def make() -> Response:
        kept = await run_in_threadpool(find_group, site, id)
        return await _write(site, kept.group.name, [kept])

    return await reply(site, request, make, site.now().date())


@router.get(
    "/v1/groups/{id}",
    summary="One regular group",
    responses={**of_json(GroupJson), **documented(404, 422, 503)},
    response_model=None,
)
async def show_group(request: Request, id: str) -> Response:  # noqa: A002
    """Its rhythm and how that is known, its next dates, and whether a stranger may come."""
    site = site_of(request)
    read_only(request)

    async def make() -> Response:
        kept = await run_in_threadpool(find_group, site, id)
        return Response(_part(kept, None, site.settings.units), media_type="application/json")

    return await reply(site, request, make, site.minute())


async def _write(site: Site, title: str, groups: list[KeptGroup], cut: str | None = None) -> Response:
    from api.feeds.group import write_groups  # noqa: PLC0415 - the library takes 50 ms to import, and few ask

    url = site.settings.base_url
    channel = Channel(
        title=title, url=url, json_url=url, site=url, country=None, units=site.settings.units, zone=None, cut=cut
    )
    body = await run_in_threadpool(write_groups, channel, groups, site.now())
    return Response(body, media_type=ICS.media_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsAsked:
    """What is asked of events and groups alike, and of groups alone; `own` as it was written."""

    asked: Asked
    wanted: Wanted
    after: str
    own: dict[str, str]


def ask_groups(site: Site, pairs: Iterable[tuple[str, str]]) -> GroupsAsked:
    """QueryError for what cannot be answered."""
    own, others = part_own(pairs, OWN, SHARED)
    asked = parse_query(others, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)
    return GroupsAsked(asked=asked, wanted=_wanted(own), after=_after(own), own=own)


def find_group(site: Site, group_id: str) -> KeptGroup:
    """404 where there is none; may block."""
    kept = next((kept for kept in site.groups() if kept.group.id == group_id), None)
    if kept is None:
        raise HTTPException(404, f"there is no group {group_id[:40]}")
    return kept


def _part(kept: KeptGroup, distance: float | None, units: Any) -> bytes:
    return json.dumps(group_members(kept, distance, units), ensure_ascii=False).encode("utf-8", "replace")


def _after(own: dict[str, str]) -> str:
    after = own.get("after")
    if after is not None and not _KEY.fullmatch(after):
        raise QueryError("after", after[:200], "not the `next` of a page")
    return after or ""


def _wanted(own: dict[str, str]) -> Wanted:
    """QueryError names the state that there is not."""
    if "state" not in own:
        return Wanted()
    states = frozenset(word.strip() for word in own["state"].split(","))
    if unknown := sorted(states.difference(STATES)):
        raise QueryError("state", unknown[0][:200], f"is none of {', '.join(STATES)}")
    return Wanted(states=states)
