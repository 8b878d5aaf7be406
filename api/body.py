"""A JSON body that has certain members and no others, and what the operator is answered; nobody keeps either."""

import json
from collections.abc import Awaitable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import HobnobError, QueryError, StoreError

OPTIONAL = frozenset({"run", "until", "by", "kind"})
_KINDS = {"run": "integer"}


def asking(*names: str) -> dict[str, Any]:
    """A JSON object with these members, as OpenAPI has it."""
    schema = {
        "type": "object",
        "properties": {name: {"type": _KINDS.get(name, "string")} for name in names},
        "required": [name for name in names if name not in OPTIONAL],
    }
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}} if names else {}


async def read_object(request: Request) -> dict[str, Any]:
    """The body; QueryError when it is no JSON object."""
    body = await request.body()
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise QueryError("body", "", "is no JSON") from error
    if not isinstance(given, dict):
        raise QueryError("body", "", "is no JSON object")
    return given


async def read_members(request: Request, *names: str) -> dict[str, Any]:
    """The members of the body; QueryError names the first that is missing, not known, or of another kind."""
    given = await read_object(request)
    for name in [*names, *given]:
        value = given.get(name)
        wanted = int if _KINDS.get(name) == "integer" else str
        if name not in names:
            raise QueryError(str(name)[:40], "", f"not known here; {', '.join(names) or 'there is none'}")
        if not (value is None and name in OPTIONAL) and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise QueryError(name, str(value)[:40], f"a {wanted.__name__} is wanted")
    return given


def read_number(text: str) -> int:
    """The number of a run; QueryError for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise QueryError("run", text[:40], "is no number of a run")
    return int(text)


async def answer_operator(doing: Awaitable[dict[str, Any]]) -> Response:
    """What was done, as JSON: 409 where the store cannot do it, 422 for what makes no sense."""
    try:
        told = await doing
    except StoreError as error:
        raise HTTPException(409, str(error)) from error
    except QueryError:
        raise
    except HobnobError as error:
        raise HTTPException(422, str(error)) from error
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")
