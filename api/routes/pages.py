"""`/`: events by place and date, for people."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.query import Sort
from api.direct import DirectRoute
from api.hints import tell_unknown
from api.query import Asked, parse_query
from api.reply import reply
from api.site import Site, site_of
from api.web.card import Card, Told
from api.web.form import EVENTS, make_form, tell_fault
from api.web.frame import Frame, answer_fault, answer_page
from api.web.guard import as_page
from api.web.map import MOST as MOST_ON_MAP
from api.web.map import MOST_TOWNS, box_of, find_points, make_map, origin_of
from api.web.month import MOST as MOST_OF_MONTH
from api.web.month import make_month, month_of, pairs_of_month
from api.web.results import (
    Hint,
    make_cards,
    make_days,
    make_ways,
    next_link,
    read_hits,
    tell_hints,
    tell_late,
    tell_scope,
    tell_title,
    tell_unplaced,
    view_links,
)
from api.web.visit import Visit, read_visit

router = APIRouter(route_class=DirectRoute)


@router.get("/", include_in_schema=False)
@as_page
async def show_events(request: Request) -> Response:
    """A question and its answer; what cannot be answered is said beside its field, with what would do."""
    site = site_of(request)
    visit = read_visit(site, request, VIEWS)
    if not visit.without("units", "limit") and not site.settings.place:
        return await reply(site, request, lambda: _show_start(site, visit), visit.key, site.minute())
    try:
        asked = ask(site, visit)
    except QueryError as error:
        return _show_fault(site, visit, error)
    return await reply(
        site,
        request,
        lambda: _SHOW[visit.view](site, visit, asked),
        visit.key,
        asked.echo,
        asked.window,
        site.stale_sources(),
    )


def ask(site: Site, visit: Visit) -> Asked:
    """The same question as the API's, by the same declaration."""
    return parse_query(visit.pairs, now=site.now(), settings=site.settings, gazetteer=site.gazetteer)


async def _show_start(site: Site, visit: Visit) -> Response:
    say = visit.language.say
    form = make_form(visit, EVENTS, {"within": site.settings.within}, site.settings.units)
    told = sum(status.events for status in site.store.sources())
    frame = Frame(
        title=say("start.title"), description=say("start.about"), canonical=visit.link("/"), scripts=("page.js",)
    )
    return answer_page(visit, site.settings, "start", frame, form=form, told=told)


def _show_fault(site: Site, visit: Visit, error: QueryError) -> Response:
    fault = tell_fault(visit, EVENTS, error)
    form = make_form(visit, EVENTS, {"within": site.settings.within}, site.settings.units, fault)
    return answer_fault(visit, site.settings, form)


async def _show_list(site: Site, visit: Visit, asked: Asked) -> Response:
    answer = await site.store.search(asked.query)
    told = read_hits(answer.hits, asked.units)
    cards = _cards(site, visit, asked, told)
    return answer_search(
        site,
        visit,
        asked,
        "events",
        count=await site.store.total(asked.query) if not asked.query.cursor else None,
        days=make_days(visit, told, cards, date.fromisoformat(asked.window["start"][:10])),
        by_distance=asked.query.sort is Sort.DISTANCE,
        cards=cards,
        following=next_link(visit, "/", answer.next),
        hints=() if told else await _hints(site, visit, asked),
        unplaced=tell_unplaced(visit, answer),
        late=tell_late(visit, site.late(asked.query)),
    )


async def _show_month(site: Site, visit: Visit, asked: Asked) -> Response:
    """The month that `start` is in; the window of the question is that month's."""
    today = site.now().astimezone(ZoneInfo(asked.window["timeZone"])).date()
    first = month_of(visit.first("start"), today)
    month = ask(site, replace(visit, pairs=pairs_of_month(visit, first)))
    told = read_hits([hit async for hit in site.store.stream(month.query, MOST_OF_MONTH)], month.units)
    unplaced = await site.store.search(replace(month.query, limit=1))
    country = asked.place.country if asked.place else None
    return answer_search(
        site,
        visit,
        month,
        "month",
        count=len(told),
        month=make_month(visit, first, today, told, _cards(site, visit, month, told), country),
        unplaced=tell_unplaced(visit, unplaced),
    )


async def _show_map(site: Site, visit: Visit, asked: Asked) -> Response:
    """The nearest first where there is a place, else the next."""
    sort = Sort.DISTANCE if asked.query.center else Sort.START
    answer = await site.store.search(replace(asked.query, sort=sort, limit=MOST_ON_MAP, cursor=None))
    told = read_hits(answer.hits, asked.units)
    cards = _cards(site, visit, asked, told)
    points = find_points(told, cards)
    box = box_of(points, asked)
    towns = site.gazetteer.towns_within(box, MOST_TOWNS) if box and not site.settings.map_tiles else ()
    return answer_search(
        site,
        visit,
        asked,
        "map",
        count=await site.store.total(asked.query),
        cards=cards,
        map=make_map(points, towns, asked, site.settings, visit.language),
        hints=() if told else await _hints(site, visit, asked),
        unplaced=tell_unplaced(visit, answer),
    )


def _cards(site: Site, visit: Visit, asked: Asked, told: list[Told]) -> list[Card]:
    seen = site.store.last_seen([one["id"] for one in told])
    return make_cards(visit, told, asked, seen, site.now())


async def _hints(site: Site, visit: Visit, asked: Asked) -> tuple[Hint, ...]:
    return tell_hints(visit, "/", asked, await site.store.nearest_hint(asked.query), tell_unknown(site, asked))


def answer_search(site: Site, visit: Visit, asked: Asked, view: str, *, count: int | None, **more: Any) -> Response:
    """What the three views have around them."""
    title = tell_title(visit, asked)
    own = {} if visit.view == "list" else {"view": visit.view}
    frame = Frame(
        title=title,
        description=visit.language.say("start.about"),
        canonical=visit.link("/", visit.without("cursor"), **own),
        scripts=("page.js",),
        styles=("leaflet.css", "MarkerCluster.css") if view == "map" else (),
        images_from=origin_of(site.settings.map_tiles) if view == "map" else None,
    )
    return answer_page(
        visit,
        site.settings,
        view,
        frame,
        form=make_form(visit, EVENTS, asked.echo, asked.units),
        title=title,
        scope=tell_scope(visit, asked, count),
        ways=make_ways(visit, asked, has_letters=site.mailing is not None),
        views=view_links(visit, "/"),
        **more,
    )


_SHOW = {"list": _show_list, "month": _show_month, "map": _show_map}
VIEWS = tuple(_SHOW)
