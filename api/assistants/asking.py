"""A tool's arguments as the query of an address, asked of our own API: cache, limits and errors are the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.types import ASGIApp, Message, Scope

from aggregator.errors import QueryError
from api.assistants.tools import Tool, with_defaults
from api.kept import find_header

_NAMES = frozenset({"org", "source", "tag"})
"""Lists of names, in which a comma may be a name's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the API answered: JSON, or a problem. `location` is where an event that is told by another is found."""

    status: int
    told: dict[str, Any]
    location: str | None = None


async def ask_tool(app: ASGIApp, tool: Tool, arguments: Mapping[str, object]) -> Answered:
    """QueryError for an argument that no address can hold; what else is wrong, the API answers itself."""
    given = with_defaults(tool, arguments)
    path = tool.path + (_read_id(given.pop("id", "")) if "id" in tool.takes else "")
    query = urlencode([(name, _write(name, value)) for name, value in given.items() if value != []])
    answered = await _get(app, path, query)
    return await _get(app, urlsplit(answered.location).path, query) if answered.location else answered


def _read_id(text: object) -> str:
    if not (isinstance(text, str) and text.isascii() and text.isalnum()):
        raise QueryError("id", str(text)[:200], "is no id of an event; search_events gives them")
    return text


def _write(name: str, value: object) -> str:
    match value:
        case list():
            return ",".join(_with_own_comma(name, _write(name, one)) for one in value)
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value)
    raise QueryError(name, json.dumps(value)[:200], "is neither text nor a number, nor a list of them")


def _with_own_comma(name: str, text: str) -> str:
    """`Smith, Inc` is one name; what was quoted already stays as it is."""
    return text if name not in _NAMES or '"' in text else text.replace("\\", "\\\\").replace(",", "\\,")


async def _get(app: ASGIApp, path: str, query: str) -> Answered:
    """One request to the app, without a socket."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "root_path": "",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [],
        "client": None,
        "server": None,
    }
    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    location = find_header(sent[0]["headers"], b"location")
    return Answered(
        status=sent[0]["status"],
        told=json.loads(body) if body else {},
        location=location.decode() if location else None,
    )
