"""Places that begin as somebody types: what a "where" field offers."""

from functools import lru_cache

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import QueryError
from aggregator.place.complete import Completion
from aggregator.place.gazetteer import Gazetteer
from api.answer import place_json
from api.choices import CompletionPage
from api.direct import DirectRoute
from api.given import part_own
from api.parameters import MAX_TEXT, own_parameter
from api.problem import documented
from api.reply import reply
from api.schema import of_json
from api.site import read_pairs, site_of
from api.where import find_home

_Q = own_parameter(
    "q",
    "The beginning of a town, in any spelling of its letters, or of a US postcode; after a comma that of a region.",
    {"type": "string", "pattern": r"\w", "maxLength": MAX_TEXT, "examples": ["visal"]},
)
_Q["required"] = True

router = APIRouter(tags=["places"], route_class=DirectRoute)


@router.get(
    "/v1/places",
    summary="Places that begin so",
    responses={**of_json(CompletionPage), **documented(422, 503)},
    response_model=None,
    openapi_extra={"parameters": [_Q]},
)
async def complete_place(request: Request) -> Response:
    """Ten at most, the biggest first, and those of the site's own country before others."""
    site = site_of(request)
    own, _ = part_own(read_pairs(request), ("q",), ())
    text = _read(own.get("q", ""))

    async def make() -> Response:
        home = find_home(site.settings, site.gazetteer)
        found = complete(site.gazetteer, text.casefold(), home.country if home else None)
        places = [{"near": one.near, "label": one.label, **(place_json(one.spot) or {})} for one in found]
        return Response(to_json({"items": places, "query": {"q": text}}), media_type="application/json")

    return await reply(site, request, make, text)


@lru_cache(maxsize=4096)
def complete(gazetteer: Gazetteer, text: str, home: str | None) -> tuple[Completion, ...]:
    """Remembered: everybody begins with the same letters, and one letter takes milliseconds."""
    return gazetteer.complete(text, home)


def _read(text: str) -> str:
    words = " ".join(text.split())
    if not any(letter.isalnum() for letter in words):
        raise QueryError("q", text[:MAX_TEXT], "the beginning of a town or postcode", ("q=visal",))
    if len(words) > MAX_TEXT or not words.isprintable():
        raise QueryError("q", ascii(text[:40]), f"no text of at most {MAX_TEXT} characters that can be printed")
    return words
