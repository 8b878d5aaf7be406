"""The OpenAPI document as a page of our own: no script, and no third party."""

from collections.abc import Iterable
from html import escape
from string import Template
from typing import Any
from urllib.parse import SplitResult, quote_plus, urlsplit

from api.example import ANSWER, QUESTION

Schema = dict[str, Any]

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h2{margin-top:3rem}h3{margin-top:2.5rem}p,td{overflow-wrap:break-word}
code,pre{background:#f2f2f2;font-size:.9em}code{padding:.1em .3em}pre{padding:1rem;overflow-x:auto}
pre code{padding:0;font-size:1em}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;border-bottom:1px solid #ddd}
td:first-child code{white-space:nowrap;font-weight:600}td:nth-child(2){width:28%}
nav ul{columns:16rem;padding-left:1.2rem}
@media(max-width:44rem){table,tbody,tr,td{display:block}th{display:none}tr{padding:.6rem 0;border-bottom:1px solid #ddd}
td,td:nth-child(2){border:0;padding:.1rem 0;width:auto}a code,h3 code{overflow-wrap:anywhere}
td:first-child code{white-space:normal;overflow-wrap:anywhere}nav ul{columns:1}}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}code,pre{background:#2a2a2a}a{color:#8ab4ff}
td,th,tr{border-color:#444}}
"""
_PAGE = Template("""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$title</title><style>$style</style>
<header><h1>$title</h1><p>$about</header>
<nav aria-label="On this page"><ul>$contents</ul></nav>
<main>$sections</main>
</html>
""")
_TYPES = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "an object",
}
_STATUSES = (
    "Status 200 is an answer, though it may be empty; 304: you have it already; 404: there is none of that name; "
    "422: a parameter cannot be answered; 503: the store cannot be read now."
)
_LISTED = 12
"""Words of a parameter; only the members of an event are more, and have a table."""
_PLURALS = {"text": "texts", "an object": "objects"}


def write_reference(document: Schema, public_url: str, place: str | None) -> str:
    """The whole page; what it gives to try asks about the site's own place."""
    asked = f"near={quote_plus(place or 'Visalia, CA', safe=',')}&when=next_7_days"
    sections = {
        "A question and its answer": _example(asked, urlsplit(public_url)),
        "Parameters": _parameters(document),
        "Paths": _paths(document),
        "A page of events": _members("EventPage", document),
        "An event": _members("EventMembers", document),
        "An error": _members("Problem", document),
    }
    return _PAGE.substitute(
        title=escape(document["info"]["title"]),
        style=STYLE,
        about=_prose(document["info"]["description"]),
        contents="".join(f"<li>{_link(f'#{_anchor(title)}', title)}" for title in sections),
        sections="".join(f"<h2 id={_anchor(title)}>{title}</h2>{told}" for title, told in sections.items()),
    )


def _example(asked: str, site: SplitResult) -> str:
    feed = f"webcal://{site.netloc}{site.path}/v1/events.ics?{asked}"
    return (
        f"<p><code>{escape(QUESTION)}</code><pre tabindex=0><code>{escape(ANSWER)}</code></pre>"
        f"<p>To try here: {_link(f'/v1/events?{asked}')}"
        f"<p>The same as a calendar to subscribe to: {_link(feed)}"
        f"<p>All of this for programs: {_link('/openapi.json')}"
    )


def _parameters(document: Schema) -> str:
    rows = "".join(map(_parameter, _asked(document, "/v1/events")))
    return (
        "<p>Different ones must all hold. Several values stand in one, separated by commas; any of them may hold."
        f"<table><tr><th>Parameter<th>Values<th>Meaning{rows}</table>"
    )


def _parameter(one: Schema) -> str:
    name = one["name"]
    return f"<tr id=ask-{name}><td><code>{name}</code><td>{_values(one['schema'])}<td>{_prose(one['description'])}"


def _paths(document: Schema) -> str:
    every = [one["name"] for one in _asked(document, "/v1/events")]
    paths = (
        _path(method.upper(), path, operation, every)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    return f"<p>{_STATUSES}{''.join(paths)}"


def _path(method: str, path: str, operation: Schema, every: list[str]) -> str:
    answers = operation["responses"]
    well = next(answer for status, answer in answers.items() if status.startswith("2"))
    media_type = next(iter(well["content"]))
    words = ". ".join(_prose(operation[name]) for name in ("summary", "description") if name in operation)
    return (
        f"<h3><code>{method} {escape(path)}</code></h3><p>{words.removesuffix('.')}."
        f"<p>{_body(operation) or _named(operation.get('parameters', []), every)}"
        f"<p>Answers <code>{escape(media_type)}</code> with status {', '.join(answers)}."
    )


def _body(operation: Schema) -> str:
    """The members of what is sent."""
    told = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    names = ", ".join(f"<code>{escape(name)}</code>" for name in told.get("properties", {}))
    return f"Takes a JSON object with {names}." if names else ""


def _named(parameters: list[Schema], every: list[str]) -> str:
    """All are told once; here they are only referred to, but for one that is this path's own."""
    own = "".join(
        f"<code>{escape(one['name'])}</code>: {_prose(one['description'])}<p>"
        for one in parameters
        if one["in"] == "query" and one["name"] not in every
    )
    has = [one["name"] for one in parameters if one["in"] == "query" and one["name"] in every]
    return own + _shared(has, every)


def _shared(has: list[str], every: list[str]) -> str:
    if not has:
        return "Takes no parameters."
    missing = [name for name in every if name not in has]
    if len(missing) > len(has):
        return f"Parameters: {_listed(has)}."
    return f"{_link('#parameters', 'All parameters')}{' but ' if missing else ''}{_listed(missing)}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_link(f"#ask-{name}", name) for name in names)


def _members(model: str, document: Schema) -> str:
    schemas = document["components"]["schemas"]
    rows = "".join(_member(name, told, schemas) for name, told in schemas[model]["properties"].items())
    return f"<p>{_prose(schemas[model]['description'])}<table><tr><th>Member<th>Values<th>Meaning{rows}</table>"


def _member(name: str, told: Schema, schemas: Schema) -> str:
    """A row, and one for each member of its own; those of `items` have a table."""
    row = f"<tr id={name}><td><code>{name}</code><td>{_type(told, schemas)}<td>{_prose(told.get('description', ''))}"
    inside = {} if name == "items" else _own_members(told, schemas)
    return row + "".join(_member(f"{name}.{inner}", each, schemas) for inner, each in inside.items())


def _own_members(told: Schema, schemas: Schema) -> Schema:
    for each in (told, told.get("items", {}), *told.get("anyOf", [])):
        if "$ref" in each:
            return dict(_resolve(each, schemas).get("properties", {}))
    return {}


def _type(told: Schema, schemas: Schema) -> str:
    """`text or null`, `a list of text`, the words of an enumeration."""
    if "$ref" in told:
        return _type(_resolve(told, schemas), schemas)
    if "anyOf" in told:
        return " or ".join(_type(each, schemas) for each in told["anyOf"])
    if "enum" in told:
        return _words(told["enum"])
    kind = str(told.get("type", ""))
    return f"a list of {_PLURALS.get(_type(told['items'], schemas), '')}" if kind == "array" else _TYPES.get(kind, kind)


def _resolve(told: Schema, schemas: Schema) -> Schema:
    found: Schema = schemas[told["$ref"].rpartition("/")[2]]
    return found


def _values(schema: Schema) -> str:
    listed = schema.get("items", schema)
    words = [word for word in listed.get("enum", ()) if not word.startswith("!")]
    if words:
        return _words(words) if len(words) <= _LISTED else _link("#an-event", "members of an event")
    if "minimum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}"
    return _words(schema.get("examples", ()))


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"<code>{escape(word)}</code>" for word in words)


def _asked(document: Schema, path: str) -> list[Schema]:
    parameters: list[Schema] = document["paths"][path]["get"]["parameters"]
    return parameters


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _link(target: str, words: str = "") -> str:
    """To an address that is shown as it is, or to a place on the page."""
    shown = escape(words) or f"<code>{escape(target)}</code>"
    return f'<a href="{escape(target)}">{shown}</a>'


def _prose(text: str) -> str:
    """Text in which `this` is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
