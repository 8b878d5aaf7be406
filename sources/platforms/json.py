"""An answer in JSON or XML that no platform reads, or JSON inside a page, by a recipe of paths."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from html import unescape
from json import JSONDecoder
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aggregator.errors import ParseError
from aggregator.reading.html import attribute, ends_whole, parse_html
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.url import clean_url
from aggregator.reading.xml import Element, read_xml
from aggregator.source import Draft, Page, Request
from sources.recipe import Field, draft_of, read_fields

__all__ = ["ends_whole", "parse", "recognise", "request"]

_OTHERS = frozenset({"events", "next", "page", "embedded", "only"})
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+|\*)\]")
_PATH = re.compile(r"(?:[^.\[\]]+|\[(?:\d+|\*)\])(?:\.[^.\[\]]+|\[(?:\d+|\*)\])*")


def recognise(page: Page) -> str | None:  # noqa: ARG001 - what every platform is asked
    """Nothing is known by a recipe that somebody has yet to write."""
    return None


def request(url: str, recipe: Mapping[str, Any] | None = None) -> Request:
    """The answer; ValueError names what is wrong with the recipe."""
    _read(recipe or {})
    return Request(url=url)


def parse(page: Page, recipe: Mapping[str, Any]) -> Iterator[Draft]:
    """One draft an event; `only` leaves out those whose values differ from its own."""
    told, only = _read(recipe), recipe.get("only", {})
    answer = _answer(page, recipe)
    place = recipe["events"].partition("[*]")[0]
    if not _at(answer, place) and "" not in _at(
        answer, place.rpartition(".")[0]
    ):  # <events/> is empty, and no redesign
        raise ParseError(f"{page.url}: there is nothing at “{recipe['events']}”: it may be redesigned")
    for event in _walk(answer, recipe["events"]):
        if all(_text(event, path) in _wanted(value) for path, value in only.items()):
            yield draft_of(told, partial(_text, event), page.url)


def follow(page: Page, recipe: Mapping[str, Any]) -> Iterator[Request]:
    """The next page: the address at `next`, or the same with a higher number in the parameter `page`."""
    answer = _answer(page, recipe)
    if "next" in recipe and (url := clean_url(_text(answer, recipe["next"]), page.url)):
        yield Request(url=url)
    elif "page" in recipe and any(True for _ in _walk(answer, recipe["events"])):
        parts = urlsplit(page.url)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        number = asked.get(recipe["page"], "1")
        if number.isdecimal():
            query = urlencode({**asked, recipe["page"]: int(number) + 1})
            yield Request(url=urlunsplit(parts._replace(query=query)))


def _read(recipe: Mapping[str, Any]) -> dict[str, Field]:
    told = read_fields(recipe, _OTHERS, _check)
    for key in ("events", "next"):
        if key in recipe:
            _check(recipe[key])
    if "events" not in recipe or "name" not in told:
        raise ValueError("recipe: events (the path of the list) and name are needed")
    embedded, only = recipe.get("embedded", {}), recipe.get("only", {})
    if not isinstance(embedded, Mapping) or embedded.keys() - {"script", "variable", "attribute"}:
        raise ValueError("recipe: embedded is a table with script, variable or attribute")
    if not isinstance(only, Mapping) or not isinstance(recipe.get("page", ""), str):
        raise ValueError("recipe: only is a table of paths and values, and page the name of a parameter")
    return told


def _check(path: object) -> None:
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise ValueError(f"“{path}” is no path such as venue.city or dates[0].start")


def _answer(page: Page, recipe: Mapping[str, Any]) -> Json:
    text = _embedded(page.text, recipe["embedded"]) if "embedded" in recipe else page.text.lstrip("\ufeff \r\n\t")
    if text and text.startswith("<") and "embedded" not in recipe:
        return _tree(read_xml(text))
    found = read_json(text) if text and text.strip()[:1] in {"{", "["} else []
    if not found:
        raise ParseError(f"{page.url}: no JSON is where the recipe looks for it")
    return found[0]


def _tree(element: Element) -> Json:
    """XML as if it were JSON: an element's text, or its children by their names, a list where there are several."""
    if not element.children:
        return element.text.strip()
    named = {child.name: list(element.named(child.name)) for child in element.children}
    return {name: [_tree(one) for one in told] if told[1:] else _tree(told[0]) for name, told in named.items()}


def _embedded(html: str, where: Mapping[str, str]) -> str | None:
    """JSON in a script by its id or after an assignment, or in an attribute of the first element that has it."""
    if "variable" in where:
        found = re.search(rf"{re.escape(where['variable'])}\s*=\s*(?=[\[{{])", html)
        return _value_at(html, found.end()) if found else None
    tree = parse_html(html)
    if "script" in where:
        nodes = (node for node in tree.css("script[id]") if attribute(node, "id") == where["script"])
        return next((node.text() for node in nodes), None)
    name = where.get("attribute", "")
    values = (attribute(node, name) for node in tree.css("*") if name in node.attributes)
    return unescape(next(filter(None, values), ""))


def _value_at(text: str, position: int) -> str:
    """The JSON that begins there, without what the script goes on with."""
    try:
        return text[position : JSONDecoder(strict=False).raw_decode(text, position)[1]]
    except ValueError:
        return text[position:].partition("</script")[0]


def _walk(value: Json, path: str) -> Iterator[Json]:
    """Every value at the path; `[*]` is each of a list, or the one value; a list at the end of the path is each too."""
    for one in _at(value, path):
        yield from one if isinstance(one, list) else [one]


def _at(value: Json, path: str) -> list[Json]:
    found = [value]
    for name, index in _STEP.findall(path):
        found = [inner for one in found for inner in _step(one, name, index)]
    return found


def _step(value: Json, name: str, index: str) -> list[Json]:
    if name:
        return [value[name]] if isinstance(value, dict) and name in value else []
    if not isinstance(value, list):
        return [value] if value and index in {"*", "0"} else []
    return value if index == "*" else value[int(index) : int(index) + 1]


def _text(value: Json, path: str) -> str | None:
    """The texts at the path, joined by commas."""
    told = [one for one in _walk(value, path) if isinstance(one, str | bool)]
    return ", ".join(str(one).lower() if isinstance(one, bool) else one for one in told if one != "") or None


def _wanted(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]
