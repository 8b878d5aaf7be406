"""Why an event is in an answer, or why it is not: filter by filter, and where what is told of it comes from."""

import json
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.correct import EDITOR, Override
from aggregator.store.why import FILTERS, Why
from api.chronicle import WhyJson
from api.direct import DirectRoute
from api.parameters import SCHEMAS, openapi_parameters
from api.problem import documented
from api.query import Asked
from api.reply import reply
from api.schema import of_json
from api.site import site_of

PARAMETERS = {name: (name,) for name in FILTERS} | {
    "time": ("when", "start", "end", "days", "starts_after", "starts_before"),
    "place": ("near", "lat", "lon", "within", "bbox"),
    "clock": ("time_from", "time_to"),
}
"""By filter: the parameters that ask for it."""

_NO_FILTERS = frozenset({"collapse", "sort", "limit", "cursor", "fields", "include", "tz", "units"})
_ASKED = tuple(name for name in SCHEMAS if name not in _NO_FILTERS)

router = APIRouter(tags=["events"], route_class=DirectRoute)


@router.get(
    "/v1/events/{id}/why",
    summary="Why an event is in an answer, or is not",
    responses={**of_json(WhyJson), **documented(404, 422, 503)},
    response_model=None,
    openapi_extra={"parameters": openapi_parameters(*_ASKED)},
)
async def explain(request: Request, id: str) -> Response:  # noqa: A002 - the word of the path
    """Each filter of the question is asked of this event alone; `nearest` and `collapse` hang on others."""
    site = site_of(request)
    asked = site.ask(request)

    async def make() -> Response:
        why = site.store.explain(asked.query, id, site.now())
        if why is None:
            raise HTTPException(404, f"there is no event {id[:40]}")
        body = json.dumps(_told(id, why, asked), ensure_ascii=False)
        return Response(body.encode("utf-8", "replace"), media_type="application/json")

    return await reply(site, request, make, asked.echo, asked.window)


def _told(event_id: str, why: Why, asked: Asked) -> dict[str, Any]:
    filters = [_filter(name, passes, asked) for name, passes in why.passes.items()]
    return {
        "id": event_id,
        "name": why.name,
        "isIn": why.is_in,
        "because": _because(why),
        "filters": filters,
        "mergedInto": why.merged_into,
        **_members(why),
        "query": asked.echo,
        "window": asked.window,
    }


def _members(why: Why) -> dict[str, Any]:
    """Which listings it tells, which field is whose, and what speaks for their being one happening."""
    own = [why.source, why.uid]
    told: dict[str, Any] = json.loads(why.members) if why.members else {"listings": [own], "origins": {}, "why": []}
    return {
        "listings": [
            _listing(key, is_withdrawn=key == own and why.is_withdrawn)
            for key in sorted((*told["listings"], *told.get("series", ())))
        ],
        "origins": {field: _listing(key) for field, key in told["origins"].items()} | _editors(why),
        "corrections": [_correction(override) for override in why.overrides],
        "evidence": [
            {"one": _listing(pair["one"]), "other": _listing(pair["other"]), "evidence": pair["evidence"]}
            for pair in told["why"]
        ],
        "toldApart": [{"startDate": start, "id": event_id} for start, event_id in told.get("apart", ()) if event_id],
    }


def _editors(why: Why) -> dict[str, Any]:
    """The fields whose word is the editor's, by the number of the correction."""
    return {override.told_field: _listing([EDITOR, str(override.number)]) for override in why.overrides}


def _correction(override: Override) -> dict[str, Any]:
    """Not who made it: that is the operator's."""
    return {
        "field": override.field,
        "value": override.value,
        "why": override.why,
        "since": override.since.isoformat(),
        "until": override.until and override.until.isoformat(),
    }


def _listing(key: list[str], *, is_withdrawn: bool = False) -> dict[str, Any]:
    return {"source": key[0], "identifier": key[1], "withdrawn": is_withdrawn}


def _filter(name: str, passes: bool, asked: Asked) -> dict[str, Any]:
    given = {parameter: asked.echo[parameter] for parameter in PARAMETERS[name] if parameter in asked.echo}
    return {"filter": name, "asked": given or asked.window, "passes": passes}


def _because(why: Why) -> str:
    failed = [name for name, passes in why.passes.items() if not passes]
    if why.is_in:
        return "It passes every filter."
    if failed:
        return f"It does not pass {', '.join(failed)}."
    if why.merged_into:
        return f"It is told as {why.merged_into}."
    if why.is_withdrawn:
        return "Its source no longer shows it; `updated_since` tells of such."
    return "Some date of it passes each filter, but none passes all."
