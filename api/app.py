"""The whole API: routes, errors, limits, and the cache in front."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry, ProcessCollector
from starlette.types import ASGIApp

from aggregator import __version__
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store import Reader
from api.cache import Cache
from api.direct import answer_directly
from api.gauges import Gauges
from api.inbox import Inbox
from api.limits import limit_body
from api.operator import Operator
from api.preflight import answer_preflight
from api.problem import tell_problems
from api.routes import (
    admin,
    admin_event_pages,
    admin_letter_pages,
    admin_pages,
    admin_source_pages,
    admin_widget_pages,
    archive,
    assistants,
    changes,
    confirm,
    crawlers,
    editing,
    embed,
    event_page,
    events,
    facets,
    feeds,
    group_pages,
    groups,
    health,
    letters,
    pages,
    places,
    plan,
    plan_page,
    reference,
    site_pages,
    sources,
    static,
    subscriptions,
    suggest_page,
    suggestions,
    why,
    widget,
    widget_admin,
)
from api.site import Site
from api.tally import Tally
from api.timed import timed

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

_ABOUT = (
    "Local events where people meet in person, by place and date. Reading needs no key. What is unknown or malformed "
    "is answered 422, with the nearest thing that would do; what is empty is answered 200, with hints."
)
_FOR_PROGRAMS = (
    events,
    why,
    feeds,
    groups,
    plan,
    changes,
    facets,
    places,
    widget,
    admin,
    editing,
    widget_admin,
    sources,
    subscriptions,
    health,
    reference,
    assistants,
    suggestions,
    crawlers,
)
_FOR_PEOPLE = (
    pages,
    event_page,
    group_pages,
    plan_page,
    site_pages,
    archive,
    letters,
    embed,
    static,
    confirm,
    suggest_page,
    admin_pages,
    admin_source_pages,
    admin_event_pages,
    admin_letter_pages,
    admin_widget_pages,
)


def create_app(
    store: Reader,
    settings: Settings,
    gazetteer: Gazetteer,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    operator: Operator | None = None,
    mailing: "Mailing | None" = None,
    inbox: Inbox | None = None,
) -> ASGIApp:
    """An ASGI app for one worker; it closes nothing that it was given. Without an operator nobody changes a thing,
    without a mailing nobody subscribes, and without an inbox nobody suggests or confirms.
    """
    app = FastAPI(title="Hobnob", version=__version__, description=_ABOUT, openapi_url=None, redirect_slashes=False)
    tally, gauges, registry = Tally(), Gauges(), CollectorRegistry()
    for collector in (tally, gauges):
        registry.register(collector)
    ProcessCollector(registry=registry)
    app.state.site = site = Site(
        store=timed(store, tally),
        settings=settings,
        gazetteer=gazetteer,
        now=now,
        gauges=gauges,
        registry=registry,
        operator=operator,
        mailing=mailing,
        inbox=inbox,
    )
    for part in (*_FOR_PROGRAMS, *_FOR_PEOPLE):
        # Not include_router, whose second round of matching costs every request 10 microseconds.
        app.router.routes.extend(part.router.routes)
    tell_problems(app)
    (busiest,) = (route for route in app.routes if isinstance(route, APIRoute) and route.path == events.PATH)
    site.cache = Cache(answer_preflight(limit_body(answer_directly(app, busiest))), store.data_version, tally)
    return site.cache
