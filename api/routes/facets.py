"""How many events there are of each kind, cost, weekday and so on: what a page shows beside its filters."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.store import Facets
from api.answer import place_json
from api.choices import FacetPage
from api.direct import DirectRoute
from api.parameters import ATTENDANCE, COSTS, KINDS, MAX_TEXT, SCHEMAS, VISITORS, openapi_parameters
from api.problem import documented
from api.reply import reply
from api.schema import of_json
from api.site import read_pairs, site_of
from api.values import WEEKDAYS, quote_part

NOT_HERE = ("nearest", "sort", "limit", "cursor", "fields", "include", "tz", "units")
"""What changes how dates are listed, not which there are; `nearest` hangs on all of them."""

WORDS: dict[str, tuple[str, Mapping[str, object]]] = {
    "kind": ("kind", KINDS),
    "cost": ("cost", COSTS),
    "visitors": ("visitors", VISITORS),
    "weekday": ("weekdays", WEEKDAYS),
    "attendance": ("attendance", ATTENDANCE),
}
"""By parameter: the field of a question, and the words for its values."""

router = APIRouter(tags=["events"], route_class=DirectRoute)


@router.get(
    "/v1/facets",
    summary="How many events of each kind, cost, weekday",
    responses={**of_json(FacetPage), **documented(422, 503)},
    response_model=None,
    openapi_extra={"parameters": openapi_parameters(*(name for name in SCHEMAS if name not in NOT_HERE))},
)
async def count_facets(request: Request) -> Response:
    """Under the filters of `/v1/events`; each facet without its own, so that it says what another choice would find."""
    site = site_of(request)
    for name, value in read_pairs(request):
        if name in NOT_HERE:
            raise QueryError(name, value[:MAX_TEXT], "only /v1/events knows it; here all dates are counted")
    asked = site.ask(request)
    echo = {name: value for name, value in asked.echo.items() if name not in NOT_HERE}

    async def make() -> Response:
        found = await site.store.facets(asked.query)
        members = {
            "facets": tell_facets(found),
            "counted": found.counted,
            "isExact": found.is_exact,
            "query": echo,
            "window": asked.window,
            "resolvedPlace": place_json(asked.place),
            "asOf": site.as_of(),
        }
        return Response(to_json(members), media_type="application/json")

    return await reply(site, request, make, echo, asked.window)


def tell_facets(found: Facets) -> dict[str, list[dict[str, Any]]]:
    """Every word, also where its count is 0; of organisers those that there are, the most first."""
    told: dict[str, list[dict[str, Any]]] = {
        name: [{"value": word, "count": found.counts[field].get(value, 0)} for word, value in words.items()]
        for name, (field, words) in WORDS.items()
    }
    organizers = found.counts["org"].items()
    return {
        **told,
        "org": [{"value": quote_part(str(name)), "name": name, "count": dates} for name, dates in organizers],
    }
