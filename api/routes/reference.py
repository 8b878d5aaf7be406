"""`/docs`: the OpenAPI document as a page of our own, without a script and without asking any third party."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.site import read_only

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid #ddd}code{background:#f2f2f2;padding:.1em .3em;overflow-wrap:anywhere}h2{margin-top:3rem}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}code{background:#2a2a2a}a{color:#8ab4ff}
td,th{border-color:#444}}
"""
_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
_EXAMPLE = "/v1/events?near=Visalia,+CA&within=15mi&when=next_7_days"

router = APIRouter()


@router.get("/docs", include_in_schema=False)
async def show_reference(request: Request) -> Response:
    """Made once an app, of the document that `/openapi.json` serves."""
    read_only(request)
    state = request.app.state
    if not hasattr(state, "reference"):
        state.reference = write_reference(request.app.openapi())
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=3600"}
    return HTMLResponse(state.reference, headers=headers)


def write_reference(document: dict[str, Any]) -> str:
    """A section a path, a table of its parameters and of its answers."""
    title = escape(document["info"]["title"])
    sections = "".join(_section(path, operations["get"]) for path, operations in document["paths"].items())
    members = _members(document["components"]["schemas"]["EventMembers"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1><p>{_prose(document['info']['description'])}</p>"
        f'<p>Try <a href="{escape(_EXAMPLE)}">{escape(_EXAMPLE)}</a>,'
        f' or read <a href="/openapi.json">/openapi.json</a>.</p>{sections}<h2>An event</h2>{members}</html>'
    )


def _section(path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(_parameter(one) for one in operation.get("parameters", ()))
    table = f"<table><tr><th>Parameter<th>Values<th>Meaning</tr>{parameters}</table>" if parameters else ""
    answers = ", ".join(f"{status} {escape(told['description'])}" for status, told in operation["responses"].items())
    words = operation.get("description") or operation.get("summary", "")
    return f"<h2><code>GET {escape(path)}</code></h2><p>{_prose(words)}</p>{table}<p>Answers: {answers}</p>"


def _parameter(one: dict[str, Any]) -> str:
    return (
        f"<tr><td><code>{escape(one['name'])}</code><td>{_values(one['schema'])}"
        f"<td>{_prose(one.get('description', ''))}</tr>"
    )


def _values(schema: dict[str, Any]) -> str:
    listed = schema.get("items", schema)
    if "enum" in listed:
        return ", ".join(f"<code>{escape(word)}</code>" for word in listed["enum"] if not word.startswith("!"))
    if "minimum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}"
    return "".join(f"<code>{escape(example)}</code>" for example in schema.get("examples", ()))


def _members(schema: dict[str, Any]) -> str:
    rows = (
        f"<tr><td><code>{escape(name)}</code><td>{_prose(told.get('description', ''))}</tr>"
        for name, told in schema["properties"].items()
    )
    return f"<table><tr><th>Member<th>Meaning</tr>{''.join(rows)}</table>"


def _prose(text: str) -> str:
    """Text in which `this` is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
